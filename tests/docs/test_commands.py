"""Every command line and every Python example of the documents would be understood."""

import ast
import re
import shlex

import pytest
from tests.docs.everything import schema
from tests.docs.markdown import PAGES, ROOT, blocks, code, prose

from segmentry.language.text import parse_rule

GENERATED = ROOT / "docs" / "reference" / "cli.md"
LINES = [
    pytest.param(line.strip(), id=f"{block} {line.strip()[:60]}")
    for page in PAGES
    if page != GENERATED
    for block in blocks(page)
    for line in block.content.replace("\\\n", " ").splitlines()
    if re.match(r"\s*(\$ )?segmentry ", line)
]
INLINE = sorted(
    {each for page in PAGES if page != GENERATED for each in code(prose(page))
     if each.startswith("segmentry ")}
)  # fmt: skip
TARGETS = sorted(
    {
        name
        for page in PAGES
        for name in re.findall(r"(?:^|`)make ([a-z]+)", page.read_text(), re.MULTILINE)
    }
)
PYTHON = [
    block
    for page in PAGES
    for block in blocks(page)
    if block.language == "python" and ">>>" not in block.content
]


def understood(commands, line, *, whole):
    """The arguments of a command line, by name.

    Fails on a command or option that does not exist and, if the line is `whole`, on an argument
    that is missing.
    """
    words = shlex.split(line.removeprefix("$ "), comments=True)[1:]
    command, path = commands, "segmentry"
    while getattr(command, "commands", None) and words:
        with command.make_context(path, [], resilient_parsing=True) as context:
            given, words, _ = command.make_parser(context).parse_args(words)
        if not words:
            return given
        path, command = f"{path} {words[0]}", command.commands[words[0]]
        words = words[1:]
    with command.make_context(path, [], resilient_parsing=True) as context:
        given, rest, _ = command.make_parser(context).parse_args(words)
    assert rest == []
    if whole:
        lacking = [
            each.name for each in command.params if each.required and not given.get(each.name)
        ]
        assert lacking == []
        assert not getattr(command, "commands", None) or command.invoke_without_command
    return given


@pytest.mark.parametrize("line", LINES)
def test_the_command_line_would_be_understood(commands, line):
    given = understood(commands, line, whole=True)
    if rule := given.get("rule"):
        parse_rule(rule, schema())


@pytest.mark.parametrize("line", INLINE)
def test_the_command_in_a_sentence_exists(commands, line):
    understood(commands, line, whole=False)


@pytest.mark.parametrize("name", TARGETS)
def test_the_target_of_make_exists(name):
    assert re.search(rf"^{name}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("block", PYTHON, ids=str)
def test_the_python_example_is_python_and_its_imports_work(block):
    tree = ast.parse(block.content)
    imports = [each for each in tree.body if isinstance(each, ast.Import | ast.ImportFrom)]
    exec(compile(ast.Module(imports, []), str(block), "exec"), {})


def test_examples_are_found():
    assert LINES
    assert INLINE
    assert TARGETS
    assert PYTHON

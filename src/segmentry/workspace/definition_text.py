"""A declaration as text and back: YAML, the same bytes for the same declaration.

Rules and expressions stand as blocks, so that a change of one line is one line of a diff. What is
wrong is said with the line it stands on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from segmentry.core.errors import DeclarationError
from segmentry.workspace.declarations import Kind

Path = tuple[str | int, ...]
"""Where something stands in a document: keys and places in lists."""


@dataclass(frozen=True)
class Problem:
    """Something that is wrong with a definition. Line and column count from 1; 0 is not known."""

    file: str
    message: str
    line: int = 0
    column: int = 0
    code: str = DeclarationError.code

    def __str__(self) -> str:
        place = ":".join([self.file, *(str(each) for each in (self.line, self.column) if each)])
        return f"{place}: {self.message}"


def as_json(problem: Problem) -> dict[str, Any]:
    """A problem as the interfaces show it."""
    return {
        "file": problem.file,
        "line": problem.line or None,
        "column": problem.column or None,
        "code": problem.code,
        "message": problem.message,
    }


class Block(str):
    """A text that is written as a block."""

    __slots__ = ()


class _Writer(yaml.SafeDumper):
    """Writes mappings in their own order, without folding lines and without references."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


def _text(writer: yaml.SafeDumper, text: str) -> yaml.Node:
    """A block where it is wanted; quoted with escapes where a character would not survive."""
    odd = any(not each.isprintable() and each != "\n" for each in text)
    style = '"' if odd else "|" if isinstance(text, Block) else None
    return writer.represent_scalar("tag:yaml.org,2002:str", str(text), style=style)


_Writer.add_representer(str, _text)
_Writer.add_representer(Block, _text)


def dumped(content: Mapping[str, Any]) -> str:
    """Plain values as YAML."""
    return yaml.dump(
        dict(content), Dumper=_Writer, sort_keys=False, allow_unicode=True, width=10**6
    )


def written(kind: Kind, name: str, declared: BaseModel) -> str:
    """A declaration as the text of its file; what says nothing is left out."""
    content = declared.model_dump(mode="json", exclude={"name", "version"}, exclude_defaults=True)
    if content.get("feature") == name:
        del content["feature"]
    return dumped(_blocks(content, kind.texts))


def _blocks(value: Any, texts: Iterable[str]) -> Any:
    match value:
        case dict():
            return {
                key: Block(each.strip() + "\n")
                if key in texts and isinstance(each, str)
                else _blocks(each, texts)
                for key, each in value.items()
            }
        case list():
            return [_blocks(each, texts) for each in value]
        case _:
            return value


# reading


@dataclass(frozen=True)
class Text:
    """A file that was read: where each part of it stands."""

    file: str
    places: Mapping[Path, yaml.Node] = field(default_factory=dict)
    lines: tuple[str, ...] = ()

    def problem(self, error: DeclarationError, path: Path = ()) -> Problem:
        """An error about a part, at the line of the file on which it stands."""
        line, column = self._place(path, error.details.get("line", 1), error.details.get("column"))
        message = f"{error.message} {error.fix}".strip()
        return Problem(self.file, message, line, column, error.code)

    def wrong(self, message: str, path: Path = ()) -> Problem:
        """Something wrong with a part."""
        return Problem(self.file, message, *self._place(path, 1, None))

    def _place(self, path: Path, line: int, column: int | None) -> tuple[int, int]:
        while path and path not in self.places:
            path = path[:-1]
        node = self.places.get(path)
        if node is None:
            return 0, 0
        first, indent = node.start_mark.line + 1, node.start_mark.column
        style = getattr(node, "style", None)
        if style in ("|", ">"):
            shown = self.lines[first] if first < len(self.lines) else ""
            first, indent = first + 1, len(shown) - len(shown.lstrip())
        elif style in ("'", '"'):
            indent += 1
        if column is None:
            return first, 0
        beside = style in ("|", ">") or line == 1
        return first + line - 1, column + (indent if beside else 0)


class UnreadError(Exception):
    """A text that is no definition; holds everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        super().__init__("no definition")
        self.problems = tuple(problems)


def loaded(file: str, text: str) -> tuple[dict[str, Any], Text]:
    """The mapping that a file holds.

    Raises:
        UnreadError: It is not YAML, not a mapping, or says something twice.
    """
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        places = dict(_places(node, ())) if node else {}
        read = Text(file, places, tuple(text.splitlines()))
        if problems := [read.wrong(f"`{key}` is said twice.", path)
                        for path, key in _repeated(node, ())]:  # fmt: skip
            raise UnreadError(problems)
        content = loader.construct_document(node) if node else {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        said = getattr(error, "problem", None) or "it cannot be read"
        raise UnreadError([Problem(file, f"not YAML: {said}.", line, column)]) from error
    finally:
        loader.dispose()
    if not isinstance(content, dict):
        raise UnreadError([read.wrong("a mapping is needed, such as `rule: …`.")])
    return content, read


def read(kind: Kind, name: str, file: str, text: str) -> tuple[BaseModel, Text]:
    """The declaration of a file; its name is the file's.

    Raises:
        UnreadError: It is no declaration of this kind; everything wrong is said at once.
    """
    content, source = loaded(file, text)
    if content.pop("name", name) != name:
        raise UnreadError([source.wrong(f"the name is that of the file, `{name}`.", ("name",))])
    try:
        return kind.read(name, _stripped(content, kind.texts)), source
    except ValidationError as error:
        raise UnreadError(
            source.wrong(_said(each), tuple(each["loc"])) for each in error.errors()
        ) from error


def _said(error: Any) -> str:
    shown = ".".join(map(str, error["loc"]))
    match error["type"]:
        case "extra_forbidden":
            return f"there is no field `{shown}`."
        case "missing":
            return f"`{shown}` is missing."
        case "string_pattern_mismatch" if shown == "name":
            return "the file's name must be small letters, digits and _, a letter first."
        case _:
            return f"`{shown}`: {error['msg']}."


def _stripped(value: Any, texts: Iterable[str]) -> Any:
    match value:
        case dict():
            return {
                key: each.strip()
                if key in texts and isinstance(each, str)
                else _stripped(each, texts)
                for key, each in value.items()
            }
        case list():
            return [_stripped(each, texts) for each in value]
        case _:
            return value


def _places(node: yaml.Node, path: Path) -> Iterator[tuple[Path, yaml.Node]]:
    yield path, node
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _places(value, (*path, str(key.value)))
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield from _places(value, (*path, number))


def _repeated(node: yaml.Node | None, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            here = (*path, str(key.value))
            if key.value in seen:
                yield here, str(key.value)
            seen.add(key.value)
            yield from _repeated(value, here)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield from _repeated(value, (*path, number))

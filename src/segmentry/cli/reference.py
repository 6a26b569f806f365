"""The reference of the command line, written from the commands themselves.

`python -m segmentry.cli.reference docs/reference/cli.md` writes it anew.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
from rich.text import Text

from segmentry.cli.main import app

HEAD = """# Command line

Written from the commands by `python -m segmentry.cli.reference`; a test fails when it is stale.

Every command takes `--help`, `-w/--workspace DIR` (else `SEGMENTRY_WORKSPACE`, else the current
folder) and `--json`: then stdout holds one JSON document ([shapes](json.md)) and nothing else.
Progress, questions and errors go to stderr. Colours appear on terminals only; `NO_COLOR` turns
them off.

One process has a workspace at a time. A second command waits five seconds, or as long as
`segmentry --wait SECONDS COMMAND …` or `SEGMENTRY_WAIT` says; then it is told who has it.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | the answer is "no", or data failed a check that was asked to fail |
| 2 | wrong use; a wrong rule too |
| 3 | bad input; nothing was changed by the file concerned |
| 4 | the disk or the memory ran out, another command has the workspace, or a fault of ours; \
`SEGMENTRY_DEBUG=1` shows the trace |
| 130 | stopped by Ctrl-C; nothing half done remains |
| 143 | stopped by SIGTERM; nothing half done remains |

`--as-of` takes a day (its first moment in the workspace's zone: the day itself is not seen), an ISO
instant, `today` or `yesterday`. Without it, results are as of the end of the last day with data.
"""


def reference() -> str:
    """The whole page, as Markdown."""
    root = typer.main.get_command(app)
    return HEAD + "".join(_command(command, f"segmentry {name}") for name, command in below(root))


def below(command: Any) -> Iterator[tuple[str, Any]]:
    """Every command and group, by its path of names."""
    for name, child in getattr(command, "commands", {}).items():
        yield name, child
        yield from ((f"{name} {below}", each) for below, each in below(child))


def _command(command: Any, path: str) -> str:
    level = "##" if len(path.split()) == 2 else "###"
    parts = [f"\n{level} {path}\n", _help(command.help or "")]
    if not hasattr(command, "commands") or command.invoke_without_command:
        arguments = [each for each in command.params if each.param_type_name == "argument"]
        usage = " ".join(_usage(each) for each in arguments)
        parts.append(f"\n```\n{path} {usage}{' ' if usage else ''}[OPTIONS]\n```\n")
        rows = [_row(each) for each in command.params if not _shared(each)]
        if rows:
            parts.append("\n| | |\n|---|---|\n" + "".join(rows))
    return "".join(parts)


def _help(text: str) -> str:
    plain = Text.from_markup(text).plain
    lines = []
    for paragraph in plain.split("\n\n"):
        head, *examples = paragraph.split("\n")
        lines.append(f"\n{head}\n")
        if examples:
            lines.append("\n" + "".join(f"    {each.strip()}\n" for each in examples))
    return "".join(lines)


def _usage(argument: Any) -> str:
    many = "..." if argument.nargs != 1 else ""
    return f"{argument.metavar}{many}" if argument.required else f"[{argument.metavar}{many}]"


def _shared(param: Any) -> bool:
    return param.name in ("folder", "as_json") or "--help" in param.opts


def _row(param: Any) -> str:
    name = param.metavar
    if param.param_type_name == "option":
        choices = "\\|".join(getattr(param.type_descriptor, "choices", None) or ())
        name = f"{', '.join(param.opts)} {param.metavar or choices}".strip()
    text = " ".join(Text.from_markup(param.help or "").plain.split())
    shown = param.show_default if isinstance(param.show_default, str) else param.default
    default = f" Default: {shown}." if shown not in (None, False, "", ...) else ""
    return f"| `{name}` | {text}{default} |\n"


def main() -> None:
    """Write the page to the file named on the command line."""
    Path(sys.argv[1]).write_text(reference(), encoding="utf-8")


if __name__ == "__main__":
    main()

"""`segmentry allocate`: a budget between segments."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import allocation as answers
from segmentry.answers.plain import Document
from segmentry.cli.option import HERE, Folder, Json, Language
from segmentry.cli.output import below, clean, emit, heads, row, show, table, writer
from segmentry.cli.session import opened

if TYPE_CHECKING:
    from segmentry.report.writer import Writer
from segmentry.core.errors import DeclarationError, UsageError


def allocate(
    budget: Annotated[float, typer.Argument(metavar="BUDGET", min=0, help="What may be spent.")],
    responses: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="YAML: for each segment a list of {spent, profit}, and low, high where known.",
        ),
    ] = None,
    language: Language = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Split a budget between segments by what spending on each was stated to bring.

    Example:
      segmentry allocate 10000 --responses responses.yaml -w shop
    """
    with opened(folder) as workspace:
        document = answers.allocation(workspace, budget, _read(responses))
        settings = workspace.settings
    write = writer(settings.currency, language or settings.language)
    emit(document, as_json=as_json, draw=lambda screen, _: _draw(screen, document, write))


def _read(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    import yaml

    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise UsageError(f"there is no file `{path}`.", fix="Check the path.") from error
    except (yaml.YAMLError, ValueError) as error:
        raise DeclarationError(f"`{path.name}` is not YAML.") from error
    if not isinstance(found, dict):
        raise DeclarationError(f"`{path.name}` does not state responses by segment.")
    return {str(name): body for name, body in found.items()}


def _draw(screen: Console, document: Document, write: Writer) -> None:
    say = write.messages
    columns = ("spend", "brings", "next_unit", "if_less", "if_more")
    drawn = table(*heads(write, "name.segment", *(f">allocate.{each}" for each in columns)))
    for each in document["segments"]:
        row(
            drawn,
            Text(clean(each["name"]), "bold"),
            *(write.money(each[name]) for name in ("spent_amount", "profit_amount")),
            write.number(each["marginal"]),
            *(write.money(each[f"spent_at_{end}_amount"]) for end in ("low", "high")),
        )
    show(screen, drawn)
    span = ""
    if document["net_low_amount"] is not None:
        ends = (write.money(document[f"net_{end}_amount"]) for end in ("low", "high"))
        span = f" ({'–'.join(ends)})"
    below(
        screen,
        Text(say("terminal.allocate.left", amount=f"{write.money(document['net_amount'])}{span}")),
    )
    screen.print(Text(say("terminal.allocate.stated"), "dim"))

"""`segmentry mapping`: the suggested mapping of a source, as text to edit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from segmentry.answers.suggestion import suggestion
from segmentry.cli.load import Entity, check_entity
from segmentry.cli.option import HERE, Folder, Json
from segmentry.cli.output import clean, console, emit
from segmentry.cli.reading import reads, with_option
from segmentry.cli.session import opened
from segmentry.core.errors import InputError
from segmentry.core.whole import whole

if TYPE_CHECKING:
    from segmentry.data.staged import ReadOptions
    from segmentry.workspace.loading import Suggested


@reads
def mapping(
    source: Annotated[
        str, typer.Argument(metavar="SOURCE", help="A file, or the URL of a database.")
    ],
    entity: Entity = None,
    to: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write it there instead of printing it.")
    ] = None,
    *,
    options: ReadOptions,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Suggest how a source's columns map, with reasons, as YAML to edit; nothing is loaded.

    Examples:
      segmentry mapping orders.csv -w shop
      segmentry mapping orders.csv -w shop --to mapping.yaml
      segmentry load orders.csv -w shop --mapping mapping.yaml
    """
    with opened(folder) as workspace:
        try:
            found = workspace.loader().suggest(source, check_entity(entity), options)
        except InputError as error:
            raise with_option(error) from None
    text = as_text(found)
    if to:
        with whole(to) as draft:
            draft.write_text(text, encoding="utf-8")
    document = suggestion(found, to)
    emit(document, as_json=as_json, draw=lambda screen, _: _draw(screen, text, to))


def as_text(found: Suggested) -> str:
    """The mapping as YAML; why each column was taken stands above it as comments."""
    comments = (" ".join(clean(line).split("\n")) for line in _remarks(found))
    head = "".join(f"# {each}".rstrip() + "\n" for each in comments)
    return f"{head}\n{found.suggestion.mapping.to_yaml()}"


def _remarks(found: Suggested) -> Iterator[str]:
    suggestion = found.suggestion
    widest = max((len(each.column) for each in suggestion.reasons), default=0)
    yield f"Suggested for {found.origin}."
    if suggestion.mapping.vendor:
        yield f"Recognised as {suggestion.mapping.vendor}."
    for each in suggestion.reasons:
        example = found.examples.get(each.column, "")
        what = each.target or "left out"
        yield f"  {each.column:<{widest}}  {what}: {each.why} ({example})"
    for lacking in suggestion.missing:
        yield f"MISSING {lacking.target}: {' '.join(filter(None, (lacking.message, lacking.fix)))}"
    for question in suggestion.questions:
        yield f"DECIDE {question.column}: {question.text}"
        yield from (f"  {each.label}" for each in question.choices)


def _draw(screen: Console, text: str, to: Path | None) -> None:
    if to:
        console(stderr=True).print(f"Wrote {clean(to)}; load with --mapping {clean(to)}")
        return
    # As it is, so that it can be sent to a file: no wrapping.
    screen.file.write(text)

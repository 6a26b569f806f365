"""`segmentry clean`: cleaning steps of a source, suggested, added and taken out again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import document as shape
from segmentry.answers.plain import Document
from segmentry.answers.suggestion import cleaning
from segmentry.cli.guide import add, guide
from segmentry.cli.load import draw_loaded
from segmentry.cli.option import HERE, Folder, Json
from segmentry.cli.output import clean as safe
from segmentry.cli.output import emit
from segmentry.cli.reading import with_option
from segmentry.cli.session import opened
from segmentry.core.errors import InputError, UsageError

if TYPE_CHECKING:
    from segmentry.data.cleaning import Step

Source = Annotated[str, typer.Argument(metavar="SOURCE", help="The file, as it was loaded.")]
Column = Annotated[str, typer.Argument(metavar="COLUMN", help="A column of the file.")]

HELP = """Clean a source by steps that are kept in its mapping, and undo them.

The file is never changed. A step is applied whenever the file is loaded; taken out, the file is
loaded again as it is.

Example:
  segmentry clean suggest accounts.csv -w shop
"""
clean = typer.Typer(no_args_is_help=True, help=guide(HELP))


def suggest_steps(source: Source, folder: Folder = HERE, as_json: Json = False) -> None:
    """Suggest steps for what looks wrong: misspelt values, months in two forms, outliers.

    Example:
      segmentry clean suggest accounts.csv -w shop
    """
    with opened(folder) as workspace:
        try:
            found = workspace.cleaning.suggest(source)
        except InputError as error:
            raise with_option(error) from None
    document = cleaning(found)
    emit(document, as_json=as_json, draw=_draw)


def add_step(
    source: Source,
    column: Column,
    step: Annotated[
        str,
        typer.Argument(
            metavar="STEP",
            help="As in a mapping: '{replace: {technolgy: technology}}', '{trim: true}', "
            "'{case: lower}', '{missing: [\"?\"]}', '{limits: {most: 200000, beyond: blank}}'.",
        ),
    ],
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Keep a step for a column, and load the file again with it.

    Example:
      segmentry clean add accounts.csv sector '{replace: {technolgy: technology}}' -w shop
    """
    with opened(folder) as workspace:
        result = workspace.cleaning.add(source, column, _step(step))
        document = shape.all_loaded([shape.loaded(result)], dry_run=False)
    emit(document, as_json=as_json, draw=draw_loaded)


def remove_step(
    source: Source,
    column: Column,
    number: Annotated[
        int | None, typer.Argument(metavar="[N]", min=1, help="Which step, from 1; else all.")
    ] = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Take a step of a column out, or all of them, and load the file again as it is.

    Example:
      segmentry clean remove accounts.csv sector -w shop
    """
    with opened(folder) as workspace:
        result = workspace.cleaning.remove(source, column, number)
        document = shape.all_loaded([shape.loaded(result)], dry_run=False)
    emit(document, as_json=as_json, draw=draw_loaded)


def _step(text: str) -> Step:
    """A step as typed.

    Raises:
        UsageError: It is none.
    """
    import yaml
    from pydantic import ValidationError

    from segmentry.data.cleaning import Step

    fix = "As in `{replace: {technolgy: technology}}`."
    try:
        return Step.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise UsageError("the step is not valid YAML.", fix=fix) from error
    except ValidationError as error:
        raise UsageError(f"{error.errors()[0]['msg']}.", fix=fix) from error


def _draw(screen: Console, document: Document) -> None:
    import yaml

    if not document["steps"]:
        screen.print("Nothing to clean was found.")
    for each in document["steps"]:
        step = yaml.safe_dump(each["step"], default_flow_style=True, allow_unicode=True, width=900)
        screen.print(Text(f"{safe(each['column'])} {safe(step.strip())}"))
        screen.print(Text(f"  {each['check']}, {each['records']:,} records", style="dim"))


add(clean, "suggest", suggest_steps)
add(clean, "add", add_step)
add(clean, "remove", remove_step)

"""`segmentry export …`: results as files; the ending says the format."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from segmentry.answers.basis import basis, instant_of
from segmentry.answers.plain import Document
from segmentry.cli.definitions import definitions
from segmentry.cli.guide import add, guide
from segmentry.cli.option import HERE, AsOf, Folder, Json, Name
from segmentry.cli.output import clean, counted, emit, footer
from segmentry.cli.session import opened

HELP = """Write members, groups or features to .csv, .tsv, .xlsx, .parquet or .jsonl; .gz packs.

Definitions are written as a folder of text.

Examples:
  segmentry export members lapsing --to lapsing.csv -w shop
  segmentry export features --to customers.parquet -w shop
  segmentry export definitions -w shop
"""
Target = Annotated[
    Path, typer.Option("--to", metavar="FILE", help="File to write; its ending says the format.")
]


def members(
    name: Name, to: Target, as_of: AsOf = None, folder: Folder = HERE, as_json: Json = False
) -> None:
    """Write the ids of a segment's members, one row a customer.

    Example:
      segmentry export members lapsing --to lapsing.csv -w shop
    """
    from segmentry.workspace.export import write

    with opened(folder) as workspace:
        instant = instant_of(workspace, as_of)
        table = workspace.segment(name).members(instant).to_arrow()
        write(table, to)
        document = basis(workspace, instant) | _written(to, table.num_rows, table.column_names)
    emit(document, as_json=as_json, draw=_draw)


def features(to: Target, as_of: AsOf = None, folder: Folder = HERE, as_json: Json = False) -> None:
    """Write one row a customer: every feature, trait and group.

    Example:
      segmentry export features --to customers.parquet -w shop --as-of 2011-12-10
    """
    from segmentry.workspace.export import write

    with opened(folder) as workspace:
        instant = instant_of(workspace, as_of)
        table = workspace.table(instant).to_arrow()
        write(table, to)
        document = basis(workspace, instant) | _written(to, table.num_rows, table.column_names)
    emit(document, as_json=as_json, draw=_draw)


def groups(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the segmentation.")],
    to: Target,
    as_of: AsOf = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Write one row a customer: the id and the group of a segmentation.

    Example:
      segmentry export groups rfm --to rfm.xlsx -w shop
    """
    from segmentry.workspace.export import write

    with opened(folder) as workspace:
        instant = instant_of(workspace, as_of)
        feature = workspace.divide(name, instant).segmentation.feature
        table = workspace.columns([feature], instant).to_arrow()
        write(table, to)
        document = basis(workspace, instant) | _written(to, table.num_rows, table.column_names)
    emit(document, as_json=as_json, draw=_draw)


def _written(to: Path, rows: int, columns: list[str]) -> Document:
    return {"file": str(to), "rows": rows, "columns": columns}


def _draw(screen: Console, document: Document) -> None:
    screen.print(
        f"Wrote {counted(document['rows'], 'row')} with "
        f"{counted(len(document['columns']), 'column')} "
        f"to {clean(document['file'])}"
    )
    screen.print(footer(document))


def next_(
    to: Target,
    of: Annotated[
        str, typer.Option("--of", metavar="COLUMN", help="A column of products, or product_id.")
    ] = "category",
    as_of: AsOf = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Write one row a customer who bought: what the next purchase is likeliest to hold.

    Example:
      segmentry export next --of category --to next.csv -w shop
    """
    from segmentry.workspace.export import write

    with opened(folder) as workspace:
        instant = instant_of(workspace, as_of)
        table = workspace.insights.next_of_each(of, instant).to_arrow()
        write(table, to)
        document = basis(workspace, instant) | _written(to, table.num_rows, table.column_names)
    emit(document, as_json=as_json, draw=_draw)


export = typer.Typer(no_args_is_help=True, help=guide(HELP))
add(export, "members", members)
add(export, "features", features)
add(export, "groups", groups)
add(export, "next", next_)
add(export, "definitions", definitions)

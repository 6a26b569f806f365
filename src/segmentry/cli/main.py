"""The commands, in the order in which a newcomer needs them."""

from __future__ import annotations

from typing import Annotated

import typer

from segmentry import __version__
from segmentry.cli.affinity import affinity
from segmentry.cli.allocate import allocate
from segmentry.cli.audit import audit
from segmentry.cli.backtest import backtest
from segmentry.cli.clean import clean
from segmentry.cli.clusters import clusters
from segmentry.cli.cohorts import cohorts
from segmentry.cli.contents import contents
from segmentry.cli.customer import customer
from segmentry.cli.definitions import apply, plan
from segmentry.cli.demo.command import demo
from segmentry.cli.discover import discover
from segmentry.cli.dividing import groups, rfm
from segmentry.cli.door import Door
from segmentry.cli.drift import drift
from segmentry.cli.duplicates import duplicates
from segmentry.cli.erase import erase, erasures
from segmentry.cli.export import export
from segmentry.cli.features import features
from segmentry.cli.guide import add, guide
from segmentry.cli.journeys import journeys
from segmentry.cli.keys import keys
from segmentry.cli.lists import lists
from segmentry.cli.load import load
from segmentry.cli.mapping import mapping
from segmentry.cli.market import market
from segmentry.cli.methods import cross, methods
from segmentry.cli.models import models
from segmentry.cli.moves import moves
from segmentry.cli.overlap import overlap
from segmentry.cli.people import people
from segmentry.cli.playbook import playbook
from segmentry.cli.profile import profile
from segmentry.cli.quality import check
from segmentry.cli.recommend import recommend
from segmentry.cli.refresh import refresh
from segmentry.cli.report import report
from segmentry.cli.runs import runs
from segmentry.cli.scales import scales
from segmentry.cli.schedules import schedules
from segmentry.cli.segments import segments
from segmentry.cli.sensitive import sensitive
from segmentry.cli.sensitivity import sensitivity
from segmentry.cli.serve import serve
from segmentry.cli.session import WAIT_SECONDS, asked
from segmentry.cli.start import init
from segmentry.cli.templates import templates
from segmentry.cli.upcoming import upcoming
from segmentry.cli.value import value

HELP = """Customer segmentation that is right, fast and explains itself.

From a shop's files to named segments:

  segmentry init shop --currency EUR            make a workspace
  segmentry load orders.csv -w shop             bring orders in
  segmentry check -w shop                       see how far to trust them
  segmentry refresh -w shop                     compute features and segments
  segmentry rfm -w shop                         VIP, new, inactive, lost …
  segmentry report -w shop --to report.html     one page to send on

Then ask, and save what you like (SEGMENTRY_WORKSPACE=shop saves typing -w shop):

  segmentry segments preview "frequency >= 3 AND recency_days > 60"
  segmentry segments save lapsing "frequency >= 3 AND recency_days > 60"
  segmentry export members lapsing --to lapsing.csv

No data at hand? `segmentry demo` segments a real shop. Every command has --help with examples,
and --json for programs.
"""
SETTINGS = {"help_option_names": ["-h", "--help"]}

app = typer.Typer(
    name="segmentry",
    cls=Door,
    help=guide(HELP),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings=SETTINGS,
)

START, DATA, KNOW, OUT = "Start", "Data in", "Know and divide", "Out"
TEXT = "As text"
ACCESS = "In a browser"
PRIVACY = "Privacy"
add(app, "init", init, START)
add(app, "demo", demo, START)
add(app, "load", load, DATA)
add(app, "mapping", mapping, DATA)
add(app, "profile", profile, DATA)
add(app, "check", check, DATA)
app.add_typer(clean, name="clean", rich_help_panel=DATA)
app.add_typer(sensitive, name="sensitive", rich_help_panel=DATA)
app.add_typer(duplicates, name="duplicates", rich_help_panel=DATA)
add(app, "refresh", refresh, KNOW)
add(app, "features", features, KNOW)
add(app, "rfm", rfm, KNOW)
add(app, "groups", groups, KNOW)
add(app, "methods", methods, KNOW)
add(app, "cross", cross, KNOW)
add(app, "value", value, KNOW)
add(app, "backtest", backtest, KNOW)
add(app, "cohorts", cohorts, KNOW)
add(app, "drift", drift, KNOW)
add(app, "overlap", overlap, KNOW)
add(app, "affinity", affinity, KNOW)
add(app, "recommend", recommend, KNOW)
add(app, "upcoming", upcoming, KNOW)
add(app, "journeys", journeys, KNOW)
add(app, "sensitivity", sensitivity, KNOW)
add(app, "allocate", allocate, KNOW)
app.add_typer(clusters, name="clusters", rich_help_panel=KNOW)
app.add_typer(discover, name="discover", rich_help_panel=KNOW)
add(app, "customer", customer, KNOW)
app.add_typer(moves, name="moves", rich_help_panel=KNOW)
app.add_typer(playbook, name="playbook", rich_help_panel=KNOW)
app.add_typer(segments, name="segments", rich_help_panel=KNOW)
app.add_typer(models, name="models", rich_help_panel=KNOW)
app.add_typer(scales, name="scales", rich_help_panel=KNOW)
app.add_typer(market, name="market", rich_help_panel=KNOW)
app.add_typer(templates, name="templates", rich_help_panel=KNOW)
app.add_typer(lists, name="lists", rich_help_panel=KNOW)
app.add_typer(schedules, name="schedules", rich_help_panel=KNOW)
add(app, "serve", serve, ACCESS)
app.add_typer(people, name="people", rich_help_panel=ACCESS)
app.add_typer(keys, name="keys", rich_help_panel=ACCESS)
add(app, "audit", audit, ACCESS)
add(app, "erase", erase, PRIVACY)
add(app, "erasures", erasures, PRIVACY)
add(app, "report", report, OUT)
app.add_typer(export, name="export", rich_help_panel=OUT)
app.add_typer(contents, name="contents", rich_help_panel=OUT)
add(app, "plan", plan, TEXT)
add(app, "apply", apply, TEXT)
add(app, "runs", runs, OUT)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"segmentry {__version__}")
        raise typer.Exit


@app.callback()
def segmentry(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001 - its callback does it
        bool,
        typer.Option(
            "--version", metavar="", callback=_version, is_eager=True, help="Print the version."
        ),
    ] = False,
    wait: Annotated[
        float,
        typer.Option(
            metavar="SECONDS",
            min=0,
            envvar="SEGMENTRY_WAIT",
            help="How long to wait while another command has the workspace.",
        ),
    ] = WAIT_SECONDS,
) -> None:
    """Options that come before a command."""
    asked(context.invoked_subcommand or "", wait)


# The callback's own help is that of the group.
segmentry.__doc__ = None


def main() -> None:
    """Run the command line and end the process with its exit code."""
    app(prog_name="segmentry")


if __name__ == "__main__":
    main()

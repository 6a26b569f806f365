"""Population figures of a workspace, and segments compared with them."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import ValidationError

from segmentry.core.errors import DeclarationError, UsageError
from segmentry.insights.market import MarketComparison, MarketFigures, against_market
from segmentry.workspace.declarations import MARKET

if TYPE_CHECKING:
    from segmentry.workspace.folder import When
    from segmentry.workspace.workspace import Workspace

COLUMNS = ("trait", "value", "figure")


class Market:
    """Keeps population figures, one declaration a trait, and compares segments with them."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def all(self) -> list[MarketFigures]:
        """The figures of every trait, by its name."""
        return self._workspace.kept().market()

    def load(self, path: str | Path) -> list[MarketFigures]:
        """Keep the figures of a file; those of the same traits are replaced, others stay.

        Raises:
            UsageError: There is no such file, or its ending is not known.
            DeclarationError: It does not hold figures; nothing is kept.
        """
        found = list(read_figures(Path(path)))
        for each in found:
            self.keep(each)
        return found

    def keep(self, figures: MarketFigures) -> None:
        """Keep the figures of a trait in place of those before."""
        body = figures.model_dump(mode="json", exclude={"name"})
        workspace = self._workspace
        workspace.catalogue.declare(MARKET, figures.name, body, workspace.clock())

    def compare(self, segment: str, when: When = None) -> list[MarketComparison]:
        """A segment against the market, by every trait that has figures and is there.

        Raises:
            UsageError: There are no figures, or none of their traits can be read.
        """
        workspace = self._workspace
        rule = workspace.checked(workspace.segment(segment).rule)
        customers = workspace.customers(when)
        there = customers.features.schema.features
        figures = self.all()
        usable = [each for each in figures if each.name in there]
        if not figures:
            raise UsageError("there are no figures of the market.", fix="Run `market load FILE`.")
        if not usable:
            customers.features.schema.feature(figures[0].name)
        return [against_market(customers, rule, each) for each in usable]


def read_figures(path: Path) -> Iterator[MarketFigures]:
    """The figures in a file: CSV with trait, value, figure; or YAML with `source` and `traits`.

    Raises:
        UsageError: There is no such file, or its ending is not known.
        DeclarationError: It does not hold figures.
    """
    readers = {".csv": _csv, ".yaml": yaml.safe_load, ".yml": yaml.safe_load}
    if path.suffix.lower() not in readers:
        raise UsageError(f"cannot read `{path.name}`:", fix=f"it must end in {', '.join(readers)}.")
    try:
        body = readers[path.suffix.lower()](path.read_text(encoding="utf-8-sig"))
        for name, values in body["traits"].items():
            yield MarketFigures(name=name, figures=values, source=body.get("source") or "")
    except FileNotFoundError as error:
        raise UsageError(f"there is no file `{path}`.", fix="Check the path.") from error
    except ValidationError as error:
        raise DeclarationError(f"`{path.name}`: {error.errors()[0]['msg']}.") from error
    except (yaml.YAMLError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise DeclarationError(
            f"`{path.name}` does not hold figures of a market.",
            fix="Write CSV with the columns trait, value, figure.",
        ) from error


def _csv(text: str) -> Mapping[str, Any]:
    traits: dict[str, dict[str, float]] = {}
    for row in csv.DictReader(text.splitlines()):
        trait, value, figure = (row[each] for each in COLUMNS)
        traits.setdefault(trait, {})[value] = float(figure)
    return {"traits": traits}

"""Segments against the population."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from segmentry.answers.basis import basis
from segmentry.answers.plain import Document

if TYPE_CHECKING:
    from segmentry.core.time import AsOf
    from segmentry.insights.market import MarketComparison, MarketFigures
    from segmentry.workspace.workspace import Workspace


def figures(found: Iterable[MarketFigures]) -> Document:
    """Population figures by trait, as shares."""
    return {"traits": [_figures(each) for each in found]}


def compare(workspace: Workspace, name: str, as_of: AsOf) -> Document:
    """A segment against the market, by every trait that has figures."""
    return {
        "name": name,
        **basis(workspace, as_of),
        "traits": [_comparison(each) for each in workspace.market.compare(name, as_of)],
    }


def _figures(figures: MarketFigures) -> Document:
    return {
        "trait": figures.name,
        "source": figures.source,
        "shares": {value: figures.share(value) for value in figures.figures},
    }


def _comparison(found: MarketComparison) -> Document:
    return {
        "trait": found.trait,
        "source": found.source,
        "members": found.members,
        "compared": found.compared,
        "missing": found.missing,
        "values": [
            {
                "value": each.value,
                "customers": each.customers,
                "share": each.share,
                "low": each.low,
                "high": each.high,
                "base_share": each.base_share,
                "market_share": each.market_share,
                "index": each.index,
                "base_index": each.base_index,
                "differs": each.differs,
            }
            for each in found.values
        ],
        "unmatched": dict(found.unmatched),
        "absent": list(found.absent),
    }

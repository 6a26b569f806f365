"""Where customers are."""

from __future__ import annotations

from segmentry.insights.place import Place, geography
from segmentry.report.content import GeographyView, PlaceView
from segmentry.workspace.reporting.asking import TABLE, Asking
from segmentry.workspace.trait_words import dimension

LEVELS = (("country", "order_country"), ("region", "order_region"), ("city", "last_order_city"))
"""Kinds of places from large to small: where a customer lives, else that of the last order."""


def geography_of(asked: Asking) -> GeographyView:
    """Countries, regions and cities, as far as they are known."""
    columns = asked.engine.columns(TABLE)
    known = [next((each for each in kind if each in columns), "") for kind in LEVELS]
    levels = [each for each in known if each]
    if not levels:
        return GeographyView()
    found = geography(asked.engine, TABLE, levels)
    return GeographyView(
        levels=tuple(
            dimension(asked.wording, kind[0])
            for kind, each in zip(LEVELS, known, strict=True)
            if each
        ),
        known=found.known,
        unknown=found.unknown,
        places=tuple(_place(asked, each) for each in found.places),
    )


def _place(asked: Asking, each: Place) -> PlaceView:
    name = each.path[-1]
    return PlaceView(
        label=asked.words("report.geography.rest", count=each.places) if name is None else name,
        depth=len(each.path) - 1,
        customers=each.customers,
        customer_share=each.customer_share,
        revenue=each.revenue_amount,
        revenue_share=each.revenue_share,
        average_order=each.average_order_amount,
        together=each.places if name is None else 0,
    )

"""The nouns that are answered from `answers/`."""

from __future__ import annotations

from segmentry.api.routes import (
    buying,
    checks,
    customers,
    definitions,
    duplicates,
    entities,
    erasures,
    exports,
    features,
    found,
    insights,
    lists,
    methods,
    models,
    rules,
    scales,
    segments,
    sources,
    templates,
)

NOUNS = tuple(
    each.router
    for each in (
        features,
        methods,
        segments,
        exports,
        rules,
        insights,
        customers,
        erasures,
        buying,
        models,
        found,
        definitions,
        duplicates,
        lists,
        scales,
        templates,
        checks,
        entities,
        sources,
    )
)

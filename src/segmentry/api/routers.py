"""The nouns that are answered from `answers/`."""

from __future__ import annotations

from segmentry.api.routes import (
    buying,
    customers,
    features,
    found,
    insights,
    methods,
    models,
    rules,
    segments,
)

NOUNS = (
    features.router,
    methods.router,
    segments.router,
    rules.router,
    insights.router,
    customers.router,
    buying.router,
    models.router,
    found.router,
)

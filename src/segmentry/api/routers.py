"""The nouns that are answered from `answers/`."""

from __future__ import annotations

from segmentry.api.routes import customers, features, insights, methods, rules, segments

NOUNS = (
    features.router,
    methods.router,
    segments.router,
    rules.router,
    insights.router,
    customers.router,
)

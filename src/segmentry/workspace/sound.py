"""The saved segments whose rule holds on the data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from segmentry.core.errors import DeclarationError
from segmentry.language.check import check
from segmentry.language.node import Condition
from segmentry.language.schema import Schema
from segmentry.language.text import segments as segments_used
from segmentry.segments import usage


def sound(rules: Mapping[str, Condition], schema: Schema) -> dict[str, Condition]:
    """Rules that hold on the data, by name; one that uses a broken one is broken too."""
    known = replace(schema, segments=frozenset(rules))
    found: dict[str, Condition] = {}
    for name in usage.in_order(rules):
        try:
            check(rules[name], known)
        except DeclarationError:  # held when it was saved; whoever shows it says it no longer does
            continue
        if all(each in found for each in segments_used(rules[name])):
            found[name] = rules[name]
    return found

"""Statistics of the base: one row with what is the same for every customer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from segmentry.core.types import Type
from segmentry.engines.held import EXACT, UNIT, Held
from segmentry.language.node import Statistic
from segmentry.language.pareto import limits
from segmentry.language.schema import Schema
from segmentry.sql.expression import Column, Expression, Join, Relation, Select, call, literal
from segmentry.sql.operators import Op


def statistics_row(schema: Schema, base: Relation, wanted: Sequence[Statistic]) -> Select:
    """One row with the columns `q0`, `q1` … in the order wanted; each feature is sorted once.

    Args:
        base: The customers, with the features as columns.
    """
    parts: list[tuple[str, Select]] = []
    columns: dict[str, Expression] = {}
    quantiles = _shares(each for each in wanted if each.of == "rank")
    if quantiles:
        parts.append(("cuts", _quantiles(schema, base, quantiles)))
    sums = _shares(each for each in wanted if each.of == "sum")
    for place, (name, shares) in enumerate(sums.items()):
        feature = Column(name, schema.feature(name).type)
        parts.append((f"first_{place}", limits(base, feature, shares)))
    for number, each in enumerate(wanted):
        if each.of == "rank":
            columns[f"q{number}"] = call(
                Op.ELEMENT,
                Column(each.feature, Type.NUMBER, "cuts"),
                literal(quantiles[each.feature].index(each.share) + 1),
                type=Type.NUMBER,
            )
        else:
            place = sums[each.feature].index(each.share)
            relation = f"first_{list(sums).index(each.feature)}"
            columns[f"q{number}"] = Column(f"s{place}", Type.NUMBER, relation)
    (alias, first), *others = parts
    joins = tuple(Join(relation, name, None) for name, relation in others)
    return Select(first, columns, alias=alias, joins=joins)


def found_on_arrays(column: Held, wanted: Iterable[Statistic]) -> dict[Statistic, float | None]:
    """Limits of a sum as `limits` has an engine find them, from one sorting of the feature.

    Others are left out, and all of them where the sum is too large for a double to be exact.
    """
    asked = [each for each in wanted if each.of == "sum"]
    units = column.values if column.known is None else column.values[column.known]
    levels, counts = np.unique(np.maximum(units, 0), return_counts=True)
    if not asked or float(levels.astype(np.float64) @ counts) >= EXACT:
        return {}
    unit = float(UNIT) if column.type is Type.MONEY else 1.0
    sums = levels * counts
    whole = int(sums.sum())
    if not whole:
        return dict.fromkeys(asked)
    before = ((whole - np.cumsum(sums)) / unit) / (whole / unit)
    # What those above bring falls from level to level, so the first that is met is the least.
    return {each: float(levels[np.argmax(before < each.share)]) / unit for each in asked}


def _shares(wanted: Iterable[Statistic]) -> dict[str, list[float]]:
    shares: dict[str, list[float]] = {}
    for each in wanted:
        shares.setdefault(each.feature, []).append(each.share)
    return shares


def _quantiles(schema: Schema, base: Relation, shares: Mapping[str, Sequence[float]]) -> Select:
    lists: dict[str, Expression] = {
        name: call(
            Op.QUANTILES,
            Column(name, schema.feature(name).type),
            *(literal(share) for share in given),
            type=Type.NUMBER,
        )
        for name, given in shares.items()
    }
    return Select(base, lists)


__all__ = ["found_on_arrays", "statistics_row"]

"""Expressions on arrays: narrow numbers, literals out of their range, what is refused."""

from decimal import Decimal
from random import Random

import numpy as np
import pyarrow as pa
import pytest
from tests.language.harness import ARROW
from tests.language.strategies import SHOP, random_base, random_rule

from segmentry.core.errors import UnsupportedOperationError
from segmentry.core.types import Type
from segmentry.engines import arrays
from segmentry.engines.held import Held, held, narrow
from segmentry.features.dense import compact
from segmentry.segments.decided import ColumnScope
from segmentry.sql.expression import Column, Literal, call, literal
from segmentry.sql.operators import Op


@pytest.mark.parametrize("seed", range(10))
def test_narrow_columns_decide_as_wide_ones(seed):
    rng = Random(300 + seed)
    base = random_base(rng, SHOP, 50)
    scope = ColumnScope(SHOP, base.as_of, {})
    wide = {
        name: pa.array([each.features.get(name) for each in base.records], ARROW[field.type])
        for name, field in SHOP.features.items()
    }
    kinds = {name: field.type for name, field in SHOP.features.items()}
    plain = {name: held(each, kinds[name]) for name, each in wide.items()}
    compacted = {name: narrow(compact(each), kinds[name]) for name, each in plain.items()}
    decided = 0
    for _ in range(200):
        rule = random_rule(rng, SHOP)
        try:
            expression = rule.compile(scope)
            one = arrays.truth(expression, plain, 50)
        except (UnsupportedOperationError, KeyError):
            continue
        other = arrays.truth(expression, compacted, 50)
        assert one.tolist() == other.tolist(), rule.text()
        decided += 1
    assert decided > 10


def test_literals_beyond_a_narrow_column_compare_as_numbers():
    column = narrow(pa.array([1, 100, None], pa.int8()), Type.INTEGER)
    for limit, expected in ((300, [True, True, False]), (-(2**62), [False, False, False])):
        less = call(Op.MET, call(Op.LESS, Column("n", Type.INTEGER), literal(limit)))
        assert arrays.truth(less, {"n": column}, 3).tolist() == expected
    money = narrow(pa.array([Decimal("1.5"), None], pa.decimal32(9, 4)), Type.MONEY)
    more = call(Op.MET, call(Op.GREATER, Column("m", Type.MONEY), Column("n", Type.INTEGER)))
    numbers = narrow(pa.array([1, 1], pa.int8()), Type.INTEGER)
    assert arrays.truth(more, {"m": money, "n": numbers}, 2).tolist() == [True, False]


def test_a_choice_that_nobody_is_asked_for_is_kept_as_any_other():
    columns = {
        "t": held(pa.array(["a", "b"]), Type.TEXT),
        "n": held(pa.array([1, 2]), Type.INTEGER),
    }
    never = call(Op.MET, call(Op.GREATER, Literal(None, Type.INTEGER), literal(1)))
    for name, kind, value in (("t", Type.TEXT, "c"), ("n", Type.INTEGER, 3)):
        other = call(Op.IF, never, Literal(None, kind), Column(name, kind), type=kind)
        both = call(Op.IF, never, literal(value), other, type=kind)
        found = compact(arrays.evaluate(both, columns))
        assert found.to_pylist() == (["a", "b"] if name == "t" else [1, 2])


def test_what_arrays_cannot_do_is_refused_by_name():
    text = held(pa.array(["a", "b"]), Type.TEXT)
    lower = call(Op.LOWER, Column("t", Type.TEXT), type=Type.TEXT)
    with pytest.raises(UnsupportedOperationError, match="lower"):
        arrays.truth(call(Op.EQUAL, lower, literal("a")), {"t": text}, 2)
    with pytest.raises(UnsupportedOperationError, match="text beside text"):
        arrays.truth(call(Op.EQUAL, *[Column("t", Type.TEXT)] * 2), {"t": text}, 2)
    large = Held(Type.INTEGER, np.array([2**60]))
    with pytest.raises(UnsupportedOperationError, match="as large"):
        arrays.truth(
            call(Op.EQUAL, Column("n", Type.INTEGER), literal(Decimal(1))), {"n": large}, 1
        )

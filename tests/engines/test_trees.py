"""A boosted model gives on every engine, to the last bit, what scikit-learn gives."""

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from segmentry.core.types import Type
from segmentry.models.prediction.alone import one_thread
from segmentry.models.prediction.learner import boosted
from segmentry.models.prediction.rows import Rows
from segmentry.sql.expression import Column, Order, Select, Table

ROWS = 3_000
KINDS = {
    "number": (Type.NUMBER, pa.float64()),
    "whole": (Type.INTEGER, pa.int64()),
    "paid": (Type.MONEY, pa.decimal128(18, 4)),
    "told": (Type.BOOLEAN, pa.bool_()),
    "channel": (Type.TEXT, pa.string()),
    "city": (Type.TEXT, pa.string()),
}
WORDS = ("web", "Лавка", "تلفن", "O'Brien", 'a"b', "", " ")


def drawn(seed):
    """Customers of whom not everything is known, and what depends on all of it."""
    draw = np.random.default_rng(seed)
    number, whole = draw.normal(size=ROWS), draw.integers(0, 9, ROWS)
    paid, told = draw.integers(-9_000, 90_000, ROWS), draw.random(ROWS) < 0.5
    channel, city = draw.integers(0, len(WORDS), ROWS), draw.zipf(1.5, ROWS) % 60
    columns = {
        "number": number.tolist(),
        "whole": whole.tolist(),
        "paid": [Decimal(int(each)) / 100 for each in paid],
        "told": told.tolist(),
        "channel": [WORDS[each] for each in channel],
        "city": [f"city {each}" for each in city],
    }
    unknown = {name: draw.random(ROWS) < 0.1 for name in columns}
    arrays = {
        name: pa.array(values, KINDS[name][1], mask=unknown[name])
        for name, values in columns.items()
    }
    odds = number * told + (channel % 2) - (city < 3) + paid / 9e4 + unknown["whole"] + whole / 9
    return pa.table(arrays), odds + draw.normal(size=ROWS)


@pytest.mark.parametrize("amounts", [False, True], ids=["probability", "amount"])
def test_trees_give_what_they_give_in_the_process(engine, amounts):
    table, odds = drawn(3)
    label = np.maximum(odds, 0) if amounts else (odds > 1).astype(float)
    with one_thread():
        model = boosted(amounts=amounts)(Rows(np.arange(ROWS), table, label), 1)
    new, _ = drawn(4)
    known = {name: Column(name, kind) for name, (kind, _) in KINDS.items()}
    number = Column("customer_no", Type.INTEGER)
    query = Select(
        Table("known"),
        {"customer_no": number, **model.worked_out(known)},
        order_by=(Order(number),),
    )
    engine.write("known", new.append_column("customer_no", pa.array(range(ROWS))))
    found = engine.fetch(query).drop_columns(["customer_no"])
    engine.drop("known")
    with one_thread():
        here = model(Rows(np.arange(ROWS), new, np.zeros(0)))
    assert len(np.unique(here)) > ROWS / 2
    np.testing.assert_array_equal(model(Rows(np.arange(ROWS), found, np.zeros(0))), here)

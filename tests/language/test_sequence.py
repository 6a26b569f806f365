"""Sequences, held to the plainest meaning there is: every choice of rows is tried."""

from datetime import datetime, timedelta
from itertools import combinations
from random import Random

from tests.language.customers import shop

from segmentry.core.time import AsOf
from segmentry.language.behavior import seconds_between
from segmentry.language.names import row_schema
from segmentry.language.node import Base, Record
from segmentry.language.text import parse_rule

RULES = (
    "sequence(events, 'a', 'b')",
    "sequence(events, 'a', 'a')",
    "sequence(events, 'a', 'b', 'a', without => 'c')",
    "sequence(events, 'a', 'b', without => 'a', within => '2 hours')",
    "sequence(events, 'a', where(seconds > 1), 'c', within => '1 day')",
    "sequence(events, where(seconds > 1), where(seconds < 3), without => where(seconds = 2))",
)
EVENTS = row_schema(shop().fact("events"))
AS_OF = AsOf.parse("2024-10-29", "Europe/Kyiv")


def tried(rule, rows):
    """Whether some rows, in order, meet the steps in time with nothing in between that spoils."""

    def met(condition, row):
        return condition.holds(Record("", features=row), Base(AS_OF, (), EVENTS))

    def good(places):
        first, last = rows[places[0]], rows[places[-1]]
        between = rows[places[0] + 1 : places[-1]]
        times = first["occurred_at"], last["occurred_at"]
        return (
            all(met(step, rows[at]) for step, at in zip(rule.steps, places, strict=True))
            and not any(rule.without and met(rule.without, row) for row in between)
            and (
                rule.within is None
                or seconds_between(*times, rule.within, "Europe/Kyiv") <= rule.within.seconds
            )
        )

    return any(good(places) for places in combinations(range(len(rows)), len(rule.steps)))


def test_every_choice_of_rows():
    draw = Random(3)
    schema, found = shop(), []
    for _ in range(600):
        rule = parse_rule(draw.choice(RULES), schema)
        start = datetime(2024, 10, 26, 12)  # the clocks go back in the night
        minutes = sorted(draw.choices(range(2400), k=draw.randrange(9)))
        rows = [
            {
                "event_id": f"{number:03}",
                "occurred_at": start + timedelta(minutes=minute),
                "name": draw.choice("aabbc"),
                "seconds": draw.choice((0, 2, 5, None)),
            }
            for number, minute in enumerate(minutes)
        ]
        shuffled = draw.sample(rows, len(rows))
        record = Record("x", facts={"events": shuffled})
        found.append(rule.holds(record, Base(AS_OF, (record,), schema)))
        assert found[-1] == tried(rule, rows), (rule.text(), rows)
    assert 100 < sum(found) < 500

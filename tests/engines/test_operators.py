"""Every operator on every engine, probed with corners, says what it says on DuckDB.

The corners: missing values, ties, groups of nothing, month ends, leap days, days on which clocks
change, decimals of every place, numbers at the limit of their type, texts of several scripts.
"""

import datetime as dt
import math
from decimal import Decimal
from itertools import cycle, islice, product

import pyarrow as pa
import pytest
from tests.language.test_oracle import same

from segmentry.core.types import Type
from segmentry.engines.duckdb import DuckDB
from segmentry.language.function import completed_years, lowered, read_number
from segmentry.language.pattern import in_python
from segmentry.sql.expression import Column, Literal, Order, Over, Select, Table, call, literal
from segmentry.sql.operators import AGGREGATES, Op

BOOLEAN, TEXT, INTEGER, NUMBER, MONEY, DATE, INSTANT = (
    Type.BOOLEAN, Type.TEXT, Type.INTEGER, Type.NUMBER, Type.MONEY, Type.DATE, Type.INSTANT,
)  # fmt: skip
TEXTS = [
    None, "", "a", "B", "b", "ab", "web shop", "Привіт Їжак", "ПРИВІТ", "تهران ۱۲", "کتاب", "İstanbul",
    "ΑΣ ΣΑΣ", "ẞ É Ø", "x\ny", "50%_", "a\\b", "12", "-12.50", "+3", "1e5", " 4", "1.", "9" * 400,
    "0." + "0" * 400 + "1", "2024-02-29", "O'Brien", "🎉", "ǅ", "A\t",
]  # fmt: skip
INTEGERS = [None, 0, 1, -1, 2, 7, 2**31, -(2**62), 2**63 - 1, -(2**63)]
NUMBERS = [
    None,
    0.0,
    1.0,
    -1.5,
    0.1,
    2.5,
    -2.5,
    1e300,
    -1e300,
    1.7e308,
    1e-300,
    5e-324,
    1 / 3,
    1e16,
]
MONEYS = [None, *map(Decimal, ("0", "0.0001", "-0.0001", "1.25", "2.5", "-2.5", "19.99",
                               "99999999999999.9999", "-99999999999999.9999"))]  # fmt: skip
DAYS = [None, *(dt.date(*each) for each in (
    (2024, 2, 29), (2023, 2, 28), (2024, 3, 1), (2000, 2, 29), (1900, 3, 1), (2024, 12, 31),
    (2025, 1, 1), (2024, 3, 31), (2024, 10, 27), (2025, 2, 28), (1969, 12, 31),
))]  # fmt: skip
INSTANTS = [None, *(dt.datetime(*each) for each in (
    (2024, 3, 31, 0, 59, 59, 999_999), (2024, 3, 31, 1), (2024, 10, 27, 0, 30), (2024, 10, 27, 1),
    (2024, 10, 27, 1, 30), (2024, 11, 3, 5, 30), (2024, 11, 3, 6, 30), (2024, 2, 29, 23, 59, 59),
    (2024, 12, 31, 20, 30), (2024, 3, 10, 7), (1970, 1, 1), (2022, 9, 21, 19, 30),
))]  # fmt: skip
ZONES = ("UTC", "Europe/Kyiv", "America/New_York", "Asia/Tehran", "Asia/Kathmandu",
         "Australia/Lord_Howe", "Pacific/Apia", "America/St_Johns")  # fmt: skip
KINDS = {
    TEXT: (TEXTS, pa.string()), INTEGER: (INTEGERS, pa.int64()), NUMBER: (NUMBERS, pa.float64()),
    MONEY: (MONEYS, pa.decimal128(18, 4)), BOOLEAN: ([None, True, False], pa.bool_()),
    DATE: (DAYS, pa.date32()), INSTANT: (INSTANTS, pa.timestamp("us")),
}  # fmt: skip


def pairs(kind):
    """A table with every pair of corners of one type: `no`, `one`, `other`."""
    corners, arrow = KINDS[kind]
    both = list(product(corners, corners))
    return pa.table(
        {
            "no": pa.array(range(len(both)), pa.int32()),
            "one": pa.array([one for one, _ in both], arrow),
            "other": pa.array([other for _, other in both], arrow),
        }
    )


def groups():
    """Rows in groups of 0 (nothing but missing values) to 6, with ties, and a column per type."""
    sizes = [1, 1, 2, 3, 6, 40]
    group = [number for number, size in enumerate(sizes) for _ in range(size)]
    known = dict.fromkeys(range(1, len(sizes)))
    columns = {"no": pa.array(range(len(group)), pa.int32()), "part": pa.array(group, pa.int32())}
    small = KINDS | {
        NUMBER: ([0.5, 0.25, None, -3.0, 0.5, 1e3], pa.float64()),
        INTEGER: ([3, None, -2, 3, 2**40], pa.int64()),
        MONEY: ([Decimal("1.1"), None, Decimal("-4.25"), Decimal("1.1")], pa.decimal128(18, 4)),
    }
    for kind, (corners, arrow) in small.items():
        values = list(islice(cycle(corners), len(group)))
        values = [each if at in known else None for each, at in zip(values, group, strict=True)]
        columns[kind.value] = pa.array(values, arrow)
    for name, values in (("large", [1e300, 1.6e308, 1.0, 1e200]), ("tiny", [1e-300, 5e-324, 0.0])):
        columns[name] = pa.array(list(islice(cycle(values), len(group))))
    return pa.table(columns)


@pytest.fixture(scope="module")
def desk():
    with DuckDB(threads=1) as session:
        write(session)
        yield session


@pytest.fixture(scope="module")
def engine_with_corners(engine):
    write(engine)
    return engine


def write(session):
    for kind in KINDS:
        session.write(f"corner_{kind.value}", pairs(kind))
    session.write("corner_rows", groups())


def one(kind):
    return Column("one", kind)


def other(kind):
    return Column("other", kind)


def compared(op, *kinds):
    return [(kind, call(op, one(kind), other(kind))) for kind in kinds]


def both(op, *kinds, type=None):  # noqa: A002
    return [(kind, call(op, one(kind), other(kind), type=type or kind)) for kind in kinds]


def alone(op, *kinds, type=None):  # noqa: A002
    return [(kind, call(op, one(kind), type=type or kind)) for kind in kinds]


def wide(column):
    return call(Op.AS_WIDE, column, type=INTEGER)


def fitted(op):
    """The exact operations, wide enough, then fitted to their type."""
    found = [
        (INTEGER, call(Op.AS_INTEGER, call(op, wide(one(INTEGER)), wide(other(INTEGER)), type=INTEGER), type=INTEGER)),
        (NUMBER, call(Op.FINITE, call(op, one(NUMBER), other(NUMBER), type=NUMBER), type=NUMBER)),
    ]  # fmt: skip
    factor = wide(literal(3)) if op is Op.MULTIPLY else other(MONEY)
    return [
        *found,
        (MONEY, call(Op.AS_MONEY, call(op, one(MONEY), factor, type=MONEY), type=MONEY)),
    ]


ORDERED = (TEXT, INTEGER, NUMBER, MONEY, DATE, INSTANT)
ANY = (*ORDERED, BOOLEAN)
PATTERNS = (
    "a", "^w", "b$", "[a-zА-Я]+", r"\d", r"\D", r"\bshop\b", "(we|sh).", "^$", "в.*", r"\s", r"\S",
    "[^a]", r"[^\d]", r"[\w-]", r"[\W]", r"[\D]", "^.$", "^..$", "x.y", r"x\ny", r"\\", r"\.", "()", "(a|)$",
    "a{0,2}b", "^9{400}$", "^9{300,}$", "^9{1,399}$", "[]a]", r"^[+-]?\d+$", "(?:a|b){2}", "^(ab?){1,3}$", "a*?b",
    r"[\t]", "🎉", "[а-яї]{4,}", r"^\w+$", "a||b",
)  # fmt: skip
KNOWN_TEXT = call(Op.FIRST_KNOWN, one(TEXT), literal("ї"), type=TEXT)

PROBES = {
    Op.AND: compared(Op.AND, BOOLEAN),
    Op.OR: compared(Op.OR, BOOLEAN),
    Op.NOT: alone(Op.NOT, BOOLEAN),
    Op.MET: alone(Op.MET, BOOLEAN),
    Op.IS_MISSING: alone(Op.IS_MISSING, *ANY, type=BOOLEAN),
    Op.EQUAL: compared(Op.EQUAL, *ANY),
    Op.LESS: compared(Op.LESS, *ORDERED),
    Op.AT_MOST: compared(Op.AT_MOST, *ORDERED),
    Op.GREATER: compared(Op.GREATER, *ORDERED),
    Op.AT_LEAST: compared(Op.AT_LEAST, *ORDERED),
    Op.IN: [
        (TEXT, call(Op.IN, one(TEXT), literal("b"), literal("ΑΣ ΣΑΣ"), other(TEXT))),
        (NUMBER, call(Op.IN, one(NUMBER), literal(0.1), literal(1e300))),
        (MONEY, call(Op.IN, one(MONEY), literal(Decimal("19.99")), literal(2))),
    ],
    Op.ADD: fitted(Op.ADD),
    Op.SUBTRACT: fitted(Op.SUBTRACT),
    Op.MULTIPLY: fitted(Op.MULTIPLY),
    Op.DIVIDE: both(Op.DIVIDE, INTEGER, NUMBER, MONEY, type=NUMBER),
    Op.NEGATE: [
        *alone(Op.NEGATE, NUMBER, MONEY),
        (INTEGER, call(Op.AS_INTEGER, call(Op.NEGATE, wide(one(INTEGER)), type=INTEGER), type=INTEGER)),
    ],
    Op.ABSOLUTE: [
        *alone(Op.ABSOLUTE, NUMBER, MONEY),
        (INTEGER, call(Op.AS_INTEGER, call(Op.ABSOLUTE, wide(one(INTEGER)), type=INTEGER), type=INTEGER)),
    ],
    Op.ROUND: [
        *((NUMBER, call(Op.ROUND, one(NUMBER), literal(places), type=NUMBER)) for places in range(7)),
        *((MONEY, call(Op.AS_MONEY, call(Op.ROUND, one(MONEY), literal(places), type=MONEY), type=MONEY)) for places in range(5)),
    ],
    Op.LEAST: both(Op.LEAST, *ORDERED),
    Op.GREATEST: both(Op.GREATEST, *ORDERED),
    Op.MEAN_OF: [(NUMBER, call(Op.MEAN_OF, one(NUMBER), other(NUMBER), one(NUMBER), type=NUMBER))],
    Op.KNOWN_COUNT: both(Op.KNOWN_COUNT, *ANY, type=INTEGER),
    Op.IF: [(BOOLEAN, call(Op.IF, one(BOOLEAN), literal("yes"), literal("no"), type=TEXT))],
    Op.FIRST_KNOWN: both(Op.FIRST_KNOWN, *ANY),
    Op.LOWER: alone(Op.LOWER, TEXT),
    Op.CONTAINS: compared(Op.CONTAINS, TEXT),
    Op.STARTS_WITH: compared(Op.STARTS_WITH, TEXT),
    Op.ENDS_WITH: compared(Op.ENDS_WITH, TEXT),
    Op.MATCHES: [(TEXT, call(Op.MATCHES, one(TEXT), literal(each))) for each in PATTERNS],
    Op.DAYS_BETWEEN: both(Op.DAYS_BETWEEN, DATE, type=INTEGER),
    Op.YEARS_BETWEEN: both(Op.YEARS_BETWEEN, DATE, type=INTEGER),
    Op.SECONDS_BETWEEN: both(Op.SECONDS_BETWEEN, INSTANT, type=INTEGER),
    Op.WEEKDAY: alone(Op.WEEKDAY, DATE, type=INTEGER),
    Op.MONTH: alone(Op.MONTH, DATE, type=INTEGER),
    Op.DAY_OF_MONTH: alone(Op.DAY_OF_MONTH, DATE, type=INTEGER),
    Op.YEAR: alone(Op.YEAR, DATE, type=INTEGER),
    Op.LOCAL_TIME: [(INSTANT, call(Op.LOCAL_TIME, one(INSTANT), literal(zone), type=INSTANT)) for zone in ZONES],
    Op.LOCAL_DAY: [(INSTANT, call(Op.LOCAL_DAY, one(INSTANT), literal(zone), type=DATE)) for zone in ZONES],
    Op.AS_NUMBER: alone(Op.AS_NUMBER, INTEGER, MONEY, type=NUMBER),
    Op.AS_INTEGER: alone(Op.AS_INTEGER, INTEGER),
    Op.AS_MONEY: [
        *alone(Op.AS_MONEY, INTEGER, MONEY, type=MONEY),
        *((NUMBER, call(Op.AS_MONEY, literal(each, NUMBER), type=MONEY))
          for each in (1.00015, 2.00005, 0.285, -19.99995, 1e14, 1e300, 1 / 3, 99999999999999.98)),
    ],
    Op.AS_WIDE: [(INTEGER, call(Op.AS_NUMBER, wide(one(INTEGER)), type=NUMBER))],
    Op.FINITE: alone(Op.FINITE, NUMBER),
    Op.AS_TEXT: alone(Op.AS_TEXT, TEXT, INTEGER, MONEY, BOOLEAN, DATE, INSTANT, type=TEXT),
    Op.READ_NUMBER: alone(Op.READ_NUMBER, TEXT, type=NUMBER),
    Op.RANDOM_SHARE: [(TEXT, call(Op.RANDOM_SHARE, literal("salt ї"), KNOWN_TEXT, type=NUMBER))],
}  # fmt: skip


def of(kind):
    return Column(kind.value, kind)


KEYS = (Column("instant", INSTANT), Column("no", INTEGER))
LARGE, TINY = Column("large", NUMBER), Column("tiny", NUMBER)
FOLDS = {
    Op.COUNT_ROWS: [call(Op.COUNT_ROWS, type=INTEGER)],
    Op.COUNT: [call(Op.COUNT, of(kind), type=INTEGER) for kind in ANY],
    Op.COUNT_DISTINCT: [call(Op.COUNT_DISTINCT, of(kind), type=INTEGER) for kind in ANY],
    Op.SUM: [
        call(Op.AS_INTEGER, call(Op.SUM, of(INTEGER), type=INTEGER), type=INTEGER),
        call(Op.AS_MONEY, call(Op.SUM, of(MONEY), type=MONEY), type=MONEY),
        *(call(Op.FINITE, call(Op.SUM, each, type=NUMBER), type=NUMBER)
          for each in (of(NUMBER), LARGE, TINY)),
    ],
    Op.AVERAGE: [
        call(Op.FINITE, call(Op.AVERAGE, each, type=NUMBER), type=NUMBER)
        for each in (of(NUMBER), of(INTEGER), of(MONEY), LARGE, TINY)
    ],
    Op.MINIMUM: [call(Op.MINIMUM, of(kind), type=kind) for kind in ORDERED],
    Op.MAXIMUM: [call(Op.MAXIMUM, of(kind), type=kind) for kind in ORDERED],
    Op.MEDIAN: [call(Op.MEDIAN, of(kind), type=NUMBER) for kind in (INTEGER, NUMBER, MONEY)],
    Op.QUANTILE: [
        call(Op.QUANTILE, of(kind), literal(share), type=NUMBER)
        for kind in (INTEGER, NUMBER, MONEY) for share in (0.0, 0.1, 0.25, 0.9, 1.0)
    ],
    Op.QUANTILES: [
        call(Op.ELEMENT, call(Op.QUANTILES, of(NUMBER), literal(0.2), literal(0.7), type=NUMBER), literal(place), type=NUMBER)
        for place in (1, 2)
    ],
    Op.DEVIATION: [
        call(Op.FINITE, call(Op.DEVIATION, each, type=NUMBER), type=NUMBER)
        for each in (of(NUMBER), of(INTEGER), of(MONEY), LARGE)
    ],
    Op.ANY_TRUE: [call(Op.ANY_TRUE, of(BOOLEAN))],
    Op.FIRST_BY: [call(Op.FIRST_BY, of(kind), *KEYS, type=kind) for kind in ANY],
    Op.LAST_BY: [call(Op.LAST_BY, of(kind), *KEYS, type=kind) for kind in ANY],
}  # fmt: skip
FOLDS[Op.ELEMENT] = FOLDS[Op.QUANTILES]
PART, NO = Column("part", INTEGER), (Order(Column("no", INTEGER)),)
WINDOWS = {
    Op.PREVIOUS: [Over(call(Op.PREVIOUS, of(kind), type=kind), (PART,), NO) for kind in ANY],
    Op.FOLLOWING: [Over(call(Op.FOLLOWING, of(kind), type=kind), (PART,), NO) for kind in ANY],
    Op.ROW_NUMBER: [
        Over(call(Op.ROW_NUMBER, type=INTEGER), (PART,), (Order(of(TEXT), descending=down), *NO))
        for down in (True, False)
    ],
    Op.RUNNING_SUM: [
        call(Op.AS_MONEY, Over(call(Op.RUNNING_SUM, of(MONEY), type=MONEY), (PART,), (Order(of(MONEY), True),)), type=MONEY),
        Over(call(Op.RUNNING_SUM, of(NUMBER), type=NUMBER), (PART,), NO),
    ],
    Op.TOTAL: [
        call(Op.AS_INTEGER, Over(call(Op.TOTAL, of(INTEGER), type=INTEGER), (PART,)), type=INTEGER),
        call(Op.DIVIDE, of(NUMBER), Over(call(Op.TOTAL, of(NUMBER), type=NUMBER), (PART,)), type=NUMBER),
    ],
    Op.MEDIAN: [Over(call(Op.MEDIAN, of(kind), type=NUMBER), (PART,)) for kind in (NUMBER, MONEY)],
    Op.MAXIMUM: [
        Over(call(Op.MAXIMUM, of(INSTANT), type=INSTANT), (PART,), NO, before=True),
        Over(call(Op.MAXIMUM, of(TEXT), type=TEXT), (PART,), NO, before=True),
    ],
}  # fmt: skip


def told(session, table, expressions, group=()):
    """The values of the expressions, row by row, by the key."""
    columns = {"key": Column("part" if group else "no", INTEGER)}
    columns |= {f"e{number}": each for number, each in enumerate(expressions)}
    found = session.fetch(Select(Table(table), columns, group_by=group)).sort_by("key")
    return found.column("key").to_pylist(), [
        found.column(name).to_pylist() for name in list(columns)[1:]
    ]


def assert_same(ours, theirs):
    (keys, found), (other_keys, expected) = ours, theirs
    assert keys == other_keys
    for number, (mine, meant) in enumerate(zip(found, expected, strict=True)):
        for key, value, other in zip(keys, mine, meant, strict=True):
            assert same(value, other), (number, key, value, other)
            assert not (isinstance(value, float) and not math.isfinite(value))


@pytest.mark.parametrize("op", PROBES)
def test_of_values(engine_with_corners, desk, op):
    for kind in dict.fromkeys(kind for kind, _ in PROBES[op]):
        expressions = [each for of_kind, each in PROBES[op] if of_kind is kind]
        table = f"corner_{kind.value}"
        assert_same(told(engine_with_corners, table, expressions), told(desk, table, expressions))


@pytest.mark.parametrize("op", FOLDS)
def test_of_groups(engine_with_corners, desk, op):
    arguments = "corner_rows", FOLDS[op], (PART,)
    assert_same(told(engine_with_corners, *arguments), told(desk, *arguments))


@pytest.mark.parametrize("op", WINDOWS)
def test_over_rows(engine_with_corners, desk, op):
    arguments = "corner_rows", WINDOWS[op]
    assert_same(told(engine_with_corners, *arguments), told(desk, *arguments))


def test_every_operator_is_probed():
    assert set(PROBES) | set(FOLDS) | set(WINDOWS) == set(Op)
    assert set(FOLDS) - {Op.ELEMENT} == set(AGGREGATES)


def test_nothing_at_all(engine_with_corners):
    nowhere = Select(
        Table("corner_rows"),
        {f"e{n}": each[0] for n, each in enumerate(FOLDS.values())},
        where=call(Op.LESS, Column("no", INTEGER), literal(0)),
    )
    [row] = engine_with_corners.rows(nowhere)
    counts = {f"e{n}" for n, op in enumerate(FOLDS) if op.startswith("count")}
    assert [value for name, value in zip(nowhere.columns, row, strict=True) if name in counts] == [
        0
    ] * 3
    assert {
        value for name, value in zip(nowhere.columns, row, strict=True) if name not in counts
    } == {None}


# the same by the plain meaning, where there is one


@pytest.mark.parametrize(
    ("expression", "plain"),
    [
        (call(Op.LOWER, one(TEXT), type=TEXT), lowered),
        (call(Op.READ_NUMBER, one(TEXT), type=NUMBER), read_number),
        *((call(Op.MATCHES, one(TEXT), literal(each)), lambda text, each=each: bool(in_python(each).search(text)))
          for each in PATTERNS),
    ],
)  # fmt: skip
def test_texts_by_the_plain_meaning(engine_with_corners, expression, plain):
    _, [found] = told(engine_with_corners, "corner_text", [expression])
    texts = pairs(TEXT).column("one").to_pylist()
    for text, value in zip(texts, found, strict=True):
        meant = None if text is None else plain(text)
        assert same(value, meant), (text, value, meant)


def test_years_by_the_plain_meaning(engine_with_corners):
    years = call(Op.YEARS_BETWEEN, one(DATE), other(DATE), type=INTEGER)
    _, [found] = told(engine_with_corners, "corner_date", [years])
    for start, end, value in zip(
        *pairs(DATE).drop(["no"]).to_pydict().values(), found, strict=True
    ):
        assert value == (None if None in (start, end) else completed_years(start, end))


def test_lower_case_of_every_letter(engine_with_corners):
    letters = [chr(each) for each in range(0x41, 0x590) if chr(each).isalpha()]
    engine_with_corners.write("letters", pa.table({"no": range(len(letters)), "one": letters}))
    _, [found] = told(engine_with_corners, "letters", [call(Op.LOWER, one(TEXT), type=TEXT)])
    assert found == [lowered(each) for each in letters]


def test_a_missing_literal_has_its_type(engine_with_corners):
    for kind in KINDS:
        nothing = call(Op.FIRST_KNOWN, Literal(None, kind), one(kind), type=kind)
        _, [found] = told(engine_with_corners, f"corner_{kind.value}", [nothing])
        assert found == pairs(kind).column("one").to_pylist()

"""Whatever is typed: it is refused with an error of ours, or it is one SELECT over known tables."""

import re
from random import Random

import pytest
import sqlglot
from sqlglot import exp
from tests.language.harness import load, planned
from tests.language.strategies import SHOP, random_base, random_rule, random_value

from segmentry.core.errors import SegmentryError
from segmentry.core.time import AsOf
from segmentry.engines.duckdb import DuckDB
from segmentry.language.check import check
from segmentry.language.text import parse_rule, parse_value
from segmentry.sql.dialects.duckdb import DUCKDB

AS_OF = AsOf.parse("2025-03-31", "Europe/Kyiv")
TOKEN = re.compile(r"\s+|'(?:[^']|'')*'|\w+|=>|<=|>=|<>|.", re.DOTALL)
SNIPPETS = (
    "'; DROP TABLE customers; --",
    "read_csv('/etc/passwd')",
    "(SELECT 1)",
    "UNION SELECT 1",
    "\0",
    "\ud800",
    "'",
    '"',
    "--",
    "/*",
    "((((",
    "))))",
    "NOT ",
    "- ",
    "null",
    "=>",
    "where(",
    "orders.",
    "[1]",
    "::int",
    "date '2024-02-30'",
    "9" * 30,
    "1e5",
    "0." + "0" * 45 + "1",
    "\u202e",
    "﷽",
    "ſ",
    "K",
    "ı",
    "1.",
    "..",
    ",",
    "if(",
    "last => '999999 years'",
    "every => 'month'",
    "IN ()",
    "x'41'",
    "$1",
    "?",
    ":x",
    "@",
    "\\",
    "`",
    "current_timestamp",
    '"customers"."customer_id"',
    "PRAGMA",
    "attach",
    "{",
    "%",
    "matches(city, '(a*)*b')",
    "getenv('HOME')",
    "pg_sleep(10)",
    "'%s'",
    "{0}",
    "\\'; --",
    "0x41",
    "TRUE",
    "between",
    "is not null",
)
SEEDS = 10
EACH = 5_000
ALLOWED = {"list_entries", "customers", "orders", "events", "base"}


def mutated(rng, text, pool):
    """The text with up to four mistakes in it."""
    for _ in range(rng.choice((0, 1, 1, 2, 4))):
        kind = rng.random()
        if kind < 0.4:
            text = _tokens_mutated(rng, TOKEN.findall(text), pool)
        elif kind < 0.7 and text:
            at = rng.randrange(len(text))
            new = rng.choice(("", chr(rng.randrange(0x250)), rng.choice(SNIPPETS), text[at] * 2))
            text = text[:at] + new + text[at + 1 :]
        elif kind < 0.75:
            opening = rng.choice(("NOT ", "-", "(", "if(true, ", "coalesce(1, ", "a + "))
            text = opening * rng.choice((1, 3, 30, 60)) + text
        else:
            at = rng.randrange(len(text) + 1)
            text = text[:at] + rng.choice(SNIPPETS) + text[at:]
    return text


def _tokens_mutated(rng, tokens, pool):
    if not tokens:
        return ""
    at, other = rng.randrange(len(tokens)), rng.randrange(len(tokens))
    match rng.randrange(5):
        case 0:
            del tokens[at]
        case 1:
            tokens[at], tokens[other] = tokens[other], tokens[at]
        case 2:
            tokens.insert(at, tokens[other])
        case 3:
            tokens[at] = rng.choice(SNIPPETS)
        case _:
            tokens.insert(at, rng.choice(TOKEN.findall(rng.choice(pool))))
    return "".join(tokens)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(SEEDS))
def test_fifty_thousand_rules(seed):
    rng = Random(seed)
    pool = [random_rule(rng, SHOP).text() for _ in range(300)]
    pool += [random_value(rng, SHOP).text() for _ in range(150)]
    accepted = []
    for _ in range(EACH):
        text = mutated(rng, rng.choice(pool), pool)
        read = rng.choice((parse_rule, parse_value))
        try:
            node = read(text)
            check(node, SHOP)
        except SegmentryError:
            continue
        assert read(node.text()) == node
        accepted.append(planned({"it": node}, SHOP, AS_OF))
    assert EACH // 10 < len(accepted) < EACH
    sample = rng.sample(accepted, 25)
    with DuckDB(threads=1) as engine:
        load(engine, random_base(rng, SHOP, 3))
        for query in sample:
            assert_one_select_of_known_tables(DUCKDB.render(query))
            assert engine.fetch(query).num_rows == 3


def assert_one_select_of_known_tables(sql):
    (statement,) = sqlglot.parse(sql, dialect="duckdb")
    assert isinstance(statement, exp.Select)
    assert not list(statement.find_all(exp.DDL, exp.DML, exp.Command, exp.Into))
    steps = {each.alias for each in statement.find_all(exp.CTE)}
    for table in statement.find_all(exp.Table):
        assert table.name in ALLOWED | steps
        assert isinstance(table.this, exp.Identifier)


@pytest.mark.parametrize("text", SNIPPETS)
def test_injections_alone(text):
    for whole in (text, f"country = {text}", f"country = 'a{text}", f"x {text} y"):
        for read in (parse_rule, parse_value):
            try:
                read(whole, SHOP)
            except SegmentryError:
                continue


def test_a_hostile_text_stays_a_text():
    hostile = "'; DROP TABLE customers; --"
    rule = parse_rule("country = '" + hostile.replace("'", "''") + "'", SHOP)
    with DuckDB(threads=1) as engine:
        base = random_base(Random(1), SHOP, 3)
        load(engine, base)
        assert engine.fetch(planned({"it": rule}, SHOP, base.as_of)).num_rows == 3
        assert "customers" in engine.tables()


@pytest.mark.parametrize(
    ("text", "start", "times"),
    [
        ("NOT {}", "newsletter", 47),
        ("1 / ({})", "ratio", 45),
        ("2 * ({})", "monetary", 45),
        ("round({}, 1)", "ratio", 45),
        ("if(newsletter, 1, {})", "visits", 45),
        ("coalesce({}, 1)", "visits", 45),
        ("least({}, 1.5)", "ratio", 45),
        ("lower({})", "city", 45),
        ("if({} > 1, 1, 2)", "visits", 23),
        ("if({} IS NULL, 1, 2)", "visits", 23),
        ("if({} IN (1, 2), 1, 2)", "visits", 3),
        ("if({} BETWEEN 1 AND 2, 1, 2)", "visits", 6),
        ("newsletter AND (true OR {})", "newsletter", 23),
        ("round(abs({} * 2.5) / 3, 2)", "ratio", 11),
    ],
)
def test_the_deepest_rules_are_quick(text, start, times):
    value = start
    for _ in range(times):
        value = text.format(value)
    node = parse_value(value, SHOP)
    base = random_base(Random(2), SHOP, 5)
    with DuckDB(threads=1) as engine:
        load(engine, base)
        query = planned({"it": node}, SHOP, base.as_of)
        assert len(DUCKDB.render(query)) < 20_000
        found = {each["customer_id"]: each["it"] for each in engine.fetch(query).to_pylist()}
    assert found == {each.customer_id: node.value(each, base) for each in base.records}

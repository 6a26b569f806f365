"""Every rule of the documents is one, and means what the page on rules says."""

import pytest
from tests.docs.everything import schema
from tests.docs.markdown import PAGES, ROOT, blocks, code, read, rows

from segmentry.core.errors import DeclarationError
from segmentry.core.time import AsOf, to_local
from segmentry.language import literal, parser, pattern, span, token, window
from segmentry.language.arguments import FUNCTIONS
from segmentry.language.node import Base, Record
from segmentry.language.text import parse_rule, parse_value

SCHEMA = schema()
PAGE = ROOT / "docs" / "concepts" / "rules.md"
AS_OF = AsOf.parse("2026-04-01", "Europe/Kyiv")
BLOCKS = [each for page in PAGES for each in blocks(page) if each.language == "sql"]
RULES = [each for _, row in rows(PAGE, "rule") for each in code(row[0])]
VALUES = [each for _, row in rows(PAGE, "value") for each in code(row[0])]
MISSING = [(head, row) for head, row in rows(PAGE, "rule") if "not known" in head]
WINDOWS = [row for _, row in rows(PAGE, "window")]
WRONG = [row for _, row in rows(PAGE, "wrong")]


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_every_block_is_a_rule(block):
    parse_rule(block.content, SCHEMA)


@pytest.mark.parametrize("text", RULES)
def test_every_rule_of_the_page_is_one(text):
    rule = parse_rule(text, SCHEMA)
    assert parse_rule(rule.text(), SCHEMA) == rule


@pytest.mark.parametrize("text", VALUES)
def test_every_value_of_the_page_is_one(text):
    value = parse_value(text, SCHEMA)
    assert parse_value(value.text(), SCHEMA) == value


def test_the_tables_are_found():
    assert len(RULES) > 40
    assert len(VALUES) > 40
    assert len(WINDOWS) > 20
    assert len(WRONG) > 8
    assert len(MISSING) > 8


@pytest.mark.parametrize(("head", "row"), MISSING, ids=lambda each: each[0])
def test_the_table_of_missing_values_holds(head, row):
    customers = [Record(each, {"country": None if each == "not known" else each}) for each in head]
    rule, base = parse_rule(code(row[0])[0], SCHEMA), Base(AS_OF, customers, SCHEMA)
    met = [rule.holds(each, base) for each in customers[1:]]
    assert met == [cell == "met" for cell in row[1:]]


@pytest.mark.parametrize("row", WINDOWS, ids=lambda each: each[0])
def test_the_borders_of_windows_are_those_of_the_page(row):
    spelled = code(row[0])[0]
    (measure,) = parse_rule(f"any(orders, {spelled})", SCHEMA).walk()
    shown = [
        to_local(each, AS_OF.timezone).isoformat(" ", "minutes") if each else "the beginning"
        for each in measure.window.bounds(AS_OF)
    ]
    assert shown == row[1:3]


def test_every_window_and_period_has_its_row():
    spelled = " ".join(row[0] for row in WINDOWS)
    assert [each for each in window.ARGUMENTS if f"{each} => " not in spelled] == []
    assert [each for each in window.PERIODS if f"'{each}'" not in spelled] == []


@pytest.mark.parametrize("row", WRONG, ids=lambda each: each[0])
def test_wrong_rules_get_the_errors_of_the_page(row):
    (text,), said = code(row[0]), row[1]
    with pytest.raises(DeclarationError) as caught:
        parse_rule(text, SCHEMA)
    assert str(caught.value) == said


def test_every_function_is_shown_at_work():
    shown = " ".join([*RULES, *VALUES])
    assert [each for each in FUNCTIONS if f"{each}(" not in shown] == []


@pytest.mark.parametrize(
    "limit",
    [
        token.MOST_CHARACTERS,
        parser.MOST_NODES,
        parser.MOST_DEPTH,
        pattern.MOST_CHARACTERS,
        literal.MOST_DIGITS,
        span.MOST_YEARS,
        window.EARLIEST.year,
        window.LATEST.year,
    ],
)
def test_the_limits_are_those_of_the_page(limit):
    body = " ".join(cell for _, row in rows(PAGE, "what") for cell in row)
    assert f" {limit:,}" in body or f" {limit}" in body


def test_the_page_speaks_of_every_fact():
    facts = [each for each in SCHEMA.facts if each != "list_entries"]  # it is asked by in_list
    assert [each for each in facts if f"`{each}`" not in read(PAGE)] == []

"""What is printed: safe for a terminal, exact for a program."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from segmentry.answers.plain import instant, plain
from segmentry.cli.output import bar, clean, footer, heads, listed, trust_text, writer
from segmentry.locale import messages


def test_money_and_shares_are_numbers_and_days_are_iso():
    document = {"paid": Decimal("8911407.9040"), "share": 0.25, "on": date(2024, 5, 1), "of": (1,)}
    assert plain(document) == {"paid": 8911407.904, "share": 0.25, "on": "2024-05-01", "of": [1]}


def test_whole_money_is_a_whole_number():
    assert repr(plain(Decimal("12.0000"))) == "12"


def test_an_instant_is_shown_in_a_zone():
    assert instant(datetime(2024, 1, 1, 22, 30), "Europe/Kyiv") == "2024-01-02T00:30:00+02:00"
    assert instant(None) is None


@pytest.mark.parametrize("dangerous", ["\x1b[2J", "\x07", "\u202e", "\x00", "a\rb"])
def test_text_from_data_cannot_steer_the_terminal(dangerous):
    assert dangerous not in clean(f"name {dangerous}")


@pytest.mark.parametrize(
    ("share", "drawn"),
    [(0, ""), (None, ""), (1e-9, "▏"), (0.5, "█████"), (1, "██████████"), (2, "██████████")],
)
def test_a_bar_shows_every_share_that_is_more_than_nothing(share, drawn):
    assert bar(share, 10).plain == drawn


def test_the_footer_says_what_a_result_rests_on():
    basis = {"as_of": "2024-07-01", "data_through": "2024-06-30", "trust": 87}
    assert footer(basis).plain == "as of 2024-07-01 · data through 2024-06-30 · trust 87/100"
    assert footer({"as_of": "2024-07-01"}).plain == "as of 2024-07-01"


@pytest.mark.parametrize(("score", "style"), [(95, "green"), (75, "yellow"), (10, "red")])
def test_trust_is_coloured_by_how_good_it_is(score, style):
    assert trust_text(score).style == style


def test_a_long_list_says_how_many_more():
    assert listed(["a", "b", "c"], 2) == "a, b and 1 more"


def test_spaces_inside_numbers_and_joiners_of_letters_stay():
    assert clean("2\u00a0766\u202f099 \u0645\u06cc\u200c\u0622\u06cc\u062f") == (
        "2\u00a0766\u202f099 \u0645\u06cc\u200c\u0622\u06cc\u062f"
    )
    assert clean("\u202eevil\u2066") == "\ufffdevil\ufffd"


@pytest.mark.parametrize("language", ["en", "uk", "ru", "pl", "fa"])
def test_headings_are_of_the_writer_s_language(language):
    write = writer("USD", language)
    first, number, none = heads(write, "name.group", ">customers", "")
    assert first == messages(language)("terminal.name.group")
    assert number == ">" + messages(language)("terminal.customers")
    assert none == ""
    trust = messages(language)("terminal.trust", score="87")
    assert trust in footer({"as_of": "2026-01-01", "trust": 87.0}, language).plain

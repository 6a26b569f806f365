"""Patterns: what is allowed means the same in the engine and in Python; the rest is refused."""

from random import Random

import pytest

from segmentry.core.errors import RuleTypeError
from segmentry.engines.duckdb import DuckDB
from segmentry.language.pattern import checked, in_python

TEXTS = (
    "",
    "a",
    "ab",
    "aab\n",
    "UA",
    "x UA y",
    "xUAy",
    "1\t2",
    "a\vb",
    "Київ",
    "в_1",
    "[a]",
    "a-b",
    "^$",
    "\\",
    "a{2}",
    "ſ",
    "K",
    "é",
    "a.b",
    "a\r\nb",
)
PIECES = (
    "a",
    "b",
    "U",
    "в",
    ".",
    "^",
    "$",
    "\\d",
    "\\w",
    "\\s",
    "\\S",
    "\\W",
    "\\D",
    "\\b",
    "\\.",
    "\\n",
    "[a-c]",
    "[^a]",
    "[\\s\\d]",
    "[\\-\\]]",
    "[-a]",
    "[a-]",
    "(a|b)",
    "(?:ab)",
    "()",
    "|",
    "a*",
    "a+?",
    "b??",
    ".{2}",
    "a{1,}",
    "(a|в){1,3}",
    "[$]",
    "\\[",
    "\\{",
    " ",
)


def test_random_patterns_mean_the_same():
    rng = Random(1)
    patterns = ["".join(rng.choices(PIECES, k=rng.randint(1, 5))) for _ in range(700)]
    agreed = 0
    with DuckDB(threads=1) as engine:
        for each in patterns:
            try:
                checked(each)
            except RuleTypeError:
                continue
            agreed += 1
            rows = engine.rows(
                "SELECT t, regexp_matches(t, $p) FROM (SELECT unnest($t) AS t)",
                {"p": each, "t": list(TEXTS)},
            )
            for text, found in rows:
                assert found == bool(in_python(each).search(text)), (each, text)
    assert agreed > 400


def test_the_largest_patterns_are_taken_by_the_engine():
    with DuckDB(threads=1) as engine:
        for each in (
            "[а-яА-ЯїЇ]{1000}",
            "(?:[а-я]{10}){100}",
            "(((((.{4}){4}){4}){4}){3})",
            ".{999}в",
        ):
            checked(each)
            assert engine.value("SELECT regexp_matches('a', ?)", [each]) is False


@pytest.mark.parametrize(
    "pattern",
    [
        "(?=a)",
        "(?!a)",
        "(?<=a)",
        "(?<n>a)",
        "(?P<n>a)",
        "(?i)a",
        "(?#c)",
        "(a)\\1",
        "\\p{L}",
        "\\A",
        "\\x41",
        "\\B",
        "\\",
        "a**",
        "a+*",
        "a{2}{3}",
        "*a",
        "^*",
        "\\b+",
        "a|*",
        "(*a)",
        "{2}",
        "a{",
        "a{,3}",
        "a{3,2}",
        "a{1001}",
        "(a{40}){40}",
        "a{600}b{600}",
        "[",
        "[a",
        "[]",
        "[^]",
        "[z-a]",
        "[\\d-z]",
        "[[:alpha:]]",
        "[a&&b]",
        "(",
        "(a",
        "a)",
        "]",
        "}",
        "[\\b]",
        "[\\S]",
        "(" * 21 + ")" * 21,
        "a" * 257,
        "(a[)])(",
        "((a)",
        "(a))",
    ],
)
def test_refused(pattern):
    with pytest.raises(RuleTypeError):
        checked(pattern)

import pytest

from segmentry.core.errors import UnsupportedOperationError
from segmentry.sql.dialects.java_pattern import in_java


@pytest.mark.parametrize(
    ("ours", "java"),
    [
        ("abc", "abc"),
        ("^a.c$", r"^a[^\n]c\z"),
        (r"\$\.", r"\$\."),
        (r"[$.\s]", r"[$.\t\n\f\r ]"),
        (r"\s\S\d\W", r"[\t\n\f\r ][^\t\n\f\r ]\d\W"),
        (r"(?:a|b){2}", r"(?:a|b){2}"),
        (r"[^\]]+", r"[^\]]+"),
    ],
)
def test_what_java_reads_otherwise_is_written_out(ours, java):
    assert in_java(ours) == java


@pytest.mark.parametrize(
    "pattern",
    ["a", "(a+)b+", r"^[a-z]+@[a-z]+\.[a-z]{2,}$", "(ab)+", "(a|b){1,3}", "a?b?c?", "(|a)"],
)
def test_ordinary_patterns_are_taken(pattern):
    in_java(pattern)


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+", "(a|b)*", "(a?){30,}", "(a?){100}", "a*b*c*d*e*f*", "a?" * 60, "((a|b)c){40}"],
)
def test_patterns_that_could_run_away_are_refused_by_name(pattern):
    with pytest.raises(UnsupportedOperationError, match="matches"):
        in_java(pattern)

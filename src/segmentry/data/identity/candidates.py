"""Pairs of records that may be one customer, and how far they agree, field by field.

Only records that agree in one of a few keys are compared at all. What is compared becomes a level
for each field; what is missing on either side says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from segmentry.data.identity.normalise import KEYS
from segmentry.engines.duckdb import DuckDB

PAIRS = "compared_pairs"
CROSSED = 0.88
"""Likeness of given to family name, both ways, from which on they are in each other's place."""
CROWD = 40
"""A key that more records share than this leads to no pairs: it tells nobody apart."""

BLOCKS: tuple[str, ...] = (
    "'e' || email",
    "'p' || phone",
    "CASE WHEN length(local) > 4 THEN 'l' || local || left(coalesce(family, ''), 2) END",
    # Either name with the day of birth: names may be swapped, and one may be new or mistyped.
    "'b' || birth || '|' || given_root",
    "'b' || birth || '|' || family",
    "'a' || birth || '|' || postal",
    "'n' || least(given_root, family) || '|' || greatest(given_root, family) || '|' || city",
    "'y' || least(given_root, family) || '|' || greatest(given_root, family) || '|' || year(birth)",
    "'f' || family || '|' || postal",
    "'g' || given_root || '|' || postal",
)
"""SQL of keys over `customer_keys`; a key that is missing leads nowhere."""


@dataclass(frozen=True)
class Compared:
    """A field that two records are compared in.

    Args:
        levels: From the closest agreement to none, as (name, SQL); the last one has no condition.
        known: SQL of whether both sides are known.
        value: Column by whose frequency the closest agreement is judged; empty when all values
            are about equally rare.
    """

    name: str
    levels: tuple[tuple[str, str], ...]
    known: str
    value: str = ""

    @property
    def sql(self) -> str:
        """The level's number from 0; -1 for a field that is not known on both sides."""
        cases = " ".join(
            f"WHEN {condition} THEN {number}"
            for number, (_, condition) in enumerate(self.levels[:-1])
        )
        return f"CASE WHEN NOT ({self.known}) THEN -1 {cases} ELSE {len(self.levels) - 1} END"


def _both(*columns: str) -> str:
    return " AND ".join(f"a.{each} IS NOT NULL AND b.{each} IS NOT NULL" for each in columns)


def _alike(one: str, other: str) -> str:
    """A slip of the keyboard, or a spelling: but not the male and female form of a name."""
    longest = f"greatest(length({one}), length({other}))"
    return (
        f"({longest} > 2 AND {one} || 'a' <> {other} AND {other} || 'a' <> {one}"
        f" AND (damerau_levenshtein({one}, {other}) <= {longest} // 7 + 1"
        f" OR jaro_winkler_similarity({one}, {other}) >= 0.93))"
    )


def _initial(one: str, other: str) -> str:
    return f"(least(length({one}), length({other})) = 1 AND left({one}, 1) = left({other}, 1))"


GIVEN, ROOT, FAMILY = "b_given", "b_root", "b_family"
PART = f"""(least(length(a.family), length({FAMILY})) > 3 AND
    (starts_with(a.family, {FAMILY}) OR ends_with(a.family, {FAMILY})
     OR starts_with({FAMILY}, a.family) OR ends_with({FAMILY}, a.family)))"""
BIRTH_ALIKE = """(damerau_levenshtein(a.birth::VARCHAR, b.birth::VARCHAR) = 1
    OR (day(a.birth) = month(b.birth) AND month(a.birth) = day(b.birth)
        AND year(a.birth) = year(b.birth))
    OR (day(a.birth) = day(b.birth) AND month(a.birth) = month(b.birth)))"""
"""A digit, two digits in each other's place, day and month exchanged, or only the year."""
PLACE_ALIKE = f"({_alike('a.city', 'b.city')} OR damerau_levenshtein(a.postal, b.postal) = 1)"
SLIP_OF_GIVEN = f"NOT (a.usual AND b.usual) AND {_alike('a.given', GIVEN)}"
"""A slip seldom makes another name out of one: two usual ones are two names."""

FIELDS: tuple[Compared, ...] = (
    Compared(
        "given name",
        (
            ("same", f"a.given = {GIVEN}"),
            ("other form", f"a.given_root = {ROOT}"),
            ("alike", SLIP_OF_GIVEN),
            ("initial", _initial("a.given", GIVEN)),
            ("differs", ""),
        ),
        f"a.given IS NOT NULL AND {GIVEN} IS NOT NULL",
        "given_root",
    ),
    Compared(
        "family name",
        (
            ("same", f"a.family = {FAMILY}"),
            ("alike", _alike("a.family", FAMILY)),
            ("part", PART),
            ("differs", ""),
        ),
        f"a.family IS NOT NULL AND {FAMILY} IS NOT NULL",
        "family",
    ),
    Compared(
        "e-mail",
        (
            ("same", "a.email = b.email"),
            ("same name", "a.local = b.local"),
            ("alike", "damerau_levenshtein(a.email, b.email) <= 2 AND length(a.email) > 10"),
            ("differs", ""),
        ),
        _both("email"),
    ),
    Compared(
        "phone",
        (
            ("same", "a.phone = b.phone"),
            ("alike", "damerau_levenshtein(a.phone, b.phone) = 1"),
            ("differs", ""),
        ),
        _both("phone"),
    ),
    Compared(
        "birth",
        (("same", "a.birth = b.birth"), ("alike", BIRTH_ALIKE), ("differs", "")),
        _both("birth"),
    ),
    Compared("sex", (("same", "a.sex = b.sex"), ("differs", "")), _both("sex")),
    Compared(
        "place",
        (
            ("same postal code", "a.postal = b.postal"),
            ("same city", "a.city = b.city"),
            ("alike", PLACE_ALIKE),
            ("differs", ""),
        ),
        f"({_both('postal')}) OR ({_both('city')})",
    ),
)


def compare_blocked(session: DuckDB) -> int:
    """Make `compared_pairs`: every pair that shares a key, once, with a level for each field."""
    _make_blocks(session)
    session.create(
        "blocked_pairs",
        "SELECT DISTINCT x.customer_no AS one, y.customer_no AS other"
        " FROM blocks x JOIN blocks y ON x.key = y.key AND x.customer_no < y.customer_no",
        temporary=True,
    )
    session.create(PAIRS, compared("blocked_pairs"), temporary=True)
    session.drop("blocks")
    session.drop("blocked_pairs")
    return int(session.value(f"SELECT count(*) FROM {PAIRS}"))


def compared(pairs: str) -> str:
    """Query of pairs (one, other) with the level of each field as l0, l1 …, and `swapped`.

    Where given name and family name agree crosswise, and not straight, they are compared so.
    """
    crossed = (
        f"jaro_winkler_similarity(a.given, b.family) > {CROSSED}"
        f" AND jaro_winkler_similarity(a.family, b.given) > {CROSSED}"
    )
    swapped = f"coalesce({crossed} AND a.given_root <> b.given_root, FALSE)"
    turned = {
        GIVEN: "CASE WHEN swapped THEN b.family ELSE b.given END",
        ROOT: "CASE WHEN swapped THEN b.family_root ELSE b.given_root END",
        FAMILY: "CASE WHEN swapped THEN b.given ELSE b.family END",
    }
    names = ", ".join(f"{sql} AS {name}" for name, sql in turned.items())
    levels = ", ".join(f"({each.sql})::TINYINT AS l{n}" for n, each in enumerate(FIELDS))
    return (
        "SELECT one, other, swapped, a.given_root AS given_root, a.family AS family,"
        f" {levels} FROM ("
        f"SELECT *, {names} FROM (SELECT a, b, p.one, p.other, {swapped} AS swapped"
        f" FROM {pairs} p JOIN {KEYS} a ON a.customer_no = p.one"
        f" JOIN {KEYS} b ON b.customer_no = p.other))"
    )


def _make_blocks(session: DuckDB) -> None:
    either = " UNION ALL ".join(
        f"SELECT customer_no, {key} AS key FROM {KEYS} WHERE ({key}) IS NOT NULL" for key in BLOCKS
    )
    session.create(
        "blocks",
        f"SELECT hash(key) AS key, customer_no FROM ({either})"
        f" QUALIFY count(*) OVER (PARTITION BY key) BETWEEN 2 AND {CROWD}",
        temporary=True,
    )


__all__ = ["FIELDS", "PAIRS", "compare_blocked", "compared"]

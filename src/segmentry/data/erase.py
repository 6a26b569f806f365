"""Taking people out of the tables of a workspace: every row about them, in every table there is.

Tables are found by their columns, so that one that is added later is covered too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from segmentry.data.checks.counts import KEPT, KEPT_AT
from segmentry.data.identity.links import PERSONS, settle
from segmentry.data.staged import Staged
from segmentry.data.tables import IDENTITY
from segmentry.engines.duckdb import DuckDB, quote
from segmentry.language.listed import ENTRIES

NUMBERED = ("customer_no", "other_no", "into_no", "person_no")
"""Columns that hold numbers of customers."""
NAMING = ("email", "phone", "name")
"""Attributes that find a person outside of the tables; common words are none."""
RULES = "membership_point"
"""The table that says by which rule memberships were recorded."""
WORDS, NUMBERS = "erased_words", "erased_numbers"
LONG, LONG_NUMBER = 6, 9
"""Letters, or digits alone, of a word that means somebody wherever it stands."""
IS = f"lower(trim({{text}})) IN (SELECT word FROM {WORDS})"
"""SQL condition that a text is one of the words."""
ALONE = r"'(^|[^\pL\pN])' || regexp_escape(word) || '($|[^\pL\pN])'"
SAYS = f"""EXISTS (FROM {WORDS} WHERE contains(lower({{text}}), word) AND {{which}}
    AND regexp_matches(lower({{text}}), {ALONE}))"""
"""SQL condition that a text has one of the words in it, as a word of its own."""
TELLS = f"""EXISTS (FROM {WORDS} WHERE contains(lower({{json}}), CAST(to_json(word) AS VARCHAR)))"""
"""SQL condition that a JSON has one of the words as a value."""


@dataclass(frozen=True)
class Gone:
    """People who are to be forgotten.

    Args:
        ids: Ids that were asked for, and those of records that are the same people.
        numbers: Numbers of the records that are there.
        words: What names or finds them, in lower case: ids, e-mail addresses, phones, full names.
        orders: Ids of their orders.
        unknown: Of the ids asked for, those that no record has.
        loads: Loads among whose rejected records some are theirs.
    """

    ids: tuple[str, ...]
    numbers: tuple[int, ...] = ()
    words: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    loads: tuple[int, ...] = ()

    def tables(self) -> Mapping[str, pa.Table]:
        """Numbers and words as relations, for statements."""
        return {
            NUMBERS: pa.table({"customer_no": pa.array(self.numbers, pa.int32())}),
            WORDS: pa.table({"word": pa.array(self.words, pa.string())}),
        }


def find(session: DuckDB, ids: Collection[str]) -> Gone:
    """The records of people, those that were found to be the same person among them.

    An id that nobody has is kept among the ids: something may stand under it outside the tables.
    """
    with session.registered("asked", pa.table({"customer_id": pa.array(sorted(ids), pa.string())})):
        session.create(
            NUMBERS,
            f"""WITH named AS (
                    SELECT customer_no FROM customers SEMI JOIN asked USING (customer_id)),
                same AS (SELECT p.customer_no FROM {PERSONS} p WHERE person_no IN (
                    SELECT person_no FROM {PERSONS} SEMI JOIN named USING (customer_no)))
            SELECT customer_no FROM named UNION SELECT customer_no FROM same""",
            temporary=True,
        )
    shown = [each for each in NAMING if each in session.columns("customers")]
    rows = session.rows(
        f"SELECT customer_no, customer_id, {', '.join(map(quote, shown))}"
        f" FROM customers SEMI JOIN {NUMBERS} USING (customer_no) ORDER BY customer_no"
    )
    orders = session.rows(
        f"SELECT order_id FROM orders SEMI JOIN {NUMBERS} USING (customer_no) ORDER BY order_id"
    )
    session.drop(NUMBERS)
    known = {str(row[1]) for row in rows} | set(ids)
    words = {str(value).strip().lower() for row in rows for value in row[1:] if value is not None}
    words |= {each.strip().lower() for each in known}
    found = Gone(
        tuple(sorted(known)),
        tuple(int(row[0]) for row in rows),
        tuple(sorted(words - {""})),
        tuple(str(order) for (order,) in orders),
        tuple(sorted(set(ids) - {str(row[1]) for row in rows})),
    )
    return replace(found, loads=_rejected_in(session, found))


def _rejected_in(session: DuckDB, gone: Gone) -> tuple[int, ...]:
    with _registered(session, gone.tables()):
        rows = session.rows(
            f"SELECT DISTINCT load_id FROM rejected_records WHERE {_rejected()} ORDER BY load_id"
        )
    return tuple(int(load) for (load,) in rows)


def tells(session: DuckDB, staged: Staged, gone: Gone) -> bool:
    """Whether a source has one of their words in any column, or what nobody could split."""
    if staged.malformed:
        return True
    conditions = (IS.format(text=f"CAST({quote(each)} AS VARCHAR)") for each in staged.names)
    with _registered(session, gone.tables()):
        found = session.rows(
            f"SELECT 1 FROM {quote(staged.table)} WHERE {' OR '.join(conditions)} LIMIT 1"
        )
    return bool(found)


def counts(session: DuckDB, gone: Gone) -> dict[str, int]:
    """How many rows of which table are about them; tables without any are left out."""
    found: dict[str, int] = {}
    with _registered(session, gone.tables()):
        for table, condition in _conditions(session):
            count = session.value(f"SELECT count(*) FROM {quote(table)} WHERE {condition}")
            if count:
                found[table] = int(count)
    return found


def rows(session: DuckDB, gone: Gone) -> dict[str, list[dict[str, Any]]]:
    """Every row about them, by table: what `forget` would delete."""
    found: dict[str, list[dict[str, Any]]] = {}
    with _registered(session, gone.tables()):
        for table, condition in _conditions(session):
            held = session.fetch(f"SELECT * FROM {quote(table)} WHERE {condition}").to_pylist()
            if held:
                found[table] = held
    return found


def forget(session: DuckDB, gone: Gone) -> None:
    """Delete every row about them, in one transaction.

    What was loaded before is looked at again when it is loaded again, so that it is seen whose
    records it has.
    """
    with session.transaction(), _registered(session, gone.tables()):
        decided = session.rows(
            f"SELECT DISTINCT decision_id FROM customer_decided WHERE {_numbered(DECIDED)}"
        )
        for table, condition in list(_conditions(session)):
            session.execute(f"DELETE FROM {quote(table)} WHERE {condition}")
        _forget_decisions(session, [number for (number,) in decided])
        for cache in (KEPT, KEPT_AT):
            session.drop(cache)
        session.execute("UPDATE loads SET settings_hash = ''")
        _forget_rules(session, gone.words)
        settle(session)


def _forget_rules(session: DuckDB, words: Collection[str]) -> None:
    """Rules by which memberships were recorded, as the declarations say them from now on."""
    if RULES not in session.tables():
        return
    for (rule,) in session.rows(f"SELECT DISTINCT definition FROM {RULES}"):
        if (left := nameless(rule, words)) != rule:
            session.execute(f"UPDATE {RULES} SET definition = ? WHERE definition = ?", [left, rule])


DECIDED = tuple(name for name in IDENTITY["customer_decided"] if name in NUMBERED)


def nameless(text: str, words: Collection[str]) -> str:
    """A text, such as a rule or JSON, with what names somebody in quotes written over.

    >>> nameless("email = 'Olena@example.org' AND income = '18000'", ["olena@example.org", "18000"])
    "email = 'erased' AND income = '18000'"
    """
    names = [each for each in words if len(each) >= (LONG_NUMBER if each.isdigit() else LONG)]
    if not names:
        return text
    spelled = "|".join(map(re.escape, names))
    return re.sub(rf"(\\?['\"])(?:{spelled})\1", r"\1erased\1", text, flags=re.IGNORECASE)


def _forget_decisions(session: DuckDB, touched: Iterable[int]) -> None:
    """Decisions that were about nobody else, with their reasons, and what undid them."""
    with session.registered("touched", pa.table({"id": pa.array(touched, pa.int64())})):
        session.execute(
            "DELETE FROM customer_decisions WHERE coalesce(undoes, decision_id) IN (FROM touched)"
            " AND coalesce(undoes, decision_id) NOT IN (SELECT decision_id FROM customer_decided)"
        )


def _conditions(session: DuckDB) -> Iterator[tuple[str, str]]:
    """Each table that can tell of a person, and the SQL condition of rows that tell of these."""
    for table in sorted(session.tables()):
        columns = session.columns(table)
        numbered = [name for name in NUMBERED if name in columns]
        if numbered:
            condition = _numbered(numbered)
            if table == ENTRIES.table:
                condition += f" OR {IS.format(text='given')}"
            yield table, condition
    yield "rejected_records", _rejected()
    yield "cleaned_values", f"{IS.format(text='value')} OR {IS.format(text='cleaned')}"
    yield "model_cards", _told("CAST(card AS VARCHAR)")


def _numbered(columns: Iterable[str]) -> str:
    return " OR ".join(f"{quote(name)} IN (SELECT customer_no FROM {NUMBERS})" for name in columns)


def _rejected() -> str:
    """What could not be split into columns has no record, only the beginning of its text."""
    whole = SAYS.format(text="value", which="TRUE")
    return f"({_told('CAST(record AS VARCHAR)')}) OR (record IS NULL AND {whole})"


def _told(json: str) -> str:
    anywhere = SAYS.format(text=json, which=f"length(word) >= {LONG}")
    return f"{TELLS.format(json=json)} OR {anywhere}"


def _registered(session: DuckDB, relations: Mapping[str, pa.Table]) -> ExitStack:
    stack = ExitStack()
    for name, rows in relations.items():
        stack.enter_context(session.registered(name, rows))
    return stack


__all__ = ["Gone", "counts", "find", "forget", "rows", "tells"]

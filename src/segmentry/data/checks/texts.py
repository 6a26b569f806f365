"""What a check is called and what it says, in every language."""

from __future__ import annotations

from dataclasses import dataclass

from segmentry.locale import Messages, messages


@dataclass(frozen=True, slots=True)
class Shift:
    """Whole years that would put times right.

    Args:
        years: To be added; taken away when below zero.
        left: Rows that are wrong still.
    """

    years: int
    left: int

    def said(self, words: Messages) -> str:
        """What would happen: `with 2 years added to their times all are right`."""
        way = "added" if self.years > 0 else "taken"
        key = "checks.years.all_but" if self.left else "checks.years.all"
        right = words(key, count=self.left)
        return words(f"checks.years.{way}", count=abs(self.years), right=right)


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of a check, in English unless another language is asked for.

    Args:
        key: They are the messages `checks.<key>.…` of the catalogues.
        entity: What the failing rows are.
        column: Column of the entity that they name; empty: none.
        called: What the rows are called in sentences; like the entity when empty.
        shift: What would put the failing rows right, if that is known.
    """

    key: str
    entity: str
    column: str = ""
    called: str = ""
    shift: Shift | None = None

    def label(self, language: str = "en") -> str:
        """What the check is called."""
        return self._said(messages(language), "label")

    def fix(self, language: str = "en") -> str:
        """What to do about failing rows."""
        return self._said(messages(language), "fix")

    def meaning(self, language: str = "en") -> str:
        """What is said of failing rows, after their number; without a point at the end."""
        words = messages(language)
        if f"checks.{self.key}.message" in words:
            return self._said(words, "message").rstrip(".")
        meaning = self._said(words, "meaning")
        if self.shift is None:
            return meaning
        return words("checks.years.after", meaning=meaning, years=self.shift.said(words))

    def sentence(self, failing: int, of: int, language: str = "en") -> str:
        """What was found: `3 of 10 orders have no customer …`."""
        words = messages(language)
        if f"checks.{self.key}.message" in words:
            return self._said(words, "message") if failing else words("checks.nothing")
        table = table_name(words, self.entity)
        rows = words(f"checks.rows.{self.called or self.entity}", count=of, table=table)
        return words("checks.sentence", count=failing, of=rows, meaning=self.meaning(language))

    def _said(self, words: Messages, part: str) -> str:
        return words(
            f"checks.{self.key}.{part}",
            column=column_name(words, self.entity, self.column),
            field=f"{self.entity}.{self.column}",
        )


def column_name(words: Messages, entity: str, column: str) -> str:
    """What a column is called inside a sentence; by its own name where the language has none."""
    places = [f"fields.{column}", f"columns.{column}", f"features.{column}.label"]
    if entity == "customers":
        places.reverse()
    named = next((words(each) for each in places if each in words), column.replace("_", " "))
    return named[:1].lower() + named[1:] if named[1:2].islower() else named


def table_name(words: Messages, entity: str) -> str:
    """What a table is called."""
    key = f"entities.{entity}"
    return words(key) if key in words else entity.replace("_", " ")


__all__ = ["Shift", "Texts", "column_name", "table_name"]

"""Whether a customer is on a list: one from a file, a frozen one, or those of a segment by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from segmentry.core.errors import UnknownNameError
from segmentry.core.types import Type
from segmentry.language.aggregate import Aggregate
from segmentry.language.arguments import Arguments, as_text, spelled, syntax_error
from segmentry.language.condition import Comparison
from segmentry.language.literal import Constant, clean, quoted
from segmentry.language.node import Base, Condition, MeasuredCondition, Names, Record, Scope
from segmentry.language.position import located
from segmentry.language.rows import rows_of
from segmentry.language.schema import Fact, Field
from segmentry.language.value import Name
from segmentry.language.window import ALL_TIME, Window
from segmentry.language.words import Words
from segmentry.locale import Phrase
from segmentry.sql.expression import Expression, call, literal
from segmentry.sql.operators import Op

INCLUDED, EXCLUDED = "included:", "excluded:"
"""Begin the names of the lists that hold who is in, or not in, a segment by hand."""

ENTRIES = Fact(
    name="list_entries",
    table="list_entries",
    instant="added_at",
    day="added_on",
    hour="added_hour",
    keys=("added_at", "given"),
    fields={
        "list": Field("list", Type.TEXT),
        "given": Field("given", Type.TEXT),
        "reason": Field("reason", Type.TEXT),
        "until": Field("until", Type.INSTANT),
    },
)
"""Who is on which list: a customer counts from `added_at` on, and no longer from `until` on."""


@dataclass(frozen=True)
class InList(MeasuredCondition):
    """The customer is on a list of customers at as_of.

    An entry counts as of every instant after it was added, up to and with the one at which it ends:
    as_of sees the world a moment before it.
    """

    kind = "in_list"
    name: str

    def __post_init__(self) -> None:
        clean(self.name)

    @property
    def fact(self) -> str:  # type: ignore[override]
        """The entries of lists."""
        return ENTRIES.name

    @property
    def where(self) -> Condition:  # type: ignore[override]
        """Those of this list."""
        return Comparison("=", Name("list"), Constant.of(self.name))

    @property
    def window(self) -> Window:  # type: ignore[override]
        """All of them."""
        return ALL_TIME

    def own_fields(self) -> tuple[str, ...]:
        """Until when an entry counts; the reason, to show it."""
        return ("until", "reason")

    def text(self) -> str:
        """`in_list('name')`."""
        return f"in_list({quoted(self.name)})"

    def sentence(self, words: Words) -> str:
        """`is on list name`; `is included by hand`."""
        return words(self._key(), list=self._called(words))

    def denial(self, words: Words) -> str:
        """`is not on list name`."""
        return words(f"not_{self._key()}", list=self._called(words))

    @property
    def by_hand(self) -> str:
        """`included` or `excluded` for who is in or out of a segment by hand; empty for a list."""
        starts = (each for each in (INCLUDED, EXCLUDED) if self.name.startswith(each))
        return next(starts, "").rstrip(":")

    @property
    def reason(self) -> Aggregate:
        """The reason with which a customer came on it last."""
        return Aggregate("last", self.fact, "reason", self.where, self.window)

    def _called(self, words: Words) -> Phrase:
        return words.said(self, words.name(self._shown()), "name")

    def _key(self) -> str:
        return self.by_hand or "in_list"

    def _shown(self) -> str:
        return self.name.partition(":")[2] or self.name

    def check(self, names: Names) -> None:
        """There is such a list."""
        if self.name not in names.schema.lists:
            with located(self.position):
                raise UnknownNameError("list", self.name, names.schema.lists)
        super().check(names)

    def expression(self, scope: Scope) -> Expression:
        """There is an entry that has not ended."""
        until = scope.name("until")
        ended = call(Op.LESS, until, literal(scope.as_of.instant))
        counts = call(Op.OR, call(Op.IS_MISSING, until), call(Op.NOT, call(Op.MET, ended)))
        one = call(Op.IF, counts, literal(1), literal(None, Type.INTEGER), type=Type.INTEGER)
        return call(Op.GREATER, call(Op.COUNT, one, type=Type.INTEGER), literal(0))

    def value(self, record: Record, base: Base) -> bool:
        """There is an entry that has not ended."""
        ends = [row["until"] for row in rows_of(self, record, base)]
        return any(
            each is None or (isinstance(each, datetime) and each >= base.as_of.instant)
            for each in ends
        )


@spelled("in_list")
def _read_list(arguments: Arguments) -> InList:
    rest = arguments.rest()
    if len(rest) != 1:
        raise syntax_error("`in_list` needs the name of one list.", arguments.position)
    return InList(as_text(rest[0], "`in_list`"))

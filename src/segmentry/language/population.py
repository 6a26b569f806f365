"""Values that depend on all customers, and chance: scores, quantiles of the base, random shares."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from segmentry.core.errors import RuleTypeError
from segmentry.core.types import Type, Value
from segmentry.language.arguments import Arguments, as_number, as_text, spelled, syntax_error
from segmentry.language.literal import clean, identifier, quoted
from segmentry.language.node import Base, Names, Node, Record, Scope, Statistic, ValueNode
from segmentry.language.operand import compile_as, require
from segmentry.language.position import located
from segmentry.language.value import Name
from segmentry.language.words import Words
from segmentry.sql.expression import Expression, call, literal
from segmentry.sql.operators import Op

NUMERIC = (Type.INTEGER, Type.NUMBER, Type.MONEY)
MOST_BINS = 100


@dataclass(frozen=True)
class Score(ValueNode):
    """How good a number is among those of all customers: 1 (worst) to one more than there are cuts.

    With `bins` the cuts are the quantiles 1/bins, 2/bins … over all customers who have a value, and
    with `limits` they are given. If high is best, the score is 1 and the number of cuts strictly
    below the value; if low is best, strictly above. So equal values have equal scores, a better
    value never scores lower, and a value on a cut has the worse of the two scores. Missing for a
    missing value.
    """

    kind = "score"
    of_customers = True
    feature: str
    bins: int | None = None
    limits: tuple[Decimal, ...] = ()
    best: str = "high"

    def __post_init__(self) -> None:
        clean(self.feature)
        if (self.bins is None) == (not self.limits):
            raise RuleTypeError("a score needs either `bins` or `limits`.", fix="bins => 5")
        if self.bins is not None and not 2 <= self.bins <= MOST_BINS:
            raise RuleTypeError(f"`bins` is from 2 to {MOST_BINS}.")
        if list(self.limits) != sorted(set(self.limits)) or len(self.limits) >= MOST_BINS:
            raise RuleTypeError("`limits` rise from one to the next.", fix="(10, 20, 50)")
        if self.best not in ("high", "low"):
            raise RuleTypeError("`best` is 'high' or 'low'.")

    @property
    def shares(self) -> tuple[float, ...]:
        """The quantiles that are its cuts; none with fixed limits."""
        return tuple(number / self.bins for number in range(1, self.bins)) if self.bins else ()

    def children(self) -> Iterator[Node]:
        """The feature."""
        yield Name(self.feature, position=self.position)

    def text(self) -> str:
        """`score(monetary, bins => 5)`."""
        limits = ", ".join(f"{each:f}" for each in self.limits)
        cuts = f"bins => {self.bins}" if self.bins else f"limits => ({limits})"
        best = "" if self.best == "high" else ", best => 'low'"
        return f"score({identifier(self.feature)}, {cuts}{best})"

    def sentence(self, words: Words) -> str:
        """`score of revenue (1 to 5)`."""
        best = self.bins or len(self.limits) + 1
        return words(
            "score", value=words.said(self, words.name(self.feature), "feature"), best=best
        )

    def type(self, names: Names) -> Type:
        """A whole number."""
        require(Name(self.feature, position=self.position), names, NUMERIC, "a number")
        return Type.INTEGER

    def statistics(self) -> list[Statistic]:
        """One for each cut."""
        return [Statistic(self.feature, each) for each in self.shares]

    def _cuts(self, scope: Scope) -> list[Expression]:
        if self.bins is None:
            return [literal(float(each)) for each in self.limits]
        return [scope.statistic(each) for each in self.statistics()]

    def compile(self, scope: Scope) -> Expression:
        """1 and a choice of 1 or 0 for each cut."""
        feature = Name(self.feature)
        number = compile_as(feature, Type.NUMBER, scope)
        better = Op.GREATER if self.best == "high" else Op.LESS
        one, none = literal(1), literal(0)
        points = [
            call(Op.IF, call(better, number, cut), one, none, type=Type.INTEGER)
            for cut in self._cuts(scope)
        ]
        score = call(Op.ADD, one, *points, type=Type.INTEGER)
        missing = call(Op.IS_MISSING, number)
        return call(Op.IF, missing, literal(None, Type.INTEGER), score, type=Type.INTEGER)

    def value(self, record: Record, base: Base) -> Value:
        """The plain count of cuts."""
        given = record.features.get(self.feature)
        if given is None:
            return None
        number = float(given)  # type: ignore[arg-type]
        cuts = [base.statistic(each) for each in self.statistics()] or [
            float(each) for each in self.limits
        ]
        return 1 + sum(
            cut < number if self.best == "high" else cut > number for cut in cuts if cut is not None
        )


@spelled("score")
def _read_score(arguments: Arguments) -> Score:
    feature = arguments.name("feature")
    bins, limits = arguments.whole("bins"), arguments.numbers("limits")
    best = arguments.text("best")
    with located(arguments.position):
        return Score(feature, bins, limits or (), best or "high")


@dataclass(frozen=True)
class BaseQuantile(ValueNode):
    """The value of a feature below which `share` of all customers lie who have one.

    The same for everybody, exact, between two values in proportion. Missing when nobody has one.
    """

    kind = "base_quantile"
    of_customers = True
    feature: str
    share: Decimal

    def __post_init__(self) -> None:
        clean(self.feature)
        if not 0 <= self.share <= 1:
            raise RuleTypeError("the share of a quantile is from 0 to 1.", fix="Write 0.8.")

    def children(self) -> Iterator[Node]:
        """The feature."""
        yield Name(self.feature, position=self.position)

    def text(self) -> str:
        """`base_median(monetary)`, `base_quantile(monetary, 0.8)`."""
        if self.share == Decimal("0.5"):
            return f"base_median({identifier(self.feature)})"
        return f"base_quantile({identifier(self.feature)}, {self.share:f})"

    def sentence(self, words: Words) -> str:
        """`median of revenue over all customers`."""
        key = "base_median" if self.share == Decimal("0.5") else "base_quantile"
        share = words.messages.number(self.share * 100)
        return words(key, value=words.said(self, words.name(self.feature), "feature"), share=share)

    def type(self, names: Names) -> Type:
        """A double."""
        require(Name(self.feature, position=self.position), names, NUMERIC, "a number")
        return Type.NUMBER

    def statistics(self) -> list[Statistic]:
        """Itself."""
        return [Statistic(self.feature, float(self.share))]

    def compile(self, scope: Scope) -> Expression:
        """The planner's column."""
        return scope.statistic(self.statistics()[0])

    def value(self, record: Record, base: Base) -> Value:  # noqa: ARG002
        """The plain quantile."""
        return base.statistic(self.statistics()[0])


@spelled("base_median", "base_quantile")
def _read_quantile(arguments: Arguments) -> BaseQuantile:
    feature = arguments.name("feature")
    if arguments.function == "base_median":
        return BaseQuantile(feature, Decimal("0.5"))
    rest = arguments.rest()
    if len(rest) != 1:
        raise syntax_error(
            "`base_quantile` needs a feature and a share.",
            arguments.position,
            "base_quantile(monetary, 0.8)",
        )
    with located(arguments.position):
        return BaseQuantile(feature, as_number(rest[0], "the share"))


@dataclass(frozen=True)
class RandomShare(ValueNode):
    """A number in [0, 1) by chance, the same for a customer and salt on every engine and day."""

    kind = "random_share"
    of_customers = True
    salt: str

    def __post_init__(self) -> None:
        clean(self.salt)

    def children(self) -> Iterator[Node]:
        """None."""
        return iter(())

    def text(self) -> str:
        """`random_share('salt')`."""
        return f"random_share({quoted(self.salt)})"

    def sentence(self, words: Words) -> str:
        """`random number of “salt”`."""
        return words("random_share", salt=words.quoted(self.salt))

    def type(self, names: Names) -> Type:  # noqa: ARG002
        """A double."""
        return Type.NUMBER

    def compile(self, scope: Scope) -> Expression:
        """From salt and customer id."""
        return call(
            Op.RANDOM_SHARE, literal(self.salt), scope.name("customer_id"), type=Type.NUMBER
        )

    def value(self, record: Record, base: Base) -> Value:  # noqa: ARG002
        """The first 32 bits of an MD5, as the operator table says."""
        text = f"{self.salt}:{record.customer_id}".encode()
        return int(hashlib.md5(text, usedforsecurity=False).hexdigest()[:8], 16) / 2**32


@spelled("random_share")
def _read_random(arguments: Arguments) -> RandomShare:
    rest = arguments.rest()
    if len(rest) != 1:
        raise syntax_error("`random_share` needs one text.", arguments.position)
    return RandomShare(as_text(rest[0], "`random_share`"))

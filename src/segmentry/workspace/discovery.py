"""Groups of a workspace's customers that bring far more than the others, found and kept."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import TypeAdapter

from segmentry.core.errors import NotFoundError, UsageError
from segmentry.insights.estimate import Estimate
from segmentry.workspace.latest import Latest

if TYPE_CHECKING:
    from segmentry.workspace.bound_segment import BoundSegment
    from segmentry.workspace.folder import When
    from segmentry.workspace.workspace import Workspace

Later = Literal["held", "unsaid", "turned", "none"]
"""At a later time: so again; too unsure to say; the other way round; there is no later time."""

KEPT = "discovery/last"
"""The name under which the last answer is kept among the cards."""


@dataclass(frozen=True)
class Wanted:
    """What to look for.

    Args:
        by: What groups differ in: `revenue`, `profit`, `orders` or `bought_again` in the days to
            come, or a feature as it is now.
        days: How far ahead.
        less: Look for groups that have less than everyone else.
        features: What rules are made of; empty for everything that is there.
        depth: Most conditions of a rule.
        beam: Beginnings that are pursued.
        least: Fewest customers of a group; otherwise 1 %, and at least 100.
        most: How many groups are shown.
    """

    by: str = "revenue"
    days: int = 90
    less: bool = False
    features: tuple[str, ...] = ()
    depth: int = 3
    beam: int = 50
    least: int | None = None
    most: int = 10

    def __post_init__(self) -> None:
        if not 1 <= self.depth <= 4:
            raise UsageError(f"{self.depth} conditions cannot be asked for.", fix="Ask for 1 to 4.")
        for name, value in (("days", self.days), ("beam", self.beam), ("most", self.most)):
            if value < 1:
                raise UsageError(f"{name} cannot be {value}.", fix="Give 1 or more.")
        if self.least is not None and self.least < 2:
            raise UsageError(f"{self.least} is no size of a group.", fix="Give 2 or more.")


@dataclass(frozen=True)
class Warned:
    """What to bear in mind about a group.

    Args:
        kind: `turned`: inside the groups of `feature` it is the other way round; `undated`:
            `feature` is known as it was loaded, not as it was then.
        within: The difference inside those groups.
    """

    kind: Literal["turned", "undated"]
    feature: str
    within: float | None = None


@dataclass(frozen=True)
class Discovered:
    """A group that stands out. Amounts are of customers whom the search never saw.

    Args:
        customers: Who is in it now; `share` is of those who were asked, now.
        each: Outcome per member; `more` and `lift` are against everyone else.
        portion: Share of what all bring.
        chance: Probability of so much by chance, adjusted for how many groups were tested.
        later: Whether it was so again at a later time, with the difference then.
    """

    number: int
    rule: str
    customers: int
    share: float
    each: Estimate
    others: Estimate
    more: Estimate
    lift: Estimate
    portion: Estimate
    chance: float
    later: Later
    later_more: Estimate | None
    warnings: tuple[Warned, ...]


@dataclass(frozen=True)
class Discovery:
    """What a search found, and how much was searched.

    Args:
        cut: The instant as of which customers were divided.
        later: That of the check at a later time.
        asked: Customers who were searched, both halves.
        left_out: Features that rules may not use here, because they are the outcome itself.
        confirmed: Groups that hold; the first of them are shown.
    """

    as_of: str
    by: str
    days: int | None
    less: bool
    cut: str
    later: str | None
    asked: int
    features: int
    conditions: int
    tried: int
    tested: int
    confirmed: int
    left_out: tuple[str, ...]
    groups: tuple[Discovered, ...]


class Discoveries:
    """Finds groups, and keeps one as a segment."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def find(self, wanted: Wanted | None = None, when: When = None) -> Discovery:
        """The groups that differ most from everyone else and hold among customers never searched.

        The same question of the same data has the same answer. It is kept until the next one.

        Raises:
            UnknownNameError: There is no such feature.
            LockedFeatureError: Its data are not loaded, or it is sensitive and locked.
            UsageError: There are too few customers, or the orders do not reach back far enough.
        """
        from segmentry.workspace.discovery_question import Question

        found = Question(self._workspace, wanted or Wanted(), self._workspace.as_of(when)).answer()
        as_of = self._workspace.as_of(found.as_of)
        Latest(self._workspace.engine).keep(KEPT, as_of, asdict(found), found.asked)
        return found

    def last(self, when: When = None) -> Discovery | None:
        """What was found last; `None` where nothing was, or it is of a later instant than named."""
        by = self._workspace.as_of(when) if when is not None else None
        found = Latest(self._workspace.engine).last(KEPT, by)
        return None if found is None else TypeAdapter(Discovery).validate_python(found)

    def save(self, number: int, name: str, label: str = "") -> BoundSegment:
        """Keep a group of the last answer as an ordinary segment.

        Raises:
            NotFoundError: Nothing was found last, or not so many groups.
        """
        found = self.last()
        rules = [each.rule for each in found.groups] if found else []
        if not 1 <= number <= len(rules):
            there = f"1 to {len(rules)}" if rules else "none"
            raise NotFoundError(
                f"no group {number} was found last; there is {there}.",
                fix="Look for groups first: `segmentry discover`.",
            )
        return self._workspace.segment(name, rules[number - 1], label)


__all__ = ["Discovered", "Discoveries", "Discovery", "Wanted", "Warned"]

"""Groups that a search found to differ most from everyone else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from segmentry.report.content.estimated import Estimated

Unit = Literal["money", "share", "number"]
Later = Literal["held", "unsaid", "turned", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundView:
    """A group that stands out; figures are of customers whom the search never saw.

    Args:
        number: As the command that saves it takes it.
        customers: Who is in it as of the search; `share` of those who were asked.
        each: Outcome per member; `lift` is that over everyone else's.
        part: Share of what all bring.
        later: Whether it was so again at a later time.
        warnings: What to bear in mind, in sentences.
    """

    number: int
    sentence: str
    customers: int
    share: float
    each: Estimated
    others: Estimated
    lift: Estimated
    part: Estimated
    later: Later
    later_sentence: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoveryView:
    """What was found last; `as_of` is empty where nothing was looked for.

    Args:
        verdict: What was found, in a sentence.
        outcome: What groups differ in.
        cut: The day as of which customers were divided; `later`, that of the check at a later time.
        tried: Crossings looked at; `tested` of them in the other half, where `confirmed` held.
    """

    as_of: str = ""
    verdict: str = ""
    outcome: str = ""
    unit: Unit = "number"
    cut: str = ""
    later: str | None = None
    asked: int = 0
    tried: int = 0
    tested: int = 0
    confirmed: int = 0
    groups: tuple[FoundView, ...] = ()

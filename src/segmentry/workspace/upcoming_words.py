"""What is said of next purchases in a language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from segmentry.insights.upcoming import FEWEST, NEEDED_DAYS

if TYPE_CHECKING:
    from segmentry.report.writer import Writer
    from segmentry.workspace.upcoming import Upcoming


def told(found: Upcoming, write: Writer) -> list[str]:
    """Sentences: what probabilities are of, and how true they were."""
    say, days = write.messages, write.count(found.horizon_days)
    said = [say("upcoming.asked", days=days)]
    if not found.trial.ways:
        least, needed = write.count(FEWEST), write.count(NEEDED_DAYS)
        return [*said, say("upcoming.untried", least=least, days=days, needed=needed)]
    used = found.trial.ways[0]
    customers = say("report.customer_count", count=found.trial.customers)
    said.append(
        say(
            "upcoming.tried",
            way=_way(used.way, write),
            customers=customers,
            days=days,
            error=write.share(used.ece),
            right=write.share(used.right.value),
        )
    )
    beside = [
        say("upcoming.other", way=_way(each.way, write), loss=write.number(each.brier, 4))
        for each in found.trial.ways
    ]
    return [*said, say("upcoming.beside", list=", ".join(beside))]


def _way(name: str, write: Writer) -> str:
    return write.messages(f"upcoming.way.{name}")

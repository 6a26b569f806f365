"""Season: who buys at one time of the year."""

from __future__ import annotations

from segmentry.segments.segment import ENOUGH, UNKNOWN, Group, Need, Reason, Segmentation, is_known

SEASONS = ("Winter", "Spring", "Summer", "Autumn")


def segmentation(least_strength: float = 0.6) -> Segmentation:
    """The season in which a customer's orders are gathered; All year when they are spread.

    Unknown are those with fewer than six orders, or less than a year: chance alone would make a
    season of theirs. Seasons are those of the northern half of the world.

    Args:
        least_strength: How far orders are gathered in one season: 0 evenly spread, 1 all in one.
    """
    strong = f"season_strength >= {least_strength}"
    return Segmentation(
        name="season",
        family="behavioural",
        feature="season_group",
        among="frequency >= 1",
        groups=(
            *(
                Group(name=each, rule=f"{strong} AND preferred_season = '{each.lower()}'")
                for each in SEASONS
            ),
            Group(name="All year", rule=is_known("season_strength")),
            Group(name=UNKNOWN, means="season_strength IS NULL"),
        ),
        reasons=(
            Reason(
                key="strength", values={"share": round((0.25 + 0.75 * least_strength) * 100, 1)}
            ),
        ),
        needs=(Need(key="seasons", rule=is_known("season_strength"), at_least=ENOUGH),),
    )

"""Weekday: the day of the week on which a customer orders most often."""

from __future__ import annotations

from segmentry.segments.segment import ENOUGH, Group, Need, Reason, Segmentation

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def segmentation() -> Segmentation:
    """One group for each day; of equally frequent days the last one ordered on."""
    *before, _ = enumerate(DAYS, start=1)
    return Segmentation(
        name="weekday",
        family="behavioural",
        feature="weekday_group",
        among="frequency >= 1",
        groups=(
            *(Group(name=day, rule=f"preferred_weekday = {place}") for place, day in before),
            Group(name=DAYS[-1], means="preferred_weekday = 7"),
        ),
        reasons=(Reason(key="most"),),
        needs=(Need(key="buyers", rule="frequency >= 1", at_least=ENOUGH),),
    )

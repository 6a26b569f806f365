"""Time of day: when a customer orders most often."""

from __future__ import annotations

from segmentry.segments.segment import ENOUGH, Group, Need, Reason, Segmentation


def segmentation() -> Segmentation:
    """Morning from 5, afternoon from 12, evening from 17, night from 22 o'clock, local time."""
    return Segmentation(
        name="daytime",
        family="behavioural",
        feature="daytime_group",
        among="frequency >= 1",
        groups=(
            Group(name="Morning", rule="preferred_hour BETWEEN 5 AND 11"),
            Group(name="Afternoon", rule="preferred_hour BETWEEN 12 AND 16"),
            Group(name="Evening", rule="preferred_hour BETWEEN 17 AND 21"),
            Group(name="Night", means="preferred_hour >= 22 OR preferred_hour < 5"),
        ),
        reasons=(Reason(key="hours"),),
        needs=(Need(key="hours", rule="preferred_hour > 0", at_least=ENOUGH),),
    )

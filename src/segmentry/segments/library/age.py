"""Age: groups by completed years."""

from __future__ import annotations

from itertools import pairwise

from segmentry.core.errors import UsageError
from segmentry.segments.segment import ENOUGH, UNKNOWN, Group, Need, Segmentation, is_known

LIMITS = (18, 25, 35, 45, 55, 65)


def segmentation(limits: tuple[int, ...] = LIMITS) -> Segmentation:
    """Groups between the limits, on the day as of which it is asked; Unknown without a birth date.

    Args:
        limits: Age at which each group but the first begins, rising.

    Raises:
        UsageError: The limits do not rise from above 0.
    """
    if not limits or list(limits) != sorted({each for each in limits if each > 0}):
        raise UsageError(f"the limits of `age` rise from above 0, not {limits}.")
    bands = [(0, limits[0]), *pairwise(limits)]
    return Segmentation(
        name="age",
        family="demographic",
        feature="age_band_group",
        groups=(
            *(
                Group(name=f"{start}–{end - 1}", rule=f"age_years >= {start} AND age_years < {end}")
                for start, end in bands
            ),
            Group(name=f"{limits[-1]}+", rule=f"age_years >= {limits[-1]}"),
            Group(name=UNKNOWN),
        ),
        needs=(Need(key="age", rule=is_known("age_years"), at_least=ENOUGH),),
        picture="ladder",
    )

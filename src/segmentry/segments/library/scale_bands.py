"""Bands of survey scales: what customers say of their interests, values and lifestyle."""

from __future__ import annotations

from segmentry.features.scale import Scale
from segmentry.language.literal import quoted
from segmentry.segments.segment import ENOUGH, UNKNOWN, Group, Need, Segmentation, is_known


def of_scale(scale: Scale) -> Segmentation:
    """The bands of a declared scale, from low to high; Unknown are those who did not answer.

    It is called `NAME_bands` after the scale.
    """
    name = f"{scale.name}_bands"
    return Segmentation(
        name=name,
        label=scale.label or scale.name.replace("_", " "),
        family="psychographic",
        feature=name,
        groups=(
            *(Group(name=each, rule=f"{scale.band} = {quoted(each)}") for each in scale.bands),
            Group(name=UNKNOWN, means=f"{scale.band} IS NULL"),
        ),
        needs=(Need(key="answers", rule=is_known(scale.band), at_least=ENOUGH),),
        picture="ladder",
    )

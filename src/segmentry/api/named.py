"""Names that questions are asked about: segments, groups and rules."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from pydantic import AfterValidator, StringConstraints

LONGEST_RULE = 20_000

_Text = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_RULE)]
Of = Annotated[
    _Text,
    Query(
        description="A saved segment, a group such as `rfm/VIP`, or a rule.",
        examples=["rfm/VIP"],
    ),
]
Several = Annotated[
    list[_Text],
    AfterValidator(lambda given: list(dict.fromkeys(given))),
    Query(
        default_factory=list,
        max_length=100,
        description="Segmentations, saved segments, groups such as `rfm/VIP`, and rules; repeat "
        "it for several. Without it, what is usual and all that is saved.",
        examples=[["rfm"]],
    ),
]

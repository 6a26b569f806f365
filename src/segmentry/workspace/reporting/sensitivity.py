"""How the groups of RFM react to discounts and prices."""

from __future__ import annotations

from segmentry.core.errors import UsageError
from segmentry.insights.sensitivity import Sensitive
from segmentry.report.content import ReactionView, SensitivityView
from segmentry.workspace.reporting.asking import Asking
from segmentry.workspace.reporting.value import estimated
from segmentry.workspace.sensitivity import USUAL, sensitivity
from segmentry.workspace.sensitivity_words import SensitivityWords


def reactions(asked: Asking) -> SensitivityView:
    """The groups that have customers; none where nothing at all can be said."""
    segmentation = asked.available.get(USUAL)
    if segmentation is None:
        return SensitivityView()
    try:
        found = sensitivity(asked.workspace, [USUAL], None, asked.as_of)
    except UsageError:  # there are no lines of orders
        return SensitivityView()
    [whole, *_] = found.everyone
    if whole.elasticity.value is None and whole.promoted_revenue.value is None:
        return SensitivityView()
    order = segmentation.in_order({each.name: each.customers for each in found.groups})
    words = SensitivityWords(asked.write)
    return SensitivityView(
        told=tuple(words.told(found, whole, asked.words("sensitivity.everyone"))),
        caveat=words.caveat(),
        of=len(order),
        periods=found.periods,
        products=found.products,
        groups=tuple(
            _view(each, order.index(each.name), asked.wording.group(segmentation, each.name))
            for each in found.groups
        ),
    )


def _view(found: Sensitive, place: int, label: str) -> ReactionView:
    return ReactionView(
        label=label,
        place=place,
        promoted=estimated(found.promoted_revenue),
        index=estimated(found.index),
        elasticity=estimated(found.elasticity),
        change=estimated(found.change),
        more=estimated(found.more),
    )

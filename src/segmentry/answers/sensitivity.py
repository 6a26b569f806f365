"""How groups react to discounts and prices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from segmentry.answers.basis import basis
from segmentry.answers.estimate import estimate
from segmentry.answers.plain import Document

if TYPE_CHECKING:
    from segmentry.core.time import AsOf
    from segmentry.insights.sensitivity import Sensitive
    from segmentry.workspace.sensitivity import Sensitivity
    from segmentry.workspace.sensitivity_words import SensitivityWords
    from segmentry.workspace.workspace import Workspace


def sensitivity(
    workspace: Workspace,
    names: Sequence[str],
    by: str | None,
    as_of: AsOf,
    language: str | None = None,
) -> Document:
    """Shares bought with a discount, and elasticities; without names, of the groups of RFM."""
    from segmentry.report.writer import Writer
    from segmentry.workspace.sensitivity_words import SensitivityWords

    found = workspace.remembered(
        "sensitivity",
        lambda: workspace.insights.sensitivity(*names, by=by, when=as_of),
        as_of,
        by,
        about=names,
    )
    words = SensitivityWords(
        Writer(workspace.wording(language).messages, workspace.settings.currency)
    )
    everyone = words.write.messages("sensitivity.everyone")
    whole = [_group(found, each, words, everyone) for each in found.everyone]
    return {
        "name": found.name,
        **basis(workspace, as_of),
        "by": found.by,
        "period": found.period,
        "periods": found.periods,
        "products": found.products,
        "everyone": whole,
        "groups": [_group(found, each, words, each.name) for each in found.groups],
        "caveat": words.caveat(),
    }


def _group(found: Sensitivity, each: Sensitive, words: SensitivityWords, name: str) -> Document:
    label = f"{name}, {each.category}" if each.category is not None else name
    return {
        "name": each.name or None,
        "category": each.category,
        "customers": each.customers,
        "buyers": each.buyers,
        "promoted_units": estimate(each.promoted_units),
        "promoted_revenue": estimate(each.promoted_revenue),
        "index": estimate(each.index),
        "elasticity": estimate(each.elasticity),
        "more": estimate(each.more),
        "change": estimate(each.change),
        "products": each.products,
        "promotion": each.promotion,
        "price": each.price,
        "missing": list(found.missing(each)),
        "sentences": list(words.told(found, each, label)),
    }

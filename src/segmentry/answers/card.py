"""The card of a set of customers: who, what, why, when and where, against the whole base."""

from __future__ import annotations

from typing import TYPE_CHECKING

from segmentry.answers.basis import basis
from segmentry.answers.plain import Document

if TYPE_CHECKING:
    from segmentry.core.time import AsOf
    from segmentry.insights.five_w import Answer, Card, Question
    from segmentry.insights.trait import Trait
    from segmentry.language.node import Condition
    from segmentry.workspace.wording import Wording
    from segmentry.workspace.workspace import Workspace


def card(workspace: Workspace, which: str, as_of: AsOf, language: str | None = None) -> Document:
    """The card of a saved segment, of a group (`lifecycle/At risk`) or of a rule.

    Raises:
        UnknownNameError: There is no such group.
        DeclarationError: It is no name and not a rule either.
    """
    from segmentry.workspace.card import rule_of
    from segmentry.workspace.cell import set_rule

    rule = rule_of(workspace, which)
    found = workspace.remembered("card", lambda: workspace.card(which, as_of), as_of, about=[which])
    return basis(workspace, as_of) | {
        "name": which,
        "rule": rule,
        "sentence": workspace.sentence(rule, language),
        **_card(found, workspace.wording(language), _Rules(workspace, set_rule(workspace, which))),
    }


def coverage(workspace: Workspace, rule: str) -> Document:
    """Which of the five questions a rule answers, and what would answer the others."""
    found = workspace.coverage(rule)
    return {
        "rule": rule,
        "answers": {question: list(texts) for question, texts in found.answers.items()},
        "missing": list(found.missing),
        "suggestions": {
            question: [
                {"feature": each.feature, "label": each.label, "condition": each.condition}
                for each in offered
            ]
            for question, offered in found.suggestions.items()
        },
    }


class _Rules:
    """The rules of a card's values: who is in its set and has the value; units of its features."""

    def __init__(self, workspace: Workspace, of: Condition) -> None:
        self._features, self._of = workspace.features(), of
        self._schema = self._features.schema

    def unit(self, feature: str) -> str:
        """What a feature is measured in: `money`, `share`, `days` …; empty where it has none."""
        known = self._features.known
        return known[feature].declaration.unit if feature in known else ""

    def text(self, trait: Trait) -> str | None:
        """The rule of a value; `None` where none can tell who has it."""
        from segmentry.insights.having import having
        from segmentry.workspace.cell import in_all

        found = having(trait.dimension, trait.value, self._schema)
        return None if found is None else in_all([self._of, found]).text()


def _card(found: Card, wording: Wording, rules: _Rules) -> Document:
    return {
        "customers": found.customers,
        "customer_share": found.customer_share,
        "revenue_amount": float(found.revenue_amount),
        "revenue_share": found.revenue_share,
        "has_reasons": found.has_reasons,
        "answers": [
            _answer(question, answer, wording, rules) for question, answer in found.answers.items()
        ],
    }


def _answer(question: Question, answer: Answer, wording: Wording, rules: _Rules) -> Document:
    from segmentry.workspace.trait_words import dimension, value

    return {
        "question": question,
        "label": wording.messages(f"five_w.question.{question}"),
        "means": [
            {
                "feature": each.feature,
                "label": wording.feature(each.feature),
                "unit": rules.unit(each.feature),
                "mean": each.mean,
                "base": each.base,
                "index": each.index,
            }
            for each in answer.means
        ],
        "traits": [
            {
                "dimension": each.dimension,
                "dimension_label": dimension(wording, each.dimension),
                "value": each.value,
                "label": value(wording, each),
                "customers": each.customers,
                "share": each.share,
                "base_share": each.base_share,
                "index": each.index,
                "telling": each.telling,
                "rule": rules.text(each),
            }
            for each in answer.traits
        ],
    }

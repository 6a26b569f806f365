"""Rules in the words of people, in any language that has messages for them."""

from __future__ import annotations

from collections.abc import Mapping

from segmentry.language.node import Node
from segmentry.language.words import Words
from segmentry.locale import Messages


def sentence(node: Node, messages: Messages, labels: Mapping[str, str] | None = None) -> str:
    """The rule or value in words. What is grouped stands in parentheses.

    `labels` are human names of features (`recency_days`), fields (`orders.channel`), facts
    (`orders`) and segments; what has none is called by its name with spaces.
    """
    return node.sentence(Words(messages, labels or {}))

"""The text of rules and values: reading it, and asking a tree what it has in it."""

from __future__ import annotations

from functools import lru_cache

from segmentry.language.arguments import Part, as_condition, as_value
from segmentry.language.check import check
from segmentry.language.condition import InSegment
from segmentry.language.kept import kept
from segmentry.language.literal import identifier, quoted
from segmentry.language.logic import And, Not, Or
from segmentry.language.node import Condition, Measure, Node, ValueNode
from segmentry.language.parser import Parser
from segmentry.language.schema import Schema
from segmentry.language.value import Truth
from segmentry.language.vocabulary import NODES

__all__ = [
    "NODES", "conditions", "identifier", "measures", "names", "parse_rule", "parse_value", "quoted",
    "segments", "text_of",
]  # fmt: skip

MOST_READ = 4096
"""Texts whose trees are kept: those of the library, and of thousands of segments."""


def parse_rule(text: str, schema: Schema | None = None) -> Condition:
    """Read a rule; with a schema, check it too.

    Raises:
        RuleSyntaxError: The text is not a rule, with line and column.
        UnknownNameError: A function or argument, or with a schema any other name, does not exist.
        RuleTypeError: A part is not what it should be.

    >>> parse_rule("country = 'UA' and not in_segment('staff')").text()
    "country = 'UA' AND NOT in_segment('staff')"
    """
    rule = as_condition(_read(text))
    if schema is not None:
        check(rule, schema)
    return rule


def parse_value(text: str, schema: Schema | None = None) -> ValueNode:
    """Read a value, as features are declared; a condition is one that is true or false.

    Raises:
        RuleSyntaxError: The text is not a value, with line and column.
        UnknownNameError: A function or argument, or with a schema any other name, does not exist.
        RuleTypeError: A part is not what it should be.

    >>> parse_value("sum(orders.net_amount, last => '90 days') / 3").text()
    "sum(orders.net_amount, last => '90 days') / 3"
    """
    value = _value(text)
    if schema is not None:
        check(value, schema)
    return value


@lru_cache(MOST_READ)
def _read(text: str) -> Part:
    """A text as a tree; trees never change, so that one serves all who ask."""
    return Parser(text).whole()


@lru_cache(MOST_READ)
def _value(text: str) -> ValueNode:
    part = _read(text)
    if isinstance(part, Condition) and not isinstance(part, ValueNode):
        part = Truth(part, position=part.position)
    return as_value(part)


@kept
def conditions(rule: Condition) -> list[Condition]:
    """The conditions that AND, OR and NOT join, in order, each once."""
    match rule:
        case And(parts) | Or(parts):
            found = [leaf for part in parts for leaf in conditions(part)]
        case Not(part):
            found = conditions(part)
        case _:
            found = [rule]
    return list(dict.fromkeys(found))


def text_of(node: Node) -> str:
    """What `node.text()` gives, worked out once."""
    [found] = _texts(node)
    return found


@kept
def _texts(node: Node) -> list[str]:
    return [node.text()]


@kept
def measures(node: Node) -> list[Measure]:
    """The measures of customers' rows in a tree, in order, each once."""
    return list(dict.fromkeys(each for each in node.walk() if isinstance(each, Measure)))


@kept
def names(node: Node) -> list[str]:
    """Names of the features that a tree reads itself, in order, each once."""
    if isinstance(node, Measure):
        return []
    found = [*node.names(), *(name for child in node.children() for name in names(child))]
    return list(dict.fromkeys(found))


@kept
def segments(node: Node) -> list[str]:
    """Names of the segments that a tree uses, in order, each once."""
    return list(dict.fromkeys(each.name for each in node.walk() if isinstance(each, InSegment)))

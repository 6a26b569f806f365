"""Whether a rule or value makes sense: names exist, types fit, and it is not too involved."""

from __future__ import annotations

from segmentry.core.errors import RuleTypeError
from segmentry.core.types import Type
from segmentry.language.names import FeatureNames
from segmentry.language.node import Node, ValueNode, check_node
from segmentry.language.schema import Schema

MOST_REPEATS = 64
"""A part spelled many times inside another that is spelled many times would grow without bounds."""


def check(node: Node, schema: Schema) -> Type:
    """The type of a value; true or false for a condition.

    Raises:
        UnknownNameError: A name does not exist; says which was probably meant.
        LockedFeatureError: A feature's data is not loaded.
        RuleTypeError: Parts do not fit together, or SQL of it would be out of proportion.
    """
    if node.repeats() > MOST_REPEATS:
        raise RuleTypeError(
            "the rule is too involved: too many IN, BETWEEN or anniversary inside one another.",
            fix="Make parts of it features or segments.",
        )
    names = FeatureNames(schema)
    if isinstance(node, ValueNode):
        return node.type(names)
    check_node(node, names)
    return Type.BOOLEAN

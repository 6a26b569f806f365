"""Whether a rule or value makes sense: names exist, types fit, and it is not too involved."""

from __future__ import annotations

from segmentry.core.errors import RuleTypeError
from segmentry.core.types import Type
from segmentry.language.literal import Constant
from segmentry.language.names import FeatureNames
from segmentry.language.node import Measure, Node, ValueNode, check_node
from segmentry.language.schema import Schema

MOST_REPEATS = 64
"""A part spelled many times inside another that is spelled many times would grow without bounds."""


def check(node: Node, schema: Schema) -> Type:
    """The type of a value; true or false for a condition.

    Raises:
        UnknownNameError: A name does not exist; says which was probably meant.
        LockedFeatureError: A feature's data is not loaded, or something sensitive is named.
        RuleTypeError: Parts do not fit together, or SQL of it would be out of proportion.
    """
    if node.repeats() > MOST_REPEATS:
        raise RuleTypeError(
            "the rule is too involved: too many IN, BETWEEN or anniversary inside one another.",
            fix="Make parts of it features or segments.",
        )
    _refuse_sensitive_rows(node, schema)
    names = FeatureNames(schema)
    if isinstance(node, ValueNode):
        return node.type(names)
    check_node(node, names)
    return Type.BOOLEAN


def _refuse_sensitive_rows(node: Node, schema: Schema) -> None:
    """Rows that are left out give no answer; naming them must not look like "nobody"."""
    for measure in node.walk():
        if isinstance(measure, Measure) and measure.fact in schema.facts:
            locked = schema.facts[measure.fact].locked
            for each in measure.walk() if locked else ():
                if isinstance(each, Constant) and each.content in locked:
                    raise schema.locked_error(str(each.content), locked[str(each.content)])

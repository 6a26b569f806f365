"""Texts of which all possible values are known beforehand, and comparisons with any other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from segmentry.core.errors import UnknownValueError
from segmentry.language.condition import Comparison, In
from segmentry.language.function import Function, If
from segmentry.language.literal import Constant
from segmentry.language.node import Measure, Node, ValueNode
from segmentry.language.position import placed
from segmentry.language.schema import Schema
from segmentry.language.value import Name


def values_of(node: ValueNode, schema: Schema) -> tuple[str, ...] | None:
    """Every text that a value can be when it is not missing, in order; `None`: any other may come.

    Groups chosen by rules are such a list; what stands in the data is not, for it may grow.
    """
    match node:
        case Constant(None):
            return ()
        case Constant(str(text)):
            return (text,)
        case If(_, then, otherwise):
            return _together((then, otherwise), schema)
        case Function("coalesce", operands):
            return _together(operands, schema)
        case Name(name):
            known = schema.features.get(name)
            return known.values if known else None
    return None


def _together(nodes: Iterable[ValueNode], schema: Schema) -> tuple[str, ...] | None:
    found: dict[str, None] = {}
    for each in nodes:
        values = values_of(each, schema)
        if values is None:
            return None
        found |= dict.fromkeys(values)
    return tuple(found)


def unknown_values(node: Node, schema: Schema) -> Iterator[UnknownValueError]:
    """What a tree asks for with `=`, `<>` or `IN` and can never be found; where, and what can be.

    Such a comparison is sound and means what it says: nobody. So a rule that was right when it was
    saved is still answered; whoever writes one is told.
    """
    match node:
        case Measure():
            return  # what its rows are compared with stands in the data
        case Comparison("=" | "<>", Constant() as constant, ValueNode() as value):
            yield from _never(value, (constant,), schema)
        case Comparison("=" | "<>", ValueNode() as value, Constant() as constant):
            yield from _never(value, (constant,), schema)
        case In(operand, options):
            yield from _never(operand, options, schema)
    for child in node.children():
        yield from unknown_values(child, schema)


def _never(
    value: ValueNode, constants: Iterable[Constant], schema: Schema
) -> Iterator[UnknownValueError]:
    values = values_of(value, schema)
    if not values:
        return
    for each in constants:
        if isinstance(each.content, str) and each.content not in values:
            yield placed(UnknownValueError(value.text(), each.content, values), each.position)

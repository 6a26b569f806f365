"""The plain meaning, prepared: types settled once, for one customer after another.

`value` and `holds` find out the types of their parts each time they are asked, which is plain and
slow. A prepared node has done so before. There is one meaning: whatever is not spelled here is
asked of the node itself, and tests hold the rest to the nodes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from segmentry.core.types import Type, Value
from segmentry.language.base import Base, Record
from segmentry.language.condition import (
    OPERATORS,
    Between,
    Comparison,
    In,
    InSegment,
    IsMissing,
)
from segmentry.language.function import MEANINGS, Function, If
from segmentry.language.literal import Constant
from segmentry.language.logic import And, IsTrue, Not, Or
from segmentry.language.names import FeatureNames
from segmentry.language.node import Condition, Measure, Node, ValueNode
from segmentry.language.occurrence import AllOf, NoneOf
from segmentry.language.operand import common_type, converted
from segmentry.language.schema import Schema
from segmentry.language.value import Arithmetic, Name, Truth, calculated

Asked = Callable[[Record, Base], Any]
"""What a node is for a customer."""


@dataclass(frozen=True)
class Prepared:
    """Nodes of one schema and zone, each prepared once, equal ones together."""

    schema: Schema
    timezone: str
    _made: dict[Node, Asked] = field(default_factory=dict)

    def __call__(self, node: Node) -> Asked:
        """What the node is for a customer: of a condition whether it holds, else its value."""
        if node not in self._made:
            self._made[node] = self._make(node)
        return self._made[node]

    def _make(self, node: Node) -> Asked:
        match node:
            case Measure():
                return lambda record, base: base.measured(node, record)
            case And() | Or() | Not() | NoneOf() | AllOf() | IsTrue() | Truth():
                return self._joined(node)
            case Comparison() | In() | Between() | IsMissing() | InSegment():
                return self._compared(node)
            case ValueNode():
                return self._valued(node)
            case _:
                assert isinstance(node, Condition)
                return node.holds

    def _joined(self, node: Node) -> Asked:
        match node:
            case And(parts):
                return _all([self(each) for each in parts])
            case Or(parts):
                return _any([self(each) for each in parts])
            case Not(part):
                return _not(self(part))
            case NoneOf() | AllOf():
                return _not(self(node.denied))
            case Truth(condition):
                return self(condition)
            case _:
                assert isinstance(node, IsTrue)
                value = self(node.operand)
                return lambda record, base: value(record, base) is True

    # conditions on values

    def _compared(self, node: Node) -> Asked:
        match node:
            case Comparison(operator, left, right):
                return self._comparison(operator, left, right)
            case In(operand, options):
                value, *others = self._beside([operand, *options])
                return _one_of(value, others)
            case Between(operand, low, high):
                return _between(*self._beside([operand, low, high]))
            case IsMissing(operand):
                asked = self(operand)
                return lambda record, base: asked(record, base) is None
            case _:
                assert isinstance(node, InSegment)
                name = node.name
                return lambda record, _: name in record.segments

    def _comparison(self, operator: str, left: ValueNode, right: ValueNode) -> Asked:
        test, unknown = OPERATORS[operator][1], operator == "<>"
        kind = common_type((left, right), self._names)
        if isinstance(right, Constant):
            content = self._content(right, kind, Type.INTEGER)
            return _against(self._as(left, kind, Type.INTEGER), content, test, unknown)
        first, second = self._beside([left, right])
        return _comparison(first, second, test, unknown)

    def _content(self, node: Constant, kind: Type, stays: Type | None) -> Value:
        content = node.value_as(kind)
        if kind is Type.MONEY and stays is Type.INTEGER and isinstance(content, int):
            return content
        return converted(content, kind, self.timezone)

    def _beside(self, nodes: Sequence[ValueNode]) -> list[Asked]:
        """Values as they are compared in their common type: integers beside money stay so."""
        kind = common_type(nodes, self._names)
        return [self._as(each, kind, stays=Type.INTEGER) for each in nodes]

    # values

    def _valued(self, node: ValueNode) -> Asked:
        match node:
            case Name(name) if name != "customer_id":
                return _feature(name)
            case If(condition, then, otherwise):
                kind = common_type((then, otherwise), self._names)
                return _choice(self(condition), self._as(then, kind), self._as(otherwise, kind))
            case Function(function, operands):
                return self._function(function, operands)
            case Arithmetic(operator, left, right):
                kind = node.type(self._names)
                first, second = (self._as(each, kind, Type.INTEGER) for each in (left, right))
                return _arithmetic(operator, first, second)
            case _:
                return node.value

    def _function(self, function: str, operands: Sequence[ValueNode]) -> Asked:
        meaning = MEANINGS[function]
        kind = meaning.operand or common_type(operands, self._names)
        asked = [self._as(each, kind) for each in operands]

        def value(record: Record, base: Base) -> Value:
            values = [each(record, base) for each in asked]
            if not meaning.takes_missing and None in values:
                return None
            found: Value = meaning.plain(*values)
            return found

        return value

    def _as(self, node: ValueNode, kind: Type, stays: Type | None = None) -> Asked:
        """The value in a type; whole numbers beside money may stay what they are."""
        zone, own = self.timezone, node.type(self._names)
        if isinstance(node, Constant):
            content = self._content(node, kind, stays)
            return lambda *_: content
        asked = self(node)
        if own is kind or (kind is Type.MONEY and own is stays):
            return asked
        return lambda record, base: converted(asked(record, base), kind, zone)

    @property
    def _names(self) -> FeatureNames:
        return FeatureNames(self.schema)


def _feature(name: str) -> Asked:
    def value(record: Record, _: Base) -> Value:
        try:
            return record.features[name]
        except KeyError:
            return None

    return value


def _against(left: Asked, content: Any, test: Callable[[Any, Any], bool], unknown: bool) -> Asked:
    def holds(record: Record, base: Base) -> bool:
        value = left(record, base)
        return unknown if value is None else test(value, content)

    return holds


def _all(parts: Sequence[Asked]) -> Asked:
    def holds(record: Record, base: Base) -> bool:
        for each in parts:  # noqa: SIM110 - a generator costs more than the conditions
            if not each(record, base):
                return False
        return True

    return holds


def _any(parts: Sequence[Asked]) -> Asked:
    def holds(record: Record, base: Base) -> bool:
        for each in parts:  # noqa: SIM110 - a generator costs more than the conditions
            if each(record, base):
                return True
        return False

    return holds


def _not(part: Asked) -> Asked:
    return lambda record, base: not part(record, base)


def _comparison(
    left: Asked, right: Asked, test: Callable[[Any, Any], bool], unknown: bool
) -> Asked:
    def holds(record: Record, base: Base) -> bool:
        first = left(record, base)
        if first is None:
            return unknown
        second = right(record, base)
        return unknown if second is None else test(first, second)

    return holds


def _one_of(value: Asked, options: Sequence[Asked]) -> Asked:
    def holds(record: Record, base: Base) -> bool:
        found = value(record, base)
        return found is not None and any(found == each(record, base) for each in options)

    return holds


def _between(operand: Asked, low: Asked, high: Asked) -> Asked:
    def holds(record: Record, base: Base) -> bool:
        value = operand(record, base)
        least, most = low(record, base), high(record, base)
        known = value is not None and least is not None and most is not None
        return known and least <= value <= most

    return holds


def _choice(condition: Asked, then: Asked, otherwise: Asked) -> Asked:
    return lambda record, base: (then if condition(record, base) else otherwise)(record, base)


def _arithmetic(operator: str, left: Asked, right: Asked) -> Asked:
    def value(record: Record, base: Base) -> Value:
        first, second = left(record, base), right(record, base)
        return None if first is None or second is None else calculated(operator, first, second)

    return value


__all__ = ["Asked", "Prepared"]

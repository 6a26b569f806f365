"""Operands side by side: the type they have in common, and how each is brought to it.

- Numbers: integer beside money is compared and added exactly; beside a double both are doubles. A
  decimal literal is money beside money if it has at most four places, else a double.
- Time: an instant beside a day counts as its day in the workspace's zone. A text literal written as
  a day (or, beside instants, as a local date and time) is one.
- A result that does not fit its type (a whole number beyond 64 bits, money of 10^14 or more, a
  double that is infinite or not a number) is missing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from segmentry.core.errors import RuleTypeError
from segmentry.core.time import to_local, to_utc
from segmentry.core.types import MONEY_PLACES, Type, Value
from segmentry.language.literal import Constant
from segmentry.language.names import FeatureNames
from segmentry.language.node import Base, Names, Record, Scope, ValueNode
from segmentry.language.position import located
from segmentry.sql.expression import Expression, call, literal
from segmentry.sql.operators import Op

MOST_INTEGER = 2**63
MOST_MONEY = Decimal(10) ** 14
WIDENING = (Type.INTEGER, Type.MONEY, Type.NUMBER)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(_DAY.pattern + r"[ T][0-9]{2}:[0-9]{2}(:[0-9]{2})?")


def common_type(nodes: Sequence[ValueNode], names: Names) -> Type:
    """The type in which all the values can stand side by side; text when all are `null`.

    Raises:
        RuleTypeError: There is none; says which operand does not fit.
    """
    return common_of([(node, node.type(names)) for node in nodes])


def common_of(typed: Iterable[tuple[ValueNode, Type]]) -> Type:
    """The same of values whose types are known: asking again at every level would take for ever.

    Raises:
        RuleTypeError: There is none; says which operand does not fit.
    """
    kinds = [(node, kind) for node, kind in typed if not is_null(node)]
    fixed = {kind for node, kind in kinds if not _adapts(node)}
    result: Type | None = None
    for node, kind in kinds:
        with located(node.position):
            adapted = _adapted(node, kind, fixed)
            result = adapted if result is None else _joined(result, adapted, node)
    return result or Type.TEXT


def is_null(node: ValueNode) -> bool:
    """Whether it is the literal `null`, which has every type."""
    return isinstance(node, Constant) and node.content is None


def _adapts(node: ValueNode) -> bool:
    return isinstance(node, Constant) and isinstance(node.content, str | Decimal)


def _adapted(node: ValueNode, kind: Type, fixed: set[Type]) -> Type:
    """The type a literal takes beside others."""
    if not isinstance(node, Constant):
        return kind
    if isinstance(node.content, Decimal) and Type.MONEY in fixed and Type.NUMBER not in fixed:
        return Type.MONEY if fits_money(node.content) else kind
    if isinstance(node.content, str) and any(each.is_temporal for each in fixed):
        if _DAY.fullmatch(node.content) and _is_iso(node.content):
            return Type.DATE
        if fixed == {Type.INSTANT} and _MOMENT.fullmatch(node.content) and _is_iso(node.content):
            return Type.INSTANT
        raise RuleTypeError(
            f"'{node.content[:40]}' is not a day, and stands beside one.",
            fix="Write it as '2026-01-31'.",
        )
    return kind


def _is_iso(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def fits_money(value: Decimal) -> bool:
    """Whether a decimal is money exactly: four places, below 10^14."""
    return abs(value) < MOST_MONEY and value == round(value, MONEY_PLACES)


def _joined(left: Type, right: Type, node: ValueNode) -> Type:
    if left == right:
        return left
    if left.is_numeric and right.is_numeric:
        return max(left, right, key=WIDENING.index)
    if left.is_temporal and right.is_temporal:
        return Type.DATE
    raise RuleTypeError(
        f"`{node.text()[:60]}` is {described(right)} and stands beside {described(left)}.",
        fix="Compare like with like.",
    )


def described(kind: Type) -> str:
    """A type in a message: `a number`, `text`."""
    return {
        Type.TEXT: "text",
        Type.INTEGER: "a number",
        Type.NUMBER: "a number",
        Type.MONEY: "a number",
        Type.BOOLEAN: "true or false",
        Type.DATE: "a day",
        Type.INSTANT: "an instant",
    }[kind]


def require(node: ValueNode, names: Names, allowed: Sequence[Type], wanted: str) -> Type:
    """The node's type, which must be one of `allowed`; `null` has the first of them.

    Raises:
        RuleTypeError: It is another.
    """
    return required(node, node.type(names), allowed, wanted)


def required(node: ValueNode, kind: Type, allowed: Sequence[Type], wanted: str) -> Type:
    """The same of a value whose type is known.

    Raises:
        RuleTypeError: It is another.
    """
    if is_null(node):
        return allowed[0]
    if kind not in allowed:
        with located(node.position):
            raise RuleTypeError(
                f"`{node.text()[:60]}` is {described(kind)}, where {wanted} is needed.",
                fix="Write date '2026-01-31'." if wanted == "a day" else "",
            )
    return kind


# in SQL


def compile_as(node: ValueNode, kind: Type, scope: Scope) -> Expression:
    """The node as an expression of exactly that type."""
    if isinstance(node, Constant):
        return literal(converted(node.value_as(kind), kind, scope.as_of.timezone), kind)
    expression, own = node.compile(scope), node.type(scope)
    match own, kind:
        case _ if own == kind:
            return expression
        case _, Type.NUMBER:
            return call(Op.AS_NUMBER, expression, type=kind)
        case _, Type.MONEY:
            return call(Op.AS_MONEY, expression, type=kind)
        case _:
            return call(Op.LOCAL_DAY, expression, literal(scope.as_of.timezone), type=kind)


def comparable(node: ValueNode, kind: Type, scope: Scope) -> Expression:
    """The node to be compared in a common type; integers beside money compare as they are."""
    if kind is Type.MONEY and node.type(scope) is Type.INTEGER:
        return node.compile(scope)
    return compile_as(node, kind, scope)


def settled(expression: Expression, kind: Type) -> Expression:
    """The number as a value of its type; missing when it does not fit."""
    fitting = {Type.INTEGER: Op.AS_INTEGER, Type.MONEY: Op.AS_MONEY, Type.NUMBER: Op.FINITE}[kind]
    return call(fitting, expression, type=kind)


# in Python


def value_as(node: ValueNode, kind: Type, record: Record, base: Base) -> Value:
    """The plain value in a common type."""
    if isinstance(node, Constant):
        return converted(node.value_as(kind), kind, base.as_of.timezone)
    return converted(node.value(record, base), kind, base.as_of.timezone)


def common_values(
    nodes: Sequence[ValueNode], record: Record, base: Base
) -> tuple[list[Value], Type]:
    """The plain values in the type they have in common, and that type."""
    kind = common_type(nodes, FeatureNames(base.schema))
    return [comparable_value(node, kind, record, base) for node in nodes], kind


def comparable_value(node: ValueNode, kind: Type, record: Record, base: Base) -> Value:
    """The plain value to be compared in a common type; integers beside money stay as they are."""
    value = node.value_as(kind) if isinstance(node, Constant) else node.value(record, base)
    if kind is Type.MONEY and isinstance(value, int):
        return value
    return converted(value, kind, base.as_of.timezone)


def converted(value: Value, kind: Type, timezone: str) -> Value:
    """A plain value brought to a type that it can be brought to."""
    match value, kind:
        case None, _:
            return None
        case str(), Type.DATE:
            return date.fromisoformat(value)
        case str(), Type.INSTANT:
            return to_utc(datetime.fromisoformat(value), timezone)
        case datetime(), Type.DATE:
            return to_local(value, timezone).date()
        case ((int() | Decimal()), Type.NUMBER):
            return float(value)
        case int(), Type.MONEY:
            return fitting(Decimal(value))
        case _:
            return value


def fitting(value: int | float | Decimal | None) -> int | float | Decimal | None:
    """The plain number, or missing when it does not fit its type."""
    match value:
        case None:
            return None
        case int():
            return value if -MOST_INTEGER <= value < MOST_INTEGER else None
        case Decimal():
            return value if abs(value) < MOST_MONEY else None
        case _:
            return value if math.isfinite(value) else None

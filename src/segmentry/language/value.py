"""Values: names, arithmetic, and conditions taken as values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from segmentry.core.errors import RuleTypeError
from segmentry.core.types import Type, Value
from segmentry.language.literal import Constant, clean, identifier
from segmentry.language.names import FeatureNames
from segmentry.language.node import Base, Condition, Names, Node, Record, Scope, ValueNode
from segmentry.language.operand import (
    common_of,
    comparable_value,
    compile_as,
    described,
    fitting,
    is_null,
    settled,
)
from segmentry.language.position import located
from segmentry.language.words import Words
from segmentry.sql.expression import Expression, call
from segmentry.sql.operators import Op

__all__ = ["Arithmetic", "Constant", "Name", "Negation", "Truth", "calculated"]


@dataclass(frozen=True)
class Name(ValueNode):
    """A feature or trait of a customer; inside a `where`, a field of the row."""

    kind = "name"
    name: str

    def __post_init__(self) -> None:
        clean(self.name)

    def children(self) -> Iterator[Node]:
        """None."""
        return iter(())

    def text(self) -> str:
        """The name, quoted if need be."""
        return identifier(self.name)

    def sentence(self, words: Words) -> str:
        """Its human name."""
        return str(words.name(self.name))

    def names(self) -> list[str]:
        """Itself."""
        return [self.name]

    def type(self, names: Names) -> Type:
        """Type of what it names."""
        with located(self.position):
            return names.type(self.name)

    def compile(self, scope: Scope) -> Expression:
        """The column."""
        return scope.name(self.name)

    def value(self, record: Record, base: Base) -> Value:  # noqa: ARG002
        """The feature of the customer, or field of the row."""
        if self.name == "customer_id" and self.name not in record.features:
            return record.customer_id
        return record.features.get(self.name)


_OPERATORS = {"+": Op.ADD, "-": Op.SUBTRACT, "*": Op.MULTIPLY, "/": Op.DIVIDE}


@dataclass(frozen=True)
class Arithmetic(ValueNode):
    """Two numbers added, subtracted, multiplied or divided; missing if one is.

    Whole numbers and money stay exact, except in division, which is real; by zero it is missing.
    Money times a whole number is money; money times anything else is a number.
    """

    kind = "arithmetic"
    operator: str
    left: ValueNode
    right: ValueNode

    def __post_init__(self) -> None:
        if self.operator not in _OPERATORS:
            raise RuleTypeError(f"`{self.operator}` is not +, -, * or /.")

    @property
    def binding(self) -> int:  # type: ignore[override]
        """Products hold together more tightly than sums."""
        return 5 if self.operator in "+-" else 6

    def children(self) -> Iterator[Node]:
        """Both operands."""
        yield from (self.left, self.right)

    def text(self) -> str:
        """`left + right`; of equals the left goes first."""
        left, right = self.left.inside(self.binding), self.right.inside(self.binding + 1)
        return f"{left} {self.operator} {right}"

    def sentence(self, words: Words) -> str:
        """As in mathematics."""
        left, right = (
            words("group", inner=each.sentence(words))
            if any(each.children())
            else each.sentence(words)
            for each in self.children()
        )
        sign = {"-": "−", "*": "×", "/": "÷"}.get(self.operator, self.operator)
        return f"{words.messages.apart(left)} {sign} {words.messages.apart(right)}"

    def type(self, names: Names) -> Type:
        """Whole number, money or double.

        Raises:
            RuleTypeError: An operand is not a number.
        """
        typed = [(each, _number_type(each, names)) for each in (self.left, self.right)]
        if self.operator == "/":
            return Type.NUMBER
        if self.operator == "*":
            kinds = {kind for _, kind in typed}
            if kinds == {Type.INTEGER}:
                return Type.INTEGER
            return Type.MONEY if kinds == {Type.INTEGER, Type.MONEY} else Type.NUMBER
        return common_of(typed)

    def compile(self, scope: Scope) -> Expression:
        """Computed wide enough, then fitted to its type."""
        kind, op = self.type(scope), _OPERATORS[self.operator]
        if self.operator == "/":
            operands = [compile_as(each, Type.NUMBER, scope) for each in (self.left, self.right)]
            return call(op, *operands, type=kind)
        return settled(
            call(op, self._operand(self.left, kind, scope), self._operand(self.right, kind, scope),
                 type=kind),
            kind,
        )  # fmt: skip

    def _operand(self, node: ValueNode, kind: Type, scope: Scope) -> Expression:
        if kind is Type.NUMBER:
            return compile_as(node, kind, scope)
        if node.type(scope) is Type.INTEGER:
            return call(Op.AS_WIDE, node.compile(scope), type=Type.INTEGER)
        return compile_as(node, kind, scope)

    def value(self, record: Record, base: Base) -> Value:
        """The plain result."""
        kind = self.type(FeatureNames(base.schema))
        left, right = (
            comparable_value(each, kind, record, base) for each in (self.left, self.right)
        )
        if left is None or right is None:
            return None
        assert isinstance(left, int | float | Decimal)
        assert isinstance(right, int | float | Decimal)
        return calculated(self.operator, left, right)


def calculated(
    operator: str, left: int | float | Decimal, right: int | float | Decimal
) -> int | float | Decimal | None:
    """Operands of one type; missing by zero, or when the result does not fit."""
    match operator:
        case "+":
            return fitting(left + right)  # type: ignore[operator]
        case "-":
            return fitting(left - right)  # type: ignore[operator]
        case "*":
            return fitting(left * right)  # type: ignore[operator]
        case _:
            return fitting(left / right) if right else None  # type: ignore[operator]


def _number_type(node: ValueNode, names: Names) -> Type:
    """The type of an operand, which must be a number.

    Raises:
        RuleTypeError: It is something else.
    """
    kind = node.type(names)
    if not kind.is_numeric or is_null(node):
        with located(node.position):
            fix = "Days are subtracted with days_between(from, to)." if kind.is_temporal else ""
            shown = "null" if is_null(node) else described(kind)
            raise RuleTypeError(
                f"`{node.text()[:60]}` is {shown}, where a number is needed.", fix=fix
            )
    return kind


@dataclass(frozen=True)
class Negation(ValueNode):
    """A number with its sign turned."""

    kind = "negation"
    binding = 7
    operand: ValueNode

    def children(self) -> Iterator[Node]:
        """The number."""
        yield self.operand

    def text(self) -> str:
        """`-x`; a literal stands in parentheses, for `-5` is a literal itself."""
        closed = isinstance(self.operand, Constant)
        return f"-({self.operand.text()})" if closed else f"-{self.operand.inside(9)}"

    def sentence(self, words: Words) -> str:
        """As in mathematics."""
        inner = self.operand.sentence(words)
        return "−" + (words("group", inner=inner) if any(self.operand.children()) else inner)

    def type(self, names: Names) -> Type:
        """That of the number."""
        return _number_type(self.operand, names)

    def compile(self, scope: Scope) -> Expression:
        """Fitted, since the least whole number has no counterpart."""
        kind = self.type(scope)
        inner = compile_as(self.operand, kind, scope)
        if kind is Type.INTEGER:
            return settled(call(Op.NEGATE, call(Op.AS_WIDE, inner, type=kind), type=kind), kind)
        return call(Op.NEGATE, inner, type=kind)

    def value(self, record: Record, base: Base) -> Value:
        """The plain result."""
        number = self.operand.value(record, base)
        return fitting(-number) if isinstance(number, int | float | Decimal) else None


@dataclass(frozen=True)
class Truth(ValueNode):
    """A condition as a value: true or false, never missing. Only a whole feature can be one."""

    kind = "truth"
    binding = 0
    condition: Condition

    def children(self) -> Iterator[Node]:
        """The condition."""
        yield self.condition

    def text(self) -> str:
        """That of the condition."""
        return self.condition.text()

    def sentence(self, words: Words) -> str:
        """That of the condition."""
        return self.condition.sentence(words)

    def type(self, names: Names) -> Type:
        """A truth value."""
        self.condition.check(names)
        return Type.BOOLEAN

    def compile(self, scope: Scope) -> Expression:
        """That of the condition."""
        return self.condition.compile(scope)

    def value(self, record: Record, base: Base) -> Value:
        """Whether the condition holds."""
        return self.condition.holds(record, base)

"""What is spelled once with holes is what sqlglot would print for the operands themselves."""

from datetime import date, datetime
from decimal import Decimal
from inspect import signature
from itertools import product

import pytest
from sqlglot import exp

from segmentry.core.errors import SegmentryError
from segmentry.core.types import Type
from segmentry.sql.dialects.duckdb import DUCKDB
from segmentry.sql.dialects.postgres import POSTGRES
from segmentry.sql.dialects.spark import SPARK
from segmentry.sql.expression import Call, Column, Expression, Literal, Over, Select, Table, Union
from segmentry.sql.operators import Op
from segmentry.sql.render import WRITTEN, Dialect
from segmentry.sql.template import hole, printed, template

COLUMN = Column('a "b" `c`', Type.NUMBER, "r")
OPERANDS: tuple[Expression, ...] = (
    COLUMN,
    Literal(1, Type.INTEGER),
    Literal(-1, Type.INTEGER),
    Literal(1.0, Type.NUMBER),
    Literal(-0.0, Type.NUMBER),
    Literal(0.0, Type.NUMBER),
    Literal(Decimal("1.00"), Type.MONEY),
    Literal(True, Type.BOOLEAN),
    Literal(None, Type.TEXT),
    Literal("it's \\n 'x' ключ", Type.TEXT),
    Literal(date(2024, 2, 29), Type.DATE),
    Literal(datetime(2024, 2, 29, 3), Type.INSTANT),
    Call(Op.ADD, (COLUMN, Literal(1, Type.INTEGER)), Type.NUMBER),
    Call(Op.NOT, (Call(Op.EQUAL, (COLUMN, COLUMN), Type.BOOLEAN),), Type.BOOLEAN),
)


def tree(dialect: Dialect, operand: Expression) -> exp.Expression:
    """An operand as sqlglot's own tree, in parentheses where it needs them."""
    match operand:
        case Column(name, _, relation):
            names = [exp.to_identifier(each, quoted=True) for each in (name, relation)]
            return exp.Column(this=names[0], table=names[1])
        case Literal():
            return dialect._literal_tree(operand)
        case Call(op, operands, _):
            found = spelling(dialect, op, operands)(*(tree(dialect, each) for each in operands))
            is_open = isinstance(found, exp.Binary | exp.Unary) and not isinstance(found, exp.Paren)
            return exp.paren(found) if is_open else found
        case _:
            raise AssertionError(operand)


def spelling(dialect: Dialect, op: Op, operands: tuple[Expression, ...]):
    kind = operands[0].type if operands else Type.NUMBER
    return dialect.typed.get((op, kind)) or dialect.spellings[op]


def takes(spell, number: int) -> bool:
    try:
        signature(spell).bind(*range(number))
    except TypeError:
        return False
    return True


@pytest.mark.parametrize("dialect", [DUCKDB, POSTGRES, SPARK], ids=lambda each: each.name)
@pytest.mark.parametrize("op", sorted(set(Op) - WRITTEN - {Op.COUNT_DISTINCT}))
def test_a_template_says_what_the_tree_says(dialect: Dialect, op: Op):
    compared = 0
    some = (OPERANDS[0], OPERANDS[2], OPERANDS[9], OPERANDS[-1])
    for number in range(4):
        for operands in product(some if number > 1 else OPERANDS, repeat=number):
            if op not in dialect.spellings or not takes(spelling(dialect, op, operands), number):
                continue
            try:
                direct = printed(
                    spelling(dialect, op, operands)(*(tree(dialect, each) for each in operands)),
                    dialect.name,
                )
            except (SegmentryError, IndexError):  # refused, or too few for this operator
                continue
            assert dialect.render(Call(op, operands, Type.NUMBER)) == direct
            compared += 1
    assert compared or op not in dialect.spellings or op is Op.AS_TEXT


def test_equal_numbers_are_spelled_as_what_they_are():
    spelled = [
        DUCKDB.render(Literal(value, kind))
        for value, kind in (
            (1, Type.NUMBER),
            (1.0, Type.NUMBER),
            (Decimal("1.0"), Type.NUMBER),
            (Decimal("1.00"), Type.NUMBER),
            (True, Type.NUMBER),
            (0.0, Type.NUMBER),
            (-0.0, Type.NUMBER),
        )
    ]
    assert len(set(spelled)) == 6  # the integer, 1.0 twice, 1.00, true, two zeros


def test_a_hole_cannot_be_named_by_an_operand():
    name = hole(0).name
    shown = template(exp.EQ(this=hole(0), expression=hole(1)), "duckdb").fill(["a", name])
    assert shown == f"a = {name}"


def test_pretty_says_the_same_on_more_lines():
    inner = Select(Table("t"), {"x": COLUMN}, alias="r", where=OPERANDS[-1], group_by=(COLUMN,))
    for relation in (inner, Select(inner, {"x": COLUMN}, limit=3), Union((inner, inner))):
        plain, pretty = DUCKDB.render(relation), DUCKDB.render(relation, pretty=True)
        assert "\n" not in plain
        assert len(pretty.splitlines()) > 4
        assert " ".join(pretty.split()).replace("( ", "(").replace(" )", ")") == plain


def test_a_window_is_spelled_whole():
    over = Over(Call(Op.SUM, (COLUMN,), Type.NUMBER), (COLUMN,), before=True)
    assert DUCKDB.render(over).endswith(
        'OVER (PARTITION BY "r"."a ""b"" `c`" ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)'
    )

"""SQL for reading: what can be computed is spelled in each dialect, or refused by name."""

import pytest
import sqlglot
from sqlglot import exp
from tests.language.harness import planned
from tests.language.strategies import SHOP
from tests.language.test_nodes import BASE, CASES
from tests.workspace.conftest import START, frames, things

from segmentry.answers.statement import statement
from segmentry.core.errors import UnknownNameError, UnsupportedOperationError
from segmentry.core.types import Type
from segmentry.language.text import parse_rule, parse_value
from segmentry.sql.dialects.reading import EXECUTED, READ_ONLY
from segmentry.sql.expression import Column, call, literal
from segmentry.sql.operators import Op
from segmentry.workspace.workspace import Workspace

NODES = [parse_rule(each["rule"], SHOP) for each in CASES["rules"]]
NODES += [parse_value(each["value"], SHOP) for each in CASES["values"]]
NODES.append(parse_value("random_share('summer')", SHOP))
EVERY = pytest.mark.parametrize("dialect", READ_ONLY.values(), ids=READ_ONLY)


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    with Workspace.create(tmp_path_factory.mktemp("shop") / "shop") as made:
        made.load(**things(range(12)))
        made.load(**frames(1, START, 100, range(12)))
        yield made


def read_again(dialect, text):
    """The statement as sqlglot reads it in that dialect, every function of which it knows so."""
    tree = sqlglot.parse_one(text, read=dialect.name)
    assert not list(tree.find_all(exp.Command))
    return tree


@EVERY
def test_every_node_reads_again(dialect):
    nodes = {f"n{number}": node for number, node in enumerate(NODES)}
    tree = read_again(dialect, dialect.render(planned(nodes, SHOP, BASE.as_of), pretty=True))
    assert len(tree.selects) == len(nodes) + 1


@EVERY
def test_every_feature_of_the_library_reads_again(shop, dialect):
    customers = shop.customers()
    names = [*customers.features.known]
    assert len(names) > 150
    tree = read_again(dialect, dialect.render(customers.query(customers.named(names))))
    assert len(tree.selects) == len(names) + 2


@EVERY
def test_every_operator_is_spelled_or_refused_by_name(dialect):
    """Over each type; texts of people stay texts, whatever stands in them."""
    spelled = {op for op, _ in dialect.typed} | {*dialect.spellings}
    assert set(Op) == spelled
    hostile = "O'Brien\\'; DROP TABLE one -- \n\\"
    text = dialect.render(call(Op.EQUAL, Column("a", Type.TEXT), literal(hostile)))
    assert [each.this for each in read_again(dialect, text).find_all(exp.Literal)] == [hostile]
    with pytest.raises(UnsupportedOperationError, match=f"{dialect.name} cannot compute `as_text`"):
        dialect.render(call(Op.AS_TEXT, Column("a", Type.NUMBER), type=Type.TEXT))


def test_a_statement_says_whether_it_is_executed(shop):
    as_of = shop.as_of()
    found = {name: statement(shop, "rfm/VIP", name, as_of) for name in (*EXECUTED, *READ_ONLY)}
    assert {name for name, each in found.items() if each["executed"]} == {*EXECUTED}
    assert {each["rule"] for each in found.values()} == {"rfm_group = 'VIP'"}
    rows = shop.engine.rows(found["duckdb"]["sql"])
    assert len(rows) == shop.preview("rfm_group = 'VIP'").customers > 0
    with pytest.raises(UnknownNameError, match="Did you mean `bigquery`"):
        statement(shop, "rfm/VIP", "BigQuery", as_of)

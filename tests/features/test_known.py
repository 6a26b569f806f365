import pytest

from segmentry.core.errors import DuplicateNameError
from segmentry.core.last import Last
from segmentry.core.types import Type
from segmentry.features.declaration import Feature
from segmentry.features.known import resolve
from segmentry.language.schema import Field, Schema
from segmentry.language.text import parse_rule

SCHEMA = Schema(features={"age": Field("age", Type.INTEGER)})
TWICE = Feature(name="twice", expression="age * 2")
ADULT = Feature(name="adult", expression="in_segment('adults')")


def test_the_last_answer_is_given_again_until_something_differs():
    resolved = Last(resolve)
    rules = {"adults": parse_rule("age >= 18")}
    first = resolved((TWICE, ADULT), SCHEMA, SCHEMA.features, rules)
    assert list(first.known) == ["twice", "adult"]
    same = Schema(features={"age": Field("age", Type.INTEGER)})
    assert resolved((TWICE, ADULT), same, same.features, dict(rules)) is first
    others = {"adults": parse_rule("age >= 21")}
    other = resolved((TWICE, ADULT), SCHEMA, SCHEMA.features, others)
    assert other.known["adult"].node.text() == "age >= 21"
    wider = Schema(features={"age": Field("age", Type.NUMBER)})
    assert resolved((TWICE,), wider, wider.features, others).schema.feature("twice").type is (
        Type.NUMBER
    )
    assert list(resolved((), SCHEMA, SCHEMA.features, others).known) == []
    with pytest.raises(DuplicateNameError):
        resolved((TWICE, TWICE), SCHEMA, SCHEMA.features, others)
    assert list(resolved((), SCHEMA, SCHEMA.features, others).known) == []

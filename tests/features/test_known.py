from segmentry.core.types import Type
from segmentry.features.declaration import Feature
from segmentry.features.known import Resolver
from segmentry.language.schema import Field, Schema
from segmentry.language.text import parse_rule

SCHEMA = Schema(features={"age": Field("age", Type.INTEGER)})
TWICE = Feature(name="twice", expression="age * 2")
ADULT = Feature(name="adult", expression="in_segment('adults')")


def test_the_last_answer_is_given_again_until_something_differs():
    resolver = Resolver()
    rules = {"adults": parse_rule("age >= 18")}
    first = resolver(iter([TWICE, ADULT]), SCHEMA, rules)
    assert list(first.known) == ["twice", "adult"]
    same = Schema(features={"age": Field("age", Type.INTEGER)})
    assert resolver([TWICE, ADULT], same, dict(rules)) is first
    rules["adults"] = parse_rule("age >= 21")
    other = resolver([TWICE, ADULT], SCHEMA, rules)
    assert other.known["adult"].node.text() == "age >= 21"
    wider = Schema(features={"age": Field("age", Type.NUMBER)})
    assert resolver([TWICE], wider, rules).schema.feature("twice").type is Type.NUMBER
    assert list(resolver([], SCHEMA, rules).known) == []

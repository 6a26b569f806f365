"""The part of the report about trust: nothing in it is left in English."""

from pathlib import Path
from typing import get_args

import pytest

from segmentry.data.cleaning import Step
from segmentry.data.mapping import Mapping, Policies
from segmentry.data.sensitive.decision import MARKED
from segmentry.data.sensitive.words import CATEGORIES
from segmentry.locale import LANGUAGES, messages
from segmentry.report.content import Trust
from segmentry.workspace.reporting import trust as part
from segmentry.workspace.reporting.asking import asking
from segmentry.workspace.workspace import Workspace

PEOPLE = """id,mail,education,religion,shoe
a,bad,PhD,Catholic,38
b,b@shop.ua,Master,none,
c,c@shop.ua,,none,41
"""
ORDERS = """order,who,at,sum
o1,a,2024-03-01 10:00,20
o2,b,2024-03-02 11:00,30
o3,,2024-03-03 12:00,15
o4,c,2024-03-04 13:00,-5
"""
CLEANED = {
    "entities": {"customers": {"customer_id": "id", "email": "mail", "education": "education"}},
    "extras": {"customers": {"religion": "religion", "shoe": "shoe"}},
    "clean": {"education": [{"replace": {"PhD": "Doctor"}}]},
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder: Path = tmp_path_factory.mktemp("trust")
    for name, text in (("people.csv", PEOPLE), ("orders.csv", ORDERS)):
        (folder / name).write_text(text, encoding="utf-8")
    made = Workspace.create(folder / "shop")
    made.loader().load(folder / "people.csv", mapping=Mapping.model_validate(CLEANED))
    columns = {"order_id": "order", "customer_id": "who", "ordered_at": "at", "amount": "sum"}
    made.loader().load(
        folder / "orders.csv", mapping=Mapping.model_validate({"entities": {"orders": columns}})
    )
    return made


def trust(shop: Workspace, language: str) -> Trust:
    with asking(shop, shop.as_of("2024-03-10"), language) as asked:
        return part(asked)


def test_in_ukrainian(shop: Workspace) -> None:
    said = trust(shop, "uk")
    failed = {each.name: each for each in said.checks if not each.passed}
    assert failed["email_shape"].label == "Неможливі електронні адреси"
    assert failed["email_shape"].entity == "клієнти"
    assert failed["fill_education"].message == (
        "1 із 3 клієнтів — без значення у стовпці «освіта»."
    )
    assert failed["fill_shoe"].label == "Не заповнено: shoe"
    assert failed["missing_customer"].fix.startswith("Запитуйте клієнта на касі")
    found = {(each.label, each.policy, each.count) for each in said.treatments}
    assert ("очищені значення", "освіта: значення замінено", 1) in found
    assert ("повернення", "зараховано як повернення", 1) in found
    assert ("без клієнта", "нікому не зараховано", 1) in found
    assert said.locked == (("religion", "релігійні або філософські переконання"),)


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_nothing_is_left_in_english(shop: Workspace, language: str) -> None:
    english, said = trust(shop, "en"), trust(shop, language)
    for one, other in zip(english.checks, said.checks, strict=True):
        assert one.label != other.label
        assert one.message != other.message
        assert one.fix != other.fix
    assert not {x.label for x in english.treatments} & {x.label for x in said.treatments}
    assert not {x.policy for x in english.treatments} & {x.policy for x in said.treatments}
    assert not {x.about for x in english.locked} & {x.about for x in said.locked}


def test_whatever_is_done_has_a_text() -> None:
    said = messages("en").entries
    fields = Policies.model_fields.values()
    policies = {value for each in fields for value in get_args(each.annotation)} - {
        "sold",
        "returned",
    }
    assert {f"policies.{each}" for each in policies if isinstance(each, str)} <= said.keys()
    assert {f"cleaning.{each}" for each in Step.model_fields} <= said.keys()
    assert {f"sensitive.{each}" for each in (*CATEGORIES, MARKED)} <= said.keys()

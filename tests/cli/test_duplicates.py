"""`segmentry duplicates`: what people and programs see."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

SCHEMAS = Path(__file__).parents[2] / "docs" / "reference" / "schemas"
CUSTOMERS = """customer_id,first_name,last_name,email,phone,birth_on,country
17,Саша,Коваль,koval@shop.test,050 123-45-67,1980-05-01,UA
23,Oleksandr,Koval,KOVAL@shop.test,+380501234567,,UA
31,Anna,Nowak,anna@shop.test,600700800,1975-02-03,PL
"""


@pytest.fixture
def place(run, tmp_path):
    """Options that name a workspace with three customers, two of whom are one."""
    folder, file = tmp_path / "shop", tmp_path / "customers.csv"
    file.write_text(CUSTOMERS, encoding="utf-8")
    run("init", folder)
    loaded = run("load", file, "-w", folder, "--yes")
    assert loaded.exit_code == 0, loaded.output
    return ("-w", folder)


def fits(name, document):
    schema = json.loads((SCHEMAS / f"duplicates-{name}.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(document)
    return document


def test_every_document_is_what_its_schema_says(answer, place):
    empty = fits("list", answer("duplicates", "list", *place))
    assert empty["found_at"] is None
    found = fits("find", answer("duplicates", "find", *place))
    assert (found["records"], found["likely"]) == (3, 1)
    listed = fits("list", answer("duplicates", "list", *place))
    assert [each["customer_id"] for each in listed["pairs"]] == ["17"]
    assert listed["pairs"][0]["why"]["given name"] == "other form"
    merged = fits("merge", answer("duplicates", "merge", "--at-least", "0.9", *place))
    assert merged == {"decisions": [1], "records": 2}
    assert fits("undo", answer("duplicates", "undo", "1", *place)) == {"decision": 2, "undoes": 1}
    fits("refuse", answer("duplicates", "refuse", "17", "23", "--reason", "brothers", *place))
    decided = fits("history", answer("duplicates", "history", *place))["decisions"]
    assert [each["kind"] for each in decided] == ["refuse", "undo", "merge"]
    assert decided[0]["reason"] == "brothers"
    assert fits("list", answer("duplicates", "list", *place))["pairs"] == []


def test_people_see_both_records_and_what_to_do_next(run, place):
    assert "Nothing was searched for yet" in run("duplicates", "list", *place).stdout
    assert "Nothing was decided yet" in run("duplicates", "history", *place).stdout
    assert "1 pair as good as certain, 0 to look at" in run("duplicates", "find", *place).stdout
    listed = run("duplicates", "list", *place, env={"COLUMNS": "250"}).stdout
    for text in ("17", "23", "Oleksandr", "e-mail same", "1 of 1 pair"):
        assert text in listed
    assert "2 records are 1 customer now" in run("duplicates", "merge", "17", "23", *place).stdout
    assert "Nothing to merge" in run("duplicates", "merge", "--at-least", "0.9", *place).stdout
    assert "Took decision 1 back" in run("duplicates", "undo", "1", *place).stdout
    assert "17 and 23 stay two" in run("duplicates", "refuse", "17", "23", *place).stdout
    shown = run("duplicates", "history", *place).stdout
    assert "merge (undone by 2)" in shown
    assert "undo of 1" in shown


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("merge",), "name the customers to merge"),
        (("merge", "17", "23", "--at-least", "0.9"), "name the customers to merge"),
        (("merge", "17"), "takes two"),
        (("merge", "17", "99"), "no customer `99`"),
        (("merge", "--at-least", "0.2"), "no probability to merge at"),
        (("undo", "5"), "no decision 5"),
    ],
)
def test_wrong_use_is_told(run, place, arguments, says):
    result = run("duplicates", *arguments, *place)
    assert result.exit_code == 2
    assert says in result.stderr


def test_a_workspace_can_be_of_companies(answer, tmp_path):
    made = answer("init", tmp_path / "b2b", "--unit", "company")
    assert made["unit"] == "company"
    assert "unit: company" in (tmp_path / "b2b" / "segmentry.yaml").read_text(encoding="utf-8")

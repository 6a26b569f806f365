"""The contract: every `--json` document is what its schema and the page about it say."""

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from segmentry.models.clv.card import Card as ValueCard
from segmentry.models.prediction.card import Card as PredictionCard

DOCS = Path(__file__).parents[2] / "docs" / "reference"
SCHEMAS = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((DOCS / "schemas").glob("*.json"))
}
PAGE = (DOCS / "json.md").read_text(encoding="utf-8")
OPENAPI = (DOCS / "openapi.json").read_text(encoding="utf-8")
SAMPLES = re.findall(r"<!-- schema: ([a-z-]+) -->\n```json\n(.*?)\n```", PAGE, flags=re.DOTALL)

QUESTIONS = {
    "check": ("check",),
    "rfm": ("rfm",),
    "groups": ("groups", "lifecycle"),
    "groups-list": ("groups",),
    "methods": ("methods",),
    "cross": ("cross", "lifecycle", "rfm"),
    "value": ("value", "rfm"),
    "backtest": ("backtest", "rfm"),
    "cohorts": ("cohorts",),
    "overlaps": ("overlap", "regulars", "rfm/VIP", "recency_days > 60"),
    "drift": ("drift", "rfm", "monetary"),
    "customer": ("customer", "C004"),
    "migration": ("moves", "show", "lifecycle"),
    "playbook": ("playbook", "show", "rfm"),
    "segments-actions": ("playbook", "segment", "regulars"),
    "features": ("features",),
    "segments-preview": ("segments", "preview", "frequency >= 3 AND country = 'UA'"),
    "segments-list": ("segments", "list"),
    "segments-show": ("segments", "show", "regulars"),
    "segments-card": ("segments", "card", "regulars"),
    "segments-members": ("segments", "members", "regulars"),
    "segments-history": ("segments", "history", "regulars"),
    "segments-explain": ("segments", "explain", "abroad", "C004"),
    "segments-effect": ("segments", "effect", "regulars", "frequency >= 5"),
    "segments-worthwhile": ("segments", "worthwhile", "rfm/VIP"),
    "segments-sql": ("segments", "sql", "regulars", "--dialect", "snowflake"),
    "segments-used-by": ("segments", "used-by", "regulars"),
    "runs": ("runs",),
}


def validate(name: str, document: object) -> None:
    Draft202012Validator(SCHEMAS[name]).validate(document)


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_one_and_is_described(name):
    Draft202012Validator.check_schema(SCHEMAS[name])
    assert f"(schemas/{name}.json)" in PAGE or f'#/components/schemas/{name}"' in OPENAPI


@pytest.mark.parametrize("name", SCHEMAS)
def test_no_schema_forbids_more_fields(name):
    assert '"additionalProperties": false' not in json.dumps(SCHEMAS[name])


@pytest.mark.parametrize(("name", "sample"), SAMPLES, ids=[name for name, _ in SAMPLES])
def test_every_sample_of_the_page_fits_its_schema(name, sample):
    validate(name, json.loads(sample))


def test_every_schema_of_the_page_has_a_sample():
    assert {name for name, _ in SAMPLES} == set(re.findall(r"\(schemas/([a-z-]+)\.json\)", PAGE))


@pytest.mark.parametrize("name", ["models-add", "models-fit", "models-show"])
def test_every_field_of_a_card_is_described_and_shown(name):
    described = SCHEMAS[name]["properties"]["card"]["anyOf"]
    cards = [{each.name for each in fields(card)} for card in (ValueCard, PredictionCard)]
    assert [set(each["properties"]) for each in described] == cards
    shown = [json.loads(sample)["card"].keys() for one, sample in SAMPLES if one == name]
    assert shown == cards[: len(shown)]


@pytest.mark.parametrize("name", QUESTIONS)
def test_what_is_asked_of_a_shop_fits_its_schema(answer, shop, name):
    validate(name, answer(*QUESTIONS[name], "-w", shop))


def test_the_schemas_refuse_what_lacks_a_promised_field(answer, shop):
    document = answer("rfm", "-w", shop)
    del document["mean"]
    with pytest.raises(ValidationError):
        validate("rfm", document)


def test_what_changes_a_shop_fits_its_schema(answer, own_shop, files, tmp_path):
    place = ("-w", own_shop)
    validate("init", answer("init", tmp_path / "new"))
    validate("load", answer("load", files / "orders.csv", *place))
    validate("load", answer("load", files / "orders.csv", "--dry-run", *place))
    validate("mapping", answer("mapping", files / "orders.csv", *place))
    validate("profile", answer("profile", files / "orders.csv", *place))
    validate("profile", answer("profile", "--entity", "orders", *place))
    validate("clean-suggest", answer("clean", "suggest", files / "orders.csv", *place))
    validate("segments-save", answer("segments", "save", "few", "frequency = 1", *place))
    validate("segments-save", answer("segments", "save", "few", "frequency <= 2", *place))
    written = ("playbook", "set", "rfm", "VIP", "offer", "A seat")
    validate("playbook", answer(*written, *place))
    validate("playbook", answer("playbook", "reset", "rfm", "VIP", *place))
    validate("segments-remove", answer("segments", "remove", "few", *place))
    validate("export", answer("export", "members", "regulars", "--to", tmp_path / "a.csv", *place))
    validate("export", answer("export", "features", "--to", tmp_path / "b.jsonl", *place))
    validate("export", answer("export", "groups", "rfm", "--to", tmp_path / "c.xlsx", *place))
    validate("report", answer("report", "--to", tmp_path / "report.html", *place))
    census = tmp_path / "census.csv"
    census.write_text("trait,value,figure\nsex,f,52\nsex,m,48\n", encoding="utf-8")
    validate("market-load", answer("market", "load", census, *place))
    validate("market-load", answer("market", "show", *place))
    validate("market-compare", answer("market", "compare", "regulars", *place))
    scale = tmp_path / "scale.yaml"
    scale.write_text("{name: s, items: [frequency, recency_days], high: 99}", encoding="utf-8")
    validate("scales-add", answer("scales", "add", scale, *place))
    validate("scales-list", answer("scales", "list", *place))
    validate("scales-show", answer("scales", "show", "s", *place))
    validate("scales-remove", answer("scales", "remove", "s", *place))


def test_what_is_sensitive_fits_its_schema(answer, own_shop):
    place = ("-w", own_shop)
    why = ("--reason", "a test", *place)
    validate("sensitive-unlock", answer("sensitive", "mark", "country", *why))
    unlocking = ("sensitive", "unlock", "country", "--purpose", "mailing", "--until", "2999-12-31")
    validate("sensitive-unlock", answer(*unlocking, *why))
    validate("sensitive-unlock", answer("sensitive", "lock", "country", *why))
    validate("sensitive-list", answer("sensitive", "list", *place))
    validate("sensitive-unlock", answer("sensitive", "clear", "country", *why))


def test_schedules_moves_and_what_is_done_fit_their_schemas(answer, own_shop):
    place = ("-w", own_shop)
    answer("schedules", "save", "nightly", "0 5 * * *", *place)
    assert answer("schedules", "pause", "nightly", *place)["paused"]
    validate("refresh", answer("schedules", "run", "nightly", *place))
    assert answer("runs", "--limit", "1", *place)["runs"][0]["asked_by"] == "schedule:nightly"
    written = ("playbook", "segment", "regulars", "--set", "offer=A = B")
    [action] = answer(*written, *place)["actions"]
    assert (action["offer"], action["own"]) == ("A = B", True)
    validate("segments-actions", answer(*written[:3], "--reset", *place))
    moved = answer("moves", "save", "lifecycle", "new", "--to", "New", *place)
    validate("segments-save", moved)


def test_templates_and_the_five_questions_fit_their_schemas(answer, run, own_shop, monkeypatch):
    place = ("-w", own_shop)
    listed = answer("templates", "list", *place)
    validate("templates-list", listed)
    ready = {each["name"]: each["available"] for each in listed["templates"]}
    assert ready["one_and_done"]
    assert not ready["cart_abandoners"]
    days = ("--set", "days=30")
    validate("templates-show", answer("templates", "show", "one_and_done", *days, *place))
    used = answer("templates", "use", "one_and_done", *days, "--as", "quiet", *place)
    validate("templates-use", used)
    assert used["rule"] == "frequency = 1 AND recency_days > 30"
    assert answer("templates", "use", "cart_abandoners", *place, code=2)["error"]
    assert answer("templates", "show", "one_and_done", "--set", "days", *place, code=2)["error"]
    validate("segments-coverage", answer("segments", "coverage", "frequency >= 3", *place))
    assert answer("segments", "guide", *place, code=2)["error"]["code"] == "usage"
    monkeypatch.setattr("segmentry.cli.five_w.may_ask", lambda: True)
    answers = "frequncy >= 3\nfrequency >= 3\n\n\nrecency_days < 60 OR sex = 'f'\n\nasked\n"
    found = run("segments", "guide", *place, "--json", input=answers)
    assert "Did you mean `frequency`" in found.stderr
    document = json.loads(found.stdout[found.stdout.index("{") :])
    validate("segments-guide", document)
    assert document["saved"] == "asked"
    assert document["rule"] == "frequency >= 3 AND (recency_days < 60 OR sex = 'f')"


def test_lists_and_members_by_hand_fit_their_schemas(answer, own_shop, write):
    place = ("-w", own_shop)
    file = write("staff.csv", "id\nC004\nC999\n")
    validate("lists-list", answer("lists", "list", *place))
    validate("lists-show", answer("lists", "add", "staff", file, *place))
    frozen = answer("lists", "snapshot", "frozen", "--segment", "regulars", *place)
    validate("lists-show", frozen)
    validate("lists-list", answer("lists", "list", *place))
    validate("lists-show", answer("lists", "show", "staff", *place))
    validate("lists-remove", answer("lists", "remove", "staff", *place))
    why = ("--reason", "a friend")
    for command in (("include", "C070", *why), ("exclude", "C004", *why), ("forget", "C004")):
        found = answer("segments", command[0], "regulars", *command[1:], *place)
        validate("segments-by-hand", found)
    shown = answer("segments", "show", "regulars", *place)
    assert shown["rule"] == "frequency >= 3"
    assert "put into Regulars by hand" in shown["sentence"]
    validate("segments-show", shown)
    parts = ("--name", "halves", "--parts", "a=0.5,b=0.5")
    validate("groups", answer("segments", "split", "regulars", *parts, *place))


def test_definitions_fit_their_schemas(answer, own_shop):
    place = ("-w", own_shop)
    validate("export-definitions", answer("export", "definitions", *place))
    file = own_shop / "definitions" / "segments" / "regulars.yaml"
    file.write_text("rule: frequency >= 4\n", encoding="utf-8")
    validate("plan", answer("plan", *place))
    assert answer("apply", *place, code=2)["error"]["code"] == "usage"
    validate("apply", answer("apply", "--yes", *place))
    validate("apply", answer("apply", "--yes", *place))
    file.write_text("rule: frequency >=\n", encoding="utf-8")
    validate("plan", answer("plan", *place, code=2))
    assert answer("apply", "--yes", *place, code=2)["error"]["problems"]


def test_errors_fit_their_schema(answer, shop, tmp_path):
    place = ("-w", shop)
    validate("error", answer("segments", "preview", "frequency >", *place, code=2))
    validate("error", answer("rfm", "--scheme", "six", *place, code=2))
    validate("error", answer("load", tmp_path / "nothing.csv", *place, code=3))
    failed = answer("check", "--fail-under", "100", *place, code=1)
    validate("error", failed)
    validate("check", failed)


def test_before_the_first_refresh_and_the_first_segment(answer, run, files, tmp_path):
    place = ("-w", tmp_path / "new")
    run("init", tmp_path / "new")
    validate("segments-list", answer("segments", "list", *place))
    validate("features", answer("features", *place))
    validate("runs", answer("runs", *place))
    run("load", files / "orders.csv", "--yes", *place)
    run("segments", "save", "all", "frequency >= 0", *place)
    listed = answer("segments", "list", *place)
    validate("segments-list", listed)
    assert listed["segments"][0]["customers"] is None
    validate("segments-history", answer("segments", "history", "all", *place))


def test_clusters_fit_their_schemas(answer, run, tmp_path, write):
    rows = [
        f"{customer}-{order},c{customer},2025-{order % 12 + 1:02}-{order % 28 + 1:02},"
        f"{(15 if customer % 3 else 300) + customer * 7 % 5}"
        for customer in range(210)
        for order in range((12 if customer % 3 else 4) + customer % 2)
    ]
    file = write("buyers.csv", "\n".join(["order_id,customer_id,ordered_at,amount", *rows]))
    place = ("-w", tmp_path / "clusters")
    answer("init", place[1])
    answer("load", file, *place)
    compared = ("--features", "frequency,average_order_amount,monetary", *place)
    found = answer("clusters", "find", *compared)
    validate("clusters-find", found)
    assert found["natural"]
    saved = answer("clusters", "save", "habits", *compared)
    validate("clusters-save", saved)
    assert answer("clusters", "show", "habits", *place) == saved
    drawn = run("clusters", "show", "habits", *place).stdout
    assert saved["clusters"][0]["rule"] in drawn
    validate("groups", answer("groups", "habits", *place))
    assert answer("clusters", "find", "--anyway", "1", *place, code=2)["error"]["code"] == "usage"

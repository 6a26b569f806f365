"""`segmentry discover`: a planted group through the command line, and what is refused."""

from __future__ import annotations

import pytest
from tests.cli.test_json import validate
from tests.workspace.planted import frames

from segmentry.workspace.workspace import Workspace

NAMES = ("--features", "city,plan,tenure_days")


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("discover") / "shop"
    with Workspace.create(folder) as workspace:
        workspace.load(**frames())
    return folder


def test_a_planted_group_is_found_shown_and_saved(answer, run, planted):
    place = ("-w", planted)
    found = answer("discover", *NAMES, *place)
    validate("discover", found)
    first = found["groups"][0]
    assert {"city = 'Lviv'", "plan = 'paid'"} <= set(first["rule"].split(" AND "))
    assert first["lift"]["low"] < 3 < first["lift"]["high"]
    assert "city is Lviv" in first["sentence"]
    drawn = run("discover", *NAMES, *place).stdout
    assert first["rule"] in drawn
    assert "stand" in drawn.splitlines()[0]
    saved = answer("discover", "save", "1", "big_spenders", *place)
    validate("discover-save", saved)
    assert saved["rule"] == first["rule"]
    shown = answer("segments", "preview", first["rule"], *place)
    assert shown["customers"] == first["customers"]
    assert "big_spenders" in run("discover", "save", "1", "big_spenders", *place).stdout


def test_what_is_said_is_said_in_five_languages(answer, planted):
    said = {
        language: answer("discover", *NAMES, "--language", language, "-w", planted)["sentence"]
        for language in ("en", "uk", "ru", "pl", "fa")
    }
    assert len(set(said.values())) == 5


def test_refusals_say_what_to_do(answer, planted):
    error = answer("discover", "--days", "300", "-w", planted, code=2)["error"]
    assert "--days 30" in error["fix"]
    error = answer("discover", "save", "99", "x", "-w", planted, code=2)["error"]
    assert "segmentry discover" in error["fix"]
    assert answer("discover", "--depth", "9", "-w", planted, code=2)["error"]["code"] == "usage"

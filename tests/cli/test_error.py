"""Errors: one short block or one JSON document, and the exit code that was promised."""

import json
import subprocess
import sys

import pytest

from segmentry.cli import refresh as refreshing

HOLDING = """
import sys
import segmentry as sg
workspace = sg.open(sys.argv[1])
workspace.engine
print("held", flush=True)
sys.stdin.read()
"""


def test_a_wrong_rule_is_wrong_use_with_a_caret_under_the_column(run, shop):
    result = run("segments", "preview", "frequency >= AND", "-w", shop)
    assert result.exit_code == 2
    assert result.stdout == ""
    error, where, text, caret, *_ = result.stderr.splitlines()
    assert error.startswith("error[rule_syntax]: ")
    assert "line 1, column" in where
    column = int(where.rsplit(" ", 1)[1])
    assert text.strip() == "frequency >= AND"
    assert len(caret) - 4 == column


def test_an_unknown_feature_says_what_was_probably_meant(run, shop):
    result = run("segments", "preview", "frequncy >= 3", "-w", shop)
    assert result.exit_code == 2
    assert "Did you mean `frequency`?" in result.stderr


def test_with_json_the_error_is_one_document_on_stdout(answer, shop):
    error = answer("segments", "preview", "frequncy >= 3", "-w", shop, code=2)["error"]
    assert error["code"] == "unknown_name"
    assert error["suggestion"] == ["frequency"]


@pytest.mark.parametrize(
    "line",
    [
        ("lod",),
        ("rfm", "--scheme", "six"),
        ("rfm", "--sheme", "five"),
        ("rfm", "--as-of", "tomorrowish"),
        ("rfm", "-w", "nowhere"),
        ("groups", "astrology"),
        ("segments", "show", "nobody"),
        ("segments", "explain", "regulars", "C999"),
        ("segments", "save", "No Name", "frequency > 1"),
        ("segments", "remove", "regulars"),
        ("export", "features", "--to", "rows.doc"),
        ("export", "features", "--to", "no/such/folder/rows.csv"),
        ("load", "orders.csv", "--as", "ordrs"),
        ("load", "orders.csv", "--mapping", "nothing.yaml"),
        ("load", "orders.csv", "--delimiter", "muchtoolong"),
        ("check", "--fail-under", "500"),
    ],
)
def test_wrong_use_is_two_for_people_and_programs(run, shop, tmp_path, monkeypatch, line):
    monkeypatch.chdir(tmp_path)
    place = () if "-w" in line else ("-w", shop)
    if line == ("lod",):
        place = ()
    spoken, printed = run(*line, *place), run(*line, *place, "--json")
    assert (spoken.exit_code, printed.exit_code) == (2, 2)
    assert spoken.stdout == ""
    assert spoken.stderr.startswith("error[")
    assert "Traceback" not in spoken.stderr
    assert json.loads(printed.stdout)["error"]["message"]
    assert printed.stderr == ""


def test_nothing_loaded_says_what_to_do_first(run, tmp_path):
    run("init", tmp_path / "new")
    result = run("rfm", "-w", tmp_path / "new")
    assert result.exit_code == 2
    assert "segmentry load" in result.stderr


def test_a_fault_of_ours_is_four_without_a_trace_and_without_its_text(run, shop, monkeypatch):
    def fail(*_):
        raise ZeroDivisionError("postgresql://me:secret@db")

    monkeypatch.setattr(refreshing, "instant_of", fail)
    result = run("refresh", "-w", shop)
    assert result.exit_code == 4
    assert "SEGMENTRY_DEBUG=1" in result.stderr
    assert "Traceback" not in result.stderr
    assert "secret" not in result.stderr


def test_the_trace_is_there_for_those_who_ask(run, shop, monkeypatch):
    def fail(*_):
        raise ZeroDivisionError("here")

    monkeypatch.setattr(refreshing, "instant_of", fail)
    result = run("refresh", "-w", shop, env={"SEGMENTRY_DEBUG": "1"})
    assert "ZeroDivisionError: here" in result.stderr


def test_a_workspace_that_another_process_holds(run, shop):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(shop)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout.readline() == "held\n"
        result = run("rfm", "-w", shop)
        assert result.exit_code == 4
        assert "error[busy]" in result.stderr
    finally:
        holder.communicate()

"""People, keys and the log on the command line; no password is ever an argument."""

from __future__ import annotations

import sqlite3

import jsonschema
import pytest

from segmentry.api.answer import shapes

PASSWORD = "green lamp under the bridge"


@pytest.fixture
def ask(answer, empty_shop):
    """Ask with a schema, on a shop of its own."""

    def asked(schema: str, *args: object):
        document = answer(*args, "-w", empty_shop)
        jsonschema.validate(document, shapes()[schema])
        return document

    return asked


@pytest.fixture
def add(run, empty_shop):
    """Add somebody, with a password on standard input."""

    def added(name: str, role: str = "viewer", password: str = PASSWORD):
        place = ("--role", role, "-w", empty_shop, "--json")
        return run("people", "add", name, *place, input=f"{password}\n")

    return added


def test_people_are_added_changed_and_removed(run, add, ask, empty_shop):
    assert ask("people", "people", "list") == {"people": []}
    assert add("Olena Koval", "admin").exit_code == 0
    assert add("Jan Nowak").exit_code == 0
    assert ask("person", "people", "role", "jan  NOWAK", "analyst")["role"] == "analyst"
    assert ask("person", "people", "disable", "Jan Nowak")["disabled"] is True
    assert ask("person", "people", "enable", "Jan Nowak")["disabled"] is False
    changed = run(
        "people", "password", "Jan Nowak", "-w", empty_shop, input="another long password\n"
    )
    assert changed.exit_code == 0
    assert "Jan Nowak" in run("people", "list", "-w", empty_shop).stdout
    assert ask("person-removed", "people", "remove", "Jan Nowak")["removed"] is True
    assert [each["name"] for each in ask("people", "people", "list")["people"]] == ["Olena Koval"]


@pytest.mark.parametrize(
    ("name", "password", "says"),
    [
        ("Jan Nowak", "too short", "12 characters"),
        ("Jan Nowak The First", "jan nowak the FIRST", "easy to guess"),
        ("Jan Nowak", "", "no password"),
        (" ", PASSWORD, "a name has"),
        ("Olena KOVAL", PASSWORD, "taken"),
    ],
)
def test_what_cannot_be_a_person(add, name, password, says):
    add("Olena Koval", "admin")
    result = add(name, password=password)
    assert result.exit_code == 2
    assert says in result.stdout


def test_the_last_administrator_stays(run, add, empty_shop):
    add("Olena Koval", "admin")
    add("Jan Nowak", "admin")
    place = ("-w", empty_shop)
    assert run("people", "disable", "Jan Nowak", *place).exit_code == 0
    for command in (("disable",), ("remove",)):
        assert run("people", *command, "Olena Koval", *place).exit_code == 2
    assert run("people", "role", "Olena Koval", "viewer", *place).exit_code == 2


def test_a_key_is_shown_once(run, ask, empty_shop):
    made = ask("key-added", "keys", "add", "till", "--scope", "read", "--days", "30")
    assert made["secret"].startswith(f"sgm_{made['id']}_")
    listed = ask("keys", "keys", "list")
    assert "secret" not in listed["keys"][0]
    secret = made["secret"].removeprefix(f"sgm_{made['id']}_")
    for file in empty_shop.glob("catalogue.sqlite*"):
        assert secret.encode() not in file.read_bytes()
    assert ask("key", "keys", "revoke", made["id"])["revoked_at"]
    assert "revoked" in run("keys", "list", "-w", empty_shop).stdout
    assert run("keys", "revoke", "nothing", "-w", empty_shop).exit_code == 2
    assert run("keys", "add", "till", "--scope", "all", "-w", empty_shop).exit_code == 2


def test_what_was_done_is_in_the_log_without_names(run, add, ask, empty_shop):
    add("Olena Koval", "admin")
    ask("key-added", "keys", "add", "till", "--scope", "read")
    found = ask("audit", "audit")
    jsonschema.validate(found, shapes()["audit-chain"])
    assert [each["what"] for each in found["entries"]] == ["keys_add", "people_add"]
    assert "Olena" not in str(found)
    assert run("audit", "--head", found["head"], "-w", empty_shop).exit_code == 0


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit SET who = 'person:2' WHERE number = 2",
        "DELETE FROM audit WHERE number = 2",
        "UPDATE audit SET number = number + 10 WHERE number = 3",
        "UPDATE audit SET customers = 5 WHERE number = 1",
    ],
)
def test_a_log_that_was_changed_is_found_out(run, ask, empty_shop, change):
    for name in ("one", "two", "three"):
        ask("key-added", "keys", "add", name, "--scope", "read")
    tampered(empty_shop, change)
    result = run("audit", "-w", empty_shop)
    assert result.exit_code == 1
    assert "the log was changed" in result.stderr


def test_entries_cut_off_at_the_end_show_by_the_head_that_was_noted(run, ask, empty_shop):
    for name in ("one", "two"):
        ask("key-added", "keys", "add", name, "--scope", "read")
    head = ask("audit", "audit")["head"]
    tampered(empty_shop, "DELETE FROM audit WHERE number = 2")
    assert run("audit", "-w", empty_shop).exit_code == 0
    assert run("audit", "--head", head, "-w", empty_shop).exit_code == 1


def test_others_are_let_in_only_when_somebody_may_sign_in(run, empty_shop):
    result = run("serve", "--host", "0.0.0.0", "--port", "0", "-w", empty_shop)
    assert result.exit_code == 2
    assert "people add" in result.stderr
    result = run("serve", "--address", "segments.example.com", "-w", empty_shop)
    assert result.exit_code == 2


def tampered(folder, statement: str) -> None:
    with sqlite3.connect(folder / "catalogue.sqlite") as catalogue:
        catalogue.execute(statement)

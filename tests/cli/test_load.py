"""Loading from the command line: counts, dry runs, several files, questions and refusals."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ORDERS = "order_id,customer_id,ordered_at,amount\n"
GOOD = ORDERS + "1,a,2024-01-05 10:00:00,10.50\n2,b,2024-01-06 11:00:00,20.00\n"
SOME_BAD = GOOD + "3,c,sometime,5.00\n"
AMBIGUOUS = ORDERS + "1,a,03/04/2024,10.50\n2,b,05/06/2024,20.00\n"


def counts(document: dict, entity: str = "orders") -> tuple[int, ...]:
    found = document["entities"][entity]
    assert found["records"] == found["accepted"] + found["unchanged"] + found["rejected"]
    return found["records"], found["accepted"], found["unchanged"], found["rejected"]


def test_a_file_that_can_be_read_in_one_way_is_loaded_without_asking(answer, empty_shop, write):
    document = answer("load", write("orders.csv", GOOD), "-w", empty_shop)
    assert counts(document) == (2, 2, 0, 0)
    assert counts(answer("load", write("orders.csv", GOOD), "-w", empty_shop)) == (2, 0, 2, 0)


def test_a_dry_run_keeps_nothing(answer, run, empty_shop, write):
    path = write("orders.csv", GOOD)
    document = answer("load", path, "--dry-run", "-w", empty_shop)
    assert document["dry_run"] is True
    assert counts(document) == (2, 2, 0, 0)
    assert run("groups", "lifecycle", "-w", empty_shop).exit_code == 2
    assert not (empty_shop / "mappings").exists()
    assert counts(answer("load", path, "-w", empty_shop)) == (2, 2, 0, 0)


def test_rejected_records_are_counted_and_written_with_reasons(answer, run, empty_shop, write):
    path = write("orders.csv", SOME_BAD)
    document = answer("load", path, "-w", empty_shop)
    assert counts(document) == (3, 2, 0, 1)
    assert "sometime" in Path(document["rejected_file"]).read_text(encoding="utf-8")
    shown = run("load", path, "-w", empty_shop)
    assert shown.exit_code == 0
    assert "Rejected records, with reasons:" in shown.stdout


def test_an_ambiguous_file_is_refused_where_nobody_can_answer(run, answer, empty_shop, write):
    path = write("orders.csv", AMBIGUOUS)
    refused = run("load", path, "-w", empty_shop)
    assert refused.exit_code == 3
    assert "--date-order" in refused.stderr
    assert refused.stdout == ""
    assert answer("load", path, "-w", empty_shop, code=3)["error"]["code"] == "ambiguous_input"


@pytest.mark.parametrize(("order", "day"), [("dmy", "2024-06-06"), ("mdy", "2024-05-07")])
def test_an_option_decides_what_a_date_means(answer, empty_shop, write, order, day):
    path = write("orders.csv", AMBIGUOUS)
    assert counts(answer("load", path, "--date-order", order, "-w", empty_shop)) == (2, 2, 0, 0)
    assert answer("groups", "lifecycle", "-w", empty_shop)["as_of"] == day


def test_the_option_is_kept_with_the_mapping(answer, empty_shop, write):
    path = write("orders.csv", AMBIGUOUS)
    answer("load", path, "--date-order", "dmy", "-w", empty_shop)
    assert counts(answer("load", path, "-w", empty_shop)) == (2, 0, 2, 0)


def test_what_the_records_are_can_be_said(answer, empty_shop, write):
    path = write("who.csv", "customer_id,country\na,UA\nb,PL\n")
    document = answer("load", path, "--as", "customers", "-w", empty_shop)
    assert counts(document, "customers") == (2, 2, 0, 0)


def test_a_mapping_is_written_edited_and_used(run, answer, empty_shop, write, tmp_path):
    path = write("sales.csv", "nr,who,when,paid\n1,a,2024-01-05,10\n2,b,2024-01-06,20\n")
    mapping = write(
        "mapping.yaml",
        "entities:\n  orders: {order_id: nr, customer_id: who, ordered_at: when, amount: paid}\n",
    )
    document = answer("load", path, "--mapping", mapping, "-w", empty_shop)
    assert counts(document) == (2, 2, 0, 0)
    target = tmp_path / "suggested.yaml"
    assert (
        run("mapping", write("orders.csv", GOOD), "--to", target, "-w", empty_shop).exit_code == 0
    )
    text = target.read_text(encoding="utf-8")
    assert "# Suggested for orders.csv." in text
    assert counts(answer("load", path.parent / "orders.csv", "--mapping", target,
                         "-w", empty_shop))[3] == 0  # fmt: skip


def test_the_mapping_is_printed_as_yaml_and_nothing_is_loaded(run, empty_shop, write):
    from segmentry.data.mapping import Mapping

    shown = run("mapping", write("orders.csv", GOOD), "-w", empty_shop)
    assert Mapping.from_yaml(shown.stdout).columns_of("orders", "amount") == ("amount",)
    assert run("groups", "lifecycle", "-w", empty_shop).exit_code == 2


@pytest.mark.parametrize("wrong", ["entities: [", "entities: {orders: {amuont: a}}", "what: 1"])
def test_a_wrong_mapping_is_bad_input(answer, empty_shop, write, wrong):
    path, mapping = write("orders.csv", GOOD), write("mapping.yaml", wrong)
    error = answer("load", path, "--mapping", mapping, "-w", empty_shop, code=3)["error"]
    assert error["code"] == "mapping"


def test_a_failing_file_does_not_hide_the_others(run, answer, empty_shop, write):
    good, more = write("good.csv", GOOD), write("more.csv", ORDERS + "9,z,2024-02-01,7\n")
    line = ("load", good, write("empty.csv", ""), more, "-w", empty_shop)
    document = answer(*line, code=3)
    assert counts(document) == (3, 3, 0, 0)
    assert [("error" in each) for each in document["files"]] == [False, True, False]
    assert document["error"] == document["files"][1]["error"]
    again = run(*line)
    assert again.exit_code == 3
    assert "empty.csv" in again.stderr
    assert "orders" in again.stdout


def test_the_counts_of_several_files_add_up(answer, shop, files):
    document = answer(
        "load", files / "orders.csv", files / "customers.csv", "--dry-run", "-w", shop
    )
    assert counts(document)[0] == 600
    assert document["entities"]["customers"]["records"] == sum(
        each["entities"]["customers"]["records"] for each in document["files"]
    )


def test_a_missing_file_is_bad_input(answer, empty_shop, tmp_path):
    document = answer("load", tmp_path / "nothing.csv", "-w", empty_shop, code=3)
    assert "nothing.csv" in json.dumps(document["error"])


# at a terminal


def at_a_terminal(args: list[object], typed: str) -> tuple[int, str, str]:
    """Run a command with a terminal for input and errors; its exit code, stdout, stderr."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    os.write(ours, typed.encode())
    with subprocess.Popen(
        [sys.executable, "-m", "segmentry.cli.main", *map(str, args)],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
        env=os.environ | {"COLUMNS": "120", "TERM": "dumb"},
    ) as process:
        os.close(theirs)
        said = b"".join(iter(lambda: read_some(ours), b""))
        printed = process.stdout.read().decode()
    os.close(ours)
    return process.returncode, printed, said.decode()


def read_some(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # what Linux says when nobody holds the other end any more
        return b""


def test_at_a_terminal_the_mapping_is_shown_and_confirmed(empty_shop, write):
    path = write("orders.csv", GOOD)
    code, printed, said = at_a_terminal(["load", path, "-w", empty_shop], "y\n")
    assert code == 0
    assert "Suggested mapping of orders.csv" in said
    assert "orders.customer_id" in said
    assert "orders.customer_id" not in printed
    assert "Accepted" in printed


def test_at_a_terminal_one_can_decline(answer, empty_shop, write):
    path = write("orders.csv", GOOD)
    code, printed, said = at_a_terminal(["load", path, "-w", empty_shop], "n\n")
    assert code == 1
    assert printed == ""
    assert "nothing was loaded" in said
    assert counts(answer("load", path, "-w", empty_shop)) == (2, 2, 0, 0)


def test_at_a_terminal_what_is_ambiguous_is_asked(answer, empty_shop, write):
    path = write("orders.csv", AMBIGUOUS)
    code, _, said = at_a_terminal(["load", path, "-w", empty_shop], "9\n1\ny\n")
    assert code == 0, said
    assert "Answer with a number from 1 to 2" in said
    assert answer("groups", "lifecycle", "-w", empty_shop)["as_of"] in ("2024-06-06", "2024-05-07")


def test_yes_asks_nothing(empty_shop, write):
    code, printed, said = at_a_terminal(
        ["load", write("orders.csv", GOOD), "--yes", "-w", empty_shop], ""
    )
    assert code == 0
    assert "Suggested mapping" not in said
    assert "Accepted" in printed

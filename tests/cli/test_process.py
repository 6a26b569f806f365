"""The command line as its own process: streams, exit codes, odd surroundings."""

import json
import os
import subprocess
import sys


def process(*args: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "segmentry", *map(str, args)],
        capture_output=True,
        check=False,
        env=os.environ | environment,
    )


def test_with_json_stdout_is_one_document_and_stderr_is_empty(shop):
    done = process("refresh", "-w", shop, "--as-of", "2024-07-01", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["customers"] == 80
    assert done.stderr == b""


def test_an_error_is_on_stderr_and_in_the_exit_code(shop):
    done = process("groups", "astrology", "-w", shop)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"error[unknown_name]: ")


def test_a_terminal_without_unicode_is_no_reason_to_fail(shop):
    done = process("rfm", "-w", shop, PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert b"VIP" in done.stdout
    rule = "country = 'Україна'"
    done = process("segments", "preview", rule, "-w", shop, "--json", PYTHONIOENCODING="ascii")
    assert json.loads(done.stdout)["rule"] == rule


def test_a_reader_that_stops_early_is_no_fault_of_ours(shop):
    with subprocess.Popen(
        [sys.executable, "-m", "segmentry", "features", "-w", str(shop)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as writing:
        writing.stdout.close()
        assert writing.stderr.read() == b""


def test_a_damaged_workspace_is_named(own_shop):
    (own_shop / "catalogue.sqlite").write_bytes(b"garbage" * 500)
    done = process("segments", "list", "-w", own_shop)
    assert done.returncode == 4
    assert b"catalogue.sqlite" in done.stderr
    assert b"Traceback" not in done.stderr

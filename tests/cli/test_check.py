"""Checks in the terminal, and data that fail on request."""


def test_people_see_every_check_and_what_failing_ones_mean(run, shop):
    shown = run("check", "-w", shop).stdout
    assert "fill" in shown
    assert "have no country" in shown
    assert "trust " in shown


def test_a_check_that_is_not_asked_to_fail_does_not(run, answer, shop):
    assert run("check", "-w", shop).exit_code == 0
    assert 0 <= answer("check", "-w", shop)["trust"] <= 100


def test_a_low_trust_score_fails_when_asked(run, answer, shop):
    trust = answer("check", "-w", shop)["trust"]
    assert run("check", "--fail-under", trust, "-w", shop).exit_code == 0
    failed = run("check", "--fail-under", min(trust + 1, 100), "-w", shop)
    assert failed.exit_code == 1
    assert "error[check_failed]" in failed.stderr
    assert "trust" in failed.stdout


def test_failing_by_severity(run, answer, own_shop, write):
    place = ("-w", own_shop)
    future = write("f.csv", "order_id,customer_id,ordered_at,amount\nF1,C001,2124-06-29,5\n")
    run("load", future, "--yes", *place)
    checks = answer("check", "--as-of", "2024-06-01", *place)["checks"]
    severities = {each["severity"] for each in checks if not each["passed"]}
    expected = {
        "error": 1 if "error" in severities else 0,
        "warning": 1 if severities & {"error", "warning"} else 0,
    }
    for severity, code in expected.items():
        line = ("check", "--as-of", "2024-06-01", "--fail-on", severity, *place)
        assert run(*line).exit_code == code


def test_the_document_is_there_with_the_error_beside_it(answer, shop):
    document = answer("check", "--fail-under", 100, "-w", shop, code=1)
    assert document["checks"]
    assert document["error"]["code"] == "check_failed"

"""Health, numbers for Prometheus, and a log that names nobody."""

from __future__ import annotations

import json
import logging

from segmentry.api.log import JsonLines


def test_it_says_whether_it_is_well(client):
    nobody = client("admin")
    nobody.headers.pop("authorization")
    assert nobody.get("/health").text == "well\n"


def test_requests_are_counted_by_route_not_by_path(client):
    admin = client("admin")
    admin.get("/api/v1/customers/c001/standing")
    admin.get("/api/v1/customers/somebody%40example.com/standing")
    text = admin.get("/api/v1/metrics").text
    counted = [each for each in text.splitlines() if each.startswith("segmentry_requests_total")]
    assert any('route="live_standing"' in each and 'status="404"' in each for each in counted)
    assert "example.com" not in text
    assert "segmentry_inbox_records 0.0" in text
    assert client("viewer").get("/api/v1/metrics").status_code == 200


def test_the_log_has_routes_and_keys_but_nothing_that_was_asked(client, caplog):
    with caplog.at_level(logging.INFO, "segmentry.request"):
        client("admin").get("/api/v1/customers/somebody%40example.com/standing")
    [line] = [json.loads(JsonLines().format(each)) for each in caplog.records]
    assert line["route"] == "live_standing"
    assert (line["method"], line["status"], line["who"][:4]) == ("GET", 404, "key:")
    assert "example" not in json.dumps(line)


def test_an_error_is_logged_by_its_kind_and_place_not_by_its_words():
    try:
        raise ValueError("somebody@example.com")
    except ValueError as error:
        raised = (type(error), error, error.__traceback__)
    record = logging.LogRecord("segmentry", logging.ERROR, "", 0, "failed", (), raised)
    line = json.loads(JsonLines().format(record))
    assert line["error"] == "ValueError"
    assert line["at_lines"][0].startswith("test_observed.py:")
    assert "example" not in json.dumps(line)

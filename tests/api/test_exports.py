"""Members, groups and features as files: for those who may take files and see customers."""

from __future__ import annotations

import csv
import io
import json

import openpyxl
import pyarrow.parquet as pq
import pytest
from tests.api.conftest import Client

MEMBERS = "/api/v1/segments/regulars/export"
GROUPS = "/api/v1/segmentations/rfm/export"
FEATURES = "/api/v1/features/export"


def test_a_file_has_the_members_that_are_listed(client: Client) -> None:
    marketer = client("marketer")
    listed = marketer.get("/api/v1/segments/regulars/members").json()["members"]
    answer = marketer.get(MEMBERS)
    assert answer.headers["content-disposition"] == 'attachment; filename="regulars.csv"'
    rows = [line.strip('"') for line in answer.text.splitlines()]
    assert rows == ["customer_id", *(each["customer_id"] for each in listed)]
    told = pq.read_table(io.BytesIO(marketer.get(MEMBERS, params={"format": "parquet"}).content))
    assert told.column("customer_id").to_pylist() == rows[1:]


def test_groups_are_as_many_as_they_are_counted(client: Client) -> None:
    marketer = client("marketer")
    counted = marketer.get("/api/v1/segmentations/rfm").json()
    rows = list(csv.DictReader(io.StringIO(marketer.get(GROUPS).text)))
    for group in counted["groups"]:
        inside = [each for each in rows if each["rfm_group"] == group["name"]]
        assert len(inside) == group["customers"]


@pytest.mark.parametrize("kind", ["csv", "tsv", "jsonl", "xlsx", "parquet"])
def test_features_of_everybody_in_every_format(client: Client, kind: str) -> None:
    content = client("marketer").get(FEATURES, params={"format": kind}).content
    if kind == "parquet":
        rows = pq.read_table(io.BytesIO(content)).num_rows
    elif kind == "xlsx":
        rows = openpyxl.load_workbook(io.BytesIO(content)).active.max_row - 1
    else:
        lines = content.decode().splitlines()
        rows = len([json.loads(each) for each in lines]) if kind == "jsonl" else len(lines) - 1
    everybody = client("marketer").get("/api/v1/customers").json()["of"]
    assert rows == everybody > 0


@pytest.mark.parametrize("role", ["viewer", "analyst"])
@pytest.mark.parametrize("place", [MEMBERS, GROUPS, FEATURES])
def test_who_may_not_see_customers_gets_no_file_of_them(
    client: Client, role: str, place: str
) -> None:
    assert client(role).get(place).status_code == 403


def test_another_format_is_refused(client: Client) -> None:
    assert client("marketer").get(FEATURES, params={"format": "exe"}).status_code == 422

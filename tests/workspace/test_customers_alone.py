"""A table of customers and nothing else: no orders, no times."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

import segmentry as sg
from segmentry.core.errors import MappingError
from segmentry.data.mapping import Mapping

FILE = """customer_id,recency_days,plan
a,3,basic
b,90,basic
c,200,full
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "customers.csv"
    path.write_text(FILE, encoding="utf-8")
    return path


def test_customers_without_any_time_can_be_divided(tmp_path: Path, table: Path) -> None:
    with sg.create(str(tmp_path / "shop")) as shop:
        shop.load(str(table))
        assert shop.preview("plan = 'basic'").customers == 2
        assert shop.refresh().customers == 3
        trust, _ = shop.check()
        assert trust.score == 100


def test_a_column_called_like_a_feature_is_kept_under_another_name(
    tmp_path: Path, table: Path
) -> None:
    with sg.create(str(tmp_path / "shop")) as shop:
        shop.load(str(table))
        assert shop.preview("given_recency_days < 100").customers == 2


def test_a_mapping_cannot_give_a_column_the_name_of_a_feature(tmp_path: Path, table: Path) -> None:
    mapping = Mapping(
        entities={"customers": {"customer_id": "customer_id"}},
        extras={"customers": {"recency_days": "recency_days"}},
    )
    with sg.create(str(tmp_path / "shop")) as shop, pytest.raises(MappingError, match="feature"):
        shop.loader().load(table, mapping=mapping)


def test_what_checks_and_reasons_show_can_be_read(tmp_path: Path) -> None:
    many = range(2_000)
    people = pd.DataFrame({"customer_id": many, "income": [1000.1 + n / 3 for n in many]})
    people["education"] = ["school"] * 1_000 + ["university"] * 998 + ["a joke"] * 2
    with sg.create(str(tmp_path / "shop")) as shop:
        shop.load(customers=people)
        [limits] = shop.wording().reasons(shop.divide("income"))
        assert not re.search(r"\.\d{3}|\.\d?0", limits)
        [rare] = [each for each in shop.check()[1] if each.name == "rare_education"]
        assert [each["value"] for each in rare.sample] == ["a joke"]


def test_a_plan_says_whom_it_moves(tmp_path: Path, table: Path) -> None:
    rule = tmp_path / "definitions" / "segments" / "basic.yaml"
    rule.parent.mkdir(parents=True)
    rule.write_text("rule: plan = 'basic'\n", encoding="utf-8")
    with sg.create(str(tmp_path / "shop")) as shop:
        shop.load(str(table))
        moves = shop.definitions.plan(rule.parent.parent).movement
        assert moves is not None
        assert moves.segments["basic"].enter.customers == 2

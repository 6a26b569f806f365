"""Segments against population figures: index, interval, and what does not match."""

from __future__ import annotations

import pandas as pd
import pytest

from segmentry.core.errors import DeclarationError, LockedFeatureError, UsageError
from segmentry.insights.market import wilson
from segmentry.workspace.workspace import Workspace


@pytest.fixture
def shop(tmp_path):
    """100 customers: 60 f, 20 m, 10 elsewhere called, 10 unknown; the first 50 buy."""
    with Workspace.create(tmp_path / "shop") as workspace:
        people = [f"c{each:02}" for each in range(100)]
        sex = ["F"] * 60 + ["m "] * 20 + ["d"] * 10 + [None] * 10
        workspace.load(
            customers=pd.DataFrame({"customer_id": people, "sex": sex, "religion": sex}),
            orders=pd.DataFrame(
                {"order_id": range(50), "customer_id": people[20:70], "amount": 5,
                 "ordered_at": "2026-01-01 10:00:00"}
            ),
        )  # fmt: skip
        workspace.segment("buyers", "frequency >= 1")
        yield workspace


def csv(tmp_path, text):
    path = tmp_path / "market.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_against_the_market_and_the_base(shop, tmp_path):
    shop.market.load(csv(tmp_path, "trait,value,figure\nsex,f,520\nsex,m,470\nsex,x,10\n"))
    [found] = shop.market.compare("buyers")
    values = {each.value: each for each in found.values}
    assert (found.members, found.compared, found.missing) == (50, 50, 0)
    assert (values["f"].customers, values["m"].customers) == (40, 10)
    assert values["f"].index == pytest.approx(0.8 / 0.52)
    assert values["f"].base_index == pytest.approx(0.8 / 0.75)
    assert (values["f"].low, values["f"].high) == wilson(40, 50)
    assert values["f"].differs
    assert not values["x"].differs
    assert found.absent == ("x",)
    assert found.unmatched == {}


def test_what_does_not_match_is_said(shop, tmp_path):
    shop.market.load(csv(tmp_path, "trait,value,figure\nsex,f,52\nsex,m,48\n"))
    shop.segment("all", "frequency >= 0")
    [found] = shop.market.compare("all")
    assert (found.members, found.compared, found.missing) == (100, 80, 10)
    assert found.unmatched == {"d": 10}
    shop.segment("nobody", "frequency > 100")
    [none] = shop.market.compare("nobody")
    assert [each.share for each in none.values] == [None, None]
    assert not any(each.differs for each in none.values)


def test_yaml_and_replacing(shop, tmp_path):
    path = tmp_path / "market.yaml"
    path.write_text("source: census\ntraits: {sex: {f: 1, m: 1}}\n", encoding="utf-8")
    shop.market.load(path)
    shop.market.load(csv(tmp_path, "trait,value,figure\nsex,f,3\nsex,m,1\n"))
    [figures] = shop.market.all()
    assert figures.share("f") == 0.75


def test_a_sensitive_trait_stays_locked(shop, tmp_path):
    shop.market.load(csv(tmp_path, "trait,value,figure\nreligion,f,3\nreligion,m,1\n"))
    with pytest.raises(LockedFeatureError, match="beliefs"):
        shop.market.compare("buyers")


@pytest.mark.parametrize(
    "text", ["", "a,b\n1,2\n", "trait,value,figure\nsex,f,x\n", "trait,value,figure\nsex,f,1\n",
             "trait,value,figure\nsex,f,0\nsex,m,1\n", "trait,value,figure\nsex,f,1\nsex,F,1\n"],
)  # fmt: skip
def test_what_is_no_market(shop, tmp_path, text):
    if text:
        with pytest.raises(DeclarationError):
            shop.market.load(csv(tmp_path, text))
    with pytest.raises(UsageError):
        shop.market.load(tmp_path / "none.csv")
    with pytest.raises(UsageError):
        shop.market.load(tmp_path / "figures.pdf")
    with pytest.raises(UsageError, match="no figures"):
        shop.market.compare("buyers")

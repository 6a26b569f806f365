"""Cards of a small shop whose every number is known, and of a random one against plain Python."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from segmentry.core.errors import UnknownNameError
from segmentry.insights.five_w import QUESTIONS, Card
from segmentry.insights.trait import Trait
from segmentry.workspace.workspace import Workspace

MONDAY = datetime(2026, 3, 2, 9)
WEB = "any(orders, where => channel = 'web')"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Thirty customers of the web, who buy tea on Mondays at nine, and sixty of the shop, who buy
    coffee on Saturdays at eighteen; five of these also order by web."""
    orders, lines, answers = [], [], []

    def order(customer: int, at: datetime, channel: str, product: str, amount: int) -> None:
        number = f"o{len(orders)}"
        orders.append(
            {
                "order_id": number,
                "customer_id": f"c{customer}",
                "ordered_at": at,
                "amount": Decimal(amount),
                "channel": channel,
            }
        )
        lines.append(
            {"order_id": number, "line_no": "1", "product_id": product, "amount": Decimal(amount)}
        )

    for customer in range(90):
        web = customer < 30
        at = MONDAY if web else MONDAY + timedelta(days=5, hours=9)
        order(customer, at, "web" if web else "shop", "tea" if web else "coffee", 20)
        if 30 <= customer < 35:
            order(customer, at + timedelta(days=7), "web", "tea", 40)
        if customer % 2:
            said = "price" if web else "quality"
            for day, answer in ((0, "nothing"), (1, said)):
                answers.append(
                    {
                        "customer_id": f"c{customer}",
                        "answered_at": MONDAY + timedelta(days=10 + day),
                        "survey": "s",
                        "question": "Why us?",
                        "answer": answer,
                    }
                )
    made = Workspace.create(tmp_path_factory.mktemp("five") / "shop")
    made.load(
        orders=pa.Table.from_pylist(orders),
        order_lines=pa.Table.from_pylist(lines),
        products=pa.table({"product_id": ["tea", "coffee"], "category": ["Tea", "Coffee"]}),
        survey_answers=pa.Table.from_pylist(answers),
    )
    yield made
    made.close()


@pytest.fixture(scope="module")
def card(shop: Workspace) -> Card:
    return shop.card(WEB, "2026-04-01")


def trait(card: Card, question: str, dimension: str, value: str) -> Trait:
    answer = card.answers[question]  # type: ignore[index]
    return next(e for e in answer.traits if (e.dimension, e.value) == (dimension, value))


def test_size_is_of_all_customers_and_of_all_they_brought(card: Card) -> None:
    assert (card.customers, card.revenue_amount) == (30 + 5, 30 * 20 + 5 * 60)
    assert card.customer_share == pytest.approx(35 / 90)
    assert card.revenue_share == pytest.approx(900 / (90 * 20 + 5 * 40))


def test_what_is_by_spend(card: Card) -> None:
    tea = trait(card, "what", "category", "Tea")
    assert (tea.customers, tea.share) == (35, pytest.approx((30 * 20 + 5 * 40) / 900))
    assert tea.base_share == pytest.approx((30 * 20 + 5 * 40) / 2000)
    assert tea.telling


def test_where_and_when_are_by_orders(card: Card) -> None:
    web = trait(card, "where", "channel", "web")
    assert (web.share, web.base_share) == (pytest.approx(35 / 40), pytest.approx(35 / 95))
    monday = trait(card, "when", "weekday", "1")
    assert (monday.share, monday.base_share) == (pytest.approx(30 / 40), pytest.approx(30 / 95))
    assert trait(card, "when", "hour", "9").share == pytest.approx(30 / 40)


def test_why_is_each_customers_latest_answer(card: Card) -> None:
    price = trait(card, "why", "answer:Why us?", "price")
    assert (price.customers, price.share) == (15, pytest.approx(15 / 17))
    assert price.base_share == pytest.approx(15 / 45)
    assert price.telling
    assert card.has_reasons
    assert not [e for e in card.answers["why"].traits if e.value == "nothing"]


def test_nothing_later_is_read(shop: Workspace) -> None:
    earlier = shop.card(WEB, "2026-03-09")
    assert earlier.customers == 30
    assert not earlier.answers["why"].traits
    assert not earlier.has_reasons


def test_a_segment_a_group_and_a_rule_are_asked_alike(shop: Workspace) -> None:
    shop.segment("web", WEB)
    assert shop.card("web", "2026-04-01") == shop.card(WEB, "2026-04-01")
    sizes = {each.name: each.customers for each in shop.divide("lifecycle", "2026-04-01").groups}
    for name, customers in sizes.items():
        assert shop.card(f"lifecycle/{name}", "2026-04-01").customers == customers
    with pytest.raises(UnknownNameError):
        shop.card("lifecycle/nothing")


def test_nobody_has_an_empty_card(shop: Workspace) -> None:
    card = shop.card("frequency > 99", "2026-04-01")
    assert (card.customers, list(card.answers)) == (0, list(QUESTIONS))


def test_everybody_is_like_the_base(shop: Workspace) -> None:
    card = shop.card("frequency >= 0", "2026-04-01")
    for answer in card.answers.values():
        assert not answer.telling()
        assert all(each.share == pytest.approx(each.base_share) for each in answer.traits)
        assert all(each.mean == pytest.approx(each.base) for each in answer.means if each.mean)


def test_report_asks_it_all_and_leaves_nothing_behind(shop: Workspace, tmp_path: Path) -> None:
    before = shop.engine.tables()
    written = shop.report(tmp_path / "report.html", "2026-04-01").read_text(encoding="utf-8")
    assert shop.engine.tables() == before
    for text in ("Tea", "Why us?", "Lifecycle stage", "What the data do not allow yet"):
        assert text in written
    only = shop.report(tmp_path / "cards.html", "2026-04-01", sections=["cards"])
    assert len(only.read_text(encoding="utf-8")) < len(written)


def test_a_segment_whose_rule_no_longer_holds_is_named_and_blocks_nothing(
    shop: Workspace, tmp_path: Path
) -> None:
    shop.segment("buyers", "frequency > 0")
    shop.segment("nobody", "frequency > 99")
    for name, rule in (("gone", "no_such_column = 'x'"), ("user", "in_segment('gone')")):
        shop.catalogue.declare("segment", name, {"rule": rule, "label": ""}, MONDAY)
    path = shop.report(tmp_path / "report.html", "2026-04-01", sections=["segments"])
    written = path.read_text(encoding="utf-8")
    assert written.count("Its rule no longer holds on the data") == 2
    assert written.count("Empty: nobody meets its rule") == 1
    for name in ("user", "gone", "nobody", "buyers"):
        shop.remove(name)

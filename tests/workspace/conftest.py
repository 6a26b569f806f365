"""A small seeded shop with every fact, as frames."""

from __future__ import annotations

import pickle
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from segmentry.workspace.workspace import Workspace

CLOCK = datetime(2026, 11, 1, 12)
START = datetime(2025, 1, 1)
CHANNELS = ("web", "shop", None)
EVENTS = ("page_view", "add_to_cart", "add_to_wishlist", "purchase", "sign_up")
REGIONS = {"Kyiv": "Kyiv City", "Łódź": "Łódzkie", None: None}
Frames = dict[str, pa.Table]
Row = dict[str, object]


@dataclass(frozen=True)
class Records:
    """Records by chance, in days from `start`; what is drawn, and in which order, is fixed."""

    draw: random.Random
    start: datetime
    days: int
    mark: str

    def moment(self) -> datetime:
        return self.start + timedelta(minutes=self.draw.randrange(self.days * 1440))

    def order(self, customer: int, number: int) -> Row:
        draw, at = self.draw, self.moment()
        city = draw.choice(tuple(REGIONS))
        return {
            "order_id": f"{self.mark}o{customer}-{number}",
            "customer_id": f"c{customer}",
            "ordered_at": at,
            "amount": Decimal(draw.randrange(100, 20_000)) / 100,
            "discount_amount": Decimal(draw.choice((0, 0, 150))) / 100,
            "channel": draw.choice(CHANNELS),
            "payment_method": draw.choice(("card", "cash")),
            "store": draw.choice(("north", "south")),
            "coupon": draw.choice((None, "SPRING")),
            "country": draw.choice(("UA", "PL", None)),
            "region": REGIONS[city],
            "city": city,
        }

    def line(self, order: Row, number: int) -> Row:
        draw, back = self.draw, self.draw.random() < 0.1
        return {
            **{name: order[name] for name in ("order_id", "customer_id", "ordered_at")},
            "line_no": str(number),
            "product_id": f"p{draw.randrange(8)}",
            "quantity": -1.0 if back else float(draw.randrange(1, 4)),
            "unit_price": Decimal(draw.randrange(50, 3_000)) / 100,
        }

    def event(self, customer: int, number: int) -> Row:
        draw = self.draw
        return {
            "event_id": f"{self.mark}e{customer}-{number}",
            "customer_id": f"c{customer}",
            "occurred_at": self.moment(),
            "name": draw.choice(EVENTS),
            "session_id": f"s{customer}-{number // 2}",
            "source": draw.choice(("mail", "search", None)),
            "device": draw.choice(("phone", "desktop")),
            "duration_seconds": float(draw.randrange(600)),
        }

    def contact(self, customer: int) -> Row:
        draw = self.draw
        return {
            "touchpoint_id": f"{self.mark}t{customer}",
            "customer_id": f"c{customer}",
            "occurred_at": self.moment(),
            "kind": draw.choice(("sent", "redeemed", "opened", "ticket", "review")),
            "channel": "mail",
            "campaign": draw.choice(("spring", "autumn")),
            "rating": draw.choice((1.0, 4.0, None)),
        }


def frames(seed: int, start: datetime, days: int, customers: range, mark: str = "") -> Frames:
    """Orders, lines, events and contacts of `customers` in `days` from `start`."""
    draw = random.Random(seed)
    make = Records(draw, start, days, mark)
    rows: dict[str, list[Row]] = {"orders": [], "order_lines": [], "events": [], "touchpoints": []}
    for customer in customers:
        for number in range(draw.choice((0, 1, 1, 2, 3, 6))):
            order = make.order(customer, number)
            rows["orders"].append(order)
            lines = range(draw.choice((1, 2, 4)))
            rows["order_lines"] += [make.line(order, line) for line in lines]
        events = range(draw.choice((0, 2, 5)))
        rows["events"] += [make.event(customer, number) for number in events]
        if draw.random() < 0.5:
            rows["touchpoints"].append(make.contact(customer))
    return {name: pa.Table.from_pylist(each) for name, each in rows.items() if each}


def things(customers: range) -> Frames:
    """Customers with traits, and products."""
    return {
        "customers": pa.table(
            {
                "customer_id": [f"c{each}" for each in customers],
                "birth_on": [
                    date(1950 + each % 50, 1 + each % 12, 1 + each % 28) for each in customers
                ],
                "signed_up_at": [START - timedelta(days=each) for each in customers],
                "city": [("Kyiv", "Łódź", None)[each % 3] for each in customers],
                "newsletter": [(True, False, None)[each % 3] for each in customers],
                "income": [
                    ("18000", "42000.5", "over 50000", None)[each % 4] for each in customers
                ],
                "household_size": [("1", "4", "5+", None)[each % 4] for each in customers],
                "children": [("0", "2", None)[each % 3] for each in customers],
            }
        ),
        "products": pa.table(
            {
                "product_id": [f"p{each}" for each in range(8)],
                "name": [f"product {each}" for each in range(8)],
                "category": [("tea", "coffee", "gifts", None)[each % 4] for each in range(8)],
                "cost": [(Decimal("0.4"), Decimal(2), None)[each % 3] for each in range(8)],
            }
        ),
    }


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Callable[[tuple[Frames, ...], str], Path]:
    """A closed workspace into which frames were loaded; the same for all who ask for the same."""
    kept: dict[bytes, Path] = {}

    def find(loads: tuple[Frames, ...], timezone: str) -> Path:
        key = pickle.dumps((loads, timezone))
        if key not in kept:
            folder = tmp_path_factory.mktemp("loaded") / "shop"
            with Workspace.create(folder, timezone=timezone) as shop:
                shop.clock = lambda: CLOCK
                for each in loads:
                    shop.load(**each)
            kept[key] = folder
        return kept[key]

    return find


@pytest.fixture
def make_shop(
    tmp_path: Path, loaded: Callable[[tuple[Frames, ...], str], Path]
) -> Callable[..., Workspace]:
    """Make a workspace from frames; closed when the test ends."""
    opened: list[Workspace] = []

    def make(*loads: Frames, timezone: str = "Europe/Kyiv") -> Workspace:
        folder = shutil.copytree(loaded(loads, timezone), tmp_path / f"shop{len(opened)}")
        shop = Workspace.open(folder)
        shop.clock = lambda: CLOCK
        opened.append(shop)
        return shop

    yield make
    for shop in opened:
        shop.close()


@pytest.fixture
def shop(make_shop: Callable[..., Workspace]) -> Workspace:
    """A shop with 60 customers and a year of everything."""
    return make_shop(things(range(60)), frames(1, START, 365, range(5, 60)))


@pytest.fixture
def draw() -> tuple[Callable[..., Frames], Callable[..., Frames]]:
    """The makers of frames, for tests that want their own."""
    return frames, things

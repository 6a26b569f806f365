"""A shop where who buys again depends on known things, in a real workspace."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count

import numpy as np
import pandas as pd
import pytest

from segmentry.workspace.workspace import Workspace

START, DAYS = datetime(2025, 1, 1), 360
CHANNELS = ("web", "shop", "phone")


def bought(people=1500, seed=1):
    """Orders of a year: on each day a customer buys by chance, more so the more on the web.

    Who is on the phone stops for good after about a hundred days.
    """
    draw = np.random.default_rng(seed)
    channel = draw.choice(3, people)
    rate = np.array([0.03, 0.006, 0.03])[channel]
    lost = np.where(channel == 2, draw.exponential(100, people), 1e9)
    first = draw.integers(0, 60, people)
    days = draw.random((people, DAYS)) < rate[:, None]
    days[np.arange(people), first] = True
    days &= np.arange(DAYS) >= first[:, None]
    days &= np.arange(DAYS) < (first + np.maximum(lost, 1))[:, None]
    who, when = np.nonzero(days)
    order = np.lexsort((who, when))
    who, when = who[order], when[order]
    return pd.DataFrame(
        {
            "order_id": [f"o{each}" for each in range(len(who))],
            "customer_id": [f"c{each:04}" for each in who],
            "ordered_at": [f"{START + timedelta(days=int(each), hours=10)}" for each in when],
            "channel": np.array(CHANNELS)[channel[who]],
            "amount": np.round(draw.gamma(2, 20, len(who)) + 1, 2),
        }
    )


@pytest.fixture(scope="module")
def orders():
    return bought()


@pytest.fixture(scope="module")
def people(orders):
    return pd.DataFrame({"customer_id": sorted(set(orders.customer_id))})


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """Makes workspaces, customers first, so that their numbers are the same with other orders."""
    made, number = [], count()

    def make(orders, customers):
        folder = tmp_path_factory.mktemp("prediction") / f"shop{next(number)}"
        workspace = Workspace.create(folder)
        made.append(workspace)
        workspace.load(customers=customers)
        workspace.load(orders=orders)
        return workspace

    yield make
    for each in made:
        each.close()


@pytest.fixture(scope="module")
def shop(opened, orders, people):
    return opened(orders, people)

"""A sensitive trait unlocked with consent: read only of those whose latest word before is yes."""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta

import pandas as pd
import pytest

from segmentry.core.errors import LockedFeatureError, UnknownNameError, UsageError
from segmentry.workspace.export import write
from segmentry.workspace.workspace import Workspace

NOW = datetime(2026, 11, 1, 12)
FAITHS = ("Catholic", "Muslim", "Hindu")
UNLOCKING = {"consent": "profile", "reason": "explicit consent"}


def consents(*rows):
    names = ("customer_id", "channel", "purpose", "given", "recorded_at")
    return pd.DataFrame(rows, columns=names)


@pytest.fixture
def shop(tmp_path):
    with Workspace.create(tmp_path / "shop") as workspace:
        workspace.clock = lambda: NOW
        ids = ["yes", "no", "taken back", "given again", "other purpose", "never asked", "both"]
        workspace.load(
            customers=pd.DataFrame({"customer_id": ids, "religion": "Catholic", "points": 1}),
            orders=pd.DataFrame(
                {
                    "order_id": range(len(ids)),
                    "customer_id": ids,
                    "ordered_at": "2026-05-01 10:00:00",
                    "amount": 10,
                    "diagnosis": "asthma",
                }
            ),
        )
        yield workspace


@pytest.fixture
def asked(shop):
    shop.load(
        consents=consents(
            ("yes", "mail", "profile", True, "2026-02-01 10:00:00"),
            ("no", "mail", "profile", False, "2026-02-01 10:00:00"),
            ("taken back", "mail", "profile", True, "2026-02-01 10:00:00"),
            ("taken back", "phone", "profile", False, "2026-06-01 10:00:00"),
            ("given again", "mail", "profile", False, "2026-02-01 10:00:00"),
            ("given again", "mail", "profile", True, "2026-06-01 10:00:00"),
            ("other purpose", "mail", "newsletter", True, "2026-02-01 10:00:00"),
            ("both", "mail", "profile", False, "2026-02-01 10:00:00"),
            ("both", "phone", "profile", True, "2026-02-01 10:00:00"),
        )
    )
    return shop


def religions(shop, when=None):
    rows = shop.columns(["religion"], when)
    return {row["customer_id"] for row in rows if row["religion"] is not None}


def test_only_those_who_consented_have_the_value(asked):
    asked.sensitive.unlock("religion", **UNLOCKING)
    assert religions(asked) == {"yes", "given again"}
    assert asked.preview("religion = 'Catholic'").customers == 2
    assert asked.preview("religion IS NULL").customers == 5


def test_consent_is_asked_as_of_the_instant(asked):
    asked.sensitive.unlock("religion", **UNLOCKING)
    assert religions(asked, "2026-05-15") == {"yes", "taken back"}
    # What is recorded at the instant itself is not before it.
    assert religions(asked, datetime(2026, 6, 1, 10)) == {"yes", "taken back"}
    assert religions(asked, datetime(2026, 6, 1, 10, 0, 1)) == {"yes", "given again"}
    assert asked.preview("religion = 'Catholic'", "2026-01-01").customers == 0


def test_features_snapshots_tables_and_statistics_read_it_the_same(asked):
    asked.sensitive.unlock("religion", **UNLOCKING)
    asked.definitions.declare(
        "feature", "faithful", {"expression": "if(religion = 'Catholic', 1, 0)"}
    )
    asked.segment("catholics", "religion = 'Catholic'")
    asked.refresh()
    assert sum(row["faithful"] for row in asked.columns(["faithful"])) == 2
    assert asked.preview("in_segment('catholics')").customers == 2
    shown = [row["religion"] for row in asked.table()]
    assert sorted(map(str, shown)) == ["Catholic"] * 2 + ["None"] * 5
    assert "customers.religion" in asked.features().columns("religion")


def test_stored_values_are_not_profiled_and_checks_do_not_read_them(asked):
    asked.sensitive.unlock("religion", **UNLOCKING)
    assert "religion" not in [each.name for each in asked.profiling.entity("customers").columns]
    assert "religion" not in asked.loaded_schema().features


def test_no_path_shows_the_value_of_who_did_not_consent(asked, tmp_path):
    asked.load(customers=pd.DataFrame({"customer_id": ["no", "yes"], "religion": ["Jain", "Sikh"]}))
    asked.sensitive.unlock("religion", **UNLOCKING)
    asked.segment("told", "religion IS NOT NULL OR frequency >= 0")
    asked.refresh()
    asked.report(tmp_path / "report.html")
    told = asked.segment("told").members(None, ["religion"])
    write(told.to_arrow(), tmp_path / "told.csv")
    exported = (tmp_path / "told.csv").read_text(encoding="utf-8")
    shown = [
        exported,
        asked.table().to_arrow().to_pylist(),
        asked.customer("no", "religion IS NULL"),
        (tmp_path / "report.html").read_text(encoding="utf-8"),
        asked.engine.rows("SELECT * FROM customer_features"),
        [str(each) for each in asked.check()[1]],
    ]
    assert "Sikh" in exported
    for each in shown:
        assert "Jain" not in json.dumps(each, default=str)


def test_a_new_word_counts_at_once(asked):
    asked.sensitive.unlock("religion", **UNLOCKING)
    asked.refresh()
    asked.load(consents=consents(("yes", "mail", "profile", False, "2026-07-01 10:00:00")))
    assert religions(asked, NOW) == {"given again"}


def test_without_consents_it_is_refused_and_stays_locked(shop):
    with pytest.raises(UsageError, match="Load consents with customer_id, channel, purpose"):
        shop.sensitive.unlock("religion", **UNLOCKING)
    with pytest.raises(LockedFeatureError):
        shop.preview("religion IS NULL")


def test_unknown_purposes_and_other_fields_are_refused(asked):
    with pytest.raises(UnknownNameError, match="profile"):
        asked.sensitive.unlock("religion", consent="profil", reason="explicit consent")
    with pytest.raises(UsageError, match="no column of customers"):
        asked.sensitive.unlock("orders.diagnosis", **UNLOCKING)
    with pytest.raises(UsageError, match="needs a purpose"):
        asked.sensitive.unlock("religion", reason="explicit consent")


def test_locking_again_and_the_last_day_end_it(asked):
    asked.sensitive.unlock("religion", until=NOW.date(), **UNLOCKING)
    assert [each.consent for each in asked.sensitive.fields() if each.name == "religion"] == [
        "profile"
    ]
    assert asked.sensitive.history("religion")[-1].decision.purpose == "profile"
    asked.clock = lambda: NOW + timedelta(days=2)
    with pytest.raises(LockedFeatureError):
        asked.columns(["religion"])


def test_drawn_histories_agree_with_a_plain_reading(tmp_path):
    draw = random.Random(5)
    ids = [f"c{number}" for number in range(60)]
    start = datetime(2026, 1, 1)
    rows = {
        (who, channel, purpose, start + timedelta(hours=draw.randrange(40))): draw.random() < 0.6
        for who in ids
        for channel in ("mail", "phone")
        for purpose in ("profile", "newsletter")
        for _ in range(draw.randrange(4))
    }
    faith = {who: draw.choice(FAITHS) for who in ids}
    with Workspace.create(tmp_path / "shop") as shop:
        shop.clock = lambda: NOW
        shop.load(
            customers=pd.DataFrame({"customer_id": ids, "religion": list(faith.values())}),
            consents=consents(
                *(
                    (who, channel, purpose, given, at)
                    for (who, channel, purpose, at), given in rows.items()
                )
            ),
        )
        shop.sensitive.unlock("religion", **UNLOCKING)
        for hour in (0, 1, 7, 20, 33, 50):
            as_of = start + timedelta(hours=hour)
            found = {
                row["customer_id"]: row["religion"] for row in shop.columns(["religion"], as_of)
            }
            assert found == {who: faith[who] if agreed(rows, who, as_of) else None for who in found}


def agreed(rows, who, as_of):
    said = [
        (at, not given)
        for (one, _, purpose, at), given in rows.items()
        if one == who and purpose == "profile" and at < as_of
    ]
    return bool(said) and not max(said)[1]

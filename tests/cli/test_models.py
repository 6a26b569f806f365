"""`segmentry models …`: what is said on the command line, and in JSON."""

from __future__ import annotations

import shutil

import pytest
from tests.cli.test_json import validate
from tests.workspace.paces import orders

from segmentry.models.declaration import Model
from segmentry.workspace.workspace import Workspace


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models") / "shop"
    with Workspace.create(folder) as workspace:
        workspace.load(orders=orders(600))
        workspace.models.add(Model(name="clv", question="clv", horizon_days=60))
    return folder


@pytest.fixture
def paced(made, tmp_path):
    return shutil.copytree(made, tmp_path / "shop")


def test_every_command_fits_its_schema(answer, paced):
    place = ("-w", paced)
    validate("models-list", answer("models", "list", *place))
    validate("models-show", answer("models", "show", "clv", *place))
    validate("models-fit", answer("models", "fit", "clv", "--as-of", "2025-07-10", *place))
    again = ("models", "add", "worth", "--question", "clv", "--method", "mbg_nbd")
    added = answer(*again, "--horizon-days", "30", *place)
    validate("models-add", added)
    assert added["scores"] == [
        "worth", "worth_orders", "worth_spend", "worth_alive", "worth_next_days"
    ]  # fmt: skip
    validate("models-remove", answer("models", "remove", "worth", *place))


def test_its_card_is_drawn(run, paced):
    shown = run("models", "show", "clv", "-w", paced).output
    assert "Used: " in shown
    assert "Tenth" in shown
    assert "frequency" in shown


def test_a_value_ranks_customers(answer, paced):
    few = answer("segments", "preview", "clv >= base_quantile(clv, 0.9)", "-w", paced)
    assert 0 < few["customers"] <= 70


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--question", "fortune"), "question"),
        (("--question", "responds"), "needs `of`"),
        (("--question", "clv", "--among", "frequency > 1"), "every buyer"),
        (("--question", "churn", "--horizon-days", "2"), "too little"),
        (("--question", "clv", "--method", "magic"), "method"),
    ],
)
def test_what_is_wrong_is_said(run, paced, options, said):
    done = run("models", "add", "m", *options, "-w", paced)
    assert done.exit_code != 0
    assert said in " ".join(done.stderr.split())

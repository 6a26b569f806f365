"""What the report shows, and nothing about how.

These plain values are the report's only input: whoever fills them has already asked every
question; the report counts, queries and reads no clock. All sequences are shown in the order
given. Names and labels may hold anything a person typed; they are escaped when written.

Shares are fractions from 0 to 1. Money is in `ReportContent.currency`: what was paid, returns not
taken off. Days and periods are ISO texts (`2011-12-10`, a month as `2011-12`); an instant
(`2011-12-10T14:30`) is given in the workspace's time zone. `None` means "cannot be said" and is
shown as a dash.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

Severity = Literal["info", "warn", "error"]


class Named(NamedTuple):
    """A thing's name in definitions, and its label for people."""

    name: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """One check of the data: how many of its records failed, and how that share went over time.

    `trend` holds the failing share (0..1) of earlier runs and this one, oldest first.
    """

    name: str
    label: str
    entity: str
    severity: Severity
    passed: bool
    failing: int
    of: int
    message: str = ""
    trend: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadView:
    """One load of one entity; `records` = `accepted` + `unchanged` + `rejected`."""

    source: str
    entity: str
    records: int
    accepted: int
    unchanged: int
    rejected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """A kind of unusual record (returns, zero prices), how many, and what was done with them."""

    label: str
    count: int
    policy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """How far the data can be believed: a score from 0 to 100, or `None` if nothing was checked."""

    score: int | None = None
    checks: tuple[CheckView, ...] = ()
    loads: tuple[LoadView, ...] = ()
    treatments: tuple[Treatment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthPoint:
    """One calendar month. `complete` is false when the data covers only part of it."""

    month: str
    revenue: Decimal
    orders: int
    customers: int
    new_customers: int
    complete: bool = True


class CurvePoint(NamedTuple):
    """The best `customer_share` of buyers bring `revenue_share` of revenue."""

    customer_share: float
    revenue_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """All customers together.

    `customers` are all known, `buyers` those with at least one order. `concentration` runs from
    (0, 0) to (1, 1), buyers ordered from the most revenue to the least; some 50 to 100 points
    are plenty. It is empty when revenue is not positive.
    """

    customers: int
    buyers: int
    orders: int
    revenue: Decimal
    average_order: Decimal | None = None
    first_order_on: str | None = None
    last_order_on: str | None = None
    months: tuple[MonthPoint, ...] = ()
    concentration: tuple[CurvePoint, ...] = ()
    top20_share: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RfmCell:
    """The customers with one recency score and one frequency score; 5 (or `bins`) is best."""

    r: int
    f: int
    customers: int
    revenue: Decimal
    mean_monetary: Decimal | None = None


class ScoreLimits(NamedTuple):
    """What one score means on each dimension, as texts ready to show (`0-17 days`)."""

    score: int
    recency: str
    frequency: str
    monetary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RfmView:
    """The RFM grid. Empty cells may be left out; without orders there are no cells at all."""

    bins: int
    mean_recency_days: float | None = None
    mean_frequency: float | None = None
    mean_monetary: Decimal | None = None
    limits: tuple[ScoreLimits, ...] = ()
    cells: tuple[RfmCell, ...] = ()


class TrendPoint(NamedTuple):
    """Number of customers in a group at the end of a period."""

    period: str
    customers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupView:
    """One group of an exclusive segmentation.

    `sentence` is the group's rule in words. Averages are over the group's members who ordered.
    """

    name: str
    label: str
    customers: int
    customer_share: float
    revenue: Decimal
    revenue_share: float | None = None
    average_order: Decimal | None = None
    orders_per_customer: float | None = None
    recency_days_median: float | None = None
    trend: tuple[TrendPoint, ...] = ()
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentationView:
    """Another way of dividing the same customers."""

    name: str
    label: str
    description: str = ""
    groups: tuple[GroupView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Customers who were in `from_group` at period `step` and in `to_group` at `step` + 1.

    Those who stayed are flows too. `from_group` is `None` for customers who were not there yet.
    """

    step: int
    from_group: str | None
    to_group: str
    customers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """Moves between groups over the last periods (about six), oldest first."""

    periods: tuple[str, ...] = ()
    groups: tuple[Named, ...] = ()
    flows: tuple[Flow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One trait of a group: its value as text, and how many times the base's value that is."""

    label: str
    value: str
    vs_base: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryFact:
    """A product category: its share of the group's spend, and that share against the base's."""

    name: str
    share: float
    vs_base: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCard:
    """Who a group is (facts, categories, why, when, where) and what to do for it (playbook).

    `group` is the name of one of `ReportContent.groups`. Empty texts are left out.
    """

    group: str
    goal: str = ""
    offer: str = ""
    message: str = ""
    channel: str = ""
    avoid: str = ""
    facts: tuple[Fact, ...] = ()
    top_categories: tuple[CategoryFact, ...] = ()
    why: str = ""
    when: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentRow:
    """A segment a person saved."""

    name: str
    label: str
    sentence: str
    customers: int
    customer_share: float
    revenue: Decimal
    revenue_share: float | None = None


class LockedFeature(NamedTuple):
    """A feature that cannot be computed yet, and the table or column that would unlock it."""

    name: str
    label: str
    needs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportContent:
    """Everything one report says.

    Attributes:
        locale: Language of the report's own words: `en`, `uk`, `ru`, `pl` or `fa`.
        as_of: The instant everything is computed for; nothing later was read.
        data_through: The last day there is data for.
        generated_from: One line that names the definitions and versions behind the numbers.
        groups: The five-group RFM scheme.
        eleven: The eleven-group RFM scheme, or empty.
        notes: Remarks a reader should see first, such as a currency that was converted.
    """

    workspace_name: str
    currency: str
    timezone: str
    as_of: str
    data_through: str
    base: Base
    rfm: RfmView
    locale: str = "en"
    generated_from: str = ""
    trust: Trust = Trust()
    groups: tuple[GroupView, ...] = ()
    eleven: tuple[GroupView, ...] = ()
    segmentations: tuple[SegmentationView, ...] = ()
    migration: Migration = Migration()
    cards: tuple[GroupCard, ...] = ()
    segments: tuple[SegmentRow, ...] = ()
    locked: tuple[LockedFeature, ...] = ()
    notes: tuple[str, ...] = ()

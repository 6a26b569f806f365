"""Questions about segments of a workspace: what they are worth, and what becomes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from segmentry.workspace.affinity import ITEM, LEAST, Affinity, affinity
from segmentry.workspace.allocation import allocated
from segmentry.workspace.backtest import Backtest, backtest
from segmentry.workspace.cohorts import cohorts
from segmentry.workspace.drift import Drift, drift
from segmentry.workspace.journeys import USUAL_JOURNEYS, Asked, Journeys, journeys
from segmentry.workspace.overlaps import overlaps
from segmentry.workspace.recommendation import Assortment, Recommended, assorted, recommend
from segmentry.workspace.rows import ResultRows
from segmentry.workspace.sensitivity import Sensitivity, sensitivity
from segmentry.workspace.upcoming import COLUMN, Upcoming, next_of_each, upcoming
from segmentry.workspace.value import PERIOD_DAYS, Value, value
from segmentry.workspace.worthwhile import Worthwhile, worthwhile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from segmentry.insights.allocation import Allocation
    from segmentry.insights.cohorts import Cohorts, Period
    from segmentry.insights.overlap import Overlap
    from segmentry.workspace.folder import When
    from segmentry.workspace.workspace import Workspace


class Insights:
    """What is asked about segments of one workspace.

    Everywhere a name is that of a segmentation (`rfm`), of a saved segment, of a group
    (`rfm/VIP`), or it is a rule.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def value(self, *names: str, when: When = None, period_days: int = PERIOD_DAYS) -> Value:
        """What the groups of a segmentation are worth, or each of several segments.

        Raises:
            UsageError: Nobody has bought anything, or there is no segment to ask about.
            DeclarationError: A name is none, and no rule.
        """
        return value(self._workspace, names, when, period_days)

    def backtest(self, *names: str, when: When = None) -> Backtest:
        """What members as of past months did afterwards, and which segmentation foretells most.

        Without names, the usual segmentations and all that is saved.

        Raises:
            UsageError: The orders do not reach back far enough.
            DeclarationError: A name is none, and no rule.
        """
        return backtest(self._workspace, names, when)

    def cohorts(
        self, name: str | None = None, when: When = None, period: Period = "month"
    ) -> Cohorts:
        """Who came back, by the period of the first purchase or by the groups of a segmentation.

        Raises:
            UsageError: There are no orders.
            UnknownNameError: There is no such segmentation.
        """
        return cohorts(self._workspace, name, when, period)

    def drift(self, *names: str, when: When = None, since: When = None) -> Drift:
        """What moved between two instants: features, groups, and who stayed in them.

        Without names, all features that are numbers, the usual segmentations and all that is saved;
        without `since`, from 90 days before.

        Raises:
            UsageError: `since` is not earlier, or nobody was known then.
            DeclarationError: A name is none, and no rule.
        """
        return drift(self._workspace, names, when, since)

    def overlaps(self, *names: str, when: When = None) -> Overlap:
        """How many are in both of any two sets; without names, of all that is saved.

        Raises:
            UsageError: There are more than a hundred.
            DeclarationError: A name is none, and no rule.
        """
        saved = [each.name for each in self._workspace.saved()]
        return overlaps(self._workspace, names or saved, when)

    def worthwhile(self, name: str, when: When = None) -> Worthwhile:
        """Whether a segment is worth having: the trade's criteria, each with its evidence.

        Raises:
            UsageError: There are no orders.
            DeclarationError: The name is none, and no rule.
        """
        return worthwhile(self._workspace, name, when)

    def affinity(
        self,
        segment: str | None = None,
        of: str = ITEM,
        least: float = LEAST,
        size: int = 2,
        when: When = None,
    ) -> Affinity:
        """What is in one order together more often than chance; a segment against everyone else.

        Args:
            of: `product_id`, or a column of products (`category`).
            least: Share of orders that a set must be in.
            size: 2 for pairs, 3 for pairs and threes.

        Raises:
            UsageError: There are no lines of orders, or too many sets are frequent.
            UnknownNameError: Products have no such column.
            DeclarationError: The segment is none, and no rule.
        """
        return affinity(self._workspace, segment, of, least, size, when)

    def recommend(self, customer_id: str, of: str = ITEM, when: When = None) -> Recommended:
        """What a customer is likely to buy next, by the way that did best on held-out time.

        Raises:
            UsageError: There are no lines of orders.
            NotFoundError: Nothing is known that this customer bought.
        """
        return recommend(self._workspace, customer_id, of, when)

    def upcoming(self, *names: str, of: str = COLUMN, when: When = None) -> Upcoming:
        """What the next purchase of each group will hold, of whoever buys within thirty days.

        Without names, of the groups of RFM.

        Args:
            of: A column of products (`category`), or `product_id`.

        Raises:
            UsageError: There are no lines of orders, or nobody bought anything.
            UnknownNameError: Products have no such column.
            DeclarationError: A name is none, and no rule.
        """
        return upcoming(self._workspace, names, of, when)

    def next_of_each(self, of: str = COLUMN, when: When = None) -> ResultRows:
        """Of every customer who bought anything the three likeliest things of the next purchase.

        Raises:
            UsageError: There are no lines of orders, or nobody bought anything.
            UnknownNameError: Products have no such column.
        """
        return ResultRows(next_of_each(self._workspace, of, when))

    def assortment(self, segment: str, of: str = ITEM, when: When = None) -> Assortment:
        """What members of a segment buy, and what they leave to others.

        Raises:
            UsageError: There are no lines of orders.
            DeclarationError: The segment is none, and no rule.
        """
        return assorted(self._workspace, segment, of, when)

    def allocate(self, budget: float, responses: Mapping[str, object]) -> Allocation:
        """The split of a budget between segments that leaves most profit.

        Args:
            responses: Segment → points `{spent, profit}`, with `low` and `high` where known.

        Raises:
            UsageError: No response was stated.
            DeclarationError: A response or a segment is none.
        """
        return allocated(self._workspace, budget, responses)

    def journeys(
        self,
        *segments: str,
        asked: Asked = USUAL_JOURNEYS,
        when: When = None,
    ) -> Journeys:
        """What customers do before they buy or reach another goal, and where they stop.

        Args:
            segments: One beside everyone else, or two; without any, everyone.
            asked: What counts as a step, the goal, when a journey ends.

        Raises:
            UsageError: There are no touchpoints, or more than two segments are named.
            UnknownNameError: There is no such kind of touchpoint.
            DeclarationError: A segment is none, and no rule; or a span of time is none.
        """
        return journeys(self._workspace, segments, asked, when)

    def sensitivity(self, *names: str, by: str | None = None, when: When = None) -> Sensitivity:
        """How much groups buy with a discount, and how strongly they react to prices.

        Without names, the groups of RFM.

        Args:
            by: A column of products (`category`), in each value of which it is said too.

        Raises:
            UsageError: There are no lines of orders with products.
            UnknownNameError: Products have no such column.
            DeclarationError: A name is none, and no rule.
        """
        return sensitivity(self._workspace, names, by, when)

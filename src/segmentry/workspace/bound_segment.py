"""A saved segment in its workspace: who is in, why, since when, what if."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from segmentry.language.literal import quoted
from segmentry.language.text import parse_rule
from segmentry.segments import usage
from segmentry.segments.effect import Effect
from segmentry.segments.explain import Explanation
from segmentry.segments.preview import Preview
from segmentry.segments.segment import Segment, Segmentation
from segmentry.segments.split import split
from segmentry.workspace import history
from segmentry.workspace.declarations import SEGMENTATION
from segmentry.workspace.lists import with_hands
from segmentry.workspace.rows import ResultRows

if TYPE_CHECKING:
    from segmentry.report.chart_page import Chart
    from segmentry.workspace.folder import When
    from segmentry.workspace.workspace import Workspace


class BoundSegment:
    """A saved segment in its workspace."""

    def __init__(self, workspace: Workspace, declared: Segment) -> None:
        self.workspace = workspace
        self.declared = declared

    @property
    def name(self) -> str:
        """Name of the segment."""
        return self.declared.name

    @property
    def rule(self) -> str:
        """Its rule, as text."""
        return self.declared.rule

    @property
    def effective(self) -> str:
        """What decides who is in: the rule, and who is in or out by hand; as text."""
        rule = parse_rule(self.rule)
        found = with_hands(self.workspace.engine, {self.name: rule})[self.name]
        return self.rule if found == rule else found.text()

    def preview(self, when: When = None) -> Preview:
        """Exact counts."""
        return self.workspace.preview(self.effective, when)

    def members(self, when: When = None, features: Sequence[str] = ()) -> ResultRows:
        """The members at an instant, sorted by id; with the named features, if any."""
        rule = self.workspace.checked(self.effective)
        customers = self.workspace.customers(when)
        return ResultRows(customers.engine.fetch(customers.by_id(features, rule)))

    def explain(self, customer_id: str, when: When = None) -> Explanation:
        """Why a customer is a member or not."""
        return self.workspace.customer(customer_id, self.effective, when)

    def effect(self, rule: str, when: When = None) -> Effect:
        """What a new rule would move; who is in or out by hand stays so."""
        tree = self.workspace.checked(rule)
        after = with_hands(self.workspace.engine, {self.name: tree})[self.name]
        return self.workspace.effect(self.effective, after.text(), when)

    def split(
        self, name: str, parts: Mapping[str, Decimal | float], salt: str = ""
    ) -> Segmentation:
        """Divide it by chance into parts of given shares, as a segmentation of its own."""
        made = split(name, f"in_segment({quoted(self.name)})", parts, salt)
        body = made.model_dump(mode="json", exclude={"name"}, exclude_defaults=True)
        self.workspace.definitions.declare(SEGMENTATION, name, body)
        return made

    def plot(self) -> Chart:
        """Size over time as a chart that a notebook shows."""
        from segmentry.workspace import display

        return display.segment_chart(self)

    def _repr_html_(self) -> str:
        from segmentry.workspace import display

        return display.segment(self)

    def history(self) -> list[history.Point]:
        """Size over time, with who entered and left and why."""
        return history.points(self.workspace.engine, self.name)

    def used_by(self) -> list[str]:
        """What uses this segment."""
        workspace = self.workspace
        reading = usage.users(self.name, workspace.rules(), workspace.features())
        return reading + workspace.contents.showing(self.name)

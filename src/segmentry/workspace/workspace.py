"""The façade: everything the command line, Python and later the API can ask of a workspace."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from segmentry.core.errors import UnknownNameError, UsageError
from segmentry.core.progress import Progress, unwatched
from segmentry.features.compile import CUSTOMERS
from segmentry.insights import crossing
from segmentry.insights.crossing import Crossing
from segmentry.language.closed import unknown_values
from segmentry.language.inline import inlined
from segmentry.language.node import Condition
from segmentry.language.text import parse_rule
from segmentry.segments import usage
from segmentry.segments.effect import Effect, effect
from segmentry.segments.explain import Explanation, explain
from segmentry.segments.five_w import Coverage, coverage
from segmentry.segments.preview import Preview, preview
from segmentry.segments.segment import Segment
from segmentry.sql.expression import Query
from segmentry.workspace import division, refresh
from segmentry.workspace.bound_segment import BoundSegment
from segmentry.workspace.declarations import SEGMENT
from segmentry.workspace.folder import When
from segmentry.workspace.lists import Lists
from segmentry.workspace.methods import Method, Methods
from segmentry.workspace.name import check_folder, check_name
from segmentry.workspace.refresh import Refreshed
from segmentry.workspace.shop import Shop

if TYPE_CHECKING:
    from segmentry.insights.five_w import Card
    from segmentry.workspace.access.access import Access
    from segmentry.workspace.actions import Actions
    from segmentry.workspace.catalogue import Declared
    from segmentry.workspace.cleaning import Cleaning
    from segmentry.workspace.clusters import Clusters
    from segmentry.workspace.contents import Contents
    from segmentry.workspace.definitions import Definitions
    from segmentry.workspace.discovery import Discoveries
    from segmentry.workspace.discretion import Discreet
    from segmentry.workspace.duplicates import Duplicates
    from segmentry.workspace.erasure import Erasure
    from segmentry.workspace.insights import Insights
    from segmentry.workspace.live import Live
    from segmentry.workspace.market import Market
    from segmentry.workspace.memory import Memory
    from segmentry.workspace.models import Models
    from segmentry.workspace.playbooks import Playbooks
    from segmentry.workspace.profiling import Profiling
    from segmentry.workspace.scales import Scales
    from segmentry.workspace.schedules import Schedules
    from segmentry.workspace.templates import Templates

T = TypeVar("T")


def _segment(declared: Declared) -> Segment:
    return Segment(name=declared.name, version=declared.version, **declared.body)


class Workspace(Shop):
    """A shop, and everything that can be asked of it.

    Use `create` or `open`; close it, or use it as a context manager. One process at a time.
    """

    discreet: Discreet | None = None
    """Discretion towards whoever asks now; none towards those who may see customers."""
    memory: Memory | None = None
    """Shared with others who ask about the same state; none where nobody does."""
    answers: Memory | None = None
    """The same for whole answers, about one state of everything."""

    # what is there

    @property
    def definitions(self) -> Definitions:
        """The declarations as text: `export`, `plan`, `apply`; own features and segmentations."""
        from segmentry.workspace.definitions import Definitions

        return Definitions(self)

    def remembered(
        self, question: str, make: Callable[[], T], *of: Hashable, about: Iterable[str] = ()
    ) -> T:
        """What takes long, as somebody found it before about the same state; else found now.

        Args:
            about: Segments, groups and rules that it is about.
            of: What else it depends on.
        """
        if self.memory is None or self.discreet:
            return make()
        from segmentry.workspace.memory import key

        return self.memory.of(key(self, question, of, about), make)

    def watermark(self) -> datetime | None:
        """The instant of the newest fact, in UTC; `None` where nothing has a time."""
        return self.remembered("watermark", super().watermark)

    @property
    def templates(self) -> Templates:
        """The usual segments, with parameters."""
        from segmentry.workspace.templates import Templates

        return Templates(self)

    @property
    def lists(self) -> Lists:
        """Lists of customers: from files, frozen, and who is in a segment by hand."""
        return Lists(self)

    @property
    def live(self) -> Live:
        """Customers one at a time, with records that are not loaded yet."""
        from segmentry.workspace.live import Live

        return Live(self)

    @property
    def actions(self) -> Actions:
        """What is done for the members of saved segments."""
        from segmentry.workspace.actions import Actions

        return Actions(self)

    @property
    def contents(self) -> Contents:
        """What members of which segment are shown, place by place."""
        from segmentry.workspace.contents import Contents

        return Contents(self)

    @property
    def schedules(self) -> Schedules:
        """What a server does by itself, and when."""
        from segmentry.workspace.schedules import Schedules

        return Schedules(self)

    @property
    def market(self) -> Market:
        """Population figures, and segments compared with them."""
        from segmentry.workspace.market import Market

        return Market(self)

    @property
    def scales(self) -> Scales:
        """Survey scales: declared, scored, checked for reliability."""
        from segmentry.workspace.scales import Scales

        return Scales(self)

    @property
    def models(self) -> Models:
        """What is likely to come: lifetime value, churn, the next purchase."""
        from segmentry.workspace.models import Models

        return Models(self)

    @property
    def clusters(self) -> Clusters:
        """Natural groups of customers, if there are any, as rules."""
        from segmentry.workspace.clusters import Clusters

        return Clusters(self)

    @property
    def discovery(self) -> Discoveries:
        """Groups that bring far more than the others, searched for over crossings of criteria."""
        from segmentry.workspace.discovery import Discoveries

        return Discoveries(self)

    @property
    def erasure(self) -> Erasure:
        """Forgetting people, and the list of those who were forgotten."""
        from segmentry.workspace.erasure import Erasure

        return Erasure(self)

    @property
    def access(self) -> Access:
        """People, their sessions, keys for programs, and the log of what was done."""
        return self.catalogue.access(self.clock, self.settings.access)

    @property
    def insights(self) -> Insights:
        """What segments are worth, and what becomes of their members."""
        from segmentry.workspace.insights import Insights

        return Insights(self)

    # data in

    @property
    def cleaning(self) -> Cleaning:
        """Cleaning steps of sources: suggested, kept, taken out again."""
        from segmentry.workspace.cleaning import Cleaning

        return Cleaning(self)

    @property
    def profiling(self) -> Profiling:
        """What stands in each column, of a file before loading or of what is loaded."""
        from segmentry.workspace.profiling import Profiling

        return Profiling(self)

    @property
    def duplicates(self) -> Duplicates:
        """Which records are one customer: search, review, merge, undo."""
        from segmentry.workspace.duplicates import Duplicates

        return Duplicates(self)

    # refresh

    def refresh(self, when: When = None, progress: Progress = unwatched) -> Refreshed:
        """Check, compute every feature, take memberships into the history; all or nothing."""
        return refresh.perform(self, self.as_of(when), progress)

    # segmentations

    def divide(
        self, name: str, when: When = None, means: tuple[str, ...] = ()
    ) -> division.Division:
        """A segmentation as numbers.

        Raises:
            UnknownNameError: There is no such segmentation.
            LockedFeatureError: Its data is not loaded.
            UsageError: There are too few customers for what it needs; no guess is made.
        """
        methods, customers = Methods(self), self.customers(when)
        segmentation = methods.found(name, customers.features.schema)
        found = division.divide(customers, segmentation, means)
        methods.check(found.segmentation, found.gates)
        return found

    def methods(self, when: When = None) -> list[Method]:
        """Every way of dividing, and whether the data allow it."""
        return Methods(self).all(when)

    @property
    def playbooks(self) -> Playbooks:
        """What is done for each group: shown, and written over."""
        from segmentry.workspace.playbooks import Playbooks

        return Playbooks(self)

    def cross(self, names: Sequence[str], when: When = None) -> Crossing:
        """Two or three segmentations at once, cell by cell.

        Raises:
            UsageError: Fewer than two names, more than three, one twice; or too few customers.
        """
        return crossing.cross(self.customers(when), Methods(self).allowed(names, when))

    def rfm(self, when: When = None, scheme: str = "five") -> division.Division:
        """RFM groups: `five` or `eleven`."""
        names = {"five": "rfm", "eleven": "rfm_eleven"}
        if scheme not in names:
            raise UnknownNameError("RFM scheme", scheme, names)
        return self.divide(names[scheme], when, ("recency_days", "frequency", "monetary"))

    # segments

    def segment(
        self, name: str, rule: str | None = None, label: str = "", folder: str | None = None
    ) -> BoundSegment:
        """A segment; with a rule, it is checked and saved first (an equal one changes nothing).

        It stays in its folder unless another one is given.

        Raises:
            DeclarationError: The rule is wrong, with line and column.
            NotFoundError: There is no such segment and no rule was given.
        """
        if rule is None:
            declared = self.catalogue.declaration(SEGMENT, name)
            return BoundSegment(self, _segment(declared))
        check_name("segment", name, like="lapsing_regulars")
        if folder is None:
            folder = next((each.folder for each in self.saved() if each.name == name), "")
        segment = Segment(name=name, rule=rule, label=label, folder=check_folder(folder))
        tree = self._read(rule)
        usage.in_order(self.rules() | {name: tree})
        if self.discreet:
            self.discreet.check_saving(self, tree)
        body = segment.model_dump(exclude={"name", "version"})
        return BoundSegment(
            self, _segment(self.catalogue.declare(SEGMENT, name, body, self.clock()))
        )

    def segments(self) -> list[BoundSegment]:
        """All saved segments, by name."""
        return [BoundSegment(self, each) for each in self.saved()]

    def remove(self, name: str) -> None:
        """Take a segment out of use; its versions and history are kept.

        Raises:
            UsageError: Another segment, a feature or a content uses it.
        """
        self.catalogue.declaration(SEGMENT, name)
        used = usage.users(name, self.rules(), self.features()) + self.contents.showing(name)
        if used:
            raise UsageError(f"`{name}` is used by {', '.join(used)}.", fix="Change these first.")
        self.catalogue.withdraw(SEGMENT, name, self.clock())

    def checked(self, rule: str) -> Condition:
        """A rule as a tree, checked against what this workspace has; to ask about customers with.

        For somebody who may not see customers it may be another that keeps nearly the same ones.
        """
        tree = self._read(rule)
        return self.discreet.read(self, tree) if self.discreet else tree

    def _read(self, rule: str) -> Condition:
        """A rule as a tree; what is saved holds, what is new may not ask for what can never be."""
        schema, rules = self.features().schema, self.rules()
        tree = parse_rule(rule, replace(schema, segments=frozenset(rules)))
        for error in unknown_values(tree, schema):
            if tree not in (*rules.values(), *self.kept().rules().values()):
                raise error
        return tree

    def coverage(self, rule: str) -> Coverage:
        """Which of the five questions a rule answers, and what would answer the others."""
        return coverage(inlined(self._read(rule), self.rules()), self.features())

    def preview(self, rule: str, when: When = None) -> Preview:
        """Exact counts of a rule that need not be saved."""
        return preview(self.customers(when), self.checked(rule))

    def statement(self, rule: str, when: When = None) -> Query:
        """What gives the members of a rule from the facts alone, for a dialect to spell."""
        anew = replace(self.customers(when), source=CUSTOMERS)
        return anew.query({}, self._read(rule))

    def customer(self, customer_id: str, rule: str, when: When = None) -> Explanation:
        """Why a customer meets a rule or does not."""
        return explain(self.customers(when), self.checked(rule), customer_id)

    def effect(self, before: str, after: str, when: When = None) -> Effect:
        """What replacing one rule by another would move."""
        return effect(self.customers(when), self.checked(before), self.checked(after))

    def sentence(self, rule: str, language: str | None = None) -> str:
        """A rule in words, in the workspace's language or another.

        Raises:
            UsageError: There are no texts in the language.
        """
        return self.wording(language).sentence(self._read(rule))

    def report(
        self,
        path: str | Path,
        when: When = None,
        language: str | None = None,
        sections: Collection[str] = (),
    ) -> Path:
        """Write the report, or the named sections of it, as one HTML file that needs no network.

        Raises:
            UsageError: There are no texts in the language.
            UnknownNameError: There is no such section.
        """
        from segmentry.report import write_report
        from segmentry.workspace import reporting

        target = Path(path)
        write_report(reporting.fill(self, self.as_of(when), language), target, sections)
        return target

    def card(self, which: str, when: When = None) -> Card:
        """Who, what, why, when and where of a saved segment, a group or a rule, against the base.

        Args:
            which: Name of a saved segment, a group as `lifecycle/At risk`, or a rule.

        Raises:
            UnknownNameError: There is no such group.
            DeclarationError: It is no name and not a rule either.
        """
        from segmentry.workspace.card import card

        return card(self, which, self.as_of(when))

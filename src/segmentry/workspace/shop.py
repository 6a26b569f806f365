"""What a workspace knows of its shop: declarations, data that came in, the customer table."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from segmentry.core.last import Last
from segmentry.core.progress import Progress, unwatched
from segmentry.data import available, checks, lists
from segmentry.data.checks import CheckResult, Trust
from segmentry.features.customers import Customers
from segmentry.features.declaration import Feature
from segmentry.features.known import Features, resolve
from segmentry.features.one import Trees
from segmentry.language.node import Condition
from segmentry.language.schema import Schema
from segmentry.segments.segment import Segment, Segmentation
from segmentry.workspace import trust
from segmentry.workspace.declarations import Declarations, read_kept
from segmentry.workspace.folder import Folder, When
from segmentry.workspace.lists import effective
from segmentry.workspace.rows import ResultRows
from segmentry.workspace.sound import sound
from segmentry.workspace.wording import Wording

if TYPE_CHECKING:
    from segmentry.workspace.catalogue import Newest
    from segmentry.workspace.loading import Loaded, Loader
    from segmentry.workspace.sensitive import Sensitive
    from segmentry.workspace.settings import Settings


class Shop(Folder):
    """A shop as its folder holds it: what people declared, what was loaded, who its customers are.

    Whatever is asked of it goes on from here; see `Workspace`.
    """

    _kept: tuple[Newest, Settings, Declarations] | None = None

    # declared

    def kept(self) -> Declarations:
        """Everything that people declared here: parameters, and the newest of every kind."""
        newest, chosen = self.newest(), self.settings
        if self._kept is None or self._kept[0] is not newest or self._kept[1] is not chosen:
            self._kept = newest, chosen, Declarations(chosen.segmentations, read_kept(newest))
        return self._kept[2]

    def saved(self) -> list[Segment]:
        """All saved segments as declared, by name; none before the first is saved."""
        return self.kept().segments()

    def segmentations(self) -> list[Segmentation]:
        """The ready-made segmentations, with this workspace's parameters, then its own."""
        return [*self.kept().segmentations]

    def declarations(self) -> Sequence[Feature]:
        """Every feature declaration, available or not."""
        return self.kept().features

    def features(self) -> Features:
        """The features that the data allow, and what would unlock the others."""
        schema = self.loaded_schema()
        return self._resolved(self.declarations(), schema, schema.features, self.rules())

    def trees(self) -> Trees:
        """The trees of features and rules, prepared for looking at one customer after another."""
        return self._prepared(self.features(), self.settings.timezone, self.rules())

    def sound(self) -> Mapping[str, Condition]:
        """Rules of the saved segments that hold on the data."""
        return self._sound(self.rules(), self.features().schema)

    @cached_property
    def _resolved(self) -> Last[..., Features]:
        return Last(resolve)

    @cached_property
    def _prepared(self) -> Last[..., Trees]:
        return Last(Trees)

    @cached_property
    def _ruled(self) -> Last[..., Mapping[str, Condition]]:
        return Last(_ruled)

    @cached_property
    def _sound(self) -> Last[..., Mapping[str, Condition]]:
        return Last(sound)

    def loaded_schema(self) -> Schema:
        """Facts, traits and lists that are there; what is special and not unlocked is locked."""
        engine, decided = self.engine, self.sensitive.decided()
        return engine.remembered(
            ("schema", decided.on, *decided.decisions.items()),
            lambda: lists.with_lists(engine, available.schema_of(engine, decided)),
        )

    def rules(self) -> dict[str, Condition]:
        """What decides who is in each saved segment: its rule, and who is in or out by hand."""
        return dict(self._ruled(self.kept(), lists.names(self.engine)))

    @property
    def sensitive(self) -> Sensitive:
        """Special categories of personal data: what is locked, and decisions about it."""
        from segmentry.workspace.sensitive import Sensitive

        return Sensitive(self)

    def wording(self, language: str | None = None) -> Wording:
        """What things are called in the workspace's language or another."""
        labels = {each.name: each.label for each in self.saved() if each.label}
        return Wording(
            language or self.settings.language,
            self.features(),
            tuple(self.segmentations()),
            segments=labels,
            playbooks=self.kept().playbooks(),
            models=tuple(self.kept().models()),
        )

    # data in

    def load(
        self,
        source: Any = None,
        *,
        progress: Progress = unwatched,
        **entities: Any,
    ) -> list[Loaded]:
        """Load a source, or several by entity: `load("orders.csv")`, `load(orders=frame)`.

        Sources with one reading only are mapped as suggested; see `loader` for more control.

        Raises:
            AmbiguousInputError: Something has more than one reading; the error says what to state.
            InputError: The data cannot be taken; nothing was changed.
        """
        loader = self.loader(progress)
        first = [loader.load(source)] if source is not None else []
        return first + [
            loader.load(each, entity, name=None if isinstance(each, str | Path) else entity)
            for entity, each in entities.items()
        ]

    def loader(self, progress: Progress = unwatched) -> Loader:
        """Loading step by step: stage, suggest, change the mapping, try, load."""
        from segmentry.workspace.erased import suppression
        from segmentry.workspace.loading import Loader

        features = {each.name for each in self.declarations()}
        terms = self.settings, self.clock, progress, features, suppression(self.folder)
        return Loader(self.engine, self.folder, *terms)

    def check(self, when: When = None) -> tuple[Trust, list[CheckResult]]:
        """Check the data as of an instant, and say how far to trust it."""
        schema = available.schema_of(self.engine, self.sensitive.decided())
        results = checks.run_checks(self.engine, schema, self.as_of(when))
        return checks.trust(results), results

    def trust(self, when: When = None) -> int:
        """The trust score as of an instant; checked anew only if something was loaded since."""
        return trust.score(self, self.as_of(when))

    # the customer table

    def customers(self, when: When = None) -> Customers:
        """The customer table as of an instant; from the last refresh, if that is still true."""
        return self.warehouse.customers(self.features(), self.as_of(when), self.rules())

    def result_hash(self, when: When = None) -> str:
        """A hash of all features as of an instant and of all recorded memberships, by content."""
        from segmentry.workspace.result_hash import result_hash

        return result_hash(self.customers(when))

    def table(self, when: When = None) -> ResultRows:
        """One row per customer: traits, and every feature and group of interest by itself."""
        features = self.features()
        traits = [name for name in features.schema.listed if name not in features]
        return self.columns([*traits, *(each.name for each in features.shown)], when)

    def columns(self, names: Sequence[str], when: When = None) -> ResultRows:
        """One row per customer, sorted by id, with the named features."""
        customers = self.customers(when)
        return ResultRows(customers.engine.fetch(customers.by_id(names)))


def _ruled(declared: Declarations, known: Collection[str]) -> Mapping[str, Condition]:
    return {name: effective(name, rule, known) for name, rule in declared.rules().items()}

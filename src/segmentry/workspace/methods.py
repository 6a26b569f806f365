"""Which ready-made ways of dividing a workspace allows, and what the others lack."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from segmentry.core.errors import UnknownNameError, UsageError
from segmentry.core.types import Type
from segmentry.features.customers import Customers
from segmentry.language.node import Condition, Node
from segmentry.language.schema import Schema
from segmentry.language.text import parse_rule
from segmentry.segments.bits import count
from segmentry.segments.blocks import Blocks
from segmentry.segments.leaves import Leaves, ready
from segmentry.segments.library import Parameter, parameters_of
from segmentry.segments.segment import Family, Need, Segmentation
from segmentry.sql.expression import Column, Select, call
from segmentry.sql.operators import Op
from segmentry.workspace.division import Gate, met

if TYPE_CHECKING:
    from segmentry.workspace.folder import When
    from segmentry.workspace.workspace import Workspace


@dataclass(frozen=True)
class Method:
    """A way of dividing customers, and whether the data allow it.

    Args:
        parameters: What can be set for it in `segmentry.yaml`, with what is in force.
        missing: What would have to be loaded (`customers.birth_on`); empty when all is there.
        gates: Counted only when nothing is missing.
    """

    segmentation: Segmentation
    parameters: tuple[Parameter, ...]
    missing: str
    gates: tuple[Gate, ...]

    @property
    def name(self) -> str:
        """Name of the segmentation."""
        return self.segmentation.name

    @property
    def family(self) -> Family:
        """What it looks at."""
        return self.segmentation.family

    @property
    def available(self) -> bool:
        """Whether the data are there, and enough of them."""
        return not self.missing and all(each.passed for each in self.gates)


class Methods:
    """The ways of dividing of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def all(self, when: When = None) -> list[Method]:
        """Every way of dividing as of an instant; all gates are counted together."""
        return self._judged(self._workspace.segmentations(), partial(self._customers, when))

    def of(self, customers: Customers) -> list[Method]:
        """Every way of dividing these customers."""
        return self._judged(self._workspace.segmentations(), lambda: customers)

    def _customers(self, when: When) -> Customers:
        return self._workspace.customers(when)

    @property
    def gates(self) -> list[Condition]:
        """Whom gates count."""
        features = self._workspace.features()
        rules = (
            need.rule
            for each in self._workspace.segmentations()
            if each.feature in features
            for need in each.needs
        )
        return [parse_rule(each) for each in dict.fromkeys(rules)]

    def found(self, name: str, schema: Schema) -> Segmentation:
        """A segmentation whose data are loaded.

        Raises:
            UnknownNameError: There is none of that name.
            LockedFeatureError: Its data are not loaded, or locked.
        """
        known = {each.name: each for each in self._workspace.segmentations()}
        if name not in known:
            raise UnknownNameError("segmentation", name, known)
        schema.feature(known[name].feature)
        return known[name]

    def allowed(self, names: Sequence[str], when: When = None) -> list[Segmentation]:
        """Segmentations that the data allow.

        Raises:
            UnknownNameError: There is none of a name.
            LockedFeatureError: The data of one are not loaded, or locked.
            UsageError: There are too few customers of the kind that one needs.
        """
        schema = self._workspace.features().schema
        found = [self.found(name, schema) for name in names]
        for method in self._judged(found, partial(self._customers, when)):
            self.check(method.segmentation, method.gates)
        return found

    def check(self, segmentation: Segmentation, gates: Sequence[Gate]) -> None:
        """Refuse when there are too few.

        Raises:
            UsageError: With what is needed, and how many there are.
        """
        for each in gates:
            if not each.passed:
                counted = self._workspace.wording().need(each.need)
                raise UsageError(
                    f"`{segmentation.name}` needs {counted}; there are {each.there}.",
                    fix="Load more, or divide by something else: `segmentry methods` lists what"
                    " the data allow.",
                    needs=each.need.at_least,
                    there=each.there,
                )

    def _judged(
        self, segmentations: Sequence[Segmentation], customers: Callable[[], Customers]
    ) -> list[Method]:
        workspace = self._workspace
        features = workspace.features()
        locked = {
            each.name: ""
            if each.feature in features
            else features.schema.locked.get(each.feature, each.feature)
            for each in segmentations
        }
        asked = [need for each in segmentations if not locked[each.name] for need in each.needs]
        there = _counted(customers(), asked) if asked else {}
        chosen = workspace.settings.segmentations
        return [
            Method(
                segmentation=each,
                parameters=parameters_of(each.name, chosen),
                missing=locked[each.name],
                gates=tuple(
                    Gate(need, there[need.rule]) for need in each.needs if not locked[each.name]
                ),
            )
            for each in segmentations
        ]


def _counted(customers: Customers, needs: Sequence[Need]) -> Mapping[str, int]:
    """Rule → customers who meet it."""
    rules = {each.rule: parse_rule(each.rule) for each in needs}
    if customers.engine is not customers.desk:
        return _counted_there(customers, rules)
    with ready(customers, rules.values()) as here:
        members = Blocks(Leaves.of(here)).members(rules)
    return {rule: count(each) for rule, each in members.items()}


def _counted_there(customers: Customers, rules: Collection[str]) -> Mapping[str, int]:
    """The same in one query, so that only counts travel."""
    outputs: dict[str, Node] = {f"need_{place}": met(rule) for place, rule in enumerate(rules)}
    sums = {name: call(Op.SUM, Column(name, Type.INTEGER), type=Type.INTEGER) for name in outputs}
    [row] = customers.engine.fetch(Select(customers.query(outputs), sums)).to_pylist()
    return {rule: int(row[name] or 0) for rule, name in zip(rules, outputs, strict=True)}


__all__ = ["Method", "Methods"]

"""No asking about a few by asking twice: rules that keep nearly the same customers answer alike.

Somebody who may not see customers could ask about a group, and about the group without one person;
the difference would be that person. So whoever asks about a rule that keeps nearly the same
customers as one that was asked about before is told what the rule before was told, to the digit.
Whether the two keep the same customers, or a few others, cannot be seen.
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from segmentry.core.errors import ForbiddenError, TooManyError
from segmentry.data.available import last_load
from segmentry.language.function import If
from segmentry.language.literal import Constant
from segmentry.language.node import Condition, Node
from segmentry.language.text import parse_rule
from segmentry.language.value import Name

if TYPE_CHECKING:
    from segmentry.core.time import AsOf
    from segmentry.workspace.workspace import Workspace

BUCKETS = 4096
MOST_RULES = 20_000
"""So many rules are remembered for one state of the data; 10 MB. Then nothing new is told."""
Sketch = npt.NDArray[np.uint8]


@dataclass
class Told:
    """What was asked about at one instant of one state of the data."""

    trees: list[Condition] = field(default_factory=list)
    sketches: list[Sketch] = field(default_factory=list)
    by_text: dict[str, Condition] = field(default_factory=dict)

    def stand_in(self, tree: Condition, sketch: Sketch, few: int) -> Condition:
        """The rule that answers for one: one that differs by fewer than `few`, else itself."""
        found = tree
        if self.sketches:
            apart = _apart(np.stack(self.sketches), sketch)
            nearest = int(apart.argmin())
            if apart[nearest] < few:
                found = self.trees[nearest]
        if found is tree:
            self.trees.append(tree)
            self.sketches.append(sketch)
        return self.by_text.setdefault(tree.text(), found)


class Discretion:
    """Remembers which customers were told about, as sketches that cannot be read back.

    A sketch says of each of 4,096 parts of the customers whether an odd number of them is kept. Two
    rules that differ by `n` customers differ in `n` parts at most: those that differ by fewer than
    `few` are found for sure. By chance some that differ by a few more are taken for near too.

    Args:
        few: How many customers two rules have to differ by to be told apart.
    """

    def __init__(self, few: int) -> None:
        self.few = few
        self._lock = threading.Lock()
        self._state: object = None
        self._told: dict[AsOf, Told] = {}
        self._secret = np.uint64(secrets.randbits(63) | 1)

    def stand_in(self, workspace: Workspace, tree: Condition, when: AsOf) -> Condition:
        """The rule that answers for a rule: itself, or one asked before that is nearly the same.

        Raises:
            TooManyError: Too many rules were asked about since something was loaded.
        """
        text, told = tree.text(), self._known(workspace, when)
        if text not in told.by_text:
            sketch = self._sketch(workspace, tree, when)
            with self._lock:
                self._check_room()
                told.stand_in(tree, sketch, self.few)
        return told.by_text[text]

    def check_apart(self, workspace: Workspace, tree: Condition, when: AsOf) -> None:
        """Let a rule be saved only if it is not nearly the same as a saved one.

        Raises:
            ForbiddenError: It is; or it is the same, said in other words.
        """
        mine = self._sketch(workspace, tree, when)
        for name, rule in workspace.rules().items():
            if rule.text() == tree.text():
                continue
            if _apart(self._sketch(workspace, rule, when), mine) < self.few:
                raise ForbiddenError(
                    f"this keeps nearly the same customers as `{name}`; both give away a few.",
                    fix="Use that one, or ask somebody who may see customers to save it.",
                )

    def _known(self, workspace: Workspace, when: AsOf) -> Told:
        state = last_load(workspace.engine)
        with self._lock:
            if state != self._state:
                self._state, self._told = state, {}
            if when not in self._told:
                self._told[when] = self._begun(workspace, when)
            return self._told[when]

    def _begun(self, workspace: Workspace, when: AsOf) -> Told:
        """What is told without being asked: of everybody, of each group and saved segment."""
        told, rules = Told(), workspace.rules()
        customers = workspace.customers(when)
        divided = [each for each in workspace.segmentations() if each.feature in customers.features]
        outputs: dict[str, Node] = {each.feature: Name(each.feature) for each in divided}
        members = {f"segment {name}": rule for name, rule in rules.items()}
        outputs |= {
            name: If(rule, Constant.of(1), Constant.of(0)) for name, rule in members.items()
        }
        table = customers.engine.fetch(customers.query(outputs))
        numbers = table.column("customer_no").to_numpy().astype(np.uint64)
        self._tell(told, parse_rule("true"), numbers)
        for each in divided:
            groups = table.column(each.feature).combine_chunks().dictionary_encode()
            codes = groups.indices.fill_null(-1).to_numpy()
            for code, group in enumerate(groups.dictionary.to_pylist()):
                self._tell(told, parse_rule(each.rule_of(str(group))), numbers[codes == code])
        for name, rule in members.items():
            self._tell(told, rule, numbers[table.column(name).to_numpy() == 1])
        return told

    def _tell(self, told: Told, tree: Condition, numbers: npt.NDArray[np.uint64]) -> None:
        told.stand_in(tree, self.sketch(numbers), self.few)

    def _check_room(self) -> None:
        if sum(len(each.trees) for each in self._told.values()) >= MOST_RULES:
            raise TooManyError(
                "too many rules were asked about these data.",
                fix="Ask again after the next load, or with the right to see customers.",
            )

    def _sketch(self, workspace: Workspace, tree: Condition, when: AsOf) -> Sketch:
        customers = workspace.customers(when)
        rows = customers.engine.fetch(customers.query({}, where=tree))
        return self.sketch(rows.column("customer_no").to_numpy().astype(np.uint64))

    def sketch(self, numbers: npt.NDArray[np.uint64]) -> Sketch:
        """Of each part of the customers, whether an odd number of them is there; packed."""
        mixed = (numbers + np.uint64(1)) * self._secret
        mixed ^= mixed >> np.uint64(31)
        mixed *= np.uint64(0x9E3779B97F4A7C15)
        counts = np.bincount((mixed >> np.uint64(52)).astype(np.int64), minlength=BUCKETS)
        return np.packbits(counts.astype(np.uint8) & 1)


@dataclass
class Discreet:
    """Discretion towards somebody who asks now.

    Args:
        when: The instant asked about; that of the data, if not said.
        stood_in: Whether another rule answered for theirs.
    """

    discretion: Discretion
    when: AsOf | None = None
    stood_in: bool = False

    def read(self, workspace: Workspace, tree: Condition) -> Condition:
        """The rule that answers for a rule."""
        found = self.discretion.stand_in(workspace, tree, self.when or workspace.as_of())
        self.stood_in = self.stood_in or (found is not tree and found.text() != tree.text())
        return found

    def check_saving(self, workspace: Workspace, tree: Condition) -> None:
        """Let a rule be saved if that gives nobody away."""
        self.discretion.check_apart(workspace, tree, self.when or workspace.as_of())


def _apart(one: Sketch, other: Sketch) -> npt.NDArray[np.int64]:
    """In how many parts sketches differ, row by row."""
    apart: npt.NDArray[np.int64] = np.bitwise_count(one ^ other).sum(axis=-1, dtype=np.int64)
    return apart

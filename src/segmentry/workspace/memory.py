"""What was worked out about a workspace, for all who ask the same before anything changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

from segmentry.core.errors import DeclarationError
from segmentry.language.text import parse_rule
from segmentry.segments import usage
from segmentry.workspace.card import cards_of, rule_of

if TYPE_CHECKING:
    from segmentry.core.time import AsOf
    from segmentry.workspace.workspace import Workspace

T = TypeVar("T")
MOST = 500
"""Answers that are kept; the one that nobody asked for longest goes first."""


class Memory:
    """Answers by what was asked: whoever asks first waits for it, and so do others meanwhile.

    It is about one state of the data and of what is declared, but for the saved segments: whoever
    asks about one has what it says in the key. Safe for many threads.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._answers: OrderedDict[Hashable, Future[Any]] = OrderedDict()

    def __contains__(self, key: Hashable) -> bool:
        with self._lock:
            return key in self._answers

    def keep(self, key: Hashable, found: object) -> None:
        """Keep what was found for a key; what is there already stays."""
        self.of(key, lambda: found)

    def of(self, key: Hashable, make: Callable[[], T]) -> T:
        """The answer to a key; made if nobody asked before. An error is not kept."""
        with self._lock:
            answer = self._answers.get(key)
            is_first = answer is None
            if answer is None:
                answer = self._answers[key] = Future()
            self._answers.move_to_end(key)
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)
        if is_first:
            self._make(key, answer, make)
        found: T = answer.result()
        return found

    def _make(self, key: Hashable, answer: Future[T], make: Callable[[], T]) -> None:
        try:
            answer.set_result(make())
        except BaseException as error:  # noqa: BLE001 - whoever waits is told
            with self._lock:
                self._answers.pop(key, None)
            answer.set_exception(error)


def key(
    workspace: Workspace, question: str, of: tuple[Hashable, ...], about: Iterable[str]
) -> Hashable:
    """What tells a question from others.

    Args:
        about: Segments, groups and rules that it is about.
        of: What else it depends on.
    """
    return question, of, tuple((each, _meaning(workspace, each)) for each in about)


def remember_cards(workspace: Workspace, several: Sequence[str], as_of: AsOf) -> None:
    """Have those cards remembered that are not yet, with one reading of facts for all of them."""
    memory = workspace.memory
    if memory is None:
        return
    keys = {each: key(workspace, "card", (as_of,), [each]) for each in several}
    new = [each for each in several if keys[each] not in memory]
    for name, found in zip(new, cards_of(workspace, new, as_of) if new else [], strict=True):
        memory.keep(keys[name], found)


def _meaning(workspace: Workspace, which: str) -> Hashable:
    """What a segment, group or rule says, with all segments that it uses; other text as it is."""
    rule = rule_of(workspace, which)
    try:
        rules = workspace.rules() | {"": parse_rule(rule)}
    except DeclarationError:
        return which
    used = sorted(usage.reached("", rules))
    return rule, *(rules[each].text() if each in rules else each for each in used)

"""Questions to a person at a terminal: is this mapping right, which reading is meant."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from segmentry.cli.door import DeclinedError
from segmentry.cli.output import clean, console, row, table
from segmentry.core.errors import AmbiguousInputError, SegmentryError

if TYPE_CHECKING:
    from segmentry.data.mapping import Mapping
    from segmentry.data.staged import ReadOptions
    from segmentry.data.suggest import Choice, Question
    from segmentry.workspace.loading import Suggested


def may_ask() -> bool:
    """Whether a person is there to answer."""
    return sys.stdin.isatty() and sys.stderr.isatty()


class Asking:
    """Asks on stderr, so that stdout holds results alone."""

    def __init__(self) -> None:
        self._screen = console(stderr=True)

    def decide(self, suggested: Suggested) -> Mapping:
        """The suggested mapping, with its questions answered, once the person agrees.

        Raises:
            MappingError: A required attribute has no column.
            DeclinedError: The person does not agree.
        """
        from segmentry.workspace.loading import answered, as_suggested

        draw_suggestion(self._screen, suggested)
        suggestion = answered(
            suggested.suggestion, [self._answer(each) for each in suggested.suggestion.questions]
        )
        mapping = as_suggested(suggested.origin, suggestion)
        if not agrees(self._screen, "\nLoad with this mapping? [Y/n] "):
            raise DeclinedError(
                "nothing was loaded.",
                fix="`segmentry mapping FILE --to mapping.yaml` writes the mapping to edit; "
                "load with `--mapping mapping.yaml`.",
            )
        return mapping

    def _answer(self, question: Question) -> Choice:
        self._screen.print(Text(f"\n{clean(question.text)}", style="bold"))
        return question.choices[self._choice([each.label for each in question.choices])]

    def can_settle(self, error: SegmentryError) -> bool:
        """Whether the person can say how the source is meant to be read."""
        details = error.details
        return isinstance(error, AmbiguousInputError) and bool(
            details.get("option") and details.get("choices")
        )

    def settle(self, error: SegmentryError, options: ReadOptions) -> ReadOptions:
        """The options with the person's answer to what was ambiguous."""
        self._screen.print(Text(f"\n{clean(error.message)}", style="bold"))
        choices: list[dict[str, str]] = error.details["choices"]
        chosen = choices[self._choice([each["label"] for each in choices])]
        return options.model_copy(update={error.details["option"]: chosen["value"]})

    def _choice(self, labels: list[str]) -> int:
        for number, label in enumerate(labels, start=1):
            self._screen.print(Text.assemble((f"  {number}  ", "cyan"), clean(label)))
        while True:
            answer = self._screen.input("Which? ").strip()
            if answer.isdecimal() and 1 <= int(answer) <= len(labels):
                return int(answer) - 1
            self._screen.print(f"Answer with a number from 1 to {len(labels)}.")


def agrees(screen: Console, question: str) -> bool:
    """Whether the person says yes; an empty answer is one."""
    while True:
        answer = screen.input(question).strip().lower()
        if answer in ("", "y", "yes"):
            return True
        if answer in ("n", "no"):
            return False


def draw_suggestion(screen: Console, suggested: Suggested) -> None:
    """The suggested mapping as a table: column, what it becomes, why, an example."""
    title = f"Suggested mapping of {clean(suggested.origin)} ({suggested.records:,} records)"
    screen.print(Text(title, style="bold"))
    if suggested.suggestion.mapping.vendor:
        screen.print(Text(f"Recognised as {clean(suggested.suggestion.mapping.vendor)}."))
    drawn = table("Column", "Becomes", "Why", "Example")
    for each in suggested.suggestion.reasons:
        row(
            drawn,
            each.column,
            Text(each.target or "left out", style="cyan" if each.target else "dim"),
            Text(clean(each.why), style="dim"),
            suggested.examples.get(each.column, ""),
        )
    screen.print(drawn)
    for lacking in suggested.suggestion.missing:
        screen.print(Text(f"No column fits {lacking.target}. {clean(lacking.fix)}", style="yellow"))

"""Words that change with their place in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of which a pattern chooses the grammatical form.

    `{rows}` is the form that stands alone, `{rows:of}` the one after "of" (a genitive, say). Which
    forms there are is the language's own affair: its patterns ask for them, its catalogue has them.

    Args:
        form: The words in a form; `""` is the one that stands alone.
    """

    form: Callable[[str], str]

    def __str__(self) -> str:
        return self.form("")

    def __format__(self, spec: str) -> str:
        return self.form(spec)

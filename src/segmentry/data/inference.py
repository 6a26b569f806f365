"""What the rows of a column say about its format."""

from __future__ import annotations

from dataclasses import dataclass

from segmentry.data.column_format import ColumnFormat


@dataclass(frozen=True, slots=True)
class Inference:
    """What the rows of a column say about its format.

    Args:
        format: The one format that fits; `None` when several fit equally.
        ambiguous: The formats that fit equally, when there are several.
        present: Rows with a value.
        readable: Of these, rows the format can read (the first of `ambiguous`, if several).
        examples: Values that show the choice, or that cannot be read.
        notices: What people should know (ids written as floats, …).
    """

    format: ColumnFormat | None
    ambiguous: tuple[ColumnFormat, ...] = ()
    present: int = 0
    readable: int = 0
    examples: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()

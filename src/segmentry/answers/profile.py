"""What stands in each column of a file or of what is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from segmentry.answers.plain import Document

if TYPE_CHECKING:
    from segmentry.data.profile import Profile


def profile(found: Profile) -> Document:
    """Columns with type, fill, extremes, frequent values and forms; what looks wrong."""
    return {
        "source": found.source,
        "rows": found.rows,
        "columns": [
            {
                "name": each.name,
                "type": each.type.value,
                "filled": each.filled,
                "filled_share": each.filled_share,
                "distinct": each.distinct,
                "least": _spelled(each.least),
                "most": _spelled(each.most),
                "median": _spelled(each.median),
                "frequent": [{"value": _spelled(v), "count": n} for v, n in each.frequent],
                "forms": [{"form": form, "count": n} for form, n in each.forms],
                "personal": each.personal,
            }
            for each in found.columns
        ],
        "findings": [
            {
                "check": each.check,
                "column": each.column or None,
                "count": each.count,
                "meaning": each.meaning,
                "fix": each.fix,
                "examples": list(each.examples),
            }
            for each in found.findings
        ],
    }


def _spelled(value: object) -> object:
    """Instants and days as text; numbers as they are."""
    return value if value is None or isinstance(value, int | float | bool) else str(value)

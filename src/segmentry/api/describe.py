"""Writes the description of the API (OpenAPI 3.1): `python -m segmentry.api.describe FILE`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from segmentry.api.app import create


def described() -> str:
    """The description as text, the same each time; no workspace is opened."""
    found = create(Path()).openapi()
    return json.dumps(found, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(described(), encoding="utf-8")

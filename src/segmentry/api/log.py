"""The server's log: one JSON object a line, nothing personal in it."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FIELDS = ("method", "route", "status", "ms", "who", "run")
"""What a record may say beside its message; whatever else is put there is left out."""


class JsonLines(logging.Formatter):
    """A record as one line of JSON.

    Of an error it says the kind and where in our code, not the error's own words, which may quote
    a value.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        said: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        said |= {each: getattr(record, each) for each in FIELDS if hasattr(record, each)}
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            said["error"] = type(error).__name__
            said["at_lines"] = [
                f"{Path(each.filename).name}:{each.lineno} {each.name}"
                for each in traceback.extract_tb(error.__traceback__)
            ]
        return json.dumps(said, ensure_ascii=False)


def begin(level: str) -> None:
    """Write the log to stderr from now on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    for name in ("segmentry", "uvicorn"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(level.upper())

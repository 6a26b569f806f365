"""The careful record splitter: every physical record becomes fields or a named fault.

Used where the engine's reader refuses a file or counts other records than there are. One broken
quote never takes more than its own record with it.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

LONGEST_RECORD = 16 << 20
"""Characters; a longer record is malformed."""
MOST_LINES = 100
"""Lines a quoted field may span; more means that a closing quote is missing."""
SPACES = " "
"""The delimiter that stands for any run of spaces and tabs."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the fields of a record are told apart. No `quote`: nothing is quoted."""

    delimiter: str
    quote: str = '"'
    escape: str = ""
    """Character before a quote inside a quoted field; empty: the quote is doubled."""


@dataclass(frozen=True, slots=True)
class Broken:
    """Text that could not be split, and why."""

    text: str
    reason: str
    fix: str


@dataclass(frozen=True, slots=True)
class Blank:
    """An empty line."""


Record = list[str] | Broken | Blank
BLANK = Blank()


class Splitter:
    """Records of a text, one after the other.

    Args:
        lines: Lines with their ends.
        dialect: How fields are told apart.
        width: How many fields a record has; `None` while that is being found out.
    """

    def __init__(self, lines: Iterable[str], dialect: Dialect, width: int | None = None) -> None:
        self._lines = iter(lines)
        self._waiting: deque[str] = deque()
        self._dialect = dialect
        self.width = width

    def __iter__(self) -> Iterator[Record]:
        while (line := self._next()) is not None:
            yield self._record(line)

    def blocks(self, lines: int, size: int) -> Iterator[list[str]]:
        """Lines not read yet, so many at a time or so many characters; `split` or pass them on."""
        while block := self._block(lines, size):
            yield block

    def split(self, block: list[str]) -> Iterator[Record]:
        """Records that begin in a block; the last one may go on beyond it."""
        self._waiting.extend(block)
        while self._waiting:
            yield self._record(self._waiting.popleft())

    def _block(self, lines: int, size: int) -> list[str]:
        block: list[str] = list(self._waiting)
        self._waiting.clear()
        for line in self._lines:
            block.append(line)
            size -= len(line)
            if len(block) >= lines or size <= 0:
                break
        return block

    def _next(self) -> str | None:
        return self._waiting.popleft() if self._waiting else next(self._lines, None)

    def _record(self, line: str) -> Record:
        if not line.strip() and self._dialect.delimiter not in line.strip("\r\n"):
            return BLANK
        if not line.strip() and self._dialect.delimiter == SPACES:
            return BLANK
        if "\0" in line:
            return Broken(line, "holds a NUL byte", "Export the file again; it is damaged.")
        if len(line) >= LONGEST_RECORD:
            return self._too_long(line)
        if self._dialect.delimiter == SPACES:
            return self._fitting(line.split(), line)
        bare = line.rstrip("\r\n")
        quote = self._dialect.quote
        if not quote or quote not in bare:
            return self._fitting(bare.split(self._dialect.delimiter), line)
        return self._quoted(line)

    def _too_long(self, line: str) -> Broken:
        following: str | None = line
        while following is not None and not following.endswith(("\n", "\r")):
            following = self._next()
        return Broken(line, "is longer than 16 million characters", "Look for a lost line end.")

    def _quoted(self, line: str) -> Record:
        """A record with quotes; takes further lines while a quoted field is open."""
        lines = [line]
        fields = self._parsed(lines)
        while isinstance(fields, Open) and len(lines) < MOST_LINES:
            following = self._next()
            if following is None:
                break
            lines.append(following)
            if following.count(self._dialect.quote) % 2:
                fields = self._parsed(lines)
        if isinstance(fields, list) and not (len(lines) > 1 and self._looks_like_many(lines)):
            return self._fitting(fields, "".join(lines))
        self._waiting.extendleft(reversed(lines[1:]))
        if isinstance(fields, Broken) and len(lines) == 1:
            return fields
        return Broken(line, "has a quote that is never closed", "Close or double the quote.")

    def _parsed(self, lines: list[str]) -> list[str] | Broken | Open:
        reader = csv.reader(
            lines,
            delimiter=self._dialect.delimiter,
            quotechar=self._dialect.quote,
            escapechar=self._dialect.escape or None,
            doublequote=not self._dialect.escape,
            strict=True,
        )
        try:
            return next(reader)
        except csv.Error as error:
            if "unexpected end of data" in str(error):
                return OPEN
            return Broken(
                "".join(lines),
                "has text between a closing quote and the next delimiter",
                "Double the quotes that belong to the text.",
            )

    def _looks_like_many(self, lines: list[str]) -> bool:
        """Whether each line alone is a record: then stray quotes joined whole records.

        It has all the columns, and its first field is of the same kind as in the first line.
        """
        if self.width is None or self.width < 3:
            return False
        delimiter = self._dialect.delimiter
        kinds = {_kind(line.split(delimiter, 1)[0]) for line in lines}
        return len(kinds) == 1 and all(line.count(delimiter) == self.width - 1 for line in lines)

    def _fitting(self, fields: list[str], text: str) -> Record:
        width = self.width
        if width is None or len(fields) == width:
            return fields
        if len(fields) > width and not any(fields[width:]):  # as the engine's reader has it
            return fields[:width]
        return Broken(
            text,
            f"has {len(fields)} fields instead of {width}",
            "Quote fields that hold the delimiter, or add what is missing.",
        )


@dataclass(frozen=True, slots=True)
class Open:
    """A quoted field that goes on in the next line."""


OPEN = Open()


def lines_of(path: Path, mark: int) -> Iterator[str]:
    """Lines of a UTF-8 file with their ends: LF, CRLF or CR alone."""
    with path.open(encoding="utf-8-sig" if mark else "utf-8", newline="") as file:
        while line := file.readline(LONGEST_RECORD):
            yield line


def raise_field_limit() -> None:
    """Let the standard reader take fields as long as a record may be."""
    csv.field_size_limit(LONGEST_RECORD)


def _kind(field: str) -> str:
    """Digits, letters, both, …: what a field is made of, however long."""
    return "".join(
        mark
        for mark, test in (("9", str.isdigit), ("a", str.isalpha))
        if any(test(char) for char in field.strip())
    )

"""How a delimited file is laid out: delimiter, quotes, header; seen from its first lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from segmentry.core.errors import AmbiguousInputError, UnreadableFileError, UsageError
from segmentry.data.readers.splitter import (
    SPACES,
    Blank,
    Broken,
    Dialect,
    Splitter,
    lines_of,
)
from segmentry.data.readers.text import TextFile
from segmentry.data.staged import ReadOptions, unique_names

DELIMITERS = (",", ";", "\t", "|", SPACES)
SPOKEN = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", SPACES: "spaces"}
HEAD_LINES, HEAD_SIZE = 300, 1 << 20
MOST_TITLES = 10
LONGEST_NAME = 1_000
DATUM = re.compile(r"[\s$€£₴(+-]*\d[\d\s.,:/%()+\-€$£₴TZ]*|[^@\s]+@[^@\s]+\.\w+")
"""A number, a date, an e-mail address: what stands in data and hardly in a header."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where and how the records stand.

    Args:
        top: Lines above the header, or above the data when there is none.
        header: Whether a header follows.
        header_lines: Lines it takes; 0 without one.
        empty_above: Empty lines among those before the data.
        names: Names of the columns.
    """

    dialect: Dialect
    top: int
    header: bool
    header_lines: int
    empty_above: int
    names: tuple[str, ...]
    notices: tuple[str, ...]


def layout_of(text: TextFile, options: ReadOptions, origin: str) -> Layout:
    """The layout of a file, as its options say, else as its first lines show.

    Raises:
        AmbiguousInputError: Two delimiters cut it equally well.
        UnreadableFileError: There is no record in it.
        UsageError: Names given for the columns do not fit their number.
    """
    lines = _head(text)
    start, stated = _stated_delimiter(lines, options)
    body = lines[start:]
    if not any(line.strip() for line in body):
        raise UnreadableFileError("the file has no records.", where=origin)
    dialect = _dialect(body, options, stated, origin)
    top = start + _titles(body, dialect, options)
    records = _records(lines[top:], dialect)
    _refuse_unlikely(lines[top:], records, dialect, origin, options)
    if not records:
        raise UnreadableFileError(
            "no line of the file can be split into fields.", where=origin,
            fix="Say the `delimiter`, or quote=\"\" when nothing is quoted.",
        )  # fmt: skip
    header, notices = _has_header(records, options)
    if top > start:
        notices = (*notices, f"The first {top - start} lines are titles; left out.")
    names, renamed = _names(records, header, options)
    taken = _lines_of_header(lines[top:], dialect) if header else 0
    return Layout(
        dialect,
        top,
        header,
        taken,
        sum(1 for line in lines[: top + taken] if line in {"\n", "\r\n"}),
        names,
        (*notices, *renamed),
    )


def _refuse_unlikely(
    lines: list[str],
    records: list[list[str]],
    dialect: Dialect,
    origin: str,
    options: ReadOptions,
) -> None:
    """Stop where the first line can be neither a header nor a record."""
    first = next((each for each in Splitter(lines, dialect) if not isinstance(each, Blank)), None)
    if isinstance(first, Broken) and records and options.header is not False:
        raise UnreadableFileError(
            f"the first line {first.reason}.", where=origin, fix=f"It is the header: {first.fix}"
        )
    if records and max(len(each) for each in records[0]) > LONGEST_NAME:
        raise UnreadableFileError(
            f"the first line has a field of more than {LONGEST_NAME} characters.",
            where=origin,
            fix="Say the right `delimiter` or `encoding`; this does not look like a table.",
        )


def _head(text: TextFile) -> list[str]:
    lines, size = [], 0
    for line in islice(lines_of(text.path, text.mark), HEAD_LINES):
        lines.append(line)
        size += len(line)
        if size > HEAD_SIZE:
            break
    return lines


def _stated_delimiter(lines: list[str], options: ReadOptions) -> tuple[int, str | None]:
    """Lines to skip, and the delimiter of the options or of a first line like `sep=;`."""
    if options.skip_rows:
        return options.skip_rows, options.delimiter
    first = lines[0].rstrip("\r\n") if lines else ""
    if first.lower().startswith("sep=") and len(first) == 5:
        return 1, options.delimiter or first[4]
    return 0, options.delimiter


def _records(lines: Sequence[str], dialect: Dialect) -> list[list[str]]:
    return [each for each in Splitter(lines, dialect) if isinstance(each, list)]


def _dialect(lines: list[str], options: ReadOptions, stated: str | None, origin: str) -> Dialect:
    quote = '"' if options.quote is None else options.quote
    delimiter = stated or _delimiter(lines, quote, origin)
    plain, escaped = Dialect(delimiter, quote), Dialect(delimiter, quote, "\\")
    if quote and any(f"\\{quote}" in line for line in lines):
        gained = len(_records(lines, escaped)) - len(_records(lines, plain))
        return escaped if gained > 0 else plain
    return plain


def _delimiter(lines: list[str], quote: str, origin: str) -> str:
    """The delimiter that cuts most records into equally many fields, and the first one too."""
    found: dict[str, tuple[float, int]] = {}
    for delimiter in DELIMITERS:
        widths = [len(each) for each in _records(lines, Dialect(delimiter, quote))]
        if not widths:
            continue
        width, count = Counter(widths).most_common(1)[0]
        starts_well = next((each for each in widths if each > 1), 1) == width
        if width > 1 and starts_well and (delimiter != SPACES or (width > 2 and count > 1)):
            found[delimiter] = (round(count / len(widths), 1), width)
    if SPACES in found and (len(found) > 1 or found[SPACES][0] < 1):
        del found[SPACES]
    if not found:
        return ","
    best = max(found.values())
    equal = [delimiter for delimiter, score in found.items() if score == best]
    if len(equal) == 1:
        return equal[0]
    choices = [{"value": each, "label": SPOKEN[each]} for each in equal]
    raise AmbiguousInputError(
        "the fields could be separated by " + " or ".join(SPOKEN[each] for each in equal) + ".",
        where=origin, fix=f"Say which, as in `delimiter: \"{equal[0]}\"`.",
        option="delimiter", choices=choices,
    )  # fmt: skip


def _titles(lines: list[str], dialect: Dialect, options: ReadOptions) -> int:
    """How many lines of one field stand above a table of three columns or more."""
    if options.skip_rows is not None:
        return 0
    widths = [
        sum(1 for field in each if field.strip()) if isinstance(each, list) else 0
        for each in Splitter(lines[: MOST_TITLES + 20], dialect)
    ]
    usual = Counter(each for each in widths if each).most_common(1)
    if not usual or usual[0][0] < 3:
        return 0
    above = next((n for n, width in enumerate(widths[: MOST_TITLES + 1]) if width > 1), 0)
    return above if any(widths[:above]) else 0


def _has_header(records: list[list[str]], options: ReadOptions) -> tuple[bool, tuple[str, ...]]:
    if options.header is not None:
        return options.header, ()
    first, rest = records[0], records[1:]
    if options.columns is not None:
        return [each.strip() for each in first] == list(options.columns), ()
    if any(DATUM.fullmatch(each.strip()) for each in first):
        return False, ("The first line looks like data: the columns are numbered.",)
    if rest and not any(_mostly_data(column) for column in zip(*rest[:100], strict=False)):
        return True, ("Nothing but text: the first line is taken for the header.",)
    return True, ()


def _mostly_data(column: Sequence[str]) -> bool:
    filled = [each.strip() for each in column if each.strip()]
    return sum(1 for each in filled if DATUM.fullmatch(each)) * 2 > len(filled)


def _names(
    records: list[list[str]], header: bool, options: ReadOptions
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    width = Counter(len(each) for each in records).most_common(1)[0][0]
    if options.columns is not None:
        if len(options.columns) != width:
            raise UsageError(
                f"{len(options.columns)} names are given for {width} columns.",
                fix="Give one name for each column, in order.",
            )
        return unique_names(options.columns)
    if header:
        return unique_names(records[0])
    return tuple(f"column_{number}" for number in range(1, width + 1)), ()


def _lines_of_header(lines: list[str], dialect: Dialect) -> int:
    taken = 0

    def counted() -> object:
        nonlocal taken
        for line in lines:
            taken += 1
            yield line

    for record in Splitter(counted(), dialect):  # type: ignore[arg-type]
        if isinstance(record, list):
            break
    return taken

"""A text file made ready: unpacked, in UTF-8, and looked at byte by byte once."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from segmentry.core.errors import UnreadableFileError
from segmentry.data import encoding as encodings
from segmentry.data.staged import ReadOptions

GZIP = b"\x1f\x8b"
BOMB_SIZE, BOMB_RATIO = 200 << 20, 200
"""A packed file that grows beyond both is refused."""
LF, CR = 10, 13
Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]


@dataclass(slots=True)
class Scan:
    """What one pass over the bytes of a UTF-8 file has counted."""

    quote: bytes
    size: int = 0
    newlines: int = 0
    """`\\n`, with or without `\\r` before it."""
    windows_newlines: int = 0
    returns: int = 0
    """`\\r`, alone or not."""
    empty_lines: int = 0
    zeros: int = 0
    quotes: int = 0
    invalid: bool = False
    """Whether some bytes are not UTF-8."""
    _tail: bytes = b" \n"
    """The two bytes before: a file begins as if after a line end."""

    def feed(self, chunk: bytes) -> None:
        """Count one more piece."""
        self.size += len(chunk)
        whole = np.frombuffer(self._tail + chunk, np.uint8)
        newline = whole == LF
        self.newlines += int(np.count_nonzero(newline[len(self._tail) :]))
        self.empty_lines += int(np.count_nonzero(newline[2:] & newline[1:-1]))
        if b"\r" in chunk or self._tail.endswith(b"\r"):
            self._count_returns(whole, newline)
        self.zeros += chunk.count(b"\0") if b"\0" in chunk else 0
        self.quotes += chunk.count(self.quote) if self.quote and self.quote in chunk else 0
        self._tail = (self._tail + chunk[-2:])[-2:]

    def _count_returns(self, whole: Bytes, newline: Flags) -> None:
        back = whole == CR
        windows = newline[2:] & back[1:-1]
        self.returns += int(np.count_nonzero(back[2:]))
        self.windows_newlines += int(np.count_nonzero(windows))
        self.empty_lines += int(np.count_nonzero(windows & newline[:-2]))

    @property
    def lines(self) -> int:
        """Lines, by line feeds; the last one needs none."""
        return self.newlines + (self.size > 0 and not self._tail.endswith(b"\n"))

    @property
    def line_end(self) -> str | None:
        """The one line end of the file; `None` when there are several kinds."""
        if self.returns == 0:
            return "\n"
        alone = self.returns - self.windows_newlines
        return "\r\n" if alone == 0 and self.windows_newlines == self.newlines else None


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file of UTF-8 text, and what is known of its bytes."""

    path: Path
    scan: Scan
    content_hash: str
    encoding: str
    mark: int
    notices: tuple[str, ...]


@contextmanager
def opened(path: Path, options: ReadOptions, origin: str) -> Iterator[TextFile]:
    """The file as UTF-8 text. What had to be unpacked or decoded is removed at the end.

    Raises:
        UnreadableFileError: Empty, damaged, or not of the encoding it is said to be.
        AmbiguousInputError: Several encodings make sense.
    """
    quote = b'"' if options.quote is None else options.quote.encode()
    with tempfile.TemporaryDirectory(prefix="segmentry-") as folder:
        plain, packed_hash = _unpacked(path, Path(folder), origin)
        if plain.stat().st_size == 0:
            raise UnreadableFileError("the file is empty.", where=origin)
        encoding = encodings.stated(plain, options.encoding)
        scan, content_hash = (None, None)
        if encoding is None or encoding.name == "utf-8":
            mark = encoding.mark if encoding else 0
            scan, content_hash = _scanned(plain, quote, mark)
            encoding = _proved(plain, encoding, scan, origin)
        if scan is None or encoding.name != "utf-8":
            content_hash = content_hash or file_hash(plain)
            decoded = Path(folder) / "decoded"
            encodings.transcode(plain, encoding, decoded, origin)
            scan, _ = _scanned(decoded, quote, 0)
            plain, encoding = decoded, encodings.Encoding(encoding.name, 0, encoding.notice)
        yield TextFile(
            plain,
            scan,
            packed_hash or content_hash or "",
            encoding.name,
            encoding.mark,
            (encoding.notice,) if encoding.notice else (),
        )


def _proved(
    path: Path, encoding: encodings.Encoding | None, scan: Scan, origin: str
) -> encodings.Encoding:
    if not scan.invalid:
        return encoding or encodings.Encoding("utf-8")
    if encoding is None:
        return encodings.single_byte(path, origin)
    raise UnreadableFileError(
        "the file is not UTF-8: " + encodings.first_undecodable(path, "utf-8"),
        where=origin,
        fix="Say the right `encoding`, or export the file as UTF-8.",
    )


def _scanned(path: Path, quote: bytes, mark: int) -> tuple[Scan, str]:
    """One pass: hash, counts, validity. The pieces stay in the processor's cache."""
    digest, scan = hashlib.sha256(), Scan(quote)
    decoder = codecs.getincrementaldecoder("utf-8")()
    for number, chunk in enumerate(encodings.chunks(path)):
        digest.update(chunk)
        scan.feed(chunk[mark:] if number == 0 else chunk)
        if not scan.invalid and (not chunk.isascii() or decoder.getstate()[0]):
            scan.invalid = not _decodes(decoder, chunk, final=False)
    scan.invalid = scan.invalid or not _decodes(decoder, b"", final=True)
    return scan, digest.hexdigest()


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    for chunk in encodings.chunks(path):
        digest.update(chunk)
    return digest.hexdigest()


def _unpacked(path: Path, folder: Path, origin: str) -> tuple[Path, str | None]:
    """The file itself, or what its gzip holds with the hash of the packed bytes."""
    with path.open("rb") as file:
        if file.read(2) != GZIP:
            return path, None
    target, size = folder / "unpacked", 0
    limit = max(BOMB_SIZE, BOMB_RATIO * path.stat().st_size)
    try:
        with gzip.open(path, "rb") as packed, target.open("wb") as file:
            while chunk := packed.read(encodings.CHUNK):
                size += len(chunk)
                if size > limit:
                    raise UnreadableFileError(
                        f"the gzip file grows more than {BOMB_RATIO}-fold; refused.",
                        where=origin,
                        fix="Unpack it yourself if it is yours.",
                    )
                file.write(chunk)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UnreadableFileError(
            f"the gzip file is cut off or damaged ({error}).",
            where=origin,
            fix="Copy or download it again.",
        ) from error
    return target, file_hash(path)


@contextmanager
def plain_name(path: Path) -> Iterator[Path]:
    """The path, or a link to it when the engine would take its name for a pattern."""
    if not set(str(path)) & set("*?[]{}"):
        yield path.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="segmentry-") as folder:
        link = Path(folder) / "source"
        link.symlink_to(path.absolute())
        yield link

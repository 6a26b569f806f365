"""Which encoding a text file is written in: stated, proved, or asked about; never guessed."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from segmentry.core.errors import AmbiguousInputError, UnreadableFileError, UsageError

CHUNK = 1 << 20
"""Bytes read at a time: few enough to stay in the processor's cache."""
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # the UTF-32 mark begins with the UTF-16 one, so it stands first

CYRILLIC = {
    "Ukrainian": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    "Russian": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "Belarusian": "абвгдеёжзійклмнопрстуўфхцчшыьэюя",
    "Serbian": "абвгдђежзијклљмнњопрстћуфхцчџш",
}
CENTRAL = {
    "Polish": "ąćęłńóśźż",
    "Czech": "áčďéěíňóřšťúůýž",
    "Slovak": "áäčďéíĺľňóôŕšťúýž",
    "Hungarian": "áéíóöőúüű",
    "Romanian": "ăâîşţ",
    "Croatian": "čćđšž",
    "German": "äöüß",
}
WESTERN = {
    "French": "àâæçèéêëîïôœùûüÿ",
    "German": "äöüß",
    "Spanish": "áéíñóúü",
    "Portuguese": "áâãàçéêíóôõú",
    "Italian": "àèéìíîòóùú",
    "Nordic": "åäöæøéðþáíóúý",
    "Dutch": "éëïóöü",
}
CANDIDATES: Mapping[str, Mapping[str, str]] = {
    "cp1251": CYRILLIC,
    "cp1250": CENTRAL,
    "cp1252": WESTERN,
    "koi8-u": CYRILLIC,
    "cp866": CYRILLIC,
    "iso8859-2": CENTRAL,
}
SYMBOLS = frozenset("€£¥§©®°№«»–—‘’‚“”„…•™½¼¾±·²ªº₴\u00a0\u00ad")
WORD = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
WORDS_ENOUGH = 20_000
SURE = 0.85
"""Share of a file's non-ASCII letters that must make sense in one language."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a file's bytes become text; `mark` is the length of the byte-order mark."""

    name: str
    mark: int = 0
    notice: str = ""


def stated(path: Path, wanted: str | None) -> Encoding | None:
    """The encoding the user, a byte-order mark or the zero bytes of UTF-16 state; else `None`.

    Raises:
        UsageError: The wanted encoding does not exist.
    """
    with path.open("rb") as file:
        head = file.read(1 << 16)
    mark = next(((len(bom), name) for bom, name in BOMS if head.startswith(bom)), None)
    if wanted is not None:
        name = known(wanted)
        if mark and mark[1].startswith(name):
            return Encoding(mark[1], mark[0])
        return Encoding(name)
    if mark:
        return Encoding(mark[1], mark[0])
    return _without_mark(head)


def known(name: str) -> str:
    """Python's name of an encoding of text.

    Raises:
        UsageError: There is none of that name.
    """
    try:
        found = codecs.lookup(name)
        "a".encode(found.name)
    except (LookupError, ValueError) as error:
        raise UsageError(
            f"unknown encoding `{name}`.", fix="Use utf-8, utf-16, cp1251, cp1250 or cp1252."
        ) from error
    return found.name


def _without_mark(head: bytes) -> Encoding | None:
    """UTF-16 of mostly Latin text has a zero in every second byte, and hardly any elsewhere."""
    pairs = len(head) // 2
    if pairs < 2:
        return None
    even, odd = head[0 : 2 * pairs : 2].count(0), head[1 : 2 * pairs : 2].count(0)
    for zeros, others, name in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if zeros > 0.3 * pairs and others < 0.02 * pairs:
            return Encoding(name, notice=f"The file has no byte-order mark; read as {name}.")
    return None


def single_byte(path: Path, origin: str) -> Encoding:
    """The single-byte encoding in which a file that is not UTF-8 makes sense as language.

    Raises:
        AmbiguousInputError: Several make sense and read the file differently, or none does.
        UnreadableFileError: It is UTF-8 with some damaged bytes.
    """
    words = _words(path)
    _refuse_damaged_utf8(path, words, origin)
    scores = {name: _sense(words, name) for name in CANDIDATES}
    best = max(scores, key=lambda name: scores[name])
    likely = [name for name, score in scores.items() if score >= max(SURE, scores[best] - 0.1)]
    readings = {name: _decoded(words, name) for name in likely}
    if likely and len(set(readings.values())) == 1:
        chosen = best if best in likely else likely[0]
        return Encoding(chosen, notice=_told(chosen, scores[chosen]))
    raise _ambiguous(words, likely or _guessed(words), origin)


def _told(encoding: str, sense: float) -> str:
    notice = f"The file is not UTF-8; read as {encoding}."
    if sense == 1:
        return notice
    return f"{notice} Of its letters beyond ASCII {1 - sense:.1%} make no sense so: look at them."


def _words(path: Path) -> list[bytes]:
    found: set[bytes] = set()
    for chunk in chunks(path):
        found.update(WORD.findall(chunk))
        if len(found) > WORDS_ENOUGH:
            break
    return sorted(found)


def _refuse_damaged_utf8(path: Path, words: list[bytes], origin: str) -> None:
    """A file most of whose non-ASCII words are UTF-8 is UTF-8, damaged; its bad byte is named."""
    bad = sum(1 for word in words if not _is_utf8(word))
    if bad * 3 > len(words):
        return
    raise UnreadableFileError(
        "the file is UTF-8 with damaged bytes; the first is in " + first_undecodable(path, "utf-8"),
        where=origin,
        fix="Export it again, or say `encoding` to read it as something else.",
    )


def _is_utf8(word: bytes) -> bool:
    try:
        word.decode()
    except UnicodeDecodeError:
        return False
    return True


def _sense(words: list[bytes], encoding: str) -> float:
    """Share of the non-ASCII characters, by the language of `encoding` that explains most."""
    decoded = [word.decode(encoding, errors="replace") for word in words]
    return max(_share(decoded, frozenset(letters)) for letters in CANDIDATES[encoding].values())


def _share(words: list[str], letters: frozenset[str]) -> float:
    total = sensible = 0
    cyrillic = "а" in letters
    for word in words:
        weight = sum(1 for char in word if ord(char) > 127)
        total += weight
        if _fits(word, letters, cyrillic):
            sensible += weight
    return sensible / total if total else 0.0


def _fits(word: str, letters: frozenset[str], cyrillic: bool) -> bool:
    core = word.strip("".join(SYMBOLS))
    foreign = [char for char in core if ord(char) > 127 and char not in "’‘-"]
    if any(char.lower() not in letters for char in foreign):
        return False
    if cyrillic and foreign and len(foreign) != len(core.replace("’", "")):
        return False  # Latin and Cyrillic letters in one word
    return core.islower() or core.isupper() or core[1:].islower() or len(core) < 2


def _decoded(words: list[bytes], encoding: str) -> str:
    return "\n".join(word.decode(encoding, errors="replace") for word in words)


def _guessed(words: list[bytes]) -> list[str]:
    from charset_normalizer import from_bytes

    matches = from_bytes(b" ".join(words[:2000]))
    return list(dict.fromkeys(match.encoding for match in matches))[:4] or ["cp1252"]


def _ambiguous(words: list[bytes], names: list[str], origin: str) -> AmbiguousInputError:
    longest = sorted(words, key=len, reverse=True)[:3]
    choices = []
    for name in names:
        read = ", ".join(word.decode(name, errors="replace")[:30] for word in longest)
        choices.append({"value": name, "label": f"{name}: {read}"})
    shown = " or ".join(each["label"] for each in choices)
    return AmbiguousInputError(
        f"the encoding is not clear: {shown}.",
        where=origin,
        fix=f"Say which one reads right, as in `encoding: {names[0]}`.",
        option="encoding",
        choices=choices,
    )


def chunks(path: Path, start: int = 0) -> Iterator[bytes]:
    """The bytes of a file, in large pieces."""
    with path.open("rb") as file:
        file.seek(start)
        while chunk := file.read(CHUNK):
            yield chunk


def transcode(path: Path, encoding: Encoding, target: Path, origin: str) -> None:
    """Write the file as UTF-8 without a mark.

    Raises:
        UnreadableFileError: A byte is not of that encoding; says in which line and byte.
    """
    decoder = codecs.getincrementaldecoder(encoding.name)("strict")
    try:
        with target.open("wb") as file:
            for chunk in chunks(path, encoding.mark):
                file.write(decoder.decode(chunk).encode("utf-8"))
            file.write(decoder.decode(b"", final=True).encode("utf-8"))
    except UnicodeError as error:
        place = first_undecodable(path, encoding.name, encoding.mark)
        raise UnreadableFileError(
            f"the file is not {encoding.name}: {place}",
            where=origin,
            fix="Say the right `encoding`, or export the file as UTF-8.",
        ) from error


def first_undecodable(path: Path, encoding: str, start: int = 0) -> str:
    """Where decoding fails first: line (the header is line 1) and byte, counted from 1."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    position, line, pending = start, 1, b""
    for chunk in chunks(path, start):
        try:
            text = decoder.decode(chunk)
        except UnicodeDecodeError as error:
            whole = pending + chunk
            line += whole[: error.start].count(b"\n")
            place = position - len(pending) + error.start
            return f"line {line}, byte {place + 1} (0x{whole[error.start]:02X})."
        line += text.count("\n")
        pending = decoder.getstate()[0]
        position += len(chunk)
    return f"line {line}, byte {position} (the last character is cut off)."

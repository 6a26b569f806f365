"""Every error a person can meet, on one page.

::

    SegmentryError                       exit http
    ├── DeclarationError                    2     422   what is written is wrong
    │   ├── RuleSyntaxError                             text that is not a rule
    │   ├── RuleTypeError                               a rule that compares what cannot be compared
    │   ├── UnknownNameError                            a name that does not exist, with what does
    │   ├── UnknownValueError                           a group that nobody can be in, with what is
    │   ├── LockedFeatureError                          its data is not loaded yet
    │   ├── DuplicateNameError
    │   └── CycleError                                  a definition that uses itself
    ├── UsageError                          2     400   a command or call used wrongly
    ├── NotFoundError                       2     404   what is asked for is not there
    ├── InputError                          3     422   bad data; nothing was changed
    │   ├── UnreadableFileError                         encoding, format, damage
    │   ├── AmbiguousInputError                         more than one reading is possible: say which
    │   └── MappingError                                columns and entities that do not fit
    ├── AccessError                         2     403   whoever asks may not
    │   ├── SignInError                     2     401   nobody signed in, or an unknown key
    │   ├── ForbiddenError                  2     403   a right is lacking
    │   ├── ForgedError                     2     403   sent by another page, or to another host
    │   ├── TooManyError                    2     429   asked too often
    │   └── TooLargeError                   2     413   a request larger than is read
    ├── CheckFailedError                    1     409   data failed a check that was asked to fail
    ├── EngineError                         4     500   the database refused or failed
    │   ├── UnsupportedOperationError       2     422   an engine cannot do this
    │   ├── BusyError                       4     409   another process holds the workspace
    │   ├── OutOfResourcesError             4     507   disk or memory ran out
    │   └── CancelledError                  4     499
    └── InternalError                       4     500
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

MOST_SHOWN = 12
"""Of what there is, so many are named."""


class SegmentryError(Exception):
    """Base of all errors: a stable `code`, numbers for both interfaces, and where and how to mend.

    Args:
        message: What is wrong, in one sentence, naming the thing.
        where: Where it is: a file and record, or a line and column.
        fix: What to do about it.
        details: Machine-readable fields, shown in JSON.
    """

    code: ClassVar[str] = "error"
    http_status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 4

    def __init__(self, message: str, *, where: str = "", fix: str = "", **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.fix = fix
        self.details = details

    def __str__(self) -> str:
        head = f"{self.where}: {self.message}" if self.where else self.message
        return f"{head} {self.fix}" if self.fix else head

    def as_json(self) -> dict[str, Any]:
        """The error as the interfaces show it."""
        shown = {"code": self.code, "message": self.message, "where": self.where, "fix": self.fix}
        return {key: value for key, value in shown.items() if value} | self.details


class DeclarationError(SegmentryError):
    """A declaration (rule, feature, segment, mapping) that cannot be accepted as written."""

    code, http_status, exit_code = "declaration", 422, 2


class RuleSyntaxError(DeclarationError):
    """Text that is not a rule. `line` and `column` count from 1."""

    code = "rule_syntax"

    def __init__(self, message: str, *, line: int, column: int, fix: str = "") -> None:
        super().__init__(
            message, where=f"line {line}, column {column}", fix=fix, line=line, column=column
        )


class RuleTypeError(DeclarationError):
    """A rule that is well formed but compares or computes what cannot be."""

    code = "rule_type"


class UnknownNameError(DeclarationError):
    """A name that does not exist. Says which one was probably meant."""

    code = "unknown_name"

    def __init__(
        self, kind: str, name: str, known: Iterable[str], *, where: str = "", hint: str = ""
    ) -> None:
        names = sorted(set(known))
        close = nearest(name, names)
        if close:
            fix = f"Did you mean `{close[0]}`?"
        elif names:
            fix = f"There is {_some(names)}."
        else:
            fix = f"There is no {kind} yet."
        if hint and not close:
            fix = f"{fix} {hint}"
        super().__init__(
            f"unknown {kind} `{name}`.", where=where, fix=fix, name=name, suggestion=close
        )


class UnknownValueError(DeclarationError):
    """A text that a value can never be, so that nobody would be meant. Says what it can be."""

    code = "unknown_value"

    def __init__(self, value: str, text: str, known: Sequence[str]) -> None:
        close, shown = nearest(text, known), _some(known, mark="'")
        fix = f"Did you mean '{close[0]}'? " if close else ""
        super().__init__(
            f"{value} is never '{text}'.",
            fix=f"{fix}It can be {shown}.",
            suggestion=close,
        )


def nearest(given: str, known: Iterable[str]) -> list[str]:
    """The one that was probably meant, whatever the case of its letters; none if none is near."""
    plain = {each.casefold(): each for each in known}
    close = difflib.get_close_matches(given.casefold(), plain, n=1, cutoff=0.6)
    return [plain[each] for each in close]


def _some(names: Sequence[str], mark: str = "`") -> str:
    shown = ", ".join(f"{mark}{each}{mark}" for each in names[:MOST_SHOWN])
    return f"{shown} and more" if len(names) > MOST_SHOWN else shown


class LockedFeatureError(DeclarationError):
    """A feature the library knows but whose data is not loaded; says which column unlocks it."""

    code = "locked_feature"


class DuplicateNameError(DeclarationError):
    """A name that is taken."""

    code = "duplicate_name"


class CycleError(DeclarationError):
    """A definition that, through others, uses itself."""

    code = "cycle"


class UsageError(SegmentryError):
    """A command or call used wrongly."""

    code, http_status, exit_code = "usage", 400, 2


class NotFoundError(SegmentryError):
    """A workspace, segment or customer that is not there."""

    code, http_status, exit_code = "not_found", 404, 2


class InputError(SegmentryError):
    """Data that cannot be taken as it is. Nothing was changed."""

    code, http_status, exit_code = "bad_input", 422, 3


class UnreadableFileError(InputError):
    """A file that cannot be read as what it claims to be."""

    code = "unreadable_file"


class AmbiguousInputError(InputError):
    """Data with more than one possible reading (01/02/2024). The user must say which."""

    code = "ambiguous_input"


class MappingError(InputError):
    """A mapping that does not fit the file or the entities."""

    code = "mapping"


class AccessError(SegmentryError):
    """Whoever asks may not do this, or not now."""

    code, http_status, exit_code = "access", 403, 2


class SignInError(AccessError):
    """Nobody signed in, or the name, password, link or key is not known."""

    code, http_status = "sign_in", 401


class ForbiddenError(AccessError):
    """Whoever asks lacks a right."""

    code = "forbidden"


class ForgedError(AccessError):
    """A request that another page may have sent, or that was sent to another host."""

    code = "forged"


class TooManyError(AccessError):
    """Asked too often. `retry_after` seconds later it can be asked again."""

    code, http_status = "too_many", 429


class TooLargeError(AccessError):
    """A request larger than is read."""

    code, http_status = "too_large", 413


class CheckFailedError(SegmentryError):
    """Data failed a check that was asked to fail."""

    code, http_status, exit_code = "check_failed", 409, 1


class EngineError(SegmentryError):
    """The database refused or failed."""

    code, http_status, exit_code = "engine", 500, 4


class UnsupportedOperationError(EngineError):
    """An engine cannot do this. Raised when compiling, never in the middle of a run."""

    code, http_status, exit_code = "unsupported", 422, 2


class BusyError(EngineError):
    """Another process holds the workspace, or somebody else was faster."""

    code, http_status = "busy", 409


class OutOfResourcesError(EngineError):
    """Disk or memory ran out. What was being written was taken back."""

    code, http_status = "out_of_resources", 507


class CancelledError(EngineError):
    """The work was cancelled; nothing half done remains."""

    code, http_status = "cancelled", 499


class InternalError(SegmentryError):
    """A fault of ours."""

    code = "internal"

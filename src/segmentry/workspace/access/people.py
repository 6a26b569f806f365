"""People who work with a workspace: who they are, and the one way to know them by."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from segmentry.core.errors import DuplicateNameError, NotFoundError, UsageError
from segmentry.core.time import Clock
from segmentry.workspace.access.password import NOBODY, fits, hashed
from segmentry.workspace.access.scope import Principal, scopes_of
from segmentry.workspace.access.tables import PEOPLE, SESSIONS, VOUCHED

LONGEST_NAME = 100
SHOWN = (
    "id", "name", "email", "role", "disabled", "added_at", "signed_in_at",
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """Somebody who may sign in; instants are naive UTC."""

    id: int
    name: str
    email: str | None
    role: str
    disabled: bool
    added_at: datetime
    signed_in_at: datetime | None

    @property
    def principal(self) -> Principal:
        """The person as the one who asks."""
        return Principal(self.name, scopes_of(self.role), f"person:{self.id}", self.role)


class People:
    """The people of a workspace; names differ whatever their case."""

    def __init__(self, engine: sa.Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def all(self) -> list[Person]:
        """Everybody, by name."""
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(*_shown()).order_by(PEOPLE.c.folded))
            return [Person(*row) for row in rows]

    def named(self, name: str) -> Person:
        """Somebody by name.

        Raises:
            NotFoundError: There is nobody of that name.
        """
        return self._one(PEOPLE.c.folded == folded(name))

    def numbered(self, number: int) -> Person:
        """Somebody by number.

        Raises:
            NotFoundError: There is nobody of that number.
        """
        return self._one(PEOPLE.c.id == number)

    def number_of(self, name: str) -> int | None:
        """The number of somebody by name; `None` when nobody has it."""
        with self._engine.connect() as connection:
            query = sa.select(PEOPLE.c.id).where(PEOPLE.c.folded == folded(name))
            return connection.execute(query).scalar()

    def add(self, name: str, role: str, password: str, email: str | None = None) -> Person:
        """Let somebody sign in.

        Raises:
            DuplicateNameError: The name is taken.
            UnknownNameError: There is no such role.
            UsageError: The name, e-mail or password cannot be taken.
        """
        return self._add(name, role, hashed(password, name), _checked_email(email))

    def vouched(self, subject: str, name: str, role: str) -> Person:
        """Somebody whom a provider vouches for, with the role it says; added if new.

        They are known by `subject` alone: one name or address may come to mean somebody else. A
        name that somebody else has gets a number.

        Raises:
            UsageError: The name cannot be taken, or nobody could manage the workspace any more.
        """
        person = self._known_as(subject)
        if person is None:
            person = self._add(self._free(_checked_name(name)), role, NOBODY, None)
            with self._engine.begin() as connection:
                row = {"subject": subject, "person_id": person.id}
                connection.execute(VOUCHED.insert().values(**row))
        elif person.role != role and not person.disabled:
            person = self.change(person.id, role=role)
        if not person.disabled:
            with self._engine.begin() as connection:
                signed_in = PEOPLE.update().where(PEOPLE.c.id == person.id)
                connection.execute(signed_in.values(signed_in_at=self._clock()))
        return person

    def _known_as(self, subject: str) -> Person | None:
        with self._engine.connect() as connection:
            query = sa.select(VOUCHED.c.person_id).where(VOUCHED.c.subject == subject)
            number = connection.execute(query).scalar()
        return None if number is None else self.numbered(number)

    def _free(self, name: str) -> str:
        tried, number = name[: LONGEST_NAME - 5], 1
        while self.number_of(tried) is not None:
            number += 1
            tried = f"{name[: LONGEST_NAME - 5]} ({number})"
        return tried

    def _add(self, name: str, role: str, password: str, email: str | None) -> Person:
        scopes_of(role)
        row = {
            "name": _checked_name(name),
            "folded": folded(name),
            "email": email,
            "role": role,
            "password": password,
            "disabled": False,
            "added_at": self._clock(),
        }
        try:
            with self._engine.begin() as connection:
                connection.execute(PEOPLE.insert().values(**row))
        except sa.exc.IntegrityError as error:
            raise DuplicateNameError("this name is taken.", fix="Choose another one.") from error
        return self.named(name)

    def known_by(self, name: str, password: str) -> Person | None:
        """Somebody by name and password; takes as long for a name that nobody has."""
        with self._engine.connect() as connection:
            query = sa.select(PEOPLE.c.password, PEOPLE.c.disabled).where(
                PEOPLE.c.folded == folded(name)
            )
            row = connection.execute(query).first()
        right = fits(password, row.password if row else None)
        if not right or row is None or row.disabled:
            return None
        with self._engine.begin() as connection:
            signed_in = PEOPLE.update().where(PEOPLE.c.folded == folded(name))
            connection.execute(signed_in.values(signed_in_at=self._clock()))
        return self.named(name)

    def change(
        self,
        number: int,
        role: str | None = None,
        password: str | None = None,
        disabled: bool | None = None,
    ) -> Person:
        """Change what is given of somebody; all their sessions end.

        Raises:
            NotFoundError: There is nobody of that number.
            UsageError: Nobody could manage the workspace any more, or the password is too weak.
        """
        person = self.numbered(number)
        values: dict[str, Any] = {}
        if role is not None:
            scopes_of(role)
            values["role"] = role
        if password is not None:
            values["password"] = hashed(password, person.name)
        if disabled is not None:
            values["disabled"] = disabled
        if values.get("role", "admin") != "admin" or disabled:
            self._keep_an_admin(person)
        with self._engine.begin() as connection:
            connection.execute(PEOPLE.update().where(PEOPLE.c.id == number).values(**values))
            connection.execute(SESSIONS.delete().where(SESSIONS.c.person_id == number))
        return self.numbered(number)

    def remove(self, number: int) -> None:
        """Forget somebody; in the log their number stays.

        Raises:
            NotFoundError: There is nobody of that number.
            UsageError: Nobody could manage the workspace any more.
        """
        self._keep_an_admin(self.numbered(number))
        with self._engine.begin() as connection:
            connection.execute(SESSIONS.delete().where(SESSIONS.c.person_id == number))
            connection.execute(VOUCHED.delete().where(VOUCHED.c.person_id == number))
            connection.execute(PEOPLE.delete().where(PEOPLE.c.id == number))

    def _keep_an_admin(self, leaving: Person) -> None:
        admins = [each.id for each in self.all() if each.role == "admin" and not each.disabled]
        if admins == [leaving.id]:
            raise UsageError(
                "this is the last administrator.", fix="Make somebody else an administrator first."
            )

    def _one(self, which: sa.ColumnElement[bool]) -> Person:
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(*_shown()).where(which)).first()
        if row is None:
            raise NotFoundError(
                "there is nobody of that name.", fix="See everybody: `segmentry people list`."
            )
        return Person(*row)


def folded(name: str) -> str:
    """A name as names are compared.

    >>> folded("  Olena  KOVAL ") == folded("olena koval")
    True
    """
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _shown() -> Iterable[sa.Column[Any]]:
    return (PEOPLE.c[name] for name in SHOWN)


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise UsageError(
            f"a name has 1 to {LONGEST_NAME} characters that can be read.",
            fix="Take the one that people know.",
        )
    return name


def _checked_email(email: str | None) -> str | None:
    from email_validator import EmailNotValidError, validate_email

    if email is None:
        return None
    try:
        return validate_email(email, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise UsageError("this is no e-mail address.", fix="Leave it out or mend it.") from error

"""Who may do what in a workspace."""

from __future__ import annotations

import hmac
import re
import secrets
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import sqlalchemy as sa

from segmentry.workspace.access.audit import Audit
from segmentry.workspace.access.keys import Keys
from segmentry.workspace.access.people import People
from segmentry.workspace.access.sessions import Sessions
from segmentry.workspace.access.tables import SECRETS

if TYPE_CHECKING:
    from segmentry.core.time import Clock
    from segmentry.workspace.access.limits import Limits

DECLARED_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
NUMBER = re.compile(r"[0-9]{1,9}")
NAMING = "naming customers in the log"


class Access:
    """People, sessions, keys and the log of a workspace, in its catalogue."""

    def __init__(self, engine: sa.Engine, clock: Clock, limits: Limits) -> None:
        self._engine = engine
        self.limits = limits
        self.people = People(engine, clock)
        self.sessions = Sessions(
            engine,
            clock,
            timedelta(minutes=limits.idle_minutes),
            timedelta(hours=limits.session_hours),
        )
        self.keys = Keys(engine, clock)
        self.audit = Audit(engine, clock)

    def names(self) -> dict[str, str]:
        """What people and keys are called today, by what the log calls them."""
        people = {each.principal.id: each.name for each in self.people.all()}
        return people | {f"key:{each.id}": each.name for each in self.keys.all()}

    def named(self, part: str, text: str, *, done: bool) -> str | int:
        """A part of a path as the log has it.

        Numbers and names of what is there stay; whatever else, and all that is about a customer, is
        a hash with a secret of this workspace: who knows an id can look for it, and it is not there
        to be read.

        Args:
            part: What it is: `name`, `customer_id`.
            done: Whether what was asked for was done, so there is a thing of that name.
        """
        if done and "customer" not in part:
            if NUMBER.fullmatch(text):
                return int(text)
            if DECLARED_NAME.fullmatch(text):
                return text
        return "#" + hmac.digest(self._naming, text.encode(), "sha256").hex()[:24]

    @cached_property
    def _naming(self) -> bytes:
        row = {"name": NAMING, "value": secrets.token_hex(32)}
        with self._engine.begin() as connection:
            connection.execute(SECRETS.insert().prefix_with("OR IGNORE").values(**row))
            query = sa.select(SECRETS.c.value).where(SECRETS.c.name == NAMING)
            return bytes.fromhex(connection.execute(query).scalar_one())

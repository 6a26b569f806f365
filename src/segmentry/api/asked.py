"""What is known of the request under way: who asks, what for, and what it touched."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from segmentry.workspace.access.audit import Change
from segmentry.workspace.access.scope import Principal, Scope
from segmentry.workspace.access.sessions import Session
from segmentry.workspace.discretion import Discreet

ABOUT_CUSTOMERS = frozenset({Scope.READ, Scope.DEFINE, Scope.LOAD, Scope.RUN, Scope.EXPORT})
"""Rights whose answers are screened. `live` is for one customer, whose id one has; `manage` is
about people, keys and settings."""


@dataclass
class Asked:
    """A request from its arrival to its answer.

    Args:
        who: Who asks; `None` for nobody we know.
        session: The session it belongs to; none for a key.
        scope: The right that its route takes, once it was found.
        noted: Whether it goes into the log.
        object: To which thing, for the log, besides what the path says.
        changes: Declarations that were changed.
        customers: How many customers the answer is about.
        schema: Of its answer, by name.
        few: Fewer customers are not told to who may not see them.
        discreet: What is not told to who may not see them.
        fit_for_all: Whether its answer was screened.
    """

    who: Principal | None = None
    session: Session | None = None
    scope: Scope | None = None
    noted: bool = False
    object: dict[str, Any] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    customers: int | None = None
    schema: str = ""
    few: int = 10
    discreet: Discreet | None = None
    fit_for_all: bool = False

    @property
    def is_screened(self) -> bool:
        """Whether its answer is about customers, and for somebody who may not see them."""
        about_customers = self.scope in ABOUT_CUSTOMERS
        return about_customers and self.who is not None and Scope.PERSONAL not in self.who.scopes


_UNDER_WAY: ContextVar[Asked | None] = ContextVar("asked", default=None)


def begun() -> Asked:
    """A new request; `asked` is this one until the next."""
    made = Asked()
    _UNDER_WAY.set(made)
    return made


def asked() -> Asked:
    """The request under way; outside of one, one of nobody."""
    return _UNDER_WAY.get() or Asked()

"""What people decided about sensitive fields, and what follows for each field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from segmentry.data.sensitive.scan import Recognised
from segmentry.locale import messages

Action = Literal["unlock", "lock", "mark", "clear"]
MARKED = "marked"
"""The category of a field that only a person called sensitive."""


class Decision(BaseModel):
    """What a person decided about a field, and why.

    Args:
        action: `unlock` (may be used), `lock` (no longer), `mark` (sensitive although not
            recognised), `clear` (not sensitive although recognised).
        purpose: For what an unlocked field may be used.
        until: The last day of an unlocking, in the workspace's zone; `None` is without end.
        consent: The purpose in the table of consents to which customers must have said yes, for
            their values to be read; empty is of all customers.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: str
    action: Action
    reason: str = ""
    purpose: str = ""
    until: date | None = None
    consent: str = ""


@dataclass(frozen=True)
class Decided:
    """The decisions that are in force on a day; none, unless told."""

    decisions: Mapping[str, Decision]
    on: date


UNDECIDED = Decided({}, date.min)


@dataclass(frozen=True)
class Standing:
    """A sensitive field and whether it may be used.

    Args:
        recognised: What it is and by what: `name`, `values`, or `mark` by a person.
        locked: Whether nothing may read it.
        decision: The decision that stands behind this, if any.
    """

    recognised: Recognised
    locked: bool
    decision: Decision | None = None

    @property
    def field(self) -> str:
        """What the field is called in decisions."""
        return self.recognised.field

    @property
    def name(self) -> str:
        """What people call the field."""
        return self.recognised.name

    @property
    def about(self) -> str:
        """The category in words."""
        return messages("en")(f"sensitive.{self.recognised.category}")

    @property
    def consent(self) -> str:
        """The purpose customers must have consented to, where it is unlocked for these only."""
        return "" if self.locked or self.decision is None else self.decision.consent

    @property
    def hidden(self) -> bool:
        """Whether what is stored must not be read as it stands."""
        return self.locked or bool(self.consent)

    @property
    def unlocking(self) -> str:
        """How to unlock the field."""
        name = f"'{self.name}'" if " " in self.name else self.name
        return (
            f"unlock `{self.name}` ({self.about}), if there is a lawful purpose: "
            f"`segmentry sensitive unlock {name} --purpose … --reason …`"
        )


def standings(found: Iterable[Recognised], decided: Decided) -> list[Standing]:
    """Every field that is recognised or marked, but for those cleared; locked unless unlocked.

    An unlocking holds through its last day and then ends by itself.
    """
    fields = {each.field: each for each in found}
    for name, decision in decided.decisions.items():
        if decision.action in ("mark", "lock", "unlock"):
            fields.setdefault(name, _marked(name))
    return [
        _standing(each, decided.decisions.get(name), decided.on)
        for name, each in fields.items()
        if name not in decided.decisions or decided.decisions[name].action != "clear"
    ]


def _standing(field: Recognised, decision: Decision | None, on: date) -> Standing:
    unlocked = (
        decision is not None
        and decision.action == "unlock"
        and (decision.until is None or on <= decision.until)
    )
    return Standing(field, not unlocked, decision)


def _marked(name: str) -> Recognised:
    entity, _, rest = name.partition(".")
    column, _, label = rest.partition("=")
    return Recognised(entity, column, label, MARKED, "mark")

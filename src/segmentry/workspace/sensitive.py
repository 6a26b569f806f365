"""Sensitive fields of a workspace: which there are, which are locked, and who decided what why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from segmentry.core.errors import UnknownNameError, UsageError
from segmentry.core.time import to_local
from segmentry.data import available
from segmentry.data.sensitive.decision import Decided, Decision, Standing
from segmentry.data.sensitive.gate import has_consents
from segmentry.data.sensitive.scan import LABELS, field_name
from segmentry.engines.duckdb import quote

if TYPE_CHECKING:
    from segmentry.workspace.folder import Folder

KIND = "sensitivity"
"""The kind of these decisions in the catalogue."""


@dataclass(frozen=True)
class Past:
    """A decision and when it was taken, naive UTC."""

    at: datetime
    decision: Decision


class Sensitive:
    """The gate before special categories of personal data.

    Fields recognised by name or by values are locked: no rule, feature, method, report or export
    can read them. A decision with a reason changes that; every decision is kept.
    """

    def __init__(self, workspace: Folder) -> None:
        self._workspace = workspace

    def fields(self) -> list[Standing]:
        """The sensitive fields, and whether each is locked; those cleared are not among them."""
        return available.sensitive_fields(self._workspace.engine, self.decided())

    def decided(self) -> Decided:
        """The newest decision about each field, as of today."""
        decisions = {
            each.name: Decision.model_validate(each.body) for each in self._workspace.declared(KIND)
        }
        return Decided(decisions, self._today())

    def history(self, name: str = "") -> list[Past]:
        """Every decision about a field, or about all, the oldest first."""
        names = [self._field(name)] if name else list(self.decided().decisions)
        found = [
            Past(each.saved_at, Decision.model_validate(each.body))
            for field in names
            for each in self._workspace.catalogue.versions(KIND, field)
        ]
        return sorted(found, key=lambda each: each.at)

    def unlock(
        self,
        name: str,
        *,
        reason: str,
        purpose: str = "",
        until: date | None = None,
        consent: str = "",
    ) -> None:
        """Let a field be used for a purpose, through the last day given.

        Args:
            purpose: What it is used for; the one consented to, if not said.
            consent: A purpose in the loaded consents: only of customers whose latest consent to it
                before as_of is yes can the field be read; for the others it is missing.

        Raises:
            UnknownNameError: There is no such field, or nobody was asked for such a consent.
            UsageError: The purpose or reason is empty, the last day is over, no consents are
                loaded, or the field is not one of customers.
        """
        purpose = purpose.strip() or consent
        if not purpose:
            raise UsageError("an unlocking needs a purpose.", fix="Say what the field is used for.")
        if until is not None and until < self._today():
            raise UsageError(f"{until} is over.", fix="Name a last day that is still to come.")
        field = self._field(name)
        if consent:
            self._check_consent(field, consent)
        self._decide(
            Decision(
                field=field,
                action="unlock",
                reason=reason,
                purpose=purpose,
                until=until,
                consent=consent,
            )
        )

    def lock(self, name: str, *, reason: str) -> None:
        """Take an unlocking back, at once."""
        self._decide(Decision(field=self._field(name), action="lock", reason=reason))

    def mark(self, name: str, *, reason: str) -> None:
        """Treat a field as sensitive although it was not recognised."""
        self._decide(Decision(field=self._field(name), action="mark", reason=reason))

    def clear(self, name: str, *, reason: str) -> None:
        """Say that a field is not sensitive although it was recognised."""
        self._decide(Decision(field=self._field(name), action="clear", reason=reason))

    def _check_consent(self, field: str, purpose: str) -> None:
        engine = self._workspace.engine
        if not field.startswith("customers.") or field == "customers.customer_id":
            raise UsageError(
                f"`{field}` cannot be bound to consent: it is no column of customers.",
                fix="Unlock it for all, or keep it locked.",
            )
        if not has_consents(available.schema_of(engine)):
            raise UsageError(
                "it is not loaded who consented to what.",
                fix="Load consents with customer_id, channel, purpose, given and recorded_at.",
            )
        rows = engine.rows("SELECT DISTINCT purpose FROM consents WHERE purpose IS NOT NULL")
        known = sorted(each for (each,) in rows)
        if purpose not in known:
            raise UnknownNameError("purpose of consents", purpose, known)

    def _decide(self, decision: Decision) -> None:
        if not decision.reason.strip():
            raise UsageError("a decision needs a reason.", fix="Say why; it is kept.")
        body = decision.model_dump(mode="json")
        workspace = self._workspace
        workspace.catalogue.declare(KIND, decision.field, body, workspace.clock())
        # What was computed before the decision must not be seen after it.
        workspace.warehouse.forget()

    def _today(self) -> date:
        workspace = self._workspace
        return to_local(workspace.clock(), workspace.settings.timezone).date()

    def _field(self, name: str) -> str:
        """The field that people call so: a column, `orders.column`, a question, an event."""
        engine = self._workspace.engine
        loaded = available.loaded_columns(engine)
        columns = {
            field_name(entity, column): field_name(entity, column)
            for entity, each in loaded.items()
            for column in each
        }
        columns |= {
            column: field_name("customers", column) for column in loaded.get("customers", {})
        }
        if name in columns:
            return columns[name]
        for entity, labelled in LABELS.items():
            for column in labelled:
                if column in loaded.get(entity, {}):
                    label = name.removeprefix(field_name(entity, column) + "=")
                    rows = f"SELECT 1 FROM {quote(entity)} WHERE {quote(column)} = ? LIMIT 1"
                    if engine.rows(rows, [label]):
                        return field_name(entity, column, label)
        known = [each.name for each in self.fields()]
        raise UnknownNameError("field", name, [*columns, *known])

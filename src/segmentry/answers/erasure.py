"""Forgetting people: what would go, what was done, and all that is held about one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from segmentry.answers.plain import Document, placed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from segmentry.workspace.erased import Erased
    from segmentry.workspace.workspace import Workspace


def preview(workspace: Workspace, ids: Collection[str]) -> Document:
    """What forgetting people would take away; nothing is changed."""
    found = workspace.erasure.preview(ids)
    return {
        "asked": len(found.ids),
        "unknown": list(found.unknown),
        "same": list(found.same),
        "tables": [{"table": name, "rows": rows} for name, rows in found.rows.items()],
        "elsewhere": list(found.elsewhere),
    }


def every(workspace: Workspace) -> Document:
    """What was erased, the newest first."""
    names = workspace.access.names()
    return {"erasures": [erasure(each, names) for each in workspace.erasure.all()]}


def done(workspace: Workspace, erased: Iterable[Erased]) -> Document:
    """What an erasure did: this one, and what had been cut off before."""
    names = workspace.access.names()
    return {"erasures": [erasure(each, names) for each in erased]}


def erasure(found: Erased, names: Mapping[str, str]) -> Document:
    """People who were erased at once; nothing in it names them."""
    return {
        "id": found.id,
        "at": found.at,
        "who": found.by,
        "name": names.get(found.by),
        "reason": found.reason,
        "ids_count": found.customers,
    }


def everything(workspace: Workspace, customer_id: str) -> Document:
    """All that is held about a customer, as it is held.

    Raises:
        NotFoundError: Nothing is.
    """
    from segmentry.workspace import held

    found, zone = held.everything(workspace, customer_id), workspace.settings.timezone
    return {
        "customer_id": customer_id,
        "same": [each for each in found.ids if each != customer_id],
        "tables": {name: _rows(rows, zone) for name, rows in found.tables.items()},
        "computed": {name: placed(value, zone) for name, value in found.computed.items()},
        "segments": list(found.segments),
        "memberships": _rows(found.memberships, zone),
        "sent": [dict(each) for each in found.sent],
    }


def _rows(rows: Iterable[Mapping[str, Any]], timezone: str) -> list[Document]:
    return [{name: placed(value, timezone) for name, value in row.items()} for row in rows]

"""Loading: the records of a staged source into the tables of a workspace, all or nothing.

The same source twice changes nothing. A corrected one updates, by the key of its records. Whatever
happens, records = accepted + unchanged + rejected, for every entity; records of people who were
erased are none of them, only their number is noted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from segmentry.core.errors import InternalError
from segmentry.core.types import Type
from segmentry.data.available import loaded_columns
from segmentry.data.cleaning import clean, note_changes
from segmentry.data.entity import ENTITIES
from segmentry.data.happenings import load_happenings
from segmentry.data.identity.links import settle
from segmentry.data.lines import load_lines
from segmentry.data.mapping import Mapping as SourceMapping
from segmentry.data.oddities import note_oddities
from segmentry.data.orders import load_orders
from segmentry.data.plan import LINKS, Planner
from segmentry.data.records import TABLE, Records
from segmentry.data.reject import rejected_file
from segmentry.data.sensitive.scan import newly_recognised
from segmentry.data.staged import Staged
from segmentry.data.suppression import NOBODY, SUPPRESSED, Suppression
from segmentry.data.tables import SUMS, add_columns, make_tables, note_columns
from segmentry.data.things import load_things, merge_told
from segmentry.data.work import EntityCounts, Progress, Treatment, Work
from segmentry.engines.duckdb import DuckDB, quote

LOADERS: Mapping[str, Callable[[Work], None]] = {
    "order_lines": load_lines,
    "orders": load_orders,
    "customers": load_things,
    "products": load_things,
    "companies": load_things,
}
"""What brings the records of an entity in; of any other, `load_happenings`."""


@dataclass(frozen=True)
class LoadResult:
    """What a load did.

    Args:
        load_id: Number of the load, under which its rejected records are listed. The number of the
            earlier load, when the same source was loaded before and nothing was done.
        entities: Counts for each entity that the source tells about, that of its records first.
        sums: For sources with amounts, what was read, and what of it became of it: `read` =
            `accepted` + `unchanged` + `rejected` + `left_out` (amounts that policy leaves out).
    """

    load_id: int
    entities: Mapping[str, EntityCounts]
    treatments: tuple[Treatment, ...] = ()
    notices: tuple[str, ...] = ()
    sums: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Terms:
    """What a workspace says about every load.

    Args:
        timezone: Zone of local days and hours, and of instants written without an offset.
        currency: Currency in which amounts are kept.
        rates: Currency → what one of it is worth in the workspace's.
    """

    timezone: str
    currency: str
    rates: Mapping[str, Decimal] = field(default_factory=dict)

    def hash_with(self, mapping: SourceMapping) -> str:
        """A hash of everything that decides what a source becomes."""
        rates = sorted((code, str(rate)) for code, rate in self.rates.items())
        parts = [mapping.model_dump(mode="json"), self.timezone, self.currency, rates]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def quiet(_: str) -> None:
    """Progress that nobody watches."""


def load(  # noqa: PLR0913 - each is a fact of its own that the caller knows
    session: DuckDB,
    staged: Staged,
    mapping: SourceMapping,
    *,
    timezone: str,
    currency: str,
    rates: Mapping[str, Decimal],
    loaded_at: datetime,
    suppression: Suppression = NOBODY,
    progress: Progress = quiet,
) -> LoadResult:
    """Bring a staged source in, in one transaction: all of it that is right, or nothing.

    Args:
        loaded_at: When this happens, naive UTC; kept in the ledger, it decides nothing.
        suppression: Whose records are left out: people who were erased.
        progress: Told what begins.

    Raises:
        MappingError: The mapping does not fit the source, most values of a column cannot be read,
            or a rate is missing.
        AmbiguousInputError: A column can be read in several ways and none was declared.
    """
    terms = Terms(timezone, currency, rates)
    make_tables(session)
    with session.transaction():
        return _load(session, staged, mapping, terms, loaded_at, suppression, progress)


class _RehearsedError(Exception):
    """Takes a rehearsal back."""


def rehearse(  # noqa: PLR0913 - as `load`
    session: DuckDB,
    staged: Staged,
    mapping: SourceMapping,
    *,
    timezone: str,
    currency: str,
    rates: Mapping[str, Decimal],
    suppression: Suppression = NOBODY,
    progress: Progress = quiet,
) -> LoadResult:
    """What `load` would do, done and taken back: nothing is changed.

    Not inside a transaction, which it would take back too.

    Raises:
        Whatever `load` would.
    """
    terms = Terms(timezone, currency, rates)
    result: LoadResult | None = None
    make_tables(session)
    try:
        with session.transaction():
            never = datetime(1970, 1, 1)
            result = _load(session, staged, mapping, terms, never, suppression, progress)
            raise _RehearsedError
    except _RehearsedError:
        assert result is not None
        return result


def _load(
    session: DuckDB,
    staged: Staged,
    mapping: SourceMapping,
    terms: Terms,
    loaded_at: datetime,
    suppression: Suppression,
    progress: Progress,
) -> LoadResult:
    settings_hash = terms.hash_with(mapping)
    known = _known(session, staged, settings_hash)
    if known is not None:
        return known
    source = staged
    mapping.check(staged)
    staged, cleaned = clean(session, source, mapping)
    work = _begin(session, staged, mapping, terms, suppression, progress)
    note_oddities(work)
    for each in cleaned:
        work.treat(work.plan.record, "cleaned", each.records, f"{each.column}: {each.step.kind}")
    note_changes(session, work.records.load_id, source, staged, mapping)
    LOADERS.get(work.plan.record, load_happenings)(work)
    for entity in ("products", "companies"):
        if entity in work.plan.entities and entity != work.plan.record:
            progress(entity)
            merge_told(work, entity)
    _note_columns(work)
    settle(session)
    _check(work)
    _write_ledger(work, settings_hash, loaded_at)
    work.notices += newly_recognised(session, loaded_columns(session))
    work.records.drop()
    if cleaned:
        staged.drop(session)
    return LoadResult(
        work.records.load_id,
        {name: work.counts[name] for name in work.plan.entities if name in work.counts},
        tuple(work.treatments),
        (*staged.notices, *work.notices),
        work.sums,
    )


def _begin(
    session: DuckDB,
    staged: Staged,
    mapping: SourceMapping,
    terms: Terms,
    suppression: Suppression,
    progress: Progress,
) -> Work:
    progress("formats")
    plan = Planner(session, staged, mapping, terms.timezone, terms.currency, terms.rates).plan()
    for entity in plan.entities:
        extras = {cell.attribute: cell.type for cell in plan.of(entity) if cell.extra}
        add_columns(session, entity, extras)
    staged, suppressed = suppression.put_aside(session, staged, plan)
    load_id = int(session.value("SELECT coalesce(max(load_id), 0) + 1 FROM loads"))
    records = Records(session, staged, plan, load_id)
    progress("values")
    records.read()
    work = Work(session, mapping, plan, records, terms.timezone, progress)
    work.treat(plan.record, SUPPRESSED, suppressed, "erased")
    return work


# the same source again


def _known(session: DuckDB, staged: Staged, settings_hash: str) -> LoadResult | None:
    """The earlier load of the very same, if nothing has changed its entities since."""
    load_id = session.value(
        "SELECT max(load_id) FROM loads WHERE content_hash = ? AND settings_hash = ?",
        [staged.content_hash, settings_hash],
    )
    if load_id is None:
        return None
    rows = session.rows(
        "SELECT entity, records, rejected, sums FROM loads WHERE load_id = ? ORDER BY rowid",
        [load_id],
    )
    later = session.value(
        "SELECT count(*) FROM loads WHERE load_id > ? AND accepted > 0 AND entity IN"
        " (SELECT entity FROM loads WHERE load_id = ?)",
        [load_id, load_id],
    )
    if later:
        return None
    entities = {
        entity: EntityCounts(records, 0, 0, records - rejected, rejected)
        for entity, records, rejected, _ in rows
    }
    treatments = session.rows(
        "SELECT entity, kind, records, policy FROM treatments WHERE load_id = ? ORDER BY rowid",
        [load_id],
    )
    return LoadResult(
        int(load_id),
        entities,
        tuple(Treatment(*row) for row in treatments),
        (*staged.notices, "This very source was loaded before; nothing was changed."),
    )


# books


def _check(work: Work) -> None:
    own = work.counts[work.plan.record]
    work.records.check_complete(own.accepted + own.unchanged)
    for name, counts in work.counts.items():
        if counts.records != counts.accepted + counts.unchanged + counts.rejected:
            raise InternalError(f"the counts of {name} do not add up; nothing was changed.")


def _write_ledger(work: Work, settings_hash: str, loaded_at: datetime) -> None:
    staged, load_id = work.records.staged, work.records.load_id
    for name in work.plan.entities:
        if name not in work.counts:
            continue
        counts = work.counts[name]
        sums = {key: str(value) for key, value in work.sums.items()}
        work.session.execute(
            "INSERT INTO loads VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                load_id, staged.origin, staged.content_hash, settings_hash, name, counts.records,
                counts.accepted, counts.updated, counts.unchanged, counts.rejected, loaded_at,
                json.dumps(sums) if name == work.plan.record and sums else None,
            ],
        )  # fmt: skip
    for each in work.treatments:
        work.session.execute(
            "INSERT INTO treatments VALUES (?, ?, ?, ?, ?)",
            [load_id, each.entity, each.kind, each.records, each.policy],
        )


def _note_columns(work: Work) -> None:
    """Remember which columns hold something now."""
    plan, records = work.plan, work.records
    counts = ", ".join(f"count({quote(cell.name)})" for cell in plan.cells)
    filled = work.session.rows(f"SELECT {counts} FROM {TABLE} WHERE {records.good()}")[0]
    noted: list[tuple[str, str, Type, str, bool]] = []
    for cell, count in zip(plan.cells, filled, strict=True):
        source = " + ".join(cell.sources)
        owners = (cell.entity,) if cell.attribute not in LINKS else plan.entities
        if (cell.entity, cell.attribute) == ("order_lines", "discount_amount"):
            owners = ("order_lines", "orders")  # an order's discount is the sum of its lines'
        noted += [
            (owner, cell.attribute, cell.type, source, cell.extra)
            for owner in (owners if count else ())
            if cell.extra or cell.attribute in ENTITIES[owner].attributes
        ]
    for entity, given in _amount_sources(work).items():
        noted += [(entity, name, Type.MONEY, given, False) for name in SUMS]
    note_columns(work.session, noted)


def _amount_sources(work: Work) -> dict[str, str]:
    """Tables whose sums are filled, with the columns of the source they come from."""
    plan = work.plan
    if plan.record == "orders":
        cell = plan.cell("orders", "amount")
        return {"orders": " + ".join(cell.sources) if cell else ""}
    if plan.record != "order_lines":
        return {}
    cells = [plan.cell("order_lines", name) for name in ("amount", "quantity", "unit_price")]
    given = " × ".join(source for cell in cells if cell for source in cell.sources)
    return {name: given for name in ("order_lines", "orders") if name in plan.entities}


__all__ = [
    "EntityCounts",
    "LoadResult",
    "Progress",
    "Treatment",
    "load",
    "rehearse",
    "rejected_file",
]

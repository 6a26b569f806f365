"""What lines and orders say was paid: known, classified, and accounted for."""

from __future__ import annotations

from decimal import Decimal

from segmentry.data.classify import Classification, classify
from segmentry.data.records import AMOUNT, TABLE, Records, Refusal
from segmentry.data.work import Books, Work, net_total


def classified(work: Work) -> tuple[Classification, Books]:
    """Refuse records without an amount, recognise kinds, refuse what policy says; open books."""
    records, entity = work.records, work.plan.record
    _refuse_without_amount(records)
    if work.plan.returned:
        work.notices.append("All records tell of returns: their amounts count as given back.")
    kinds = classify(records, work.mapping.policies)
    for each in kinds.kinds:
        work.treat(entity, each.name, kinds.counts.get(each.name, 0), each.policy)
    for refusal in kinds.refusals():
        records.refuse(refusal)
    read = Decimal(work.session.value(f"SELECT sum({AMOUNT}) FROM {TABLE}") or 0)
    return kinds, Books(read, net_total(records))


def _refuse_without_amount(records: Records) -> None:
    if not records.count(f"{AMOUNT} IS NULL"):
        return
    names = ("amount", "quantity", "unit_price")
    cells = [records.plan.cell(records.plan.record, name) for name in names]
    sources = tuple(source for cell in cells if cell for source in cell.sources)
    fix = "Fill it in, or leave the record out."
    reason = "the amount is missing or too large"
    records.refuse(Refusal(f"{AMOUNT} IS NULL", sources, reason, fix))

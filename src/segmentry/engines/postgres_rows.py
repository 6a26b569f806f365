"""Arrow in and out of PostgreSQL, as the CSV that both read and write fastest.

A missing value is an empty field, an empty text is `""`: both sides keep the two apart. Texts are
kept with the collation C, so that they compare by bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from pyarrow import csv

from segmentry.core.errors import EngineError
from segmentry.core.types import Type

Line = bytes | bytearray | memoryview
BLOCK = 1 << 25
"""How many bytes of text are turned into Arrow at a time."""
NUMERIC = 1700
_ARROW: dict[int, pa.DataType] = {
    16: pa.bool_(), 20: pa.int64(), 21: pa.int16(), 23: pa.int32(), 700: pa.float32(),
    701: pa.float64(), 1082: pa.date32(), 1114: pa.timestamp("us"),
    **dict.fromkeys((19, 25, 705, 1042, 1043), pa.string()),
}  # fmt: skip
_KINDS: dict[pa.DataType, str] = {
    pa.string(): 'text COLLATE "C"', pa.bool_(): "boolean", pa.int64(): "bigint",
    pa.uint32(): "bigint", pa.int32(): "integer", pa.uint16(): "integer", pa.int16(): "smallint",
    pa.uint8(): "smallint", pa.int8(): "smallint", pa.uint64(): "numeric(20,0)",
    pa.float64(): "double precision", pa.float32(): "real", pa.date32(): "date",
    pa.timestamp("us"): "timestamp",
}  # fmt: skip
_UNBOUND: dict[Type, pa.DataType] = {Type.INTEGER: pa.decimal128(38, 0), Type.NUMBER: pa.float64()}


@dataclass(frozen=True)
class Described:
    """A column of a result, as the server describes it before it runs the statement."""

    name: str
    oid: int
    modifier: int

    def arrow(self, meant: Type | None) -> pa.DataType:
        """The Arrow type; a decimal of no stated size is money unless it is meant to be else."""
        if self.oid == NUMERIC and self.modifier < 0:
            return _UNBOUND.get(meant or Type.MONEY, pa.decimal128(18, 4))
        if self.oid == NUMERIC:
            size = self.modifier - 4
            return pa.decimal128(size >> 16 & 0xFFFF, size & 0xFFFF)
        if self.oid not in _ARROW:
            raise EngineError(f"the column `{self.name}` has a type that cannot be read.")
        return _ARROW[self.oid]


def tables(schema: pa.Schema, texts: Iterable[Line]) -> Iterator[pa.Table]:
    """Whole lines of CSV, as Arrow, block by block."""
    lines: list[Line] = []
    size = 0
    for each in texts:
        lines.append(each)
        size += len(each)
        if size >= BLOCK:
            yield _read(schema, lines)
            lines, size = [], 0
    if lines:
        yield _read(schema, lines)


def _read(schema: pa.Schema, lines: Sequence[Line]) -> pa.Table:
    return csv.read_csv(
        io.BytesIO(b"".join(lines)),
        read_options=csv.ReadOptions(column_names=schema.names, block_size=BLOCK),
        parse_options=csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        convert_options=csv.ConvertOptions(
            column_types=dict(zip(schema.names, schema.types, strict=True)),
            null_values=[""],
            true_values=["t"],
            false_values=["f"],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )


# out of Arrow


def plain(schema: pa.Schema) -> pa.Schema:
    """The schema without dictionaries and large texts, which CSV does not know."""
    fields = [each.with_type(_plain(each.type)) for each in schema]
    return pa.schema(fields)


def _plain(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_dictionary(kind):
        return _plain(kind.value_type)
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind) or pa.types.is_null(kind):
        return pa.string()
    if pa.types.is_timestamp(kind):
        return pa.timestamp("us")
    return kind


def kind(field: pa.Field[Any]) -> str:
    """How PostgreSQL names the type of a column.

    Raises:
        EngineError: It has none, as for lists.
    """
    if pa.types.is_decimal(field.type):
        return f"numeric({field.type.precision},{field.type.scale})"
    if field.type in _KINDS:
        return _KINDS[field.type]
    raise EngineError(f"PostgreSQL cannot keep the column `{field.name}`, which is {field.type}.")


def texts(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Iterator[bytes]:
    """The rows as CSV, batch by batch."""
    options = csv.WriteOptions(include_header=False, quoting_style="all_valid")
    for each in batches:
        sink = io.BytesIO()
        csv.write_csv(each.cast(schema), sink, options)
        yield sink.getvalue()

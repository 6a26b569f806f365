"""Writes a corpus of malformed and odd files, always the same, with a list of what they are.

    python tests/corpus/make.py FOLDER

`manifest.json` says for each file its kind and what must become of it: `ok` (it is read, perhaps
with malformed records), `error` (a named error), `either`.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import re
import sys
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

HEADER = "order_id,customer_id,ordered_at,amount"
ROWS = ("1,c1,2024-01-15,10.50", "2,c2,2024-02-16,20.00", "3,c1,2024-03-17,5.25")
GOOD = "\n".join((HEADER, *ROWS)) + "\n"
UKRAINIAN = (
    "номер;клієнт;дата;сума\n1;Ірина Їжак;15.01.2024;10,50\n2;Олег Гриценко;16.02.2024;20,00\n"
)
POLISH = (
    "numer;klient;data;kwota\n1;Łukasz Żółć;15.01.2024;10,50\n2;Świętosława Gęś;16.02.2024;2,00\n"
)
SPANISH = (
    "order_id;customer_id;date;total\n1;José Peña;15.01.2024;10,50\n2;Íñigo Núñez;16.02.2024;2\n"
)

Case = tuple[str, str, str, bytes]
"""Name, kind, what becomes of it, content."""


def text(name: str, kind: str, content: str, outcome: str = "ok", encoding: str = "utf-8") -> Case:
    return name, kind, outcome, content.encode(encoding)


def column(
    name: str, kind: str, values: list[str], outcome: str = "ok", target: str = "amount"
) -> Case:
    """A shop's orders with the given values in one column."""
    names = HEADER.split(",")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    for number, value in enumerate(values, start=1):
        row = [str(number), f"c{number % 3}", f"2024-01-{13 + number % 15}", "10.50"]
        row[names.index(target)] = value
        writer.writerow(row)
    return text(name, kind, out.getvalue(), outcome)


def encodings() -> Iterator[Case]:
    kind = "encoding"
    for code in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251", "koi8-u"):
        yield text(f"ukrainian_{code}.csv", kind, UKRAINIAN, encoding=code)
    for code in ("utf-8", "utf-16", "cp1250", "iso8859-2"):
        yield text(f"polish_{code}.csv", kind, POLISH, encoding=code)
    for code in ("utf-8", "cp1252", "utf-32"):
        yield text(f"spanish_{code}.csv", kind, SPANISH, encoding=code)
    yield text("one_accent.csv", kind, "id;name;total\n1;Mu\u00f1oz;5\n", "error", "cp1252")
    yield "damaged_utf8.csv", kind, "error", UKRAINIAN.encode() + b"3;\xd0;15.01.2024;5\n"
    yield "cut_utf8.csv", kind, "error", UKRAINIAN.encode() + "3;Я".encode()[:-1]
    yield "cut_utf16.csv", kind, "either", UKRAINIAN.encode("utf-16")[:-1]
    yield (
        "latin_then_cyrillic.csv",
        kind,
        "either",
        SPANISH.encode("cp1252") + UKRAINIAN.encode("cp1251"),
    )
    yield "noise.csv", kind, "either", bytes(random.Random(3).randrange(256) for _ in range(4_000))
    yield (
        "high_noise.csv",
        kind,
        "either",
        bytes(random.Random(4).randrange(128, 256) for _ in range(999)),
    )
    yield "bom_only.csv", kind, "error", b"\xef\xbb\xbf"
    yield "utf16_bom_only.csv", kind, "error", b"\xff\xfe"
    yield "bom_inside.csv", kind, "ok", GOOD.encode() + b"\xef\xbb\xbf" + ROWS[0].encode() + b"\n"
    yield "two_boms.csv", kind, "ok", b"\xef\xbb\xbf\xef\xbb\xbf" + GOOD.encode()
    yield text("right_to_left.csv", kind, "شناسه;مشتری;تاریخ;مبلغ\n1;علی;2024-01-15;۱۲۳\n")
    yield text("emoji.csv", kind, GOOD + "4,🛒🧾,2024-04-18,1.00\n")
    yield text("combining.csv", kind, GOOD + "4,E\u0301milie,2024-04-18,1.00\n")
    yield text("zero_width.csv", kind, GOOD.replace("customer_id", "\u200bcustomer_id"))


def shapes() -> Iterator[Case]:
    kind = "ragged"
    yield text("short_record.csv", kind, GOOD + "4,c1\n")
    yield text("long_record.csv", kind, GOOD + "4,c1,2024-04-18,1.00,x,y\n")
    yield text("short_first.csv", kind, HEADER + "\n4,c1\n" + "\n".join(ROWS) + "\n")
    yield text("trailing_delimiters.csv", kind, GOOD.replace("\n", ",\n"))
    yield text("trailing_in_rows_only.csv", kind, HEADER + "\n" + ",\n".join(ROWS) + ",\n")
    yield text("header_longer.csv", kind, GOOD.replace("amount", "amount,note"), "either")
    yield text("header_shorter.csv", kind, GOOD.replace(",amount", "", 1), "either")
    yield text(
        "all_ragged.csv",
        kind,
        HEADER + "\n" + "".join("x," * (n % 9) + "\n" for n in range(99)),
        "either",
    )
    yield text("titles_above.csv", kind, "Orders of the year\n\n" + GOOD)
    yield text("totals_below.csv", kind, GOOD + "Total,,,35.75\n")
    yield text("blank_lines.csv", kind, "\n\n" + GOOD.replace("\n", "\n\n"))
    yield text("only_delimiters.csv", kind, GOOD + ",,,\n,,,\n")
    yield text("spaces_lines.csv", kind, GOOD + "   \n\t\n")
    yield text("one_column.csv", kind, "customer_id\nc1\nc2\n")
    yield text("one_column_blank.csv", kind, "customer_id\nc1\n\nc2\n")
    yield text("one_record.csv", kind, HEADER + "\n" + ROWS[0])
    yield text("semicolons.csv", kind, GOOD.replace(",", ";"))
    yield text("tabs.tsv", kind, GOOD.replace(",", "\t"))
    yield text("bars.txt", kind, GOOD.replace(",", "|"))
    yield text("spaces.txt", kind, GOOD.replace(",", "   "))
    yield text(
        "leading_space.txt",
        kind,
        "".join(f" {line}\n" for line in GOOD.replace(",", "  ").splitlines()),
    )
    yield text("two_delimiters.csv", kind, "a;b,c\n1;2,3\n", "error")
    yield text(
        "mixed_delimiters.csv",
        kind,
        HEADER + "\n" + ROWS[0].replace(",", ";") + "\n" + ROWS[1] + "\n",
    )
    yield text("sep_line.csv", kind, "sep=;\n" + GOOD.replace(",", ";"))
    yield text("plus_bar.csv", kind, GOOD.replace(",", "+|"))
    yield text(
        "thousands_of_columns.csv",
        kind,
        ",".join(f"c{n}" for n in range(3_000)) + "\n" + ",".join("1" * 3_000) + "\n",
    )
    yield text(
        "too_many_columns.csv",
        kind,
        ",".join(f"c{n}" for n in range(12_000)) + "\n" + ",".join("1" * 12_000) + "\n",
        "error",
    )
    yield text("huge_field.csv", kind, GOOD + "4,c1,2024-04-18," + "9" * 3_000_000 + "\n")
    yield text("huge_line.csv", kind, GOOD + "4,c1,2024-04-18," + "9" * 17_000_000 + "\n")
    yield text("one_endless_line.csv", kind, "x" * 2_000_000, "error")


def quotes() -> Iterator[Case]:
    kind = "quotes"
    rest = "".join(f"{n},c{n % 7},2024-01-{1 + n % 28:02},1.00\n" for n in range(10, 400))
    yield text(
        "all_quoted.csv",
        kind,
        GOOD.replace(",", '","').replace("\n", '"\n"').rstrip('"').join(('"', "")),
    )
    yield text("lost_quote.csv", kind, HEADER + '\n1,"c1,2024-01-15,10.50\n' + rest)
    yield text("lost_quote_at_end.csv", kind, GOOD + '4,"c1,2024-04-18,1.00\n')
    yield text(
        "two_lost_quotes.csv",
        kind,
        HEADER + '\n1,"c1,2024-01-15,1.00\n' + rest + '9,c1",2024-01-15,1\n',
    )
    yield text(
        "adjacent_lost_quotes.csv", kind, GOOD + '4,"c1,2024-04-18,1.00\n5,c2",2024-04-18,1.00\n'
    )
    yield text("quote_inside.csv", kind, GOOD + '4,3" nail,2024-04-18,1.00\n')
    yield text("text_after_quote.csv", kind, GOOD + '4,"c1"x,2024-04-18,1.00\n')
    yield text("line_end_inside.csv", kind, GOOD + '4,"c\n1",2024-04-18,1.00\n')
    yield text("many_lines_inside.csv", kind, GOOD + '4,"c' + "\n" * 99 + '1",2024-04-18,1.00\n')
    yield text(
        "too_many_lines_inside.csv", kind, GOOD + '4,"c' + "\n" * 400 + '1",2024-04-18,1.00\n'
    )
    yield text("doubled.csv", kind, GOOD + '4,"say ""hi"", ok",2024-04-18,1.00\n')
    yield text("backslash.csv", kind, GOOD + '4,"say \\"hi\\", ok",2024-04-18,1.00\n')
    yield text("single_quotes.csv", kind, GOOD + "4,'c, 1',2024-04-18,1.00\n")
    yield text("curly_quotes.csv", kind, GOOD + "4,“c1”,2024-04-18,1.00\n")
    yield text("space_before_quote.csv", kind, GOOD + '4, "c, 1",2024-04-18,1.00\n')
    yield text("only_quotes.csv", kind, '"' * 501 + "\n", "either")
    yield text("empty_quoted.csv", kind, GOOD + '"","","",""\n')
    yield text("quoted_header.csv", kind, GOOD.replace("customer_id", '"customer, id"', 1))
    yield text("header_over_two_lines.csv", kind, GOOD.replace("customer_id", '"customer\nid"', 1))
    yield text("open_header.csv", kind, GOOD.replace("customer_id", '"customer_id', 1), "error")


def ends() -> Iterator[Case]:
    kind = "line ends"
    yield text("windows.csv", kind, GOOD.replace("\n", "\r\n"))
    yield text("old_mac.csv", kind, GOOD.replace("\n", "\r"))
    yield text("mixed.csv", kind, GOOD + GOOD.replace("\n", "\r\n").split("\r\n", 1)[1])
    yield text("three_kinds.csv", kind, f"{HEADER}\n{ROWS[0]}\r\n{ROWS[1]}\r{ROWS[2]}\n")
    yield text("no_last_end.csv", kind, GOOD.rstrip("\n"))
    yield text("windows_no_last_end.csv", kind, GOOD.replace("\n", "\r\n").rstrip("\r\n"))
    yield text("return_inside.csv", kind, GOOD + '4,"c\r1",2024-04-18,1.00\n')
    yield text("double_returns.csv", kind, GOOD.replace("\n", "\r\r\n"))
    yield text("unicode_line_ends.csv", kind, GOOD + "4,c\u20281\u0085,2024-04-18,1.00\n")
    yield text("form_feed.csv", kind, GOOD + "4,c\x0c1,2024-04-18,1.00\n")


def controls() -> Iterator[Case]:
    kind = "control characters"
    yield text("nul_in_field.csv", kind, GOOD + "4,c\x001,2024-04-18,1.00\n")
    yield text("nul_record.csv", kind, GOOD + "\x00\x00\x00\x00\n")
    yield text("nul_tail.csv", kind, GOOD + "\x00" * 512)
    yield text("nul_header.csv", kind, GOOD.replace("amount", "am\x00ount", 1), "error")
    yield "all_nul.csv", kind, "either", b"\x00" * 2_048
    yield text("bell.csv", kind, GOOD + "4,c\x071\x1b[31m,2024-04-18,1.00\n")
    yield text("ctrl_z.csv", kind, GOOD + "\x1a")
    yield text(
        "formulas.csv",
        kind,
        GOOD + "4,\"=cmd|' /C calc'!A0\",2024-04-18,1.00\n5,@SUM(A1),2024-04-18,+1\n",
    )
    yield text("html.csv", kind, GOOD + "4,<script>alert(1)</script>,2024-04-18,1.00\n")
    yield text("sql.csv", kind, GOOD + "4,'; DROP TABLE orders; --,2024-04-18,1.00\n")
    yield text("sql_header.csv", kind, GOOD.replace("amount", 'amount"); DROP TABLE x; --', 1))


def headers() -> Iterator[Case]:
    kind = "header"
    yield text("empty.csv", kind, "", "error")
    yield text("only_line_ends.csv", kind, "\n\r\n\n", "error")
    yield text("only_spaces.csv", kind, "    ", "error")
    yield text("header_only.csv", kind, HEADER + "\n")
    yield text("header_only_no_end.csv", kind, HEADER)
    yield text("no_header.csv", kind, "\n".join(ROWS) + "\n")
    yield text("duplicate.csv", kind, GOOD.replace("customer_id", "amount", 1))
    yield text("duplicate_by_case.csv", kind, GOOD.replace("customer_id", "AMOUNT", 1))
    yield text("empty_names.csv", kind, GOOD.replace(HEADER, ",,,"), "either")
    yield text("same_names.csv", kind, GOOD.replace(HEADER, "x,x,x,x"))
    yield text("long_names.csv", kind, GOOD.replace("amount", "amount_" * 100, 1))
    yield text("reserved_names.csv", kind, GOOD.replace(HEADER, "select,rowid,#record,group"))
    yield text(
        "spaced_names.csv",
        kind,
        GOOD.replace(HEADER, " Order ID , Customer ID ,Ordered At\t, Amount "),
    )
    yield text("numbers_as_names.csv", kind, GOOD.replace(HEADER, "1,2,3,4"))
    yield text("repeated_header.csv", kind, GOOD + GOOD)


def dates() -> Iterator[Case]:
    kind = "dates"

    def at(name: str, *values: str, outcome: str = "ok") -> Case:
        return column(f"date_{name}.csv", kind, list(values), outcome, "ordered_at")

    yield at("iso_times", "2024-01-15 10:00:00", "2024-01-15T10:00:00Z", "2024-01-15")
    yield at("day_first", "01/02/2024", "25/02/2024")
    yield at("month_first", "01/02/2024", "02/25/2024", "5/4/2024")
    yield at("could_be_either", "01/02/2024", "03/04/2024")
    yield at("both", "25/02/2024", "02/25/2024")
    yield at("dots", "15.01.2024", "1.2.2024")
    yield at("short_years", "15.01.24", "16.01.24")
    yield at("names", "15 Jan 2024", "16 Feb 2024")
    yield at("local_names", "15 січня 2024", "16 лютого 2024")
    yield at("packed", "20240115", "20240216")
    yield at("mixed_forms", "2024-01-15", "16.02.2024", "17/03/2024")
    yield at("impossible", "2024-02-30", "2024-13-01", "2024-01-15")
    yield at("words", "yesterday", "2024-01-15", "soon")
    yield at("far", "0001-01-01", "9999-12-31", "99999-01-01", "2024-01-15")
    yield at("epoch", "1704067200", "1704153600")
    yield at("excel_serial", "45306", "45307")
    yield at("special", "epoch", "infinity", "now", "2024-01-15")
    yield at("summer_time", "2024-03-31 03:30:00", "2024-10-27 03:30:00")
    yield at("half_days", "1/15/2024 3:04 PM", "1/16/2024 12:00 AM")
    yield at("missing", "", "N/A", "NULL", "2024-01-15", "-")


def numbers() -> Iterator[Case]:
    kind = "numbers"
    for name, *values in (
        ("decimal_comma", "10,50", "20,00"),
        ("comma_groups", "1,234.50", "2,345"),
        ("point_groups", "1.234,50", "2.345"),
        ("could_be_either", "1,234", "2,345"),
        ("points_could_be_either", "1.234", "2.345"),
        ("both_marks", "1,5", "1.5"),
        ("space_groups", "1 234,50", "12\u00a0345,00", "1\u202f000"),
        ("apostrophes", "1'234.50", "2’345.00"),
        ("dollars", "$1,234.50", "-$5.00", "$ 7"),
        ("euros", "€10,50", "10,50 €", "EUR 5"),
        ("hryvnias", "10,50 грн", "5 грн.", "₴7"),
        ("two_currencies", "$5", "€6"),
        ("accounting", "(12.50)", "12.50-", "+5"),
        ("percent", "12%", "5.5 %"),
        ("exponents", "1e5", "1.2E+06", "5"),
        ("far_digits", "۱۲۳", "٤٥٦"),
        ("words", "ten", "10", "N/A"),
        ("infinite", "inf", "NaN", "-Infinity", "5"),
        ("huge", "9" * 40, "1e400", "5"),
        ("tiny", "0.00001", "1e-12", "5"),
        ("hex", "0x1A", "0b11", "1_000", "5"),
        ("minus_signs", "−5", "–6", "-7"),
        ("excel_errors", "#REF!", "#DIV/0!", "#N/A", "5"),
        ("spaces", " 5 ", "\t6", "7\u00a0"),
    ):
        yield column(f"number_{name}.csv", kind, values)
    for name, *ids in (
        ("exponent", "1e5", "2e7", "33"),
        ("float", "17850.0", "22086.0", "NaN"),
        ("leading_zeros", "007", "0008"),
        ("long", "9" * 25, "1" * 30),
        ("spaces", " c1", "c1 ", "c1"),
        ("missing", "", "N/A", "c1"),
        ("case", "C1", "c1", "С1"),
    ):
        yield column(f"id_{name}.csv", "ids", ids, target="customer_id")


def packed() -> Iterator[Case]:
    kind = "gzip"
    whole = gzip.compress(GOOD.encode(), mtime=0)
    yield "good.csv.gz", kind, "ok", whole
    yield "named_csv.csv", kind, "ok", whole
    yield "cut.csv.gz", kind, "error", whole[:-9]
    yield "head_only.csv.gz", kind, "error", whole[:12]
    yield "wrong_sum.csv.gz", kind, "error", whole[:-8] + b"\0" * 8
    yield "damaged.csv.gz", kind, "error", whole[:20] + b"\xff" * 8 + whole[28:]
    yield "twice.csv.gz", kind, "either", gzip.compress(whole, mtime=0)
    yield "empty.csv.gz", kind, "error", gzip.compress(b"", mtime=0)
    yield "not_gzip.csv.gz", kind, "ok", GOOD.encode()
    yield "two_members.csv.gz", kind, "ok", whole + gzip.compress(ROWS[0].encode(), mtime=0)
    yield "rubbish_after.csv.gz", kind, "either", whole + b"rubbish"
    yield (
        "bomb.csv.gz",
        kind,
        "error",
        gzip.compress(HEADER.encode() + b"\n" + b"0" * (220 << 20), 9, mtime=0),
    )
    yield "archive.zip", "zip", "error", _zip({"orders.csv": GOOD.encode()})


def _zip(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def parquet() -> Iterator[Case]:
    kind = "parquet"
    rows = {
        "order_id": [1, 2, 3],
        "customer_id": [17850.0, None, float("nan")],
        "ordered_at": [datetime(2024, 1, 15)] * 3,
        "amount": [10.5, float("inf"), -0.0],
    }
    whole = _parquet(pa.table(rows))
    yield "good.parquet", kind, "ok", whole
    yield "named_csv_parquet.csv", kind, "ok", whole
    yield "cut.parquet", kind, "error", whole[:-30]
    yield "head_only.parquet", kind, "error", whole[:6]
    yield "damaged.parquet", kind, "error", whole[:4] + b"\xff" * (len(whole) - 12) + whole[-8:]
    yield "text.parquet", kind, "error", GOOD.encode()
    yield "empty.parquet", kind, "error", b""
    yield "no_rows.parquet", kind, "ok", _parquet(pa.table(rows).slice(0, 0))
    yield (
        "nested.parquet",
        kind,
        "ok",
        _parquet(pa.table({"a": [{"b": {"c": 1}, "d": [1]}], "e": [[{"f": 1}]]})),
    )
    yield "same_names.parquet", kind, "ok", _parquet(pa.table([[1], [2]], names=["id", "ID"]))
    yield "binary.parquet", kind, "ok", _parquet(pa.table({"b": [b"\x00\xff", None], "n": [1, 2]}))
    yield (
        "all_null.parquet",
        kind,
        "ok",
        _parquet(pa.table({"a": pa.array([None, None], pa.int32()), "b": pa.nulls(2)})),
    )


def _parquet(table: pa.Table) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


def excel() -> Iterator[Case]:
    kind = "excel"
    header: list[Any] = HEADER.split(",")
    rows: list[list[Any]] = [
        header,
        [1, "c1", datetime(2024, 1, 15, 10), 10.5],
        [2, "c2", datetime(2024, 2, 16), 20],
    ]
    whole = _excel({"Orders": rows})
    yield "good.xlsx", kind, "ok", whole
    yield "titles.xlsx", kind, "ok", _excel({"Orders": [["Report"], [], *rows]})
    yield (
        "blank_rows.xlsx",
        kind,
        "ok",
        _excel({"Orders": [header, rows[1], [], ["", ""], rows[2]]}),
    )
    yield (
        "mixed_kinds.xlsx",
        kind,
        "ok",
        _excel({"Orders": [header, [1, 5, "soon", "x"], ["a", 6.5, datetime(2024, 1, 1), True]]}),
    )
    yield (
        "formulas.xlsx",
        kind,
        "ok",
        _excel({"Orders": [*rows, [3, "=1+1", "=NOW()", "=SUM(D2:D3)"]]}),
    )
    yield "header_only.xlsx", kind, "ok", _excel({"Orders": [header]})
    yield "no_header.xlsx", kind, "ok", _excel({"Orders": rows[1:]})
    yield "two_sheets.xlsx", kind, "error", _excel({"Orders": rows, "More": rows})
    yield "empty_sheet_first.xlsx", kind, "ok", _excel({"Empty": [], "Orders": rows})
    yield "empty.xlsx", kind, "error", _excel({"Empty": []})
    yield "same_names.xlsx", kind, "ok", _excel({"Orders": [["a", "A", None, "a"], [1, 2, 3, 4]]})
    yield "cut.xlsx", kind, "error", whole[:-60]
    yield "damaged.xlsx", kind, "either", whole[:200] + b"\xff" * 400 + whole[600:]
    yield "text.xlsx", kind, "error", GOOD.encode()
    yield "no_bytes.xlsx", kind, "error", b""
    yield "not_a_book.xlsx", kind, "error", _zip({"orders.csv": GOOD.encode()})
    yield "bomb_ratio.xlsx", kind, "error", _zip({"xl/worksheets/sheet1.xml": b"0" * (40 << 20)})
    yield (
        "bomb_size.xlsx",
        kind,
        "error",
        _zip({f"xl/worksheets/sheet{n}.xml": b"<c>" * (18 << 20) for n in range(4)}),
    )
    yield "bomb_entries.xlsx", kind, "error", _zip({f"part{n}": b"x" for n in range(1_500)})
    yield "old_cut.xls", kind, "error", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    yield "html.xls", kind, "error", b"<html><table><tr><td>1</td></tr></table></html>"


def _excel(sheets: dict[str, list[list[Any]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return _without_time(out)


def _without_time(book: io.BytesIO) -> bytes:
    """The same workbook, whenever it was written: writers note the time in it twice."""
    with zipfile.ZipFile(book) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    noted = "docProps/core.xml"
    parts[noted] = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", b"2024-01-01T00:00:00Z", parts[noted])
    return _zip(parts)


def lines() -> Iterator[Case]:
    kind = "json lines"
    rows = [
        {
            "order_id": 1,
            "customer": {"id": "c1", "city": None},
            "ordered_at": "2024-01-15",
            "amount": 10.5,
        },
        {"order_id": "2", "customer": {"id": "c2"}, "amount": 20, "tags": ["a", {"b": 1}]},
    ]
    good = "".join(json.dumps(row) + "\n" for row in rows)
    yield text("good.jsonl", kind, good)
    yield text("windows.jsonl", kind, good.replace("\n", "\r\n"))
    yield text("bad_lines.jsonl", kind, good + 'nonsense\n{"order_id": 3,\n[1, 2]\n' + good)
    yield text("blank_lines.jsonl", kind, "\n" + good.replace("\n", "\n\n"))
    yield text("cut.jsonl", kind, good[:-10])
    yield text("nul.jsonl", kind, good + '{"a": "\x00"}\n')
    yield text("deep.jsonl", kind, good + '{"a": ' + "[" * 5_000 + "]" * 5_000 + "}\n")
    yield text("other_kinds.jsonl", kind, '{"a": 1}\n{"a": {"b": 2}}\n{"a": null}\n{"a": [3]}\n')
    yield text("odd_keys.jsonl", kind, '{"": 1, "a/b": 2, "a~b": 3, "A/B": 4, "a\\"b": 5}\n')
    yield text("empty_objects.jsonl", kind, "{}\n{}\n", "error")
    yield text("array.json", kind, json.dumps(rows), "error")
    yield text("only_nonsense.jsonl", kind, "nonsense\n", "error")
    yield text("utf16.jsonl", kind, good, encoding="utf-16")
    yield text(
        "big_numbers.jsonl", kind, '{"id": 12345678901234567890123, "n": 1e400, "m": -0.0}\n'
    )
    yield text("escapes.jsonl", kind, '{"id": "\\u0456\\ud83d\\ude00"}\n{"x": "\\ud800"}\n')
    yield text("comments.jsonl", kind, "// orders\n" + good)


def calendars() -> Iterator[Case]:
    """Days of another calendar, months by name, digits of another script."""
    kind = "calendars"

    def at(name: str, *values: str, outcome: str = "ok") -> Case:
        return column(f"{name}.csv", kind, list(values), outcome, "ordered_at")

    yield at("solar", "1402/05/13", "1403/12/30", "1399/01/01")
    yield at("solar_dashes", "1402-05-13", "1402-06-31")
    yield at("solar_day_first", "13/05/1402", "31/06/1402")
    yield at("solar_packed", "14020513", "14030101")
    yield at("solar_far_digits", "۱۴۰۲/۰۵/۱۳", "۱۴۰۳/۰۱/۰۱")
    yield at("solar_arabic_digits", "١٤٠٢/٠٥/١٣", "١٤٠٣/٠١/٠١")
    yield at("solar_times", "1402/05/13 14:05", "1402/05/13 14:05:33", "1402/05/14")
    yield at("solar_names", "13 مرداد 1402", "۱ فروردین ۱۴۰۳", "15 دي 1402")
    yield at("solar_no_such_day", "1402/12/30", "1402/13/01", "1402/05/13", "1402/05/14")
    yield at("solar_mixed_marks", "1402/05/13", "1402-05-14", "1402.05.15")
    yield at("solar_and_gregorian", "1402/05/13", "2024/01/15", "2024/01/16")
    yield at("solar_short_year", "02/05/13", "03/01/01")
    yield at("solar_far_off", "1250/01/01", "1501/01/01", "1402/01/01")
    yield at("solar_hours_beyond", "1402/05/13 25:00", "1402/05/13 10:61", "1402/05/13 10:00")
    yield at("gregorian_far_digits", "۲۰۲۴-۰۱-۱۵", "۲۰۲۴-۰۲-۱۶")
    yield at("far_digits_in_some", "2024-01-15", "۲۰۲۴-۰۲-۱۶")
    yield at("months_ukrainian", "15 січня 2024", "3 лют. 2024 р.", "1 травня 2024")
    yield at("months_russian", "15 января 2024 г.", "1 мая 2024", "3 июл 2024")
    yield at("months_polish", "15 stycznia 2024", "3 paź 2024 r.", "1 maja 2024")
    yield at("months_persian", "۲۳ ژوئیه ۲۰۲۳", "1 مارس 2023")
    yield at("months_mixed_forms", "5 June 2024", "6 Jul 2024", "7 Sept 2024", "8 August 2024")
    yield at("months_mixed_languages", "5 June 2024", "6 лип 2024", "7 sie 2024")
    yield at("months_unknown", "5 Brumaire 2024", "6 Nivôse 2024", "2024-01-15", "2024-01-16")
    yield at("months_without_day", "June 2024", "July 2024")
    yield at("month_words_only", "June", "Jul", "Sep")
    yield column("money_far.csv", kind, ["۱٬۲۳۴٫۵۰", "۲۰", "۵٫۵"])
    yield column("money_rial.csv", kind, ["۱۲٬۳۴۵ ریال", "۵۰۰ ریال"])
    yield column("money_two_scripts.csv", kind, ["۱۲٬۳۴۵", "12,345.50", "7"])
    yield column("money_far_negative.csv", kind, ["-۵", "(۶)", "۷-"])
    yield column("money_far_words.csv", kind, ["پنج", "۵", "۶"])


def clocks() -> Iterator[Case]:
    kind = "day and time"

    def joined(name: str, day: str, *times: str, names: str = "date,time") -> Case:
        rows = "".join(f"{n},c{n},{day},{at},5.00\n" for n, at in enumerate(times, start=1))
        return text(f"{name}.csv", kind, f"order_id,customer_id,{names},amount\n{rows}")

    yield joined("good", "2024-01-15", "14:05", "15:06:07")
    yield joined("half_days", "2024-01-15", "2:05 PM", "12:00 AM")
    yield joined("packed", "2024-01-15", "1405", "905", "0005")
    yield joined("missing", "2024-01-15", "14:05", "", "N/A")
    yield joined("impossible", "2024-01-15", "14:05", "25:00", "10:61")
    yield joined("words", "2024-01-15", "noon", "evening")
    yield joined("ukrainian", "15.01.2024", "14:05", "15:06", names="Дата,Час")
    yield joined("persian", "1402/05/13", "۱۴:۰۵", "۱۵:۰۶", names="تاریخ,ساعت")
    yield joined("time_first", "14:05", "2024-01-15", "2024-01-16", names="time,date")
    yield joined("both_whole", "2024-01-15 10:00", "2024-01-15 11:00", names="date,time")


SHOPIFY = (
    "Name,Email,Financial Status,Paid at,Currency,Total,Created at,Lineitem quantity,"
    "Lineitem name,Lineitem price,Lineitem sku"
)
SHOPIFY_ROWS = (
    "#1,a@example.org,paid,2024-01-15 10:00:00 +0200,UAH,30,2024-01-15 10:00:00 +0200,2,Mug,10,m\n"
    "#1,a@example.org,,,,,2024-01-15 10:00:00 +0200,1,Plate,10,p\n"
    "#2,b@example.org,refunded,2024-01-16 10:00:00 +0200,UAH,10,2024-01-16 10:00:00 +0200,1,Mug,10,m\n"
)
HUBSPOT = "id,_fivetran_synced,property_firstname,property_lastname,property_email,is_deleted\n"
GA4 = "date,name,timestamp,user_pseudo_id,stream_id,platform,param_session_engaged"


def shopify() -> Iterator[Case]:
    """One system's export, whole, broken and in other clothes."""
    kind = "vendor"
    good = f"{SHOPIFY}\n{SHOPIFY_ROWS}"
    yield text("shopify.csv", kind, good)
    yield text("shopify_bom.csv", kind, good, encoding="utf-8-sig")
    yield text("shopify_utf16.csv", kind, good, encoding="utf-16")
    yield text("shopify_semicolons.csv", kind, good.replace(",", ";"))
    yield text("shopify_upper.csv", kind, f"{SHOPIFY.upper()}\n{SHOPIFY_ROWS}")
    yield text("shopify_header_only.csv", kind, SHOPIFY + "\n")
    yield text("shopify_without_price.csv", kind, good.replace("Lineitem price", "Note"))
    yield text("shopify_without_date.csv", kind, good.replace("Created at", "Note"))
    yield text("shopify_header_twice.csv", kind, good + SHOPIFY + "\n" + SHOPIFY_ROWS)
    yield text("shopify_cut.csv", kind, good[:-30])
    yield text("shopify_lost_quote.csv", kind, good + '#3,"c@example.org,paid,2024-01-15\n')
    yield text("shopify_ragged.csv", kind, good + "#4,d@example.org\n")
    yield text("shopify_bad_price.csv", kind, good.replace(",10,p", ",ten,p"))


def systems() -> Iterator[Case]:
    """Exports of other known systems, whole, broken and twice over."""
    kind = "vendor"
    yield text("hubspot.csv", kind, HUBSPOT + "1,2024-01-01,Ann,Lee,a@example.org,false\n")
    yield text(
        "hubspot_merged.csv", kind, HUBSPOT + "1,2024-01-01,Ann,Lee,a@example.org,false\n" * 2
    )
    yield text("hubspot_no_id.csv", kind, HUBSPOT + ",2024-01-01,Ann,Lee,a@example.org,false\n")
    yield text(
        "hubspot_contradicting.csv",
        kind,
        HUBSPOT + "1,2024-01-01,Ann,Lee,,false\n1,2024-01-02,Anna,Lee,,false\n",
    )
    yield text(
        "ga4_doubled.csv",
        kind,
        f"{GA4},param_session_engaged\n2024-01-15,page_view,2024-01-15 10:00:00,u1,1,web,1,0\n",
    )
    yield text(
        "ga4_no_user.csv", kind, f"{GA4}\n2024-01-15,page_view,2024-01-15 10:00:00,,1,web,1\n"
    )
    yield text(
        "salesforce.csv",
        kind,
        "Id,AccountId,LastName,MailingStreet,MailingCity,OwnerId,Segment__c\n1,2,Lee,x,Kyiv,3,VIP\n",
    )
    yield text(
        "quoted_names.csv",
        kind,
        '"""ID""",EMAIL,LOCALE,MODERATOR,ORGANIZATION_ID,ROLE,SUSPENDED\n1,a@example.org,en,f,2,end-user,f\n',
    )
    yield text(
        "bitrix.csv",
        kind,
        "ID;Имя;Фамилия;Тип контакта;Телефон\n1;Олена;Гончар;Клиент;0671234567\n",
    )
    yield text(
        "bitrix_cp1251.csv",
        kind,
        "ID;Имя;Фамилия;Тип контакта;Город\n1;Олена;Гончар;Клиент;Одесса\n",
        encoding="cp1251",
    )
    yield text(
        "not_needed.csv",
        kind,
        "index,order_line_id,_fivetran_synced,price,rate,title,price_set\n1,2,2024-01-01,3,0.2,tax,\n",
    )
    yield text(
        "lacking.csv",
        kind,
        "deal_id,deal_pipeline_id,deal_pipeline_stage_id,property_amount\n1,2,3,4\n",
    )


def cut() -> Iterator[Case]:
    """Packed files that end too soon, in many places."""
    kind = "cut"
    packed_rows = gzip.compress((GOOD * 400).encode(), mtime=0)
    for share in (25, 50, 75, 99):
        yield f"gzip_{share}.csv.gz", kind, "error", packed_rows[: len(packed_rows) * share // 100]
    table = pa.table({"order_id": [str(n) for n in range(9_000)], "amount": [1.5] * 9_000})
    whole = _parquet(table)
    for share in (25, 50, 75, 99):
        yield f"parquet_{share}.parquet", kind, "error", whole[: len(whole) * share // 100]
    header: list[Any] = HEADER.split(",")
    book = _excel({"Orders": [header, *[[n, f"c{n}", "2024-01-15", 5] for n in range(900)]]})
    for share in (25, 50, 75, 99):
        yield f"excel_{share}.xlsx", kind, "error", book[: len(book) * share // 100]
    archive = _zip({"orders.csv": GOOD.encode() * 99})
    for share in (50, 99):
        yield f"zip_{share}.zip", kind, "error", archive[: len(archive) * share // 100]
    yield "zip_named_csv.csv", kind, "error", archive


def doubled() -> Iterator[Case]:
    """Names that stand more than once, in a header or above it."""
    kind = "doubled header"
    yield text("triple.csv", kind, GOOD.replace(HEADER, "amount,amount,amount,amount"))
    yield text(
        "same_but_spaces.csv",
        kind,
        GOOD.replace(HEADER, "order_id,customer_id,ordered_at, order_id "),
    )
    yield text("suffix_taken.csv", kind, "a,a,a_2,A\n1,2,3,4\n")
    yield text("two_lines.csv", kind, f"{HEADER}\n{GOOD}")
    yield text("units_below.csv", kind, f"{HEADER}\n,,date,EUR\n" + "\n".join(ROWS) + "\n")
    yield text("halves.csv", kind, "orders,orders,orders,orders\n" + GOOD)
    yield text("nul_bytes_between.csv", kind, "".join(f"{c}\0" for c in GOOD), "either")
    yield text("nul_padded.csv", kind, GOOD.replace(",c1,", ",c1\0\0\0,"))
    yield text("store_marks.txt", kind, "1+|Shop+|a&|\n2+|Stall+|b&|\n", "either")


FAMILIES = (
    encodings, shapes, quotes, ends, controls, headers, dates, numbers, packed, parquet, excel,
    lines, calendars, clocks, shopify, systems, cut, doubled,
)  # fmt: skip


def make(folder: Path) -> dict[str, dict[str, str]]:
    """Write all files into a folder; returns the manifest, which is written too."""
    folder.mkdir(parents=True, exist_ok=True)
    manifest: dict[str, dict[str, str]] = {}
    for family in FAMILIES:
        for name, kind, outcome, content in family():
            stored = f"{family.__name__}_{name}"
            assert stored not in manifest, stored
            (folder / stored).write_bytes(content)
            manifest[stored] = {"kind": kind, "outcome": outcome}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    return manifest


if __name__ == "__main__":
    sys.stdout.write(f"{len(make(Path(sys.argv[1])))} files\n")

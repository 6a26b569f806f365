"""What PostgreSQL lacks, as functions in the workspace's own schema.

Each is immutable and safe in parallel workers, reads no table, and raises for nothing. A double is
tried in the usual range first; outside of it, it is brought there by a power of two and back.
"""

from __future__ import annotations

LARGEST = "1.7976931348623158e308"
_USUAL = "BETWEEN 1e-150 AND 1e150"
_DOUBLES = "a double precision, b double precision"


def _function(name: str, operands: str, result: str, body: str, *, strict: bool = True) -> str:
    null = "STRICT" if strict else "CALLED ON NULL INPUT"
    return (
        f"CREATE OR REPLACE FUNCTION {name}({operands}) RETURNS {result}"
        f" LANGUAGE plpgsql IMMUTABLE {null} PARALLEL SAFE"
        f" AS $$ BEGIN RETURN {body}; END $$"
    )


def _aggregate(name: str, operand: str, state: str) -> str:
    return f"CREATE OR REPLACE AGGREGATE {name}({operand}) ({state}, PARALLEL = SAFE)"


FUNCTIONS = (
    _function(
        "segmentry_fitting", "x numeric", "double precision",
        f"CASE WHEN abs(x) >= {LARGEST} THEN NULL WHEN abs(x) < 3e-324 THEN 0 ELSE x END",
    ),
    # A double brought near 1 by a power of two, which loses nothing; and taken back.
    _function(
        "segmentry_scale", "x double precision", "integer",
        "CASE WHEN abs(x) < 1e-150 THEN -600 WHEN abs(x) > 1e150 THEN 600 ELSE 0 END",
    ),
    _function(
        "segmentry_shifted", "x double precision, scale integer", "double precision",
        "CASE WHEN scale = 0 THEN x"
        " WHEN scale > 0 AND abs(x) >= 2::float8 ^ (1024 - scale) THEN NULL"
        " WHEN scale < 0 AND abs(x) <= 2::float8 ^ (-1075 - scale) THEN 0"
        " ELSE x * 2::float8 ^ (scale / 2) * 2::float8 ^ (scale / 2) END",
    ),
    _function(
        "segmentry_add", _DOUBLES, "double precision",
        "CASE WHEN abs(a) <= 8e307 AND abs(b) <= 8e307 THEN a + b"
        " ELSE segmentry_shifted(CASE WHEN abs(a) < 1e200 THEN 0 ELSE a / 4 END"
        " + CASE WHEN abs(b) < 1e200 THEN 0 ELSE b / 4 END, 2) END",
    ),
    _function("segmentry_subtract", _DOUBLES, "double precision", "segmentry_add(a, -b)"),
    _function(
        "segmentry_multiply", _DOUBLES, "double precision",
        f"CASE WHEN a = 0 OR b = 0 OR (abs(a) {_USUAL} AND abs(b) {_USUAL}) THEN a * b"
        " ELSE segmentry_shifted(segmentry_shifted(a, -segmentry_scale(a))"
        " * segmentry_shifted(b, -segmentry_scale(b)),"
        " segmentry_scale(a) + segmentry_scale(b)) END",
    ),
    _function(
        "segmentry_divide", _DOUBLES, "double precision",
        "CASE WHEN b = 0 THEN NULL"
        f" WHEN a = 0 OR (abs(a) {_USUAL} AND abs(b) {_USUAL}) THEN a / b"
        " ELSE segmentry_shifted(segmentry_shifted(a, -segmentry_scale(a))"
        " / segmentry_shifted(b, -segmentry_scale(b)),"
        " segmentry_scale(a) - segmentry_scale(b)) END",
    ),
    _function(
        "segmentry_total", "small double precision, large numeric", "double precision",
        "segmentry_fitting(coalesce(small, 0)::text::numeric + large)", strict=False,
    ),
    _function(
        "segmentry_unscaled", "x double precision", "double precision",
        "CASE WHEN x <= 1.3407807929942596e-6 THEN segmentry_multiply(x, 1e160) END",
    ),
    _function(
        "segmentry_round", "x double precision, places integer", "double precision",
        "CASE WHEN abs(x) > 1e300 THEN x ELSE sign(x) * (floor(abs(x * 10.0 ^ places::float8))"
        " + (abs(x * 10.0 ^ places::float8) - floor(abs(x * 10.0 ^ places::float8)) >= 0.5)::int)"
        " / 10.0 ^ places::float8 END",
    ),
    _function(
        "segmentry_integer", "x numeric", "bigint",
        "CASE WHEN x BETWEEN -9223372036854775808 AND 9223372036854775807 THEN x END",
    ),
    _function(
        "segmentry_money", "x numeric", "numeric",
        "CASE WHEN abs(round(x, 4)) < 1e14 THEN round(x, 4) END",
    ),
    _function(
        "segmentry_money", "x double precision", "numeric",
        "CASE WHEN abs(x) < 99999999999999.99995"
        " THEN segmentry_round(x * 10000, 0)::bigint / 10000::numeric END",
    ),
    _function(
        "segmentry_number", "x text", "double precision",
        r"CASE WHEN x ~ '^[+-]?[0-9]+(\.[0-9]+)?$' THEN segmentry_fitting(x::numeric) END",
    ),
    _function(
        "segmentry_years", "a date, b date", "bigint",
        "CASE WHEN b < a THEN -segmentry_years(b, a) ELSE"
        " extract(year FROM b) - extract(year FROM a) - (a"
        " + make_interval(years => (extract(year FROM b) - extract(year FROM a))::int) > b)::int"
        " END",
    ),
    """CREATE OR REPLACE FUNCTION segmentry_mean(VARIADIC x double precision[])
    RETURNS double precision LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
    DECLARE total double precision := 0; known integer := 0; each double precision;
    BEGIN
        FOREACH each IN ARRAY x LOOP
            IF each IS NOT NULL THEN
                total := segmentry_add(total, each);
                known := known + 1;
            END IF;
        END LOOP;
        RETURN segmentry_divide(total, known);
    END $$""",
    _function(
        "segmentry_middle", "x double precision[]", "double precision",
        "segmentry_add(segmentry_multiply(x[(cardinality(x) + 1) / 2], 0.5),"
        " segmentry_multiply(x[cardinality(x) / 2 + 1], 0.5))",
    ),
    """CREATE OR REPLACE FUNCTION segmentry_middle_of(x double precision[])
    RETURNS double precision LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
    BEGIN
        RETURN segmentry_middle(
            (SELECT array_agg(each ORDER BY each) FROM unnest(x) AS each WHERE each IS NOT NULL));
    END $$""",
    _aggregate(
        "segmentry_median", "double precision",
        "SFUNC = array_append, STYPE = double precision[], FINALFUNC = segmentry_middle_of",
    ),
    _aggregate(
        "segmentry_sum", "double precision",
        "SFUNC = segmentry_add, STYPE = double precision",
    ),
)  # fmt: skip

LOWER = (
    "CREATE OR REPLACE FUNCTION segmentry_lower(x text) RETURNS text"
    " LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE"
    ' AS $$ BEGIN RETURN lower(x COLLATE {collation}) COLLATE "C"; END $$'
)
"""Letter by letter; which collation knows letters beyond ASCII depends on the server."""
TRANSLATED = (
    "CREATE OR REPLACE FUNCTION segmentry_lower(x text) RETURNS text"
    " LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE"
    " AS $$ BEGIN RETURN lower(CASE WHEN octet_length(x) = length(x) THEN x"
    ' ELSE translate(x, {upper}, {lower}) END COLLATE "C"); END $$'
)
"""The same by a table, for a server whose collations do not know them."""

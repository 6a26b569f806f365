"""The workspace's own schema in PostgreSQL, with the functions that its queries call."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable
from typing import Any

from psycopg import ConnectionInfo

from segmentry.core.errors import EngineError
from segmentry.engines.duckdb import literal, quote
from segmentry.sql.dialects.postgres_functions import FUNCTIONS, LOWER, TRANSLATED

Run = Callable[..., list[tuple[Any, ...]]]
"""Runs a statement of ours with bound values."""
LOCKED = 1_936_024_429
"""The class of our advisory locks: `segm` in bytes."""
BUILTIN = 170_000
"""The server's version from which on it knows letters by itself."""
LETTERS, LOWERED = "AÉÑØŁŞİΑΣЇЖЪԱ", "aéñøłşiασїжъա"
CANDIDATES = ("C.utf8", "C.UTF-8", "en_US.utf8", "en_US.UTF-8")


def make_schema(run: Run, info: ConnectionInfo, schema: str) -> None:
    """Make the schema and its functions where they are not there yet, and work in it from now on.

    Raises:
        EngineError: The user may not, with the statements that would allow it; or the database
            keeps texts in another encoding.
    """
    [(encoding,)] = run("SHOW server_encoding")
    if encoding != "UTF8":
        raise EngineError(
            f"the database keeps texts as {encoding}, which cannot hold every letter.",
            fix="Make a database with the encoding UTF8.",
        )
    _require_schema(run, info, schema)
    run(f"SET search_path = {quote(schema)}")
    statements = [*FUNCTIONS, _lower(run, info.server_version)]
    mark = hashlib.sha256("\n".join(statements).encode()).hexdigest()[:16]
    if run("SELECT obj_description(to_regprocedure('segmentry_lower(text)'))") == [(mark,)]:
        return
    run("BEGIN")
    for each in statements:
        run(each)
    # The comment says which functions these are; it is written last.
    run(f"COMMENT ON FUNCTION segmentry_lower(text) IS {literal(mark)}")
    run("COMMIT")


def _require_schema(run: Run, info: ConnectionInfo, schema: str) -> None:
    rights = run(
        "SELECT has_schema_privilege(oid, 'CREATE') AND has_schema_privilege(oid, 'USAGE')"
        " FROM pg_namespace WHERE nspname = %s",
        schema,
    )
    if rights == [(True,)]:
        return
    [(may_make,)] = run("SELECT has_database_privilege(current_database(), 'CREATE')")
    if may_make and not rights:
        run(f"CREATE SCHEMA {quote(schema)}")
        return
    user, made = quote(info.user), "" if rights else f"CREATE SCHEMA {quote(schema)}; "
    raise EngineError(
        f"{user} may not make tables in the schema `{schema}` of the database `{info.dbname}`.",
        fix=f"As the owner of the database, run: {made}GRANT USAGE, CREATE ON SCHEMA"
        f" {quote(schema)} TO {user}; GRANT TEMPORARY ON DATABASE {quote(info.dbname)} TO {user};",
    )


# lower case


def _lower(run: Run, version: int) -> str:
    """The function for lower case: by a collation that maps letters one by one, or a table."""
    if version >= BUILTIN:
        return LOWER.format(collation="pg_c_utf8")
    known = {name for (name,) in run(
        "SELECT collname FROM pg_collation WHERE collencoding IN (-1, 6)"
        " AND collnamespace = 'pg_catalog'::regnamespace"
    )}  # fmt: skip
    for each in CANDIDATES:
        if each in known:
            [(found,)] = run(f"SELECT lower(%s COLLATE {quote(each)})", LETTERS)
            if found == LOWERED:
                return LOWER.format(collation=quote(each))
    upper = [chr(each) for each in range(0x80, 0x1E944) if _has_lower(chr(each))]
    lower = "".join(each.lower()[0] for each in upper)
    return TRANSLATED.format(upper=literal("".join(upper)), lower=literal(lower))


def _has_lower(letter: str) -> bool:
    return unicodedata.category(letter)[0] == "L" and letter.lower()[0] != letter

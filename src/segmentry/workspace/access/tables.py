"""The tables of access in the catalogue; of passwords, sessions and keys only hashes are kept."""

from __future__ import annotations

import sqlalchemy as sa

from segmentry.workspace.migration import METADATA

PEOPLE = sa.Table(
    "person",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("folded", sa.String, nullable=False, unique=True),
    sa.Column("email", sa.String),
    sa.Column("role", sa.String, nullable=False),
    sa.Column("password", sa.String, nullable=False),
    sa.Column("disabled", sa.Boolean, nullable=False),
    sa.Column("added_at", sa.DateTime, nullable=False),
    sa.Column("signed_in_at", sa.DateTime),
    sqlite_autoincrement=True,  # the log names people by number: none is given twice
)
VOUCHED = sa.Table(
    "vouched",
    METADATA,
    sa.Column("subject", sa.String, primary_key=True),
    sa.Column("person_id", sa.Integer, nullable=False, index=True),
)
"""Whom a provider calls what, as a hash: names and e-mail addresses may change hands."""
SESSIONS = sa.Table(
    "session",
    METADATA,
    sa.Column("hash", sa.String, primary_key=True),
    sa.Column("person_id", sa.Integer, index=True),
    sa.Column("began_at", sa.DateTime, nullable=False),
    sa.Column("used_at", sa.DateTime, nullable=False),
)
KEYS = sa.Table(
    "api_key",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("hash", sa.String, nullable=False),
    sa.Column("scopes", sa.JSON, nullable=False),
    sa.Column("added_at", sa.DateTime, nullable=False),
    sa.Column("expires_at", sa.DateTime),
    sa.Column("used_at", sa.DateTime),
    sa.Column("revoked_at", sa.DateTime),
)
SECRETS = sa.Table(
    "secret",
    METADATA,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("value", sa.String, nullable=False),
)
AUDIT = sa.Table(
    "audit",
    METADATA,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.String, nullable=False),
    sa.Column("who", sa.String, nullable=False),
    sa.Column("what", sa.String, nullable=False),
    sa.Column("object", sa.JSON, nullable=False),
    sa.Column("changes", sa.JSON, nullable=False),
    sa.Column("customers", sa.Integer),
    sa.Column("outcome", sa.String, nullable=False),
    sa.Column("previous", sa.String, nullable=False),
    sa.Column("hash", sa.String, nullable=False),
)

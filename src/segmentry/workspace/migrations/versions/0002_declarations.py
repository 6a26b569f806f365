"""One table for every kind of declaration; segments move into it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table, move the segments, drop the old one."""
    op.create_table(
        "declaration",
        sa.Column("kind", sa.String, primary_key=True),
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("body", sa.JSON, nullable=False),
        sa.Column("saved_at", sa.DateTime, nullable=False),
        sa.Column("removed", sa.Boolean, nullable=False),
    )
    op.execute(
        "INSERT INTO declaration (kind, name, version, body, saved_at, removed)"
        " SELECT 'segment', name, version, json_object('rule', rule, 'label', label),"
        " saved_at, removed FROM segment_version"
    )
    op.drop_table("segment_version")

"""Runs that are asked for: who asked, for what, and what was found."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the columns; earlier runs have none of it."""
    op.add_column("run", sa.Column("asked_by", sa.String))
    op.add_column("run", sa.Column("arguments", sa.JSON))
    op.add_column("run", sa.Column("result", sa.JSON))

"""People whom a provider vouches for."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "vouched",
        sa.Column("subject", sa.String, primary_key=True),
        sa.Column("person_id", sa.Integer, nullable=False, index=True),
    )

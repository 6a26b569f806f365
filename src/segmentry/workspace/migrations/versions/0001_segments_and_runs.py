"""Segments with versions, runs with steps; what a catalogue without a version holds."""

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Nothing: such a catalogue is there already."""

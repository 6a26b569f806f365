"""The command line as a tree of commands."""

from typing import Any

import pytest
import typer

from segmentry.cli.main import app


@pytest.fixture(scope="session")
def commands() -> Any:
    """The root command."""
    return typer.main.get_command(app)

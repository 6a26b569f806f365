"""Options that many commands share, so that they mean and read the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Folder = Annotated[
    Path,
    typer.Option(
        "--workspace",
        "-w",
        metavar="DIR",
        envvar="SEGMENTRY_WORKSPACE",
        show_default="the current folder",
        help="Folder of the workspace.",
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DAY",
        show_default="the end of the data",
        help="Answer as of this instant: a day (its first moment, so the day itself is not seen), "
        "an ISO instant, `today` or `yesterday`.",
    ),
]
Json = Annotated[
    bool,
    typer.Option("--json", metavar="", help="Print one JSON document and nothing else on stdout."),
]
Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the segment.")]
Rule = Annotated[
    str,
    typer.Argument(metavar="RULE", help="A rule, such as: recency_days > 60 AND frequency >= 3"),
]
Language = Annotated[
    str | None,
    typer.Option(
        "--language",
        metavar="CODE",
        show_default="the workspace's",
        help="Language of what people read: en, uk, ru, pl or fa.",
    ),
]
Engine = Annotated[
    str,
    typer.Option(
        metavar="ADDRESS",
        help="Where customers are computed: duckdb, postgresql://user@host/database, spark, "
        "spark://host:port, sc://host:port, or env:NAME for an address in the environment.",
    ),
]
HERE = Path()
"""The workspace when none is named."""

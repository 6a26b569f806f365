"""Every dialect by its name: those in which customers are computed, and those for reading only."""

from __future__ import annotations

from collections.abc import Mapping

from segmentry.sql.dialects.bigquery import BIGQUERY
from segmentry.sql.dialects.clickhouse import CLICKHOUSE
from segmentry.sql.dialects.duckdb import DUCKDB
from segmentry.sql.dialects.postgres import POSTGRES
from segmentry.sql.dialects.snowflake import SNOWFLAKE
from segmentry.sql.dialects.spark import SPARK
from segmentry.sql.render import Dialect

EXECUTED: Mapping[str, Dialect] = {"duckdb": DUCKDB, "postgresql": POSTGRES, "spark": SPARK}
"""Every operator is held against its meaning on a real engine."""
READ_ONLY: Mapping[str, Dialect] = {
    "bigquery": BIGQUERY, "clickhouse": CLICKHOUSE, "snowflake": SNOWFLAKE,
}  # fmt: skip
"""Spelled with the same meaning as far as the engines' manuals go; nothing is executed in them."""

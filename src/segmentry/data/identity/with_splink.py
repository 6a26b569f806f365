"""Splink's model in place of our own: the same keys, fields and result. Needs the extra `splink`.

Splink trains its own parameters. Names are compared straight only, and a household is no kind of
its own.
"""

from __future__ import annotations

import re
from typing import Any

from segmentry.core.errors import UsageError
from segmentry.data.identity.candidates import BLOCKS, FIELDS, Compared, compared
from segmentry.data.identity.normalise import KEYS
from segmentry.engines.duckdb import DuckDB

SEED = 20
QUIET = 50
LEAST = 0.001
"""Splink gives no pairs back that are less probable than this."""
TRAINED_BY = (("given_root", "family"), ("birth",), ("phone",))
"""Keys whose pairs are trained on; what a key consists of is trained by the others."""

PREDICTED = """SELECT least(customer_no_l, customer_no_r) AS one,
    greatest(customer_no_l, customer_no_r) AS other, match_probability AS probability
    FROM predicted"""


def score(session: DuckDB) -> int:
    """Make `scored_pairs` of all pairs worth comparing; returns how many splink gave back.

    Raises:
        UsageError: Splink is not installed.
    """
    linker = _linker(session)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=SEED)
    for columns in TRAINED_BY:
        same = " AND ".join(f"l.{each} = r.{each}" for each in columns)
        linker.training.estimate_parameters_using_expectation_maximisation(
            same, record_sample_proportion=1.0
        )
    found = linker.inference.predict(threshold_match_probability=LEAST).as_pyarrow_table()
    levels = ", ".join(f"l{number}" for number in range(len(FIELDS)))
    with session.registered("predicted", found):
        session.create("predicted_pairs", PREDICTED, temporary=True)
    session.create(
        "scored_pairs",
        "SELECT one AS customer_no, other AS other_no, probability, swapped,"
        f" [{levels}] AS levels FROM ({compared('predicted_pairs')})"
        " JOIN predicted_pairs USING (one, other)",
        temporary=True,
    )
    session.drop("predicted_pairs")
    return int(found.num_rows)


def _linker(session: DuckDB) -> Any:
    try:
        from splink import DuckDBAPI, Linker, SettingsCreator
    except ImportError as error:
        raise UsageError(
            "splink is not installed.", fix="Install it: `pip install segmentry[splink]`."
        ) from error
    records = int(session.value(f"SELECT count(*) FROM {KEYS}"))
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="customer_no",
        comparisons=[_comparison(number, each) for number, each in enumerate(FIELDS)],
        blocking_rules_to_generate_predictions=[
            f"({_sided(key, 'l')}) = ({_sided(key, 'r')})" for key in BLOCKS
        ],
        probability_two_random_records_match=min(0.5, 0.04 / max(records, 1)),
        retain_matching_columns=False,
    )
    # A database of its own, so that nothing of it is left in the warehouse.
    api = DuckDBAPI(":memory:")
    return Linker(api.register(session.fetch(f"SELECT * FROM {KEYS}")), settings, log_level=QUIET)


def _comparison(number: int, field: Compared) -> Any:
    import splink.comparison_level_library as levels
    from splink.comparison_library import CustomComparison

    unknown = levels.CustomLevel(f"NOT ({_columns(field.known)})")
    made: list[Any] = [unknown.configure(is_null_level=True)]
    for place, (name, condition) in enumerate(field.levels[:-1]):
        level = levels.CustomLevel(_columns(condition), name)
        frequent = {"tf_adjustment_column": field.value} if field.value and place == 0 else {}
        made.append(level.configure(**frequent))
    return CustomComparison([*made, levels.ElseLevel()], output_column_name=f"f{number}")


def _columns(sql: str) -> str:
    """SQL over the records `a` and `b` as splink names their columns."""
    straight = re.sub(r"\bb_(given|root|family)\b", r"b.\1", sql).replace("b.root", "b.given_root")
    return re.sub(r"\bb\.(\w+)", r"\1_r", re.sub(r"\ba\.(\w+)", r"\1_l", straight))


KEY_COLUMNS = ("email", "local", "phone", "given_root", "family", "birth", "postal", "city")


def _sided(key: str, side: str) -> str:
    return re.sub(rf"\b({'|'.join(KEY_COLUMNS)})\b", rf"{side}.\1", key)


__all__ = ["score"]

"""Checks of the loaded data: declarations by family, one runner, one trust score."""

from segmentry.data.checks.check import CheckResult, Severity
from segmentry.data.checks.run import count_checks, remember, run_checks
from segmentry.data.checks.trust import Trust, trust

__all__ = ["CheckResult", "Severity", "Trust", "count_checks", "remember", "run_checks", "trust"]

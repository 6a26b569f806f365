"""Checks of the loaded data: declarations by family, one runner, one trust score."""

from segmentry.data.checks.check import CheckResult, Severity
from segmentry.data.checks.run import remember, run_checks
from segmentry.data.checks.trust import Trust, trust

__all__ = ["CheckResult", "Severity", "Trust", "remember", "run_checks", "trust"]

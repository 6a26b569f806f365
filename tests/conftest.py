"""Settings that every test shares."""

from hypothesis import settings

# The same examples on every run and machine, and no failure for being slow on a busy one.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.load_profile("ci")

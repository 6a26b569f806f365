"""One thread for the numeric libraries, so that a figure is the same to the last bit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def one_thread() -> Iterator[None]:
    """Numeric libraries use one thread inside.

    Sums in parallel differ in the last bit from run to run; and beside an engine that has the
    cores, threads that wait for one another cost many times what they save.
    """
    # Imported before the limit is set: it reaches only libraries that are there.
    import sklearn.ensemble
    import sklearn.linear_model  # noqa: F401
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        yield

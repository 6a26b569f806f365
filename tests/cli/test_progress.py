"""A bar moves while one long statement runs."""

import io
import threading

from rich.console import Console

from segmentry.cli import progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_step_of_one_statement_moves_by_the_engines_word(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setattr(progress, "console", lambda **_: Console(file=terminal, width=80))
    monkeypatch.setattr(progress, "EVERY_SECONDS", 0.01)
    asked = threading.Event()
    shares = iter([None, 0.25, 0.5])

    def share_done():
        share = next(shares, None)
        if share is None and asked.share == 0.5:
            asked.set()
        asked.share = share
        return share

    asked.share = None
    with progress.watched("Refreshing", share_done=share_done) as step:
        step("features", 0, 1)
        assert asked.wait(10)
    assert "Refreshing: features" in terminal.getvalue()


def test_nobody_is_asked_where_nobody_watches():
    def share_done():
        raise AssertionError

    with progress.watched("Refreshing", quiet=True, share_done=share_done) as step:
        step("features", 0, 1)

"""Ctrl-C and SIGTERM: they stop the engine's statement, not only what Python does after it."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)
_received: list[int] = []


def was_asked() -> bool:
    """Whether a signal asked to stop: whatever went wrong after it is a consequence."""
    return bool(_received)


def exit_code() -> int:
    """What a stopped process ends with: 130 after Ctrl-C, 143 after SIGTERM."""
    return 128 + (_received[-1] if _received else signal.SIGINT)


@contextmanager
def stopped_by_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` from a thread as soon as a signal comes, and then leave the block.

    Python runs its own handlers only between two steps of the main thread, which waits for the
    engine; the wake-up channel is written by the signal itself.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    receiver, sender = socket.socketpair()
    sender.setblocking(False)
    _received.clear()
    before = {each: signal.signal(each, _leave) for each in SIGNALS}
    channel = signal.set_wakeup_fd(sender.fileno(), warn_on_full_buffer=False)

    def watch() -> None:
        while received := receiver.recv(64):
            if any(each in received for each in SIGNALS):
                stop()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(channel)
        for each, handler in before.items():
            signal.signal(each, handler)
        sender.close()
        watcher.join()
        receiver.close()


def _leave(number: int, _: FrameType | None) -> None:
    _received.append(number)
    raise KeyboardInterrupt

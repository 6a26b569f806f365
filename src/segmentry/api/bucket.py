"""How often something may be done: a bucket of tokens that fills as time goes by."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

from segmentry.core.errors import TooManyError
from segmentry.core.time import Clock

MOST = 10_000
"""How many are remembered; who was not heard of for longest is forgotten first."""


@dataclass
class _Bucket:
    tokens: float
    at: datetime


class Buckets:
    """A bucket for each name: a person, a key, an address.

    Args:
        per_second: How fast a bucket fills.
        most: What it holds; a new one is full.
    """

    def __init__(self, per_second: float, most: float, clock: Clock) -> None:
        self._per_second = per_second
        self._most = most
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, name: str) -> None:
        """Take a token.

        Raises:
            TooManyError: There is none; it says after how many seconds there will be one.
        """
        with self._lock:
            bucket = self._filled(name)
            if bucket.tokens < 1:
                wait = int((1 - bucket.tokens) / self._per_second) + 1
                raise TooManyError(
                    "asked too often.", fix=f"Try again in {wait} s.", retry_after=wait
                )
            bucket.tokens -= 1

    def give_back(self, name: str) -> None:
        """Give a token back: what it was taken for went well."""
        with self._lock:
            bucket = self._filled(name)
            bucket.tokens = min(bucket.tokens + 1, self._most)

    def _filled(self, name: str) -> _Bucket:
        now = self._clock()
        bucket = self._buckets.setdefault(name, _Bucket(self._most, now))
        self._buckets.move_to_end(name)
        if len(self._buckets) > MOST:
            self._buckets.popitem(last=False)
        passed = max((now - bucket.at).total_seconds(), 0)
        bucket.tokens = min(bucket.tokens + passed * self._per_second, self._most)
        bucket.at = now
        return bucket

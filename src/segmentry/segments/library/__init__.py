"""The ready-made segmentations, one file each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segmentry.segments.library import lifecycle, rfm, temperature
from segmentry.segments.segment import Segmentation


def ready_made(settings: Mapping[str, Mapping[str, Any]] | None = None) -> list[Segmentation]:
    """Every ready-made segmentation, with the workspace's own parameters where it has them."""
    chosen = settings or {}
    return [
        *rfm.segmentations(**chosen.get("rfm", {})),
        temperature.segmentation(**chosen.get("temperature", {})),
        lifecycle.segmentation(**chosen.get("lifecycle", {})),
    ]

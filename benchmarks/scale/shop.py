"""A workspace with the synthetic shop, loaded by the real loader and with everything declared."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from benchmarks.scale.declared import declare
from benchmarks.scale.source import Shop
from segmentry.workspace.workspace import Workspace

ORDER = ("customers", "products", "lines", "events")
ENTITY = {"lines": "order_lines"}


def opened(folder: str | Path, memory: str = "4GB") -> Workspace:
    """A workspace on two cores that computes the features that its segments read."""
    workspace = Workspace.open(folder)
    chosen = {"threads": 2, "memory_limit": memory, "features": "used"}
    workspace.settings = workspace.settings.model_copy(update=chosen)
    return workspace


def make(shop: Shop, folder: Path, files: Path) -> Path:
    """The workspace of a shop from its files, made if it is not there."""
    target = folder / f"{shop.name}_loaded"
    if target.exists():
        return target
    partial = target.with_name(target.name + ".new")
    shutil.rmtree(partial, ignore_errors=True)
    Workspace.create(partial, timezone="Europe/Kyiv").close()
    with opened(partial) as workspace:
        load(workspace, files)
        declare(workspace)
    partial.rename(target)
    return target


def load(workspace: Workspace, files: Path) -> None:
    """Load the files of a folder: who, what, then what happened."""
    load_files(workspace, (f for name in ORDER for f in sorted(files.glob(f"{name}*.parquet"))))


def load_files(workspace: Workspace, files: Iterable[Path]) -> None:
    """Load files, each as what it is called."""
    for file in files:
        name = file.stem.partition("_")[0]
        workspace.load(**{ENTITY.get(name, name): file})

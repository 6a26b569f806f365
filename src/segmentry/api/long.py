"""Long work that answers from `answers/`, by kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segmentry.answers import clusters, discoveries, duplicates, models, sources
from segmentry.answers.plain import Document
from segmentry.api.work import Task
from segmentry.core.progress import Progress
from segmentry.workspace.clusters import Wanted as Clustering
from segmentry.workspace.discovery import Wanted as Discovering
from segmentry.workspace.workspace import Workspace

Arguments = Mapping[str, Any]


def model(workspace: Workspace, given: Arguments, progress: Progress) -> Document:
    """Declare a model and fit it."""
    return models.add(workspace, given["given"], workspace.as_of(given["as_of"]), progress)


def fit(workspace: Workspace, given: Arguments, progress: Progress) -> Document:
    """Fit a model again."""
    return models.fit(workspace, given["name"], workspace.as_of(given["as_of"]), progress)


def natural(workspace: Workspace, given: Arguments, progress: Progress) -> Document:
    """Look for natural groups; with a name, save them."""
    progress("clusters", 0, 1)
    asked, language = given["given"], given["language"]
    wanted = Clustering(tuple(asked["features"]), asked["anyway"], asked["seed"], language)
    as_of = workspace.as_of(given["as_of"])
    if "name" in given:
        return clusters.save(workspace, given["name"], wanted, as_of, language)
    return clusters.find(workspace, wanted, as_of, language)


def outstanding(workspace: Workspace, given: Arguments, progress: Progress) -> Document:
    """Look for groups that stand out."""
    progress("discovery", 0, 1)
    asked = given["given"]
    wanted = Discovering(**{**asked, "features": tuple(asked["features"])})
    return discoveries.find(workspace, wanted, workspace.as_of(given["as_of"]))


def same(workspace: Workspace, given: Arguments, progress: Progress) -> Document:
    """Search for records that are one customer."""
    return duplicates.find(workspace, given["method"], progress)


def rehearsal(workspace: Workspace, given: Arguments, progress: Progress) -> Document:
    """What loading a file would do."""
    return sources.rehearse(workspace, given["source"], progress)


def load(workspace: Workspace, given: Arguments, progress: Progress) -> Document:
    """Load a file that was sent."""
    return sources.load(workspace, given["source"], progress)


LONG: Mapping[str, Task] = {
    "model": model,
    "fit": fit,
    "clusters": natural,
    "discovery": outstanding,
    "duplicates": same,
    "rehearsal": rehearsal,
    "load": load,
}

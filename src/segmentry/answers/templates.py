"""The usual segments, ready to use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from segmentry.answers import document as shapes
from segmentry.answers.plain import Document
from segmentry.core.errors import UnknownNameError

if TYPE_CHECKING:
    from segmentry.workspace.templates import Offered
    from segmentry.workspace.workspace import Workspace


def every(workspace: Workspace, language: str | None = None) -> Document:
    """The templates, and what the data lack for those that cannot be used."""
    offered = workspace.templates.all(language or workspace.settings.language)
    return {"templates": [_shape(each) for each in offered]}


def one(
    workspace: Workspace, name: str, chosen: Mapping[str, str], language: str | None = None
) -> Document:
    """A template with parameters: its rule, and why they are what they are."""
    language = language or workspace.settings.language
    return _shape(workspace.templates.named(name, language, **_known(workspace, name, chosen)))


def use(
    workspace: Workspace,
    name: str,
    segment: str,
    chosen: Mapping[str, str],
    language: str | None = None,
) -> Document:
    """Save a segment made from a template; without a name, under the template's."""
    bound = workspace.templates.use(name, segment, **_known(workspace, name, chosen))
    return shapes.segment(bound, workspace.sentence(bound.rule, language)) | {
        "customers": bound.preview().customers
    }


def _known(workspace: Workspace, name: str, chosen: Mapping[str, str]) -> Mapping[str, str]:
    parameters = workspace.templates.named(name).template.parameters
    for each in chosen:
        if each not in parameters:
            raise UnknownNameError(f"parameter of {name}", each, parameters)
    return chosen


def _shape(offered: Offered) -> Document:
    return {
        "name": offered.template.name,
        "label": offered.label,
        "about": offered.about,
        "why": offered.why,
        "parameters": dict(offered.template.parameters),
        "rule": offered.rule,
        "available": offered.available,
        "lacking": offered.lacking,
    }

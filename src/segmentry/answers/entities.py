"""What can be loaded: the tables there are, and their columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from segmentry.answers.plain import Document
from segmentry.data.entity import ENTITIES

if TYPE_CHECKING:
    from segmentry.workspace.workspace import Workspace


def every(workspace: Workspace, language: str | None = None) -> Document:
    """Every table that records can go to, with its columns in their order."""
    wording = workspace.wording(language)
    return {
        "entities": [
            {
                "name": entity.name,
                "label": wording.table(entity.name),
                "open_ended": entity.open_ended,
                "attributes": [
                    {
                        "name": each.name,
                        "label": wording.attribute(each.name),
                        "type": each.type,
                        "required": each.required,
                    }
                    for each in entity.attributes.values()
                ],
            }
            for entity in ENTITIES.values()
        ]
    }

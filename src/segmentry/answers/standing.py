"""Where one customer stands, in the words of the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from segmentry.answers.plain import Document

if TYPE_CHECKING:
    from segmentry.workspace.live import Standing
    from segmentry.workspace.workspace import Workspace


class StandingWords:
    """What segments and groups are called, read once for many customers."""

    def __init__(self, workspace: Workspace, language: str | None = None) -> None:
        self._wording = workspace.wording(language)
        self._labels = {each.name: each.label for each in workspace.saved()}
        self._known = {each.name: each for each in workspace.segmentations()}
        self._data_through = workspace.data_through()
        self._groups: dict[tuple[str, str | None], Document] = {}

    def document(self, found: Standing) -> Document:
        """A customer's segments and groups with their labels."""
        return {
            "customer_id": found.customer_id,
            "as_of": found.as_of,
            "base_as_of": found.base_as_of,
            "data_through": self._data_through,
            "segments": [{"name": name, "label": self._labels[name]} for name in found.segments],
            "groups": [self._group(name, group) for name, group in found.groups.items()],
        }

    def _group(self, name: str, group: str | None) -> Document:
        if (name, group) not in self._groups:
            known = self._known[name]
            self._groups[name, group] = {
                "segmentation": name,
                "label": self._wording.segmentation(known),
                "group": group,
                "group_label": None if group is None else self._wording.group(known, group),
            }
        return self._groups[name, group]

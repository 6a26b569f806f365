"""Groups and segments in an answer: the rule of each, and what people call it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from segmentry.workspace.workspace import Workspace


def rules(workspace: Workspace, name: str, names: Sequence[str]) -> Callable[[str], str | None]:
    """From a name in the answer to its rule; none where groups of several are side by side.

    Args:
        name: The only segmentation that was asked about; empty when it was anything else.
        names: What was asked about.
    """
    from segmentry.workspace.cell import set_rule

    ready = {each.name: each for each in workspace.segmentations()}
    if name:
        return ready[name].rule_of
    if any(each in ready for each in names):
        return lambda _: None
    return lambda which: set_rule(workspace, which).text()


def labels(workspace: Workspace, name: str, language: str | None) -> Callable[[str], str]:
    """From a name in the answer to what people call it."""
    if name:
        [of] = [each for each in workspace.segmentations() if each.name == name]
        wording = workspace.wording(language)
        return lambda group: wording.group(of, group)
    labels = {each.name: each.label for each in workspace.saved() if each.label}
    return lambda which: labels.get(which, which)

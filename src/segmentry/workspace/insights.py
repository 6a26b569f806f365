"""Questions about segments of a workspace: what they are worth, and what becomes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from segmentry.workspace.backtest import Backtest, backtest
from segmentry.workspace.value import PERIOD_DAYS, Value, value

if TYPE_CHECKING:
    from segmentry.workspace.folder import When
    from segmentry.workspace.workspace import Workspace


class Insights:
    """What is asked about segments of one workspace.

    Everywhere a name is that of a segmentation (`rfm`), of a saved segment, of a group
    (`rfm/VIP`), or it is a rule.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def value(self, *names: str, when: When = None, period_days: int = PERIOD_DAYS) -> Value:
        """What the groups of a segmentation are worth, or each of several segments.

        Raises:
            UsageError: Nobody has bought anything, or there is no segment to ask about.
            DeclarationError: A name is none, and no rule.
        """
        return value(self._workspace, names, when, period_days)

    def backtest(self, *names: str, when: When = None) -> Backtest:
        """What members as of past months did afterwards, and which segmentation foretells most.

        Without names, the usual segmentations and all that is saved.

        Raises:
            UsageError: The orders do not reach back far enough.
            DeclarationError: A name is none, and no rule.
        """
        return backtest(self._workspace, names, when)

"""What is found of one way of dividing: read without what finds it, which takes long to import."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Trial:
    """One way of dividing into one number of groups, judged.

    Args:
        silhouette: On the sample; `null_silhouette` is the mean of the less favourable null.
        gap: How much closer customers are to their group's mean than in the null (logarithm).
        valley: Customers half way between two groups against their middles, of the worst pair.
        smallest: Share of the smallest group.
        strength: Prediction strength; `None` where an earlier criterion failed.
        jaccards: Stability of each group; empty where an earlier criterion failed.
        failed: The criteria that say "no natural groups": `size`, `valley`, `strength`,
            `stability`, `null`.
    """

    method: str
    k: int
    silhouette: float
    valley: float
    smallest: float
    strength: float | None = None
    jaccards: tuple[float, ...] = ()
    gap: float | None = None
    null_silhouette: float | None = None
    null_sd: float | None = None
    failed: tuple[str, ...] = ()

    @property
    def natural(self) -> bool:
        """It passed everything; what better ones left behind was not asked everything."""
        return not self.failed and self.gap is not None

"""A random split: the same customers in the same part on every engine and every day."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from segmentry.core.errors import UsageError
from segmentry.language.literal import quoted
from segmentry.segments.segment import Group, Segmentation


def split(
    name: str, among: str, parts: Mapping[str, Decimal | float], salt: str = "", label: str = ""
) -> Segmentation:
    """Divide those who meet a rule by chance into parts of given shares.

    The part depends on the salt and the customer's id alone, so nobody changes parts when others
    come or go; the sizes are therefore near the shares, not equal to them.

    Args:
        parts: Name of a part → its share; a float counts as it is written.
        salt: Another one gives another, independent split; the name when empty.

    Raises:
        UsageError: Fewer than two parts, or shares that are not positive or do not make 1.

    >>> made = split("test", "in_segment('lapsing')", {"a": 0.9, "b": 0.1})
    >>> [(each.name, each.rule) for each in made.groups]
    [('a', "random_share('test') < 0.9"), ('b', None)]
    """
    shares = {part: Decimal(str(share)) for part, share in parts.items()}
    if len(shares) < 2 or min(shares.values()) <= 0 or sum(shares.values()) != 1:
        shown = ", ".join(f"{part}={share}" for part, share in shares.items())
        raise UsageError(
            f"`{shown}` is no split.",
            fix="Name two parts or more whose shares make 1: a=0.45,b=0.45,holdout=0.1.",
        )
    chance = f"random_share({quoted(salt or name)})"
    *first, last = shares
    groups, limit = [], Decimal(0)
    for part in first:
        limit += shares[part]
        groups.append(Group(name=part, rule=f"{chance} < {limit}"))
    groups.append(Group(name=last, means=f"{chance} >= {limit}"))
    return Segmentation(name=name, label=label, feature=name, among=among, groups=tuple(groups))


def read_parts(text: str) -> dict[str, Decimal]:
    """Parts as people write them: `a=0.45,b=0.45,holdout=0.1`.

    Raises:
        UsageError: It is written otherwise, or names a part twice.
    """
    found: dict[str, Decimal] = {}
    for piece in text.split(","):
        name, _, share = (each.strip() for each in piece.partition("="))
        if not name or name in found or not _is_share(share):
            raise UsageError(
                f"`{piece.strip()}` is no part of a split.", fix="Write a=0.45,b=0.45,holdout=0.1."
            )
        found[name] = Decimal(share)
    return found


def _is_share(text: str) -> bool:
    return text.replace(".", "", 1).isascii() and text.replace(".", "", 1).isdecimal()

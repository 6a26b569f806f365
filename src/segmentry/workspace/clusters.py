"""The clusters of a workspace: found, shown, saved as an ordinary segmentation."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from segmentry.core.errors import DuplicateNameError, NotFoundError, UsageError
from segmentry.core.time import AsOf
from segmentry.language.text import parse_rule
from segmentry.segments.segment import Group, Segmentation
from segmentry.workspace.declarations import KINDS, SEGMENTATION
from segmentry.workspace.latest import Latest
from segmentry.workspace.name import check_name

if TYPE_CHECKING:
    import pyarrow as pa

    from segmentry.features.customers import Customers
    from segmentry.models.clusters.card import Card
    from segmentry.models.clusters.keeping import Earlier
    from segmentry.models.clusters.profile import Trait
    from segmentry.workspace.folder import When
    from segmentry.workspace.workspace import Workspace

USUAL = (
    "recency_days", "frequency", "monetary", "average_order_amount", "median_gap_days",
    "category_breadth", "promotion_share", "discount_depth", "return_rate", "preferred_channel",
    "tenure_days", "basket_size", "margin_share", "weekend_share", "open_rate",
)  # fmt: skip
"""What customers are compared by when nothing is named: those that there are, the first twelve."""
MOST = 12
BUYERS = "frequency >= 1"
"""Whom clusters divide where there are orders: others would be a group by having no figures."""
FOUND = "found/clusters"
"""The name under which what was found last is kept among the cards."""


@dataclass(frozen=True)
class Wanted:
    """What to look for.

    Args:
        features: What customers are compared by; empty for the usual ones.
        anyway: Number of groups to divide into if there are no natural ones.
        seed: The same seed gives the same answer.
        language: Of the clusters' names; the workspace's where none is said.
    """

    features: tuple[str, ...] = ()
    anyway: int | None = None
    seed: int = 1
    language: str | None = None


class Clusters:
    """Finds, saves and shows clusters."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def find(self, wanted: Wanted | None = None, when: When = None, like: str = "") -> Card:
        """The natural groups as of an instant, or that there are none.

        The answer is kept until the next one; what the workspace has is not touched.

        Args:
            like: Name of saved clusters whose ids and names are kept where clusters are the same.

        Raises:
            UnknownNameError: There is no such feature.
            LockedFeatureError: Its data are not loaded, or it is sensitive and locked.
            UsageError: There are too few customers or features, or more features than twelve.
        """
        card = self._found(wanted or Wanted(), when, like)
        as_of = self._workspace.as_of(when)
        Latest(self._workspace.engine).keep(FOUND, as_of, card.as_json(), card.customers)
        return card

    def latest(self, when: When = None) -> Card | None:
        """What was found last; `None` where nothing was, or it is of a later instant than named."""
        from segmentry.models.clusters.card import read_card

        by = self._workspace.as_of(when) if when is not None else None
        found = Latest(self._workspace.engine).last(FOUND, by)
        return None if found is None else read_card(found)

    def _found(self, wanted: Wanted, when: When, like: str) -> Card:
        from segmentry.models.clusters.column import columns_of
        from segmentry.models.clusters.find import Asked, find

        check_number(wanted.anyway)
        customers = self._workspace.customers(when)
        before = self.last(like) if like else None
        names = self._features(customers, wanted.features, before)
        known = before is not None and like in customers.features
        rows = self._rows(customers, [*names, like] if known else names)
        asked = Asked(
            as_of=str(customers.as_of),
            word=lambda trait: self.word(trait, wanted.language),
            usual=self._workspace.wording(wanted.language).messages("clusters.usual"),
            seed=wanted.seed,
            anyway=wanted.anyway,
        )
        earlier = _earlier(before, rows.column(like) if known else None, rows.num_rows)
        number = rows.column("customer_no").to_numpy()
        return find(number, columns_of(rows, names), asked, earlier)

    def save(self, name: str, wanted: Wanted | None = None, when: When = None) -> Card:
        """Find clusters and keep them as a segmentation; clusters saved before keep their ids.

        Raises:
            UsageError: There are no natural groups and no number was asked for anyway; nothing is
                kept. Or as `find` says.
            DuplicateNameError: Another segmentation has the name.
        """
        workspace = self._workspace
        check_name("clusters", name, like="buyers_by_habit")
        if name in workspace.kept().of(SEGMENTATION) and self.last(name) is None:
            raise DuplicateNameError(f"there is another segmentation `{name}`.", name=name)
        card = self.find(wanted, when, like=name)
        if not card.clusters:
            raise UsageError(
                "there are no natural groups to save.",
                fix="Compare by other features, or divide anyway: --anyway 4.",
            )
        declared = segmentation(name, card, self.among(when))
        body = KINDS[SEGMENTATION].body(declared)
        workspace.definitions.declare(SEGMENTATION, name, body)
        self._keep(name, card, workspace.as_of(when))
        return card

    def show(self, name: str) -> Card:
        """The card of saved clusters.

        Raises:
            NotFoundError: There are none of that name.
        """
        found = self.last(name)
        if found is None:
            there = ", ".join(f"`{each}`" for each in self.names()) or "none yet"
            raise NotFoundError(f"no clusters `{name}`.", fix=f"There is: {there}.")
        return found

    def names(self) -> list[str]:
        """Names of saved clusters that are still in use."""
        rows = self._workspace.engine.rows(
            "SELECT DISTINCT name FROM model_cards WHERE starts_with(name, $prefix) ORDER BY name",
            {"prefix": _kept("")},
        )
        own = self._workspace.kept().of(SEGMENTATION)
        saved = [name.removeprefix(_kept("")) for (name,) in rows]
        return [name for name in saved if name in own]

    def last(self, name: str, by: AsOf | None = None) -> Card | None:
        """The card of the latest instant, with the first id that no card had; `None` for none.

        Args:
            by: Cards of later instants are passed over.
        """
        from segmentry.models.clusters.card import read_card

        rows = self._workspace.engine.rows(
            "SELECT card FROM model_cards WHERE name = $name AND as_of <= coalesce($by, as_of)"
            " ORDER BY as_of DESC",
            {"name": _kept(name), "by": by.instant if by else None},
        )
        cards = [json.loads(text) for (text,) in rows]
        if not cards:
            return None
        next_id = max(each["next_id"] for each in cards)
        return replace(read_card(cards[0]), next_id=next_id)

    def word(self, trait: Trait, language: str | None = None) -> str:
        """A trait of a cluster as people say it: `Orders: high`."""
        wording = self._workspace.wording(language)
        label = wording.feature(trait.feature)
        return wording.messages(f"clusters.{trait.level}", feature=label, value=trait.value)

    def labels(self, card: Card, language: str | None = None) -> list[str]:
        """What the clusters of a card that was not saved are called in a language."""
        from segmentry.models.clusters.profile import named

        usual = self._workspace.wording(language).messages("clusters.usual")
        traits = [each.traits for each in card.clusters]
        return named(traits, lambda trait: self.word(trait, language), usual, {})

    def sentence(self, card: Card, language: str | None = None) -> str:
        """What the card says, in a sentence."""
        messages = self._workspace.wording(language).messages
        if card.natural:
            return messages("clusters.natural", count=len(card.clusters))
        if card.clusters:
            return messages("clusters.division", count=len(card.clusters))
        return messages("clusters.none")

    def reasons(self, card: Card, language: str | None = None) -> list[str]:
        """How far the nearest groups stand apart, and what speaks against them, in sentences."""
        messages, closest = self._workspace.wording(language).messages, card.closest

        def say(key: str, **values: object) -> str:
            return messages(f"report.clusters.{key}", **values)

        apart = messages.number(closest.silhouette, 2)
        said = [say("nearest", count=closest.k, apart=apart)]
        if closest.null_silhouette is not None:
            said.append(say("null", apart=messages.number(closest.null_silhouette, 2)))
        if closest.strength is not None:
            said.append(say("strength", value=messages.number(closest.strength, 2)))
        if not card.natural and closest.failed:
            lacking = [say(f"lacking.{each}") for each in closest.failed]
            said.append(say("against", list=messages.listed(lacking, "and")))
        return said

    def _features(
        self, customers: Customers, names: Sequence[str], before: Card | None
    ) -> list[str]:
        """What customers are compared by: as named, else as before, else the usual ones."""
        schema = customers.features.schema
        earlier = [each.feature for each in before.features] if before else []
        usual = [each for each in earlier or USUAL if each in schema.features][:MOST]
        found = list(dict.fromkeys(names)) or usual
        for each in found:
            kind = schema.feature(each).type
            if kind.is_temporal:
                raise UsageError(
                    f"`{each}` is a moment; customers cannot be compared by it.",
                    fix="Use a number of days instead.",
                )
        if len(found) > MOST:
            raise UsageError(
                f"clusters take {MOST} features at most; {len(found)} are named.",
                fix="Name those that matter.",
            )
        return found

    def _rows(self, customers: Customers, names: Sequence[str]) -> pa.Table:
        buyers = parse_rule(BUYERS) if "frequency" in customers.features else None
        return customers.engine.fetch(customers.query(customers.named(names), buyers))

    def among(self, when: When = None) -> str:
        """The rule of those whom clusters divide; empty for everybody."""
        return BUYERS if "frequency" in self._workspace.customers(when).features else ""

    def _keep(self, name: str, card: Card, as_of: AsOf) -> None:
        engine, text = self._workspace.engine, json.dumps(card.as_json(), allow_nan=False)
        with engine.transaction():
            engine.execute(
                "DELETE FROM model_cards WHERE name = ? AND as_of = ?",
                [_kept(name), as_of.instant],
            )
            engine.execute(
                "INSERT INTO model_cards VALUES (?, ?, ?, ?)",
                [_kept(name), as_of.instant, text, card.customers],
            )


def segmentation(name: str, card: Card, among: str) -> Segmentation:
    """The clusters as groups, by their rules; the largest is everyone else and comes last."""
    largest, *others = card.clusters
    groups = [Group(name=each.name, rule=each.rule) for each in others]
    rest = Group(name=largest.name, means=largest.rule)
    return Segmentation(name=name, feature=name, among=among, groups=(*groups, rest))


def check_number(anyway: int | None) -> None:
    """Refuse a number of groups that cannot be looked at.

    Raises:
        UsageError: It is below 2 or above 8.
    """
    if anyway is not None and not 2 <= anyway <= 8:
        raise UsageError(f"{anyway} groups cannot be asked for.", fix="Ask for 2 to 8.")


def _earlier(before: Card | None, groups: Any, customers: int) -> Earlier | None:
    """The clusters of before, and in which of them each customer is by their rules now."""
    import numpy as np

    from segmentry.models.clusters.keeping import Earlier

    if before is None:
        return None
    ids = {each: number for number, each in before.names().items()}
    held = [ids.get(each, 0) for each in groups.to_pylist()] if groups else [0] * customers
    return Earlier(before.names(), before.next_id, np.array(held, dtype=np.int64))


def _kept(name: str) -> str:
    """The name of a card among those of models."""
    return f"clusters/{name}"


__all__ = ["Clusters", "Wanted", "segmentation"]

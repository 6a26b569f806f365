"""The models of a workspace: declared, fitted, their scores kept as facts, their cards shown."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from segmentry.core.errors import DeclarationError, NotFoundError, UsageError
from segmentry.core.progress import Progress, unwatched
from segmentry.core.time import AsOf
from segmentry.data import scores
from segmentry.features.known import names_in, resolve
from segmentry.models.declaration import Model
from segmentry.workspace.declarations import MODEL

if TYPE_CHECKING:
    import pyarrow as pa

    from segmentry.workspace.folder import When
    from segmentry.workspace.workspace import Workspace

Card = Mapping[str, Any]
"""What a model found and how far to trust it, as plain values."""


class Fitted(NamedTuple):
    """A model as of an instant."""

    model: Model
    as_of: AsOf
    card: Card
    customers: int
    """How many customers have a score."""


class Models:
    """Adds, fits, shows and removes models."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def all(self) -> list[Model]:
        """Every model, by name."""
        return self._workspace.kept().models()

    def model(self, name: str) -> Model:
        """A model.

        Raises:
            NotFoundError: There is none of that name.
        """
        found = {each.name: each for each in self.all()}
        if name not in found:
            there = ", ".join(f"`{each}`" for each in found) or "none yet"
            raise NotFoundError(f"no model `{name}`.", fix=f"There is: {there}.")
        return found[name]

    def add(self, model: Model, when: When = None, progress: Progress = unwatched) -> Fitted:
        """Fit a model and keep it; a changed one of that name becomes a new version.

        Raises:
            DeclarationError: Its rule is wrong, or a name is taken.
            UsageError: There are too few data; says what is missing. Nothing is kept.
        """
        workspace = self._workspace
        after = workspace.kept().having(MODEL, model.name, model)
        schema = workspace.loaded_schema()
        resolve(after.features, schema, schema.features, workspace.rules())
        if model.among:
            workspace.checked(model.among)
        fitted = self._fit(model, workspace.as_of(when), progress)
        body = model.model_dump(mode="json", exclude={"name"})
        workspace.catalogue.declare(MODEL, model.name, body, workspace.clock())
        return fitted

    def fit(self, name: str, when: When = None, progress: Progress = unwatched) -> Fitted:
        """Fit a model as of an instant and keep its scores.

        Raises:
            UsageError: There are too few data; says what is missing. Earlier scores stay.
        """
        return self._fit(self.model(name), self._workspace.as_of(when), progress)

    def renew(self, as_of: AsOf, progress: Progress = unwatched) -> dict[str, str]:
        """Score anew for each model whose scores are too old; why those failed that did."""
        failed: dict[str, str] = {}
        for model in self.all():
            if self._is_due(model, as_of):
                try:
                    self._fit(model, as_of, progress)
                except (UsageError, DeclarationError) as error:
                    failed[model.name] = str(error)
        return failed

    def card(self, name: str, when: When = None) -> Fitted:
        """The card of a model, the last one that was known at an instant.

        Raises:
            NotFoundError: There is no such model, or it was not fitted yet.
        """
        found = self.last(name, self._workspace.as_of(when))
        if found is None:
            raise NotFoundError(f"`{name}` was not fitted.", fix=f"Run `models fit {name}`.")
        return found

    def last(self, name: str, before: AsOf | None = None) -> Fitted | None:
        """How a model was fitted last, not after an instant; `None` if it never was.

        Raises:
            NotFoundError: There is no such model.
        """
        model, workspace = self.model(name), self._workspace
        rows = workspace.engine.rows(
            "SELECT as_of, card, customers FROM model_cards"
            " WHERE name = $name AND as_of <= coalesce($before, as_of)"
            " ORDER BY as_of DESC LIMIT 1",
            {"name": name, "before": before.instant if before else None},
        )
        for instant, card, customers in rows:
            as_of = AsOf(instant, workspace.settings.timezone)
            return Fitted(model, as_of, json.loads(card), customers)
        return None

    def remove(self, name: str) -> None:
        """Take a model out of use; its versions, cards and scores are kept.

        Raises:
            NotFoundError: There is none of that name.
            UsageError: A segment or feature uses one of its scores.
        """
        model, workspace = self.model(name), self._workspace
        if users := list(self._users(set(model.scores))):
            raise UsageError(f"`{name}` is used by {', '.join(users)}.", fix="Change these first.")
        workspace.catalogue.withdraw(MODEL, name, workspace.clock())

    def _users(self, own: set[str]) -> Iterator[str]:
        for segment, tree in self._workspace.rules().items():
            if own & set(names_in(tree)):
                yield f"segment {segment}"
        for each in self._workspace.features():
            if each.name not in own and own & set(names_in(each.node)):
                yield f"feature {each.name}"

    def _is_due(self, model: Model, as_of: AsOf) -> bool:
        last = scores.scored_at(self._workspace.engine, next(iter(model.scores)), as_of)
        age = timedelta(days=model.renew_after_days)
        return last is None or as_of.instant - last >= age

    def _fit(self, model: Model, as_of: AsOf, progress: Progress) -> Fitted:
        progress(f"model {model.name}", 0, 1)
        workspace = self._workspace
        card, found = asked(workspace, model, as_of)
        with workspace.engine.transaction():
            scores.keep(workspace.engine, model.name, as_of, found, workspace.clock())
            fitted = Fitted(model, as_of, card, len(found))
            self._keep_card(fitted)
        return fitted

    def _keep_card(self, fitted: Fitted) -> None:
        engine, name, instant = self._workspace.engine, fitted.model.name, fitted.as_of.instant
        engine.execute("DELETE FROM model_cards WHERE name = ? AND as_of = ?", [name, instant])
        text = json.dumps(fitted.card, allow_nan=False)
        engine.execute(
            "INSERT INTO model_cards VALUES (?, ?, ?, ?)", [name, instant, text, fitted.customers]
        )


def asked(workspace: Workspace, model: Model, as_of: AsOf) -> tuple[Card, pa.Table]:
    """The card of a model as of an instant, and its scores by customer.

    Raises:
        UsageError: There are too few data; says what is missing.
    """
    customers = workspace.customers(as_of)
    if model.question == "clv":
        from segmentry.models.clv.lifetime import fit

        value = fit(customers, model.ahead_days, float(model.yearly_discount), model.method)
        found = value.scores(customers)
        ends = [name.removeprefix("clv") for name in found.column_names[1:]]
        named = ["customer_no", *(f"{model.name}{ending}" for ending in ends)]
        return value.card.as_json(), found.rename_columns(named)
    from segmentry.models.prediction.fitted import fit as predicted

    fitted = predicted(workspace.customers, model.target(), as_of, sample=model.sample)
    if not fitted.card.can_say:
        lacking = ", ".join(
            f"{each.name.replace('_', ' ')} {each.there:g} of {each.needed:g}"
            for each in fitted.card.missing
        )
        raise UsageError(
            f"there is too little to predict `{model.name}` from: {lacking}.",
            fix="Load a longer history, or ask a shorter horizon.",
        )
    found = fitted.scores(customers)
    return fitted.card.as_json(), found.rename_columns(["customer_no", model.name])

"""The survey scales of a workspace: declared, scored as features, checked for reliability."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import ValidationError

from segmentry.core.errors import DeclarationError, NotFoundError, UnknownNameError, UsageError
from segmentry.features.known import names_in, resolve
from segmentry.features.scale import Scale
from segmentry.insights.reliability import Reliability, reliability
from segmentry.segments.library.scale_bands import of_scale
from segmentry.workspace.declarations import SCALE

if TYPE_CHECKING:
    from segmentry.workspace.folder import When
    from segmentry.workspace.workspace import Workspace


class Scales:
    """Adds, shows and removes scales."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def all(self) -> list[Scale]:
        """Every scale, by name."""
        return self._workspace.kept().scales()

    def scale(self, name: str) -> Scale:
        """A scale.

        Raises:
            NotFoundError: There is none of that name.
        """
        found = {each.name: each for each in self.all()}
        if name not in found:
            there = ", ".join(f"`{each}`" for each in found) or "none yet"
            raise NotFoundError(f"no scale `{name}`.", fix=f"There is: {there}.")
        return found[name]

    def add(self, scale: Scale) -> Scale:
        """Keep a scale; a changed one of that name becomes a new version.

        Raises:
            DeclarationError: An item does not exist, is sensitive and locked, or a name is taken.
        """
        workspace = self._workspace
        if scale.source == "survey_answers":
            self._check_questions(scale)
        after = workspace.kept().having(SCALE, scale.name, scale)
        schema = workspace.loaded_schema()
        features = resolve(after.features, schema, schema.features, workspace.rules())
        for each in scale.item_features:
            features.schema.feature(each)
        body = scale.model_dump(mode="json", exclude={"name"})
        workspace.catalogue.declare(SCALE, scale.name, body, workspace.clock())
        return scale

    def _check_questions(self, scale: Scale) -> None:
        rows = self._workspace.engine.rows("SELECT DISTINCT question FROM survey_answers")
        asked = [question for (question,) in rows if question]
        for each in scale.items:
            if each not in asked:
                raise UnknownNameError("question", each, asked)

    def remove(self, name: str) -> None:
        """Take a scale out of use; its versions are kept.

        Raises:
            NotFoundError: There is none of that name.
            UsageError: A segment or feature uses one of its features.
        """
        scale, workspace = self.scale(name), self._workspace
        own = {each.name for each in [*scale.declarations(), *of_scale(scale).declarations()]}
        users = [
            f"segment {segment}"
            for segment, tree in workspace.rules().items()
            if own & set(names_in(tree))
        ] + [
            f"feature {each.name}"
            for each in workspace.features()
            if each.name not in own and own & set(names_in(each.node))
        ]
        if users:
            raise UsageError(f"`{name}` is used by {', '.join(users)}.", fix="Change these first.")
        workspace.catalogue.withdraw(SCALE, name, workspace.clock())

    def reliability(self, name: str, when: When = None) -> Reliability:
        """How far a scale can be trusted, and who did not answer."""
        return reliability(self._workspace.customers(when), self.scale(name))


def read_scale(path: Path) -> Scale:
    """The scale that a YAML file declares.

    Raises:
        UsageError: There is no such file.
        DeclarationError: It is not a scale; says what is wrong.
    """
    try:
        return parse_scale(yaml.safe_load(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise UsageError(f"there is no file `{path}`.", fix="Check the path.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DeclarationError(
            f"`{path}` is no YAML text.", fix="Save it as UTF-8 YAML."
        ) from error


def parse_scale(body: Any) -> Scale:
    """A scale from plain values.

    Raises:
        DeclarationError: It is not one; says what is wrong.
    """
    try:
        return Scale.model_validate(body)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "scale"
        raise DeclarationError(
            f"{where}: {first['msg']}.", fix="See docs/guides/surveys.md for an example."
        ) from error

"""Templates in a workspace: which ones the data allow, and segments made from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from segmentry.core.errors import DeclarationError, LockedFeatureError
from segmentry.locale import messages
from segmentry.segments.templates import Setting, Template, template, templates

if TYPE_CHECKING:
    from segmentry.workspace.bound_segment import BoundSegment
    from segmentry.workspace.workspace import Workspace


@dataclass(frozen=True)
class Offered:
    """A template with its texts.

    Args:
        rule: With the parameters that were chosen, else with the defaults.
        lacking: Why the data do not allow it; empty when they do.
    """

    template: Template
    label: str
    about: str
    why: str
    rule: str
    lacking: str

    @property
    def available(self) -> bool:
        """Whether the data allow it."""
        return not self.lacking


class Templates:
    """The usual segments, as a workspace can have them."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def all(self, language: str = "en") -> list[Offered]:
        """Every template, those that the data do not allow too."""
        return [self._offered(each, {}, language) for each in templates().values()]

    def named(self, name: str, language: str = "en", **chosen: Setting) -> Offered:
        """A template with parameters.

        Raises:
            UnknownNameError: There is no such template or parameter.
        """
        return self._offered(template(name), chosen, language)

    def use(self, name: str, segment: str = "", **chosen: Setting) -> BoundSegment:
        """Save a segment made from a template, under its own name or another.

        Raises:
            DeclarationError: The data do not allow it.
        """
        offered = self.named(name, self._workspace.settings.language, **chosen)
        return self._workspace.segment(segment or name, offered.rule, offered.label)

    def _offered(self, each: Template, chosen: Mapping[str, Setting], language: str) -> Offered:
        rule, say = each.rule(**chosen), messages(language)
        lacking = ""
        try:
            self._workspace.checked(rule)
        except LockedFeatureError as error:
            lacking = f"needs {error.details['unlocking']}"
        except DeclarationError as error:
            lacking = f"{error.message} {error.fix}".strip()
        label, about, why = (
            say(f"templates.{each.name}.{part}") for part in ("label", "about", "why")
        )
        return Offered(each, label, about, why, rule, lacking)

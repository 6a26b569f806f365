"""The usual segments of the trade as rules with parameters, one line each in `templates.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from segmentry.core.errors import UnknownNameError, UsageError
from segmentry.features.declaration import LOADER
from segmentry.language.literal import quoted
from segmentry.language.text import parse_rule

Setting = int | float | str


@dataclass(frozen=True)
class Template:
    """A usual segment.

    Args:
        pattern: Its rule, with parameters in braces.
        parameters: The defaults, by name.
    """

    name: str
    pattern: str
    parameters: Mapping[str, Setting]

    def rule(self, **chosen: Setting | str) -> str:
        """The rule with parameters put in, each as a value: a text is quoted, a number must be one.

        Raises:
            UnknownNameError: There is no such parameter.
            UsageError: A number is needed, and it is not negative.
        """
        for each in chosen:
            if each not in self.parameters:
                raise UnknownNameError(f"parameter of {self.name}", each, self.parameters)
        values = {
            name: _spelled(name, chosen.get(name, default), default)
            for name, default in self.parameters.items()
        }
        return parse_rule(self.pattern.format(**values)).text()


def _spelled(name: str, value: Setting, default: Setting) -> str:
    if isinstance(default, str):
        return quoted(str(value))
    try:
        number = type(default)(value)
    except ValueError:
        number = type(default)(-1)
    if not 0 <= number < 10**9:
        kind = "whole number" if isinstance(default, int) else "number"
        raise UsageError(f"`{name}` must be a {kind} from 0 on, not `{value}`.")
    return f"{number}"


@cache
def templates() -> Mapping[str, Template]:
    """Every template by its name, in the order of the file."""
    text = resources.files(__package__).joinpath("templates.yaml").read_text(encoding="utf-8")
    found = {}
    for name, content in yaml.load(text, LOADER).items():  # noqa: S506 - a safe loader
        parameters = {key: value for key, value in content.items() if key != "rule"}
        found[name] = Template(name, content["rule"], parameters)
    return found


def template(name: str) -> Template:
    """A template.

    Raises:
        UnknownNameError: There is none of that name.
    """
    if name not in templates():
        raise UnknownNameError("template", name, templates())
    return templates()[name]

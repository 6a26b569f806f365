"""The pages of the reference that are written from the code.

`python -m tests.docs.pages` writes them anew.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, fields
from itertools import groupby
from pathlib import Path
from textwrap import shorten

from tests.docs.everything import columns, features

from segmentry.cli import door
from segmentry.core.errors import SegmentryError
from segmentry.data.checks import values
from segmentry.data.checks.check import AnyCheck
from segmentry.data.checks.run import FAMILIES, all_checks
from segmentry.data.entity import ENTITIES
from segmentry.features.known import KnownFeature
from segmentry.language.node import Condition, Node
from segmentry.language.schema import Fact
from segmentry.language.vocabulary import NODES
from segmentry.locale import messages
from segmentry.segments.library import parameters_of, ready_made
from segmentry.segments.segment import Segmentation

FOLDER = Path(__file__).parents[2] / "docs" / "reference"
NOTE = "Written from the code by `python -m tests.docs.pages`; a test fails when it is stale."


def table(*rows: Iterable[str]) -> str:
    """A Markdown table; the first row is its head."""
    head, *body = [[each.replace("|", "\\|") for each in row] for row in rows]
    lines = [head, ["---"] * len(head), *body]
    return "".join(
        "".join(f"| {each} " if each else "| " for each in line) + "|\n" for line in lines
    )


def code(*names: str) -> str:
    """Names as code, a comma between."""
    return ", ".join(f"`{each}`" for each in names)


def said(thing: object) -> str:
    """The first paragraph of a docstring, in one line."""
    return " ".join((inspect.getdoc(thing) or "").split("\n\n")[0].split())


# features

FEATURES_HEAD = f"""# Features

{NOTE}

Every feature that comes with Segmentry, and what it is made from. It is there when these columns are
loaded; `segmentry features -w DIR` says what your data allow. An expression can be pasted into a
rule ([the language](../concepts/rules.md)). Traits are features too: every column of customers
that is loaded ([loading](../guides/loading.md)) has its own name.
"""
STEPS_HEAD = """
## Steps

Made for other features, not shown by themselves; rules may name them.

"""
GROUPS_HEAD = """
## Groups of segmentations

The limits are those without parameters ([segments](../concepts/segments.md)).

"""
FACTS_HEAD = """
## Facts and their fields

What measures count, and what `where` may name. Further columns that are loaded are fields too, those
of products among those of order lines. `days_since_previous` is missing for a customer's first row.

"""
MOST_SHOWN = 400
"""Characters of an expression that are shown; a table of countries has thousands."""
GIVEN_BACK = "what was given back: lines, or orders where no lines are loaded"


def features_page() -> str:
    """The library by theme, then what the ready-made segmentations add."""
    known = features()
    grouped = {one.feature: one for one in ready_made()}
    shown = [each for each in known.shown if each.name not in grouped]
    hidden = [each for each in known if each.declaration.hidden]
    parts = [FEATURES_HEAD]
    for theme, ones in groupby(shown, lambda each: each.declaration.theme):
        parts.append(f"\n## {'RFM' if theme == 'rfm' else theme.capitalize()}\n\n")
        rows = (_feature(each, known.columns(each.name)) for each in ones)
        parts.append(table(["name", "what it is", "expression", "made from"], *rows))
    parts.append(GROUPS_HEAD)
    words = messages("en")
    rows = (
        [
            code(one.feature),
            words(f"segmentations.{one.name}.label"),
            ", ".join(each.name for each in one.groups)
            + (f" values of `{one.by}`" if one.by else ""),
        ]
        for one in grouped.values()
    )
    parts.append(table(["name", "what it is", "groups, in order"], *rows))
    steps = ([code(each.name), code(each.declaration.expression)] for each in hidden)
    parts += [STEPS_HEAD, table(["name", "expression"], *steps)]
    facts = map(_fact, known.schema.facts.values())
    parts += [FACTS_HEAD, table(["fact", "a row is", "instant, day, hour", "fields"], *facts)]
    return "".join(parts)


def _fact(fact: Fact) -> list[str]:
    meaning = GIVEN_BACK if fact.name == "returns" else ENTITIES[fact.name].meaning
    moment = code(fact.instant, fact.day, fact.hour)
    return [code(fact.name), meaning, moment, code(*sorted(fact.fields))]


def _feature(each: KnownFeature, made_from: Iterable[str]) -> list[str]:
    one = each.declaration
    unit = f" ({one.unit})" if one.unit not in ("", "money", "share") else ""
    what = " ".join(filter(None, (f"{one.label}{unit}.", one.description)))
    expression = shorten(one.expression, MOST_SHOWN, placeholder=" …")
    return [code(one.name), what, code(expression), code(*made_from)]


# ways of dividing

METHODS_HEAD = f"""# Ways of dividing

{NOTE}

Every ready-made segmentation: whom it divides, its groups with their rules, what it needs, and what
can be set for it in `segmentry.yaml`, under its name. What they say and where the limits come from:
[concepts](../concepts/segmentations.md). `segmentry methods -w DIR` says which of them your data
allow.

```yaml
segmentations:
  lifecycle: {{new_days: 30}}
```
"""


def methods_page() -> str:
    """Every ready-made segmentation by family."""
    words, made = messages("en"), ready_made()
    parts = [METHODS_HEAD]
    for family in dict.fromkeys(one.family for one in made):
        parts.append(f"\n## {words(f'segmentations.families.{family}')}\n")
        parts += [_method(one) for one in made if one.family == family]
    return "".join(parts)


def _method(one: Segmentation) -> str:
    words = messages("en")
    rows = [
        [
            each.name,
            code(each.rule) if each.rule else code(each.means) if each.means else "the others",
        ]
        for each in one.groups
    ]
    if one.by:
        rows.append(["each value", code(one.by)])
    needs = ", ".join(
        words(f"segmentations.needs.{each.key}", count=each.at_least) for each in one.needs
    )
    among = code(one.among) if one.among else "everybody"
    about = words(f"segmentations.{one.name}.about")
    said = f"{about} Feature `{one.feature}`; divides {among}; needs {needs}."
    parts = [
        f"\n### `{one.name}`\n\n{said}\n\n",
        table(["group", "rule"], *rows),
    ]
    parameters = parameters_of(one.name)
    if parameters:
        set_ = ([code(each.name), code(str(each.default)), each.meaning] for each in parameters)
        parts += ["\n", table(["parameter", "default", "meaning"], *set_)]
    return "".join(parts)


# checks

CHECKS_HEAD = f"""# Checks

{NOTE}

Every check of loaded data. It runs when the columns it needs are loaded; a share of failing rows up
to the tolerated one passes. What a failing check costs: [trust](../concepts/trust.md). Extra columns
of customers get a `fill_…` check of their own, and numbers called age an `age_of_…` check.
"""


def checks_page() -> str:
    """Every check by family."""
    there = columns()
    runs = {(each.name, each.entity) for each in all_checks(there)}
    parts = [CHECKS_HEAD]
    for family in FAMILIES:
        found = [each for each in family.checks(there) if (each.name, each.entity) in runs]
        parts.append(
            f"\n## {family.__name__.rpartition('.')[2].capitalize()}\n\n{said(family)}\n\n"
        )
        if family is values:
            found.sort(key=lambda each: OF_VALUES.index(each.name.split("_")[0]))
        rows = (_check(list(ones)) for _, ones in groupby(found, _kind))
        head = ["check", "of", "severity", "failing rows …", "what to do", "needs", "tolerated"]
        parts.append(table(head, *rows))
    return "".join(parts)


OF_VALUES = ("spelling", "rare", "outlier", "months")
"""Beginnings of the names of checks that every column of a kind has."""


def _of_values(each: AnyCheck) -> bool:
    return each.name.startswith(OF_VALUES) and each.name != "outlier_amount"


def _kind(each: AnyCheck) -> tuple[str, ...]:
    """Checks that say the same of several columns, or of several tables, share a row."""
    if _of_values(each):
        return (each.name.split("_")[0], each.severity)
    if each.name.startswith("fill_"):
        return ("fill", each.entity, each.severity)
    return (each.name, each.severity)


def _check(same: list[AnyCheck]) -> list[str]:
    one = same[0]
    names = code(*dict.fromkeys(each.name for each in same))
    entities = ", ".join(dict.fromkeys(each.entity.replace("_", " ") for each in same))
    needs = code(*(each for each in one.needs if not each.endswith("*"))) if len(same) == 1 else ""
    meaning, fix = one.texts.meaning(), one.texts.fix()
    if one.name.startswith("fill_"):
        meaning = "have no value"
        fix = "Load the column for them; rules treat what is missing as not met."
        needs = "the column"
    if _of_values(one):
        kind, _, column = one.name.partition("_")
        names, needs = f"`{kind}_…`", "the column"
        said_so = column.replace("_", " ")
        meaning = meaning.replace(f" of {said_so}", "").replace(f" in {said_so}", "")
    tolerated = f"{one.tolerance * 100:g} %" if one.tolerance else ""
    return [names, entities, one.severity.value, meaning, fix, needs, tolerated]


# errors

ERRORS_HEAD = f"""# Errors

{NOTE}

Every error has a stable `code`, says what is wrong, where (file and record, or line and column of a
rule), and what to do. With `--json` it is a [document](json.md#errors). The exit code is that of the
command line, the HTTP status that of an API.

"""


def errors_page() -> str:
    """Every error by its code, in the order of the tree."""
    rows = (
        [f"`{each.code}`", f"{'· ' * depth}`{each.__name__}`", str(each.exit_code),
         str(each.http_status), said(each)]
        for depth, each in errors()
    )  # fmt: skip
    return ERRORS_HEAD + table(["code", "class", "exit", "HTTP", "meaning"], *rows)


def errors(
    root: type[SegmentryError] = SegmentryError, depth: int = 0
) -> Iterator[tuple[int, type[SegmentryError]]]:
    """An error and all of ours below it, with how deep each lies."""
    yield depth, root
    for each in root.__subclasses__():
        if each.__module__ in (SegmentryError.__module__, door.__name__):
            yield from errors(each, depth + 1)


# nodes of rules

NODES_HEAD = f"""# Rules as JSON

{NOTE}

What rules mean: [the language](../concepts/rules.md). A document is
`{{"version": 1, "rule": {{"kind": …}}}}`; every node is an object with its `kind` and these fields.
Fields with a question mark may be left out. Spans (`"90 days"`), days and decimals are texts; a
window is an object of the arguments that spell it (`{{"last": "90 days"}}`). What does not fit is
refused, with a JSON pointer to the place.
"""
JSON_WORDS: Mapping[str, str] = {
    "str": "text", "int": "whole number", "bool": "true or false", "ValueNode": "value",
    "Condition": "condition", "Span": "span", "Window": "window", "Decimal": "decimal",
    "Constant": "constant",
}  # fmt: skip


def nodes_page() -> str:
    """Every node by its kind: conditions, then values."""
    parts = [NODES_HEAD]
    for title, wanted in (("Conditions", True), ("Values", False)):
        rows = (
            [code(kind), ", ".join(_fields(node)), said(node)]
            for kind, node in NODES.items()
            if issubclass(node, Condition) is wanted
        )
        parts.append(f"\n## {title}\n\n" + table(["kind", "fields", "meaning"], *rows))
    return "".join(parts)


def _fields(node: type[Node]) -> Iterator[str]:
    if node is NODES["constant"]:
        yield from ("`type`: text, integer, number, boolean or date", "`value`")
        return
    for each in fields(node):
        if each.compare:
            wanted = str(each.type).removesuffix(" | None")
            open_ = each.default is not MISSING or wanted != each.type
            listed = wanted.startswith("tuple[")
            word = JSON_WORDS[wanted.removeprefix("tuple[").removesuffix(", ...]")]
            kind = f"list of {word}s" if listed else word
            yield f"`{each.name}`{'?' if open_ else ''}: {kind}"


PAGES: Mapping[str, Callable[[], str]] = {
    "features.md": features_page,
    "methods.md": methods_page,
    "checks.md": checks_page,
    "errors.md": errors_page,
    "nodes.md": nodes_page,
}


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()

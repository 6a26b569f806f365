"""Rules for whoever writes them: text and tree, one from the other, and the words there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from segmentry.answers.plain import Document
from segmentry.core.errors import DeclarationError, UsageError
from segmentry.core.types import Type
from segmentry.data.checks.personal import PERSONAL
from segmentry.language.aggregate import FOLDS
from segmentry.language.check import check
from segmentry.language.closed import unknown_values
from segmentry.language.condition import OPERATORS
from segmentry.language.document import rule_from_json, rule_to_json
from segmentry.language.faces import Face, faces
from segmentry.language.function import MEANINGS
from segmentry.language.span import UNITS
from segmentry.language.text import parse_rule, parse_value
from segmentry.language.window import ARGUMENTS
from segmentry.segments.five_w import question_of
from segmentry.sql.expression import Column, Select, call
from segmentry.sql.operators import Op

if TYPE_CHECKING:
    from segmentry.core.time import AsOf
    from segmentry.features.known import Features
    from segmentry.language.node import Condition
    from segmentry.language.schema import Fact, Field
    from segmentry.workspace.wording import Wording
    from segmentry.workspace.workspace import Workspace

MOST_VALUES = 50


def any_of(workspace: Workspace, texts: Sequence[str], language: str | None = None) -> Document:
    """The rule of those who meet at least one of some rules, such as those of chosen cells.

    Raises:
        DeclarationError: One of them is no rule.
    """
    from segmentry.workspace.cell import in_any

    return read(workspace, in_any(parse_rule(each) for each in texts).text(), language)


def read(workspace: Workspace, text: str, language: str | None = None) -> Document:
    """A text as a tree and as a sentence; what is wrong with it, with line and column."""
    try:
        rule = parse_rule(text)
    except DeclarationError as error:
        problems = [_problem(error)]
        return {"text": text, "rule": None, "sentence": "", "parts": [], "problems": problems}
    return _written(workspace, rule, language) | {"text": text}


def write(workspace: Workspace, rule: Any, language: str | None = None) -> Document:
    """A tree as text and as a sentence; what is wrong with it, with a JSON pointer.

    Args:
        rule: The document: `{"version": 1, "rule": {"kind": …}}`.
    """
    try:
        tree = rule_from_json(rule)
    except DeclarationError as error:
        problem = _problem(error) | {"pointer": error.where}
        return {"text": "", "rule": rule, "sentence": "", "parts": [], "problems": [problem]}
    return _written(workspace, tree, language)


def _written(workspace: Workspace, rule: Condition, language: str | None) -> Document:
    """A tree in all its faces; what it names may not be there, then there is no sentence."""
    found = {"text": rule.text(), "rule": rule_to_json(rule)}
    schema = replace(workspace.features().schema, segments=frozenset(workspace.rules()))
    try:
        check(rule, schema)
    except DeclarationError as error:
        return found | {"sentence": "", "parts": [], "problems": [_problem(error)]}
    said = [
        {"text": each.text, "pointer": each.pointer}
        for each in workspace.wording(language).parts(rule)
    ]
    sentence = "".join(each["text"] for each in said)
    problems = [_problem(each) for each in unknown_values(rule, schema)]
    return found | {"sentence": sentence, "parts": said, "problems": problems}


def _problem(error: DeclarationError) -> Document:
    return {
        "code": error.code,
        "message": error.message,
        "fix": error.fix,
        "line": error.details.get("line"),
        "column": error.details.get("column"),
        "suggestion": list(error.details.get("suggestion", ())),
    }


def words(workspace: Workspace, language: str | None = None) -> Document:
    """All that a rule can be made of here: names with types and labels, kinds of nodes, windows."""
    found, wording = workspace.features(), workspace.wording(language)
    groups = _groups(workspace, wording)
    return {
        "language": wording.language,
        "features": [
            _feature(name, each, found, wording) | {"values": groups.get(name)}
            for name, each in found.schema.listed.items()
            if name not in found or not found.known[name].declaration.hidden
        ],
        "facts": [_fact(each, wording) for each in found.schema.facts.values()],
        "segments": [
            {"name": each.name, "label": each.label or each.name} for each in workspace.saved()
        ],
        "lists": sorted(found.schema.lists),
        "nodes": [_face(each) for each in faces()],
        "operators": {kind.value: _operators(kind) for kind in Type},
        "aggregates": [
            {"name": "count", "takes": [], "gives": Type.INTEGER},
            *(
                {"name": name, "takes": list(fold.allowed), "gives": fold.result}
                for name, fold in FOLDS.items()
            ),
        ],
        "functions": [
            {"name": name, "takes": list(each.allowed), "gives": each.result}
            for name, each in MEANINGS.items()
        ],
        "windows": list(ARGUMENTS),
        "units": list(UNITS),
    }


def _feature(name: str, field: Field, found: Features, wording: Wording) -> Document:
    known = found.known.get(name)
    return {
        "name": name,
        "label": wording.feature(name),
        "description": wording.description(name),
        "kind": known.declaration.kind if known else "trait",
        "type": field.type,
        "unit": known.declaration.unit if known else "",
        "theme": known.declaration.theme if known else "traits",
        "question": question_of(name, found),
        "personal": name in PERSONAL,
    }


def _groups(workspace: Workspace, wording: Wording) -> dict[str, list[Document]]:
    """The values that the feature of a segmentation can have, where they are declared."""
    return {
        each.feature: [
            {"value": group.name, "label": wording.group(each, group.name)} for group in each.groups
        ]
        for each in workspace.segmentations()
        if each.groups and not each.by
    }


def _fact(fact: Fact, wording: Wording) -> Document:
    return {
        "name": fact.name,
        "label": wording.table(fact.name),
        "instant": fact.instant,
        "day": fact.day,
        "hour": fact.hour,
        "fields": [
            {
                "name": each.name,
                "label": wording.field(each.name),
                "type": each.type,
                "personal": each.name in PERSONAL,
            }
            for each in fact.fields.values()
        ],
    }


def _face(face: Face) -> Document:
    return {
        "kind": face.kind,
        "condition": face.condition,
        "fields": [
            {
                "name": each.name,
                "holds": each.holds,
                "many": each.many,
                "optional": each.optional,
                "options": list(each.options),
            }
            for each in face.pieces
        ],
    }


def _operators(kind: Type) -> list[str]:
    return ["=", "<>"] if kind is Type.BOOLEAN else list(OPERATORS)


def values(workspace: Workspace, of: str, as_of: AsOf, least: int) -> Document:
    """The most frequent values of a text: of a feature (`country`), or of a fact (`orders.store`).

    Of a field of a fact they are those that are most frequent in some customer. Personal values
    are never told, nor those of fewer than `least` customers.

    Raises:
        UsageError: It is no text, or personal.
        UnknownNameError: There is none of that name.
        LockedFeatureError: It is not loaded, or locked.
    """
    customers = workspace.customers(as_of)
    schema = customers.features.schema
    fact, dot, name = of.partition(".")
    kind = schema.fact(fact).field(name).type if dot else schema.feature(of).type
    if kind is not Type.TEXT or (name or of) in PERSONAL:
        raise UsageError(f"values of `{of}` are not told.", fix="Name a text that is not personal.")
    node = parse_value(f"most_frequent({of})" if dot else of, schema)
    part, count = Column("value", Type.TEXT), call(Op.COUNT_ROWS, type=Type.INTEGER)
    grouped = Select(
        customers.query({"value": node}), {"value": part, "customers": count}, group_by=(part,)
    )
    rows = customers.engine.fetch(grouped).to_pylist()
    told = [each for each in rows if each["value"] is not None and each["customers"] >= least]
    told.sort(key=lambda each: (-each["customers"], each["value"]))
    return {"of": of, "as_of": str(as_of), "values": told[:MOST_VALUES]}

"""The declarations of a workspace as a folder of text: written out, compared, brought in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from segmentry.core.errors import DeclarationError, NotFoundError, UsageError
from segmentry.core.time import AsOf
from segmentry.core.whole import whole
from segmentry.data.available import last_load
from segmentry.features.customers import Customers
from segmentry.segments import usage
from segmentry.segments.movement import Movement, movement
from segmentry.workspace import settings
from segmentry.workspace.declarations import (
    FEATURE,
    KINDS,
    SEGMENT,
    Declarations,
    Key,
)
from segmentry.workspace.definition_change import (
    Change,
    changes_between,
    made_by,
    users,
    with_users,
)
from segmentry.workspace.definition_check import PARAMETERS, Check, Wrong
from segmentry.workspace.definition_folder import (
    Given,
    files_of,
    read_folder,
    read_texts,
    take,
)
from segmentry.workspace.definition_text import Problem, Text, as_json, dumped
from segmentry.workspace.definition_text import written as written_text
from segmentry.workspace.folder import AGREED
from segmentry.workspace.lists import with_hands

if TYPE_CHECKING:
    from segmentry.workspace.folder import When
    from segmentry.workspace.workspace import Workspace

FOLDER = "definitions"


@dataclass(frozen=True)
class Plan:
    """What bringing a folder in would do.

    Args:
        problems: Why it cannot be done; nothing is moved then.
        left: Declarations without a file, which stay because nothing is pruned.
        movement: Whom the changes move; `None` before data are loaded.
    """

    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]
    left: tuple[Key, ...]
    as_of: AsOf | None
    movement: Movement | None
    after: Declarations = field(repr=False)


@dataclass(frozen=True)
class Exported:
    """Files that were written, and files of the folder that no declaration stands behind."""

    files: tuple[Path, ...]
    others: tuple[Path, ...]


class Definitions:
    """Writes a workspace's declarations as text and brings them in again."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    @cached_property
    def folder(self) -> Path:
        """Where they stand when no folder is named."""
        return self._workspace.folder / FOLDER

    # out

    def texts(self) -> dict[str, str]:
        """Every file, by its path inside the folder, with its text."""
        declared = self._workspace.kept()
        found = {
            f"{kind.folder}/{name}.yaml": written_text(kind, name, each)
            for kind in KINDS.values()
            for name, each in declared.of(kind.name).items()
        }
        if declared.parameters:
            found[f"{PARAMETERS}.yaml"] = _parameters_text(declared.parameters)
        return found

    def export(self, folder: str | Path | None = None) -> Exported:
        """Write every declaration to a file of its own; the same bytes for the same declarations.

        Other files of the folder are left, and named in the result.
        """
        target = Path(folder) if folder else self.folder
        texts = self.texts()
        for name, text in texts.items():
            file = target / name
            file.parent.mkdir(parents=True, exist_ok=True)
            with whole(file) as draft:
                draft.write_text(text, encoding="utf-8", newline="\n")
        files = tuple(target / name for name in texts)
        others = (file for _, file in files_of(target) if file not in files)
        return Exported(files, tuple(others))

    # in

    def plan(
        self, folder: str | Path | None = None, *, prune: bool = False, when: When = None
    ) -> Plan:
        """What bringing a folder in would do: what is new, changed, removed, and whom it moves.

        Args:
            prune: Whether a declaration without a file is to be removed.

        Raises:
            NotFoundError: There is no such folder.
        """
        target = Path(folder) if folder else self.folder
        if not target.is_dir():
            raise NotFoundError(
                f"there is no folder `{target}`.",
                fix="Write one with `segmentry export definitions`.",
            )
        return self._planned(read_folder(target), prune=prune, when=when)

    def plan_texts(
        self, texts: Mapping[str, str], *, prune: bool = False, when: When = None
    ) -> Plan:
        """What bringing files in would do, that are given by their paths inside the folder."""
        return self._planned(read_texts(texts), prune=prune, when=when)

    def apply(
        self, folder: str | Path | None = None, *, prune: bool = False, when: When = None
    ) -> Plan:
        """Bring a folder in: all of it, or nothing.

        Raises:
            DeclarationError: Something is wrong; all of it is in `problems`.
        """
        plan = self.plan(folder, prune=prune, when=when)
        self.carry_out(plan)
        return plan

    def carry_out(self, plan: Plan) -> None:
        """Do what a plan says: all of it, or nothing.

        Raises:
            DeclarationError: It has problems; all of them are in `problems`.
        """
        if plan.problems:
            raise problems_error(plan.problems)
        if not plan.changes:
            return
        workspace, before = self._workspace, self._workspace.settings
        chosen = replace_parameters(before, plan.after.parameters)
        kept = [each for each in plan.changes if each.kind != PARAMETERS]
        bodies = {
            (each.kind, each.name): KINDS[each.kind].body(plan.after.of(each.kind)[each.name])
            for each in kept
            if each.action != "removed"
        }
        gone = [(each.kind, each.name) for each in kept if each.action == "removed"]
        if chosen == before:
            workspace.catalogue.change(bodies, gone, workspace.clock())
            return
        bodies[AGREED] = {"mark": settings.prepare(workspace.folder, chosen)}
        try:
            workspace.catalogue.change(bodies, gone, workspace.clock())
        finally:
            workspace.agree()

    # one at a time

    def declare(self, kind: str, name: str, body: Mapping[str, Any]) -> BaseModel:
        """Keep a feature or segmentation of one's own, once it holds with everything else.

        Raises:
            DeclarationError: It is wrong.
        """
        text = dumped(dict(body))
        given = Given()
        take(given, KINDS[kind], name, name, text)
        plan = self._planned(given, prune=False, when=None, counted=False)
        self.carry_out(plan)
        return plan.after.of(kind)[name]

    def remove(self, kind: str, name: str) -> None:
        """Take a feature or segmentation of one's own out of use; its versions are kept.

        Raises:
            NotFoundError: There is none.
            UsageError: Something uses it.
        """
        workspace = self._workspace
        workspace.catalogue.declaration(kind, name)
        declared = workspace.kept()
        gone = made_by(name, declared.of(kind)[name])
        if used := sorted(set(users(gone, declared.without(kind, name)))):
            raise UsageError(f"`{name}` is used by {', '.join(used)}.", fix="Change these first.")
        workspace.catalogue.withdraw(kind, name, workspace.clock())

    # planning

    def _planned(self, given: Given, *, prune: bool, when: When, counted: bool = True) -> Plan:
        before = self._workspace.kept()
        after = _brought_in(before, given, prune=prune)
        changes = tuple(changes_between(before, after))
        left = () if prune else tuple(_without_file(before, given))
        check = self._check(after)
        features = check.run()
        changed = {(each.kind, each.name) for each in changes}
        was_wrong = self._already_wrong(before)
        problems = [
            _problem(each, given.texts)
            for each in check.wrong
            if (each.kind, each.name) in changed or (each.kind, each.name) not in was_wrong
        ]
        problems = given.problems + problems
        changes = tuple(with_users(each, after, check.rules, features) for each in changes)
        as_of, moves = None, None
        if counted and changes and not problems and last_load(self._workspace.engine):
            as_of = self._workspace.as_of(when)
            moves = self._movement(before, after, as_of)
        return Plan(changes, tuple(problems), left, as_of, moves, after)

    def _check(self, declarations: Declarations) -> Check:
        return Check(declarations, self._workspace.loaded_schema())

    def _already_wrong(self, before: Declarations) -> set[Key]:
        check = self._check(before)
        check.run()
        return {(each.kind, each.name) for each in check.wrong}

    def _movement(self, before: Declarations, after: Declarations, as_of: AsOf) -> Movement:
        here, there = (self._customers(each, as_of) for each in (before, after))
        was, becomes = _bases(here), _bases(there)
        names = sorted({*was, *becomes})
        moved = [name for name in names if was.get(name) != becomes.get(name)]
        groups = {each.feature for side in (before, after) for each in side.segmentations}
        return movement(
            here,
            there,
            [name for kind, name in moved if kind == SEGMENT],
            [name for kind, name in moved if kind == FEATURE and name in groups],
        )

    def _customers(self, declarations: Declarations, as_of: AsOf) -> Customers:
        check = self._check(declarations)
        features = check.run()
        rules = with_hands(self._workspace.engine, check.rules)
        return self._workspace.warehouse.customers(features, as_of, rules)


def problems_error(problems: tuple[Problem, ...]) -> DeclarationError:
    """All problems as one error."""
    shown = "\n".join(map(str, problems))
    return DeclarationError(
        f"the definitions cannot be brought in; nothing was changed.\n{shown}",
        problems=[as_json(each) for each in problems],
    )


def replace_parameters(
    chosen: settings.Settings, parameters: Mapping[str, Mapping[str, Any]]
) -> settings.Settings:
    """Settings with other parameters of ready-made segmentations."""
    plain = {name: dict(each) for name, each in parameters.items()}
    return chosen.model_copy(update={"segmentations": plain})


def _brought_in(before: Declarations, given: Given, *, prune: bool) -> Declarations:
    after = before
    if prune:
        after = Declarations(given.parameters or {})
    elif given.parameters is not None:
        after = replace(before, parameters=given.parameters)
    for (kind, name), declared in given.declared.items():
        after = after.having(kind, name, declared)
    return after


def _without_file(before: Declarations, given: Given) -> Iterator[Key]:
    for kind in KINDS:
        yield from ((kind, name) for name in before.of(kind) if (kind, name) not in given.declared)


def _problem(wrong: Wrong, texts: Mapping[Key, Text]) -> Problem:
    source = texts.get((wrong.kind, wrong.name))
    if source is None:
        message = f"{wrong.error.message} {wrong.error.fix}".strip()
        return Problem(f"{wrong.kind} {wrong.name}", message, code=wrong.error.code)
    return source.problem(wrong.error, wrong.path)


def _bases(customers: Customers) -> dict[Key, object]:
    """All that decides about each feature and segment: its tree, and the trees it reads."""
    features = customers.features
    found: dict[Key, object] = {}
    for known in features:
        read_too = features.needed([known.node])
        found[FEATURE, known.name] = {known.node, *(each.node for each in read_too)}
    for name, rule in customers.rules.items():
        whole = [rule, *(customers.rules[each] for each in usage.reached(name, customers.rules))]
        read_too = features.needed(whole)
        found[SEGMENT, name] = (rule, {*whole, *(each.node for each in read_too)})
    return found


def _parameters_text(parameters: Mapping[str, Mapping[str, Any]]) -> str:
    return dumped({name: dict(each) for name, each in sorted(parameters.items())})

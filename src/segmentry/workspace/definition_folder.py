"""A folder of definitions, read: what it declares, and everything that is wrong with its files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from segmentry.workspace.declarations import KINDS, Key, Kind
from segmentry.workspace.definition_check import PARAMETERS
from segmentry.workspace.definition_text import Problem, Text, UnreadError, loaded, read


@dataclass
class Given:
    """What a folder holds."""

    declared: dict[Key, BaseModel] = field(default_factory=dict)
    texts: dict[Key, Text] = field(default_factory=dict)
    parameters: Mapping[str, Mapping[str, Any]] | None = None
    problems: list[Problem] = field(default_factory=list)


def files_of(folder: Path) -> Iterator[tuple[Kind, Path]]:
    """The files of declarations in a folder, each with its kind."""
    for kind in KINDS.values():
        for file in sorted((folder / kind.folder).glob("*.yaml")):
            yield kind, file


def read_folder(folder: Path) -> Given:
    """Every declaration of a folder; wrong files are problems, not errors."""
    given = Given()
    for kind, file in files_of(folder):
        take(given, kind, file.stem, f"{kind.folder}/{file.name}", file)
    parameters = folder / f"{PARAMETERS}.yaml"
    if parameters.is_file():
        _take_parameters(given, parameters.name, parameters.read_text(encoding="utf-8"))
    return given


def read_texts(texts: Mapping[str, str]) -> Given:
    """Every declaration of a folder that is not one: texts by their paths inside it."""
    given, kinds = Given(), {each.folder: each for each in KINDS.values()}
    for path, text in sorted(texts.items()):
        folder, _, file = path.partition("/")
        if path == f"{PARAMETERS}.yaml":
            _take_parameters(given, path, text)
        elif folder in kinds and file.endswith(".yaml") and "/" not in file:
            take(given, kinds[folder], file.removesuffix(".yaml"), path, text)
        else:
            places = ", ".join(f"{each}/NAME.yaml" for each in kinds)
            given.problems.append(Problem(path, f"definitions stand in {places}."))
    return given


def _take_parameters(given: Given, shown: str, text: str) -> None:
    try:
        content, source = loaded(shown, text)
    except UnreadError as error:
        given.problems += error.problems
        return
    given.texts[PARAMETERS, PARAMETERS] = source
    wrong = [name for name, each in content.items() if not isinstance(each, dict)]
    given.problems += [source.wrong(f"`{name}` needs parameters.", (name,)) for name in wrong]
    given.parameters = {} if wrong else content


def take(given: Given, kind: Kind, name: str, shown: str, source: Path | str) -> None:
    """Read one declaration from a file or a text, and note it or what is wrong with it."""
    try:
        text = source if isinstance(source, str) else source.read_text(encoding="utf-8")
        declared, places = read(kind, name, shown, text)
    except UnicodeDecodeError:
        given.problems.append(Problem(shown, "it is not UTF-8."))
    except UnreadError as error:
        given.problems += error.problems
    else:
        given.declared[kind.name, name] = declared
        given.texts[kind.name, name] = places

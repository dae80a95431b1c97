"""The command ``wheatstone``: hands its arguments to the native program of the package."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import wheatstone


def program() -> Path | None:
    """The native program: the package's own, else the one beside this Python, else the first on PATH."""
    candidates = [Path(folder) / "bin" / "wheatstone" for folder in wheatstone.__path__]
    candidates.append(Path(sys.executable).parent / "wheatstone")
    candidates += [Path(folder) / "wheatstone" for folder in os.environ.get("PATH", os.defpath).split(os.pathsep)]
    return next((found for found in candidates if is_native(found)), None)


def is_native(path: Path) -> bool:
    """Whether this can be started and does not come back here, as the command that pip writes does."""
    if not path.is_file() or not os.access(path, os.X_OK):
        return False
    with path.open("rb") as file:
        start = file.read(512)
    return b"wheatstone.__main__" not in start


def main() -> int:
    """Replaces this process by the native program, which calls Python back for what only Python does."""
    native = program()
    if native is None:
        print("wheatstone: this package was built without the native program (WHEATSTONE_CLI=OFF)", file=sys.stderr)
        return 1
    os.environ.setdefault("WHEATSTONE_PYTHON", sys.executable)
    os.execv(native, [str(native), *sys.argv[1:]])


__all__ = ["main", "program"]

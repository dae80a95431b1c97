"""The command ``wheatstone``: hands its arguments to the native program of the package."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path


def program() -> Path | None:
    """The native program: the one installed with this package, else the one of the system."""
    own = Path(__file__).resolve().parent / "bin" / "wheatstone"
    if own.is_file():
        return own
    this = shutil.which(sys.argv[0])
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        found = Path(folder) / "wheatstone"
        if found.is_file() and os.access(found, os.X_OK) and (this is None or not found.samefile(this)):
            return found
    return None


def main() -> int:
    """Replaces this process by the native program, which calls Python back for what only Python does."""
    native = program()
    if native is None:
        print("wheatstone: this package was built without the native program (WHEATSTONE_CLI=OFF)", file=sys.stderr)
        return 1
    os.environ.setdefault("WHEATSTONE_PYTHON", sys.executable)
    os.execv(native, [str(native), *sys.argv[1:]])


__all__ = ["main", "program"]

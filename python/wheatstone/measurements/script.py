"""The program that makes the session: where its sessions' names come from, and what runs keep of it."""

from __future__ import annotations

import contextlib
import platform
import sys
from pathlib import Path
from typing import Any


def _script() -> Path | None:
    main = sys.modules.get("__main__")
    file = getattr(main, "__file__", None) or (sys.argv[0] if sys.argv else "")
    path = Path(file) if file else None
    return path if path is not None and path.suffix == ".py" else None


def name_of_script() -> str:
    """What a session is called that was given no name; "session" at a prompt and in a notebook."""
    script = _script()
    if script is None:
        return "session"
    return script.resolve().parent.name if script.stem == "__main__" else script.stem


def details_of_program() -> dict[str, Any]:
    """What a run keeps of the program: its version of Python, and the script with its source."""
    details: dict[str, Any] = {"versions": {"python": platform.python_version()}}
    script = _script()
    if script is not None:
        details["script"] = {"file": str(script.resolve())}
        with contextlib.suppress(OSError, UnicodeDecodeError):
            details["script"]["source"] = script.read_text(encoding="utf-8")
    return details

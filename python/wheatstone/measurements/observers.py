"""Functions that see each row of a run."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from wheatstone import _native


class Observer:
    """A function that sees rows, and what became of it in the present run, or the last one. Called as the function."""

    def __init__(
        self, function: Callable[[dict[str, Any]], Any], native: _native.Observer, handle: _native.ObserverHandle
    ) -> None:
        functools.update_wrapper(self, function)
        self._function = function
        self._native = native
        self._handle = handle

    def __call__(self, row: dict[str, Any]) -> Any:
        return self._function(row)

    @property
    def name(self) -> str:
        """As events and warnings call it."""
        return self._handle.name

    @property
    def seen(self) -> int:
        """Rows that it was given."""
        return self._handle.seen

    @property
    def dropped(self) -> int:
        """Rows that it was not given, because it was behind."""
        return self._handle.dropped

    @property
    def error(self) -> str | None:
        """What it raised, after which it was given no more of that run."""
        return self._handle.error or None

    def __repr__(self) -> str:
        failed = f", failed: {self.error}" if self.error else ""
        return f"<Observer {self.name!r}: {self.seen} rows seen, {self.dropped} dropped{failed}>"


__all__ = ["Observer"]

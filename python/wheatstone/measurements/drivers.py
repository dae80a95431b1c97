"""Drivers of other packages as instruments of a session."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass
class Attached:
    """What a session knows of an attached driver: what it is, and how it is made safe."""

    description: str
    safe: Callable[[], Any] | None

    def make_safe(self) -> None:
        """Makes it safe, where it is known how."""
        if self.safe is not None:
            self.safe()


class LockedDriver:
    """Stands for an object of another package. Every call and every attribute goes to that object with one lock held,
    so that tasks and acquisitions interleave between calls; ``with driver.lock():`` groups several."""

    def __init__(self, driver: Any) -> None:
        object.__setattr__(self, "_driver", driver)
        object.__setattr__(self, "_lock", threading.RLock())

    def lock(self) -> Any:
        """Holds the driver for this thread."""
        return self._lock

    def __getattr__(self, name: str) -> Any:
        with self._lock:
            value = getattr(self._driver, name)
        if not callable(value):
            return value
        lock = self._lock

        @functools.wraps(value, updated=())
        def call(*args: Any, **kwargs: Any) -> Any:
            with lock:
                return value(*args, **kwargs)

        return call

    def __setattr__(self, name: str, value: Any) -> None:
        with self._lock:
            setattr(self._driver, name, value)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with self._lock:
            return self._driver(*args, **kwargs)

    def __dir__(self) -> list[str]:
        return [*dir(self._driver), "lock"]

    def __repr__(self) -> str:
        return f"<attached {self._driver!r}>"

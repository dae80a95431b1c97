"""Optimisers that call a function, as plans that are asked and told."""

from __future__ import annotations

import queue
import threading
import weakref
from collections.abc import Callable
from typing import Any

from wheatstone.errors import ConfigurationError
from wheatstone.measurements.arguments import check_function, name_of
from wheatstone.refusal import refusing


class _RunEnded(BaseException):
    """Unwinds an optimiser whose run has ended before it."""


class DrivenBy:
    """An order whose points come from a function that measures: ``order=driven_by(search)`` calls ``search(measure)``
    on a thread of its own, where ``measure(voltage=1.5)`` takes the point and returns its row, a dict. The run ends
    when the function returns; ``result`` is what it returned. What it raises ends the run. Of a run that ends before,
    the function is unwound where it measures: when it is run again, or nobody holds the plan any more.
    """

    def __init__(self, function: Callable[[Callable[..., dict[str, Any]]], Any]) -> None:
        check_function(function, "driven_by")
        self.description = f"driven_by({name_of(function)})"
        self.result: Any = None
        self._function = function
        self._parameters: list[str] = []
        self._asked: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._told: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._running = False

    def begin(self, parameters: list[str]) -> None:
        """Called at the start of each run; the function is called anew."""
        self._unwind()
        self._parameters = list(parameters)
        self._asked, self._told = queue.SimpleQueue(), queue.SimpleQueue()
        self.result = None
        self._running = False

    def ask(self) -> dict[str, Any] | None:
        """The point that the function wants next; None where it has returned."""
        if not self._running:
            self._running = True
            arguments = (self._function, list(self._parameters), self._asked, self._told)
            threading.Thread(target=_drive, args=arguments, name=self.description, daemon=True).start()
            weakref.finalize(self, self._told.put, _RunEnded())
        kind, value = self._asked.get()
        if kind == "point":
            return dict(value)
        self._running = False
        if kind == "raised":
            raise value
        self.result = value
        return None

    def tell(self, point: dict[str, Any], row: dict[str, Any]) -> None:
        """The row of that point."""
        self._told.put(row)

    def _unwind(self) -> None:
        if self._running:
            self._told.put(_RunEnded())


def _drive(
    function: Callable[[Callable[..., dict[str, Any]]], Any],
    parameters: list[str],
    asked: queue.SimpleQueue[Any],
    told: queue.SimpleQueue[Any],
) -> None:
    def measure(**point: Any) -> dict[str, Any]:
        if set(point) != set(parameters):
            raise ConfigurationError(
                f"measure() was given {sorted(point)}; a point needs a value for each of {sorted(parameters)}"
            )
        asked.put(("point", point))
        row = told.get()
        if isinstance(row, _RunEnded):
            raise row
        return dict(row)

    try:
        asked.put(("returned", function(measure)))
    except _RunEnded:
        pass
    except BaseException as error:
        asked.put(("raised", error))


@refusing
def driven_by(function: Callable[[Callable[..., dict[str, Any]]], Any]) -> DrivenBy:
    """An order for ``run``: the points that ``function(measure)`` asks for by calling ``measure(parameter=value)``."""
    return DrivenBy(function)


__all__ = ["DrivenBy", "driven_by"]

"""Control of a run while it lives."""

from __future__ import annotations

import os
import signal
import threading
import warnings
from collections.abc import Callable
from typing import Any, overload

from wheatstone import _native
from wheatstone.checking import check_name, check_text, count_of, number, path_given
from wheatstone.errors import ConfigurationError
from wheatstone.experiments import experiment as experiments
from wheatstone.measurements.arguments import check_function, choose, name_of
from wheatstone.measurements.observers import Observer
from wheatstone.measurements.registration import Registration
from wheatstone.refusal import refusing

See = Callable[[dict[str, Any]], Any]


def _number_of(given: Any) -> int:
    if isinstance(given, str):
        name = given if given.startswith("SIG") else f"SIG{given}"
        found = getattr(signal, name, None)
        if isinstance(found, signal.Signals):
            return int(found)
    elif isinstance(given, int):
        return int(given)
    raise ConfigurationError(f'{given!r} is no signal; give one, such as "SIGTERM"')


class Control(Registration):
    """The part of a session that acts on its run, and looks on. What is not said to be registered before run() may be
    called from any thread."""

    def __init__(self, native: _native.Session, bench: Any) -> None:
        super().__init__(native, bench)
        self._observers: list[Observer] = []
        self._conditions: list[tuple[_native.Call, Callable[..., Any], str]] = []

    def _ask(self, action: str) -> None:
        self._native.ask(action, threading.current_thread().name)

    def stop(self) -> None:
        """Ends the run after the present point."""
        self._ask("stop")

    def abort(self) -> None:
        """Ends the run now, cutting instruments' waits short; run() raises Interrupted."""
        self._ask("abort")

    def pause(self) -> None:
        """Holds the run before its next point; tasks go on. In a timed run, slots that pass meanwhile are missed."""
        self._ask("pause")

    def resume(self) -> None:
        """Goes on after pause()."""
        self._ask("resume")

    def step(self) -> None:
        """While the run is paused: takes one point, and holds again. Refused where it is not paused."""
        self._ask("step")

    @property
    def progress(self) -> _native.Progress:
        """How far the run is: state, points done and total, rate, time left, parameters of the point in hand."""
        return self._native.progress()

    @refusing
    def on_signal(self, number: str | int, action: str) -> None:
        """During runs, a signal ("SIGTERM", "SIGUSR1", ...) asks for an action: "pause", "resume", "step", "stop" or
        "abort". Python's own handler for it rests meanwhile. Registered before run(); one run of a process at a time
        takes signals."""
        self._native.on_signal(_number_of(number), action)

    @overload
    def on_row(self, function: See, /, *, queue: int = 1000, name: str | None = None) -> Observer: ...
    @overload
    def on_row(
        self, function: None = None, /, *, queue: int = 1000, name: str | None = None
    ) -> Callable[[See], Observer]: ...
    @refusing
    def on_row(self, function: Any = None, /, *, queue: int = 1000, name: str | None = None) -> Any:
        """Registers a function that is called with each row, a dict, once it is stored: on a thread of its own, behind
        a queue of ``queue`` rows that drops the oldest rather than hold up the run. A decorator, with and without
        parentheses; what it returns says how many rows were ``seen`` and ``dropped``. A function that raises is left
        out for the rest of the run, which warns of it at its end. The end waits for what is queued, for ``grace``."""
        if function is None:
            return lambda decorated: self.on_row(decorated, queue=queue, name=name)
        check_function(function, "on_row")
        called = name or name_of(function)
        check_name(called, "observer")
        native = _native.Observer()
        handle = self._native.add_observer(called, count_of(queue, "rows", "queue"), native)
        self._observers.append(Observer(function, native, handle))
        return self._observers[-1]

    @refusing
    def suspend_when(
        self, condition: Callable[..., Any], /, *, reason: str | None = None, every: float = 0.1
    ) -> Callable[..., Any]:
        """Holds the run between points while ``condition`` is true: looked at before a point, at most once in
        ``every`` seconds, and again and again while it holds. Its arguments are given by name: instruments, and
        parameters of the point that comes next (in a timed run, of the one before). ``reason`` (else the function's
        name) is shown by ``progress`` and kept with the run. A condition that raises ends the run, which names it. A
        decorator too. Registered before run()."""
        check_function(condition, "suspend_when")
        called = check_text(reason, "reason") if reason is not None else name_of(condition)
        native = _native.Call()
        self._native.add_condition(native, called, number(every, "every"))
        self._conditions.append((native, condition, called))
        return condition

    def _bind_control(self) -> None:
        provided = {**self._instruments, **self._parameters}
        groups = {"instruments": self._instruments, "parameters": self._parameters}
        asked = [
            choose(function, f"condition {called!r}", provided, groups) for _, function, called in self._conditions
        ]
        for (native, function, _), names in zip(self._conditions, asked, strict=True):
            native.bind(function, [self._source_between_points(name) for name in names])
        for observer in self._observers:
            observer._native.bind(observer._function, experiments.timestamps_as_seconds)

    def _source_between_points(self, name: str) -> tuple[str, str, int, Any]:
        """Where an argument comes from, of what may be called before there is a point."""
        if name in self._parameters:
            return name, "cell", self._parameters[name].ordinal, None
        return name, "constant", 0, self._instruments[name]

    def _unbind_control(self) -> None:
        for native, _, _ in self._conditions:
            native.unbind()
        for observer in self._observers:
            observer._native.unbind()
        for sentence in self._native.take_warnings():
            warnings.warn(sentence, RuntimeWarning, stacklevel=5)


class RemoteRun:
    """A run that lives in another process of this account, to watch and control: ``RemoteRun("last").pause()``.

    Args:
        which: "last", its identifier or the beginning of it, its name (the latest of that name), or its folder.
        store: Folder of runs, as in :func:`wheatstone.load`.

    Raises:
        ConnectionError: Nobody runs it any more, or it cannot be reached. Of ``wheatstone.errors``, as are all below.
        ConfigurationError: The run refuses, such as a step while it is not paused.
        TimeoutError: It does not answer within 5 s.
    """

    @refusing
    def __init__(self, which: str | os.PathLike[str] = "last", store: str | os.PathLike[str] | None = None) -> None:
        folder = _native.Store(path_given(store, "folder of runs")).find(path_given(which, "run"))
        self._native = _native.RemoteRun(folder)

    @property
    def id(self) -> str:
        """The run's identifier."""
        return self._native.id

    @property
    def progress(self) -> _native.Progress:
        """How far it is."""
        return self._native.progress()

    def pause(self) -> _native.Progress:
        """Holds it before its next point. Like the others, does not wait for it to happen."""
        return self._native.request("pause")

    def resume(self) -> _native.Progress:
        """Goes on after a pause."""
        return self._native.request("resume")

    def step(self) -> _native.Progress:
        """While it is paused: takes one point."""
        return self._native.request("step")

    def stop(self) -> _native.Progress:
        """Ends it after the point in hand."""
        return self._native.request("stop")

    def abort(self) -> _native.Progress:
        """Ends it now."""
        return self._native.request("abort")


__all__ = ["Control", "RemoteRun"]

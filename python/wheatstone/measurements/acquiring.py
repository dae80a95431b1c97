"""The functions that a session calls: acquisitions, derived columns, baselines, hooks and tasks, by name."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, overload

from wheatstone import _native
from wheatstone.checking import check_name, check_text, number
from wheatstone.errors import ConfigurationError
from wheatstone.measurements.arguments import check_function, name_of
from wheatstone.measurements.attempts import Attempts, ErrorClasses, attempts_from
from wheatstone.measurements.progress import is_interactive
from wheatstone.measurements.registration import Registration
from wheatstone.measurements.times import Times, Trigger, times_from
from wheatstone.refusal import refusing

if TYPE_CHECKING:
    from wheatstone.bench import Bench

Function = TypeVar("Function", bound=Callable[..., Any])


class Acquired(NamedTuple):
    """A registered acquisition or baseline."""

    native: _native.Acquisition
    function: Callable[..., Any]
    retry_on: tuple[type[Exception], ...]
    asked: tuple[_native.Call, Callable[..., Any]] | None = None  # the function of its trigger


class Level(NamedTuple):
    """What a hook is called at, and its name there. No parameter: the whole run."""

    before: bool
    parameter: str
    name: str

    @property
    def place(self) -> str:
        """For sentences."""
        return f"{'before' if self.before else 'after'} {f'each {self.parameter!r}' if self.parameter else 'the run'}"


class Acquiring(Registration):
    """The part of a session that collects functions. Their arguments are given by name. At a prompt and in a notebook a
    name that is registered again replaces what had it; in a script it is refused."""

    def __init__(self, native: _native.Session, bench: Bench | None) -> None:
        super().__init__(native, bench)
        self._acquisitions: dict[str, Acquired] = {}
        self._derivations: dict[str, tuple[_native.Derivation, Callable[..., Any]]] = {}
        self._baselines: dict[str, Acquired] = {}
        self._hooks: dict[Level, tuple[_native.Call, Callable[..., Any]]] = {}
        self._tasks: dict[str, tuple[_native.Task, Callable[..., Any]]] = {}

    # Acquisitions, and what is made of them

    @overload
    def acquire(
        self,
        function: Function,
        /,
        *,
        name: str | None = None,
        samples: int = 1,
        retries: int = 0,
        backoff: float = 0.0,
        retry_on: ErrorClasses = None,
        on_error: str = "fail",
        interval: float | None = None,
        trigger: Trigger = None,
        poll: float | None = None,
    ) -> Function: ...
    @overload
    def acquire(
        self,
        function: None = None,
        /,
        *,
        name: str | None = None,
        samples: int = 1,
        retries: int = 0,
        backoff: float = 0.0,
        retry_on: ErrorClasses = None,
        on_error: str = "fail",
        interval: float | None = None,
        trigger: Trigger = None,
        poll: float | None = None,
    ) -> Callable[[Function], Function]: ...
    @refusing
    def acquire(
        self,
        function: Any = None,
        /,
        *,
        name: str | None = None,
        samples: int = 1,
        retries: int = 0,
        backoff: float = 0.0,
        retry_on: ErrorClasses = None,
        on_error: str = "fail",
        interval: float | None = None,
        trigger: Trigger = None,
        poll: float | None = None,
    ) -> Any:
        """Registers a function that measures at each point and returns a mapping of results. A decorator, with and
        without parentheses. Its arguments are given by name: instruments, parameters, ``first_after_resume``, and
        ``ctx``, a dict of the row so far (parameters, ``timestamp``, results of earlier acquisitions). Keys added to
        ``ctx`` are results too; of one that is both added and returned, the returned value counts.

        Args:
            name: Names it in errors, events and columns; the function's name where not given.
            samples: Calls a point. With more than one, each number is the mean, with its sample standard deviation in
                ``<name>_std``; of anything else the last counts.
            retries: Further attempts after an error; each is kept in the run's events.
            backoff: Seconds before the first further attempt; twice as long before each one after it.
            retry_on: The class of errors after which it is tried again, or several, whoever's they are; where not
                given, ConnectionError, TimeoutError and CommunicationError of ``wheatstone.errors``.
            on_error: What an error does once no attempt is left: "fail" ends the run; "skip" keeps the row, with nulls
                and the error's text in the column ``<acquisition>.error``.
            interval: Seconds, in a timed run, on a grid of its own; where it is not due its cells are null. The run's
                interval where not given.
            trigger: In a timed run, in place of an interval: each time that it fires makes a row of its own. A function
                of instruments, by name, that is asked while the run waits; or an instrument, whose requests for service
                count.
            poll: Seconds between calls of such a function (0.001), or between looks at the status byte of an instrument
                whose link does not tell of requests by itself (0.01).
        """
        attempts = attempts_from(samples, retries, backoff, retry_on, on_error)
        times = times_from(interval, trigger, poll)
        if function is None:
            return lambda decorated: self._acquire(decorated, name, attempts, times)
        return self._acquire(function, name, attempts, times)

    measure = acquire

    def _acquire(self, function: Function, name: str | None, attempts: Attempts, times: Times) -> Function:
        called = _called(function, name, "an acquisition", "acquisition")
        acquisition = attempts.native("acquisition", called, times)
        self._native.add_acquisition(acquisition, is_interactive() and called in self._acquisitions)
        self._acquisitions[called] = Acquired(acquisition, function, attempts.retry_on, times.asked)
        return function

    @overload
    def derive(self, function: Function, /, *, unit: str = "", name: str | None = None) -> Function: ...
    @overload
    def derive(
        self, function: None = None, /, *, unit: str = "", name: str | None = None
    ) -> Callable[[Function], Function]: ...
    @refusing
    def derive(self, function: Any = None, /, *, unit: str = "", name: str | None = None) -> Any:
        """Registers a column that is computed from the row, after all acquisitions of a point: a function of parameters
        and results, by name, ``timestamp`` and ``ctx``, the row as a dict. It returns the column's value, or a mapping
        of several. Where one of its inputs is None it is not called, and the value is None. A decorator, with and
        without parentheses.

        Args:
            unit: Of what it returns; else a quantity keeps its own.
            name: Of the column; the function's name where not given.
        """
        unit = check_text(unit, "unit")
        if function is None:
            return lambda decorated: self._derive(decorated, unit, name)
        return self._derive(function, unit, name)

    def _derive(self, function: Function, unit: str, name: str | None) -> Function:
        called = _called(function, name, "a derived column", "derived column")
        derivation = _native.Derivation(called, unit)
        self._native.add_derivation(derivation, is_interactive() and called in self._derivations)
        self._derivations[called] = (derivation, function)
        return function

    @overload
    def baseline(
        self,
        function: Function,
        /,
        *,
        name: str | None = None,
        samples: int = 1,
        retries: int = 0,
        backoff: float = 0.0,
        retry_on: ErrorClasses = None,
        on_error: str = "fail",
    ) -> Function: ...
    @overload
    def baseline(
        self,
        function: None = None,
        /,
        *,
        name: str | None = None,
        samples: int = 1,
        retries: int = 0,
        backoff: float = 0.0,
        retry_on: ErrorClasses = None,
        on_error: str = "fail",
    ) -> Callable[[Function], Function]: ...
    @refusing
    def baseline(
        self,
        function: Any = None,
        /,
        *,
        name: str | None = None,
        samples: int = 1,
        retries: int = 0,
        backoff: float = 0.0,
        retry_on: ErrorClasses = None,
        on_error: str = "fail",
    ) -> Any:
        """Registers what is measured once before the first point and once after the last: a function of instruments, by
        name, that returns a mapping of results. ``experiment.baseline`` has them. At the end it is measured where the
        run finished or was stopped, not after a failure or an abort. A decorator, with and without parentheses, with
        the options of :meth:`acquire`."""
        attempts = attempts_from(samples, retries, backoff, retry_on, on_error)
        if function is None:
            return lambda decorated: self._baseline(decorated, name, attempts)
        return self._baseline(function, name, attempts)

    def _baseline(self, function: Function, name: str | None, attempts: Attempts) -> Function:
        called = _called(function, name, "a baseline", "baseline")
        baseline = attempts.native("baseline", called)
        self._native.add_baseline(baseline, is_interactive() and called in self._baselines)
        self._baselines[called] = Acquired(baseline, function, attempts.retry_on)
        return function

    # What is done at the levels of a sweep

    @overload
    def before(self, level: Function, /, *, name: str | None = None) -> Function: ...
    @overload
    def before(self, level: str | None = None, /, *, name: str | None = None) -> Callable[[Function], Function]: ...
    @refusing
    def before(self, level: Any = None, /, *, name: str | None = None) -> Any:
        """Registers what is done whenever the parameter ``level`` takes a value, before all points that share it and
        the values of the parameters registered earlier; without a parameter, before the first point of the run. A
        decorator of a function of instruments, parameters and ``first_after_resume``, by name; parameters that vary
        within the level have their values of its first point."""
        return self._hook(True, level, name)

    @overload
    def after(self, level: Function, /, *, name: str | None = None) -> Function: ...
    @overload
    def after(self, level: str | None = None, /, *, name: str | None = None) -> Callable[[Function], Function]: ...
    @refusing
    def after(self, level: Any = None, /, *, name: str | None = None) -> Any:
        """Registers what is done after the points that :meth:`before` precedes, also where an error or a stop ended
        them, but not after an abort. Parameters that vary within the level have their values of its last point."""
        return self._hook(False, level, name)

    def _hook(self, before: bool, level: Any, name: str | None) -> Any:
        if level is None or isinstance(level, str):
            return lambda decorated: self._add_hook(before, level or "", decorated, name)
        return self._add_hook(before, "", level, name)

    def _add_hook(self, before: bool, parameter: str, function: Function, name: str | None) -> Function:
        at = Level(before, parameter, "")
        if not callable(function):
            side = "before" if before else "after"
            raise ConfigurationError(
                f"session.{side}() takes the name of a parameter, not {function!r}; decorate a function with it"
            )
        at = at._replace(name=_called(function, name, f"what is called {at.place}", "function"))
        call = _native.Call()
        self._native.add_hook(before, parameter, at.name, call, is_interactive() and at in self._hooks)
        self._hooks[at] = (call, function)
        return function

    # Tasks

    @overload
    def task(self, function: Function, /, *, name: str | None = None, every: float = 0.1) -> Function: ...
    @overload
    def task(
        self, function: None = None, /, *, name: str | None = None, every: float = 0.1
    ) -> Callable[[Function], Function]: ...
    @refusing
    def task(self, function: Any = None, /, *, name: str | None = None, every: float = 0.1) -> Any:
        """Registers a function that runs beside the acquisitions, on a thread of its own. One that takes ``stop_event``
        is called once and ends when that is set; one that does not is called again and again, ``every`` seconds."""
        if function is None:
            return lambda decorated: self.task(decorated, name=name, every=every)
        called = _called(function, name, "a task", "task")
        every = number(every, "every")
        replace = is_interactive() and called in self._tasks
        task = _native.Task("stop_event" in inspect.signature(function).parameters)
        self._native.add_task(called, task, every, replace)
        self._tasks[called] = (task, function)
        return function

    def _parts(self) -> dict[str, list[str]]:
        parts = {**super()._parts(), "acquisitions": list(self._acquisitions)}
        if self._derivations:
            parts["derived columns"] = list(self._derivations)
        if self._baselines:
            parts["baselines"] = list(self._baselines)
        return {**parts, "tasks": list(self._tasks)}


def _called(function: Any, name: str | None, what: str, kind: str) -> str:
    """The name that a function is registered under."""
    check_function(function, what)
    called = name or name_of(function)
    check_name(called, kind)
    return called


__all__ = ["Acquired", "Acquiring", "Level"]

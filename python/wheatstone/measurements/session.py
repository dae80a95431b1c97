"""The measurement session."""

from __future__ import annotations

import atexit
import contextlib
import inspect
import json
import os
import platform
import signal
import sys
import threading
import warnings
import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar, overload

from wheatstone import _native
from wheatstone.errors import ConfigurationError, DataError, Error, Interrupted, StorageError
from wheatstone.experiments import experiment as experiments
from wheatstone.experiments.experiment import Experiment
from wheatstone.measurements.arguments import (
    check_function,
    check_name,
    choose,
    name_of,
    number,
    number_or_none,
    profile_named,
    rows_or_none,
)
from wheatstone.measurements.drivers import LockedDriver
from wheatstone.measurements.progress import ProgressBar, is_interactive, wants_bar
from wheatstone.measurements.steps import StepSpec
from wheatstone.measurements.units import warn_of_prefixed_units

if TYPE_CHECKING:
    import polars as pl

    from wheatstone.bench import Bench

Function = TypeVar("Function", bound=Callable[..., Any])

_RESERVED = ("ctx", "stop_event", "timestamp")
_open_sessions: weakref.WeakSet[MeasurementSession] = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    for session in list(_open_sessions):
        try:
            session.close()
        except Error as error:
            print(f"wheatstone: session {session.name!r} could not be closed: {error}", file=sys.stderr)


def _script() -> Path | None:
    main = sys.modules.get("__main__")
    file = getattr(main, "__file__", None) or (sys.argv[0] if sys.argv else "")
    path = Path(file) if file else None
    return path if path is not None and path.suffix == ".py" else None


def _default_name() -> str:
    script = _script()
    if script is None:
        return "session"
    return script.resolve().parent.name if script.stem == "__main__" else script.stem


def _packed(array: Any) -> memoryview | None:
    """A copy of an array of plain numbers, which is kept as it is; None for an array of anything else."""
    kind, size = getattr(array.dtype, "kind", ""), getattr(array.dtype, "itemsize", 0)
    if kind == "f" and size <= 8:
        return memoryview(array.astype("float64", order="C", copy=True)).toreadonly()
    if kind == "i" or kind == "u" and size < 8:
        return memoryview(array.astype("int64", order="C", copy=True)).toreadonly()
    return None


def _listed(name: str, values: Any) -> Sequence[Any]:
    """The values of a parameter: a range as it is, an array of numbers packed, anything else as a list."""
    if isinstance(values, StepSpec):
        return values.values()
    if callable(values) and not hasattr(values, "__iter__"):
        values = values()
    if isinstance(values, range):
        return values
    if isinstance(values, (str, bytes, Mapping, set, frozenset)):
        raise ConfigurationError(
            f"the values of parameter {name!r} are a {type(values).__name__}, which is no series of values; give a list"
        )
    if not isinstance(values, Iterable):
        raise ConfigurationError(f"parameter {name!r} takes a list of values, not {values!r}; give [{values!r}]")
    if getattr(values, "ndim", 1) == 0:
        raise ConfigurationError(f"parameter {name!r} takes a list of values, not one; give [{values!r}]")
    if type(values).__module__ == "numpy" and getattr(values, "ndim", 0) == 1:
        packed = _packed(values)
        if packed is not None:
            return packed
    for convert in ("tolist", "to_list"):
        if hasattr(values, convert) and getattr(values, "ndim", 1) == 1:
            return list(getattr(values, convert)())
    return list(values)


class MeasurementSession:
    """Instruments, parameters, acquisitions and tasks, ready to run.

    Args:
        name: Names the runs; the script's name where it is not given.
        description: Kept with each run.
        tz: Kept with each run; times are UTC.
        bench: Lends its instruments.
        store: Folder of runs. Else ``WHEATSTONE_STORE``, the bench's ``database_path``, or ``./wheatstone-runs``.
        seed: Of the simulated bench, kept with each run.
        pace: Of the simulated bench: "fast" skips over the time that instruments take, "real" waits it, "virtual"
            moves only while everybody waits.
        on_close: "off" turns off what the session turned on when it closes; "leave" leaves it.
    """

    def __init__(
        self,
        name: str | None = None,
        description: str = "",
        tz: str = "UTC",
        *,
        bench: Bench | None = None,
        store: str | os.PathLike[str] | None = None,
        seed: int = 1,
        pace: str = "fast",
        on_close: str = "off",
    ) -> None:
        if not name and bench is not None:
            name = bench.config.experiment.title or bench.name
        if not description and bench is not None:
            description = bench.config.experiment.description
        self._native = _native.Session(
            name=name or _default_name(),
            description=description,
            store=os.fspath(store) if store is not None else "",
            bench=bench._native if bench is not None else None,
            seed=seed,
            pace=pace,
            on_close=on_close,
        )
        self.description = description
        self.tz = tz
        self.bench = bench
        self._parameters: dict[str, tuple[int, Sequence[Any], str]] = {}
        self._acquisitions: dict[str, tuple[_native.Acquisition, Callable[..., Any]]] = {}
        self._tasks: dict[str, tuple[_native.Task, Callable[..., Any]]] = {}
        self._instruments: dict[str, Any] = dict(bench.instruments) if bench is not None else {}
        self._connected: dict[str, tuple[str, str]] = {}
        self._aborted = False
        self._warned_of_units: set[str] = set()
        _open_sessions.add(self)

    # What it is made of

    @property
    def name(self) -> str:
        return self._native.name

    @property
    def instruments(self) -> dict[str, Any]:
        """Connected and attached instruments by alias."""
        return dict(self._instruments)

    @property
    def parameters(self) -> dict[str, Sequence[Any]]:
        """Values of the parameters by name, in the order of registration: lists, and ranges as they were given."""
        return {
            name: values if isinstance(values, range) else list(values)
            for name, (_, values, _) in self._parameters.items()
        }

    def instrument(
        self,
        alias: str,
        config_key: str | None = None,
        /,
        *,
        simulate: bool | None = None,
        address: str | None = None,
        address_override: str | None = None,
        timeout: float | None = None,
        timeout_override_ms: float | None = None,
        serial_number: str | None = None,
        shared: bool = False,
    ) -> Any:
        """Connects an instrument and gives it a name.

        ``config_key`` is a profile, "keysight/EDU36311A", or the path of one; with an address alone the instrument says
        what it is. ``simulate=True`` puts it on this session's simulated bench. An alias of the bench, or one that is
        connected already, is handed out again.
        """
        check_name(alias, "instrument")
        config_key = profile_named(config_key)
        address = address or address_override or ""
        wanted = (config_key or "", address)
        if alias in self._instruments:
            if alias not in self._connected and self.bench is not None:
                return self._instruments[alias]
            if config_key is None and not address or is_interactive() and self._connected.get(alias) == wanted:
                return self._instruments[alias]
        if config_key is None and not address:
            known = ", ".join(map(repr, self._instruments)) or "none yet"
            raise ConfigurationError(
                f"session {self.name!r} has no instrument {alias!r} (it has {known}); "
                "to connect it, give its profile and simulate=True, or its address"
            )
        self._refuse_taken(alias, "instrument")
        seconds = timeout if timeout is not None else 5.0 if timeout_override_ms is None else timeout_override_ms * 1e-3
        made = self._native.connect(
            alias,
            config_key or "",
            simulate=simulate,
            address=address,
            timeout=seconds,
            shared=shared,
            serial_number=serial_number or "",
        )
        self._instruments[alias] = made
        self._connected[alias] = wanted
        return made

    def attach(self, alias: str, driver: Any, *, safe: Callable[[], Any] | None = None) -> Any:
        """Brings a driver of another package: locked, given to acquisitions and tasks by name, and made safe by calling
        ``safe`` after an abnormal end and on closing. Returns what they get."""
        self._refuse_taken(alias, "attached driver")
        locked = LockedDriver(driver)
        self._native.attach(alias, f"{type(driver).__module__}.{type(driver).__qualname__}", safe)
        self._instruments[alias] = locked
        return locked

    def parameter(
        self, name: str, values: Any, unit: str | StepSpec | None = None, notes: str = "", *, settle: float = 0.0
    ) -> None:
        """Registers what is varied. ``values`` is any iterable, a NumPy array, a ``step`` or a function that gives one;
        ``settle`` is waited, in seconds, after the value has changed."""
        check_name(name, "parameter")
        if name in self._parameters and is_interactive():
            self._native.remove_parameter(name)
            del self._parameters[name]
        self._refuse_taken(name, "parameter")
        listed = _listed(name, values)
        settle = number(settle, "settle")
        ordinal = self._native.add_parameter(name, listed, str(unit or ""), notes, settle)
        self._parameters[name] = (ordinal, listed, str(unit or ""))
        self._warned_of_units.discard(name)
        self._renumber()

    def _renumber(self) -> None:
        for ordinal, (name, (_, values, unit)) in enumerate(self._parameters.items()):
            self._parameters[name] = (ordinal, values, unit)

    @overload
    def acquire(self, function: Function, /, *, name: str | None = None) -> Function: ...
    @overload
    def acquire(self, function: None = None, /, *, name: str | None = None) -> Callable[[Function], Function]: ...
    def acquire(self, function: Any = None, /, *, name: str | None = None) -> Any:
        """Registers a function that measures at each point and returns a mapping of results. A decorator, with and
        without parentheses. Its arguments are given by name: instruments, parameters, and ``ctx``, a dict of the row so
        far (parameters, ``timestamp``, results of earlier acquisitions). Keys added to ``ctx`` are results too; of one
        that is both added and returned, the returned value counts."""
        if function is None:
            return lambda decorated: self.acquire(decorated, name=name)
        check_function(function, "an acquisition")
        called = name or name_of(function)
        check_name(called, "acquisition")
        replace = is_interactive() and called in self._acquisitions
        acquisition = _native.Acquisition(called)
        self._native.add_acquisition(acquisition, replace)
        self._acquisitions[called] = (acquisition, function)
        return function

    measure = acquire

    @overload
    def task(self, function: Function, /, *, name: str | None = None, every: float = 0.1) -> Function: ...
    @overload
    def task(
        self, function: None = None, /, *, name: str | None = None, every: float = 0.1
    ) -> Callable[[Function], Function]: ...
    def task(self, function: Any = None, /, *, name: str | None = None, every: float = 0.1) -> Any:
        """Registers a function that runs beside the acquisitions, on a thread of its own. One that takes ``stop_event``
        is called once and ends when that is set; one that does not is called again and again, ``every`` seconds."""
        if function is None:
            return lambda decorated: self.task(decorated, name=name, every=every)
        check_function(function, "a task")
        called = name or name_of(function)
        check_name(called, "task")
        every = number(every, "every")
        replace = is_interactive() and called in self._tasks
        task = _native.Task("stop_event" in inspect.signature(function).parameters)
        self._native.add_task(called, task, every, replace)
        self._tasks[called] = (task, function)
        return function

    def _refuse_taken(self, name: str, what: str) -> None:
        if name in _RESERVED:
            raise ConfigurationError(f"the name {name!r} of this {what} has a meaning of its own; choose another")
        kind = "an instrument" if name in self._instruments else "a parameter" if name in self._parameters else None
        if kind is not None:
            raise ConfigurationError(f"{name!r} is {kind} of this session already; choose another name for the {what}")

    # Running

    def run(
        self,
        duration: float | None = None,
        interval: float | None = None,
        show_progress: bool = True,
        *,
        count: int | None = None,
        cycle: bool = False,
        overrun: str = "skip",
        precise: bool | None = None,
        durability: str = "second",
        grace: float = 5.0,
    ) -> Experiment:
        """Runs a sweep over the parameters, or with ``duration`` (seconds) or ``count`` (rows) a timed run, with a row
        each ``interval`` seconds (0.1 where not given).

        Args:
            duration: Makes the run timed and says how long it lasts.
            interval: Between rows of a timed run.
            show_progress: A bar on standard error, where that is a terminal, or in the notebook.
            count: Rows of a timed run.
            cycle: A timed run with parameters begins again at the end of their values.
            overrun: "skip" puts the next row on the next slot after an acquisition that took too long; "catch_up"
                takes every slot, late.
            precise: Spins before each deadline; decided by the interval where not given.
            durability: "second" syncs once a second, "row" before the next point. A killed process loses no row either
                way.
            grace: Seconds that tasks have to end.

        Raises:
            MeasurementError: An acquisition or task failed; ``.experiment`` and ``session.data`` have the rows so far.
            DataError, StorageError: A value or row could not be kept; ``.experiment`` has the rows so far.
            KeyboardInterrupt: Ctrl-C; the first stops after the point, the second at once.
            Interrupted: abort() was called.
        """
        duration = number_or_none(duration, "duration")
        interval = number_or_none(interval, "interval")
        count = rows_or_none(count)
        grace = number(grace, "grace")
        self._bind()
        self._aborted = False
        before = self._native.data()
        interrupts = self._takes_interrupts()
        bar = ProgressBar(self._native, self.name) if show_progress and wants_bar() else contextlib.nullcontext()
        try:
            with bar:
                stored = self._native.run(
                    duration=duration,
                    interval=interval,
                    count=count,
                    cycle=cycle,
                    overrun=overrun,
                    precise=precise,
                    durability=durability,
                    handle_interrupt=interrupts,
                    grace=grace,
                )
        except (DataError, StorageError) as error:
            stored = self._native.data()
            if stored is not None and (before is None or stored.id != before.id):
                error._stored = stored
            raise
        except Interrupted as error:
            if self._aborted or not interrupts:
                raise
            raised = KeyboardInterrupt(str(error))
            for note in getattr(error, "__notes__", ()):
                raised.add_note(note)
            raise raised from None
        finally:
            self._unbind()
        return Experiment._of(stored)

    @staticmethod
    def _takes_interrupts() -> bool:
        return (
            threading.current_thread() is threading.main_thread()
            and signal.getsignal(signal.SIGINT) is signal.default_int_handler
        )

    def _bind(self) -> None:
        """Finds every argument of every acquisition and task, or says which is missing, before anything moves."""
        at_points = {**self._instruments, **self._parameters, "ctx": None}
        groups: dict[str, Iterable[str]] = {
            "instruments": list(self._instruments),
            "parameters": list(self._parameters),
            "names": ["ctx"],
        }
        bound = []
        for called, (acquisition, function) in self._acquisitions.items():
            names = choose(function, f"acquisition {called!r}", at_points, groups)
            bound.append((acquisition, function, [self._source(name) for name in names]))
            self._warn_of_units(called, names)
        beside = {**self._instruments, "stop_event": None}
        groups = {"instruments": list(self._instruments), "names": ["stop_event"]}
        bound_tasks = []
        for called, (task, function) in self._tasks.items():
            names = choose(function, f"task {called!r}", beside, groups)
            bound_tasks.append((task, function, {name: beside[name] for name in names if name != "stop_event"}))
        for acquisition, function, sources in bound:
            acquisition.bind(function, sources)
        for task, function, arguments in bound_tasks:
            task.bind(function, arguments)
        self._native.set_details(json.dumps(self._details()))
        if any(isinstance(instrument, _native.Oscilloscope) for instrument in self._instruments.values()):
            from wheatstone import frames

            frames.prepare()

    def _warn_of_units(self, called: str, names: list[str]) -> None:
        if any(name in self._instruments for name in names):
            units = {name: self._parameters[name][2] for name in names if name in self._parameters}
            self._warned_of_units |= warn_of_prefixed_units(called, units, self._warned_of_units)

    def _source(self, name: str) -> tuple[str, str, int, Any]:
        if name == "ctx":
            return name, "row", 0, experiments.timestamps_as_seconds
        if name in self._parameters:
            ordinal, values, _ = self._parameters[name]
            return name, "parameter", ordinal, values
        return name, "constant", 0, self._instruments[name]

    def _unbind(self) -> None:
        for acquisition, _ in self._acquisitions.values():
            acquisition.unbind()
        for task, _ in self._tasks.values():
            task.unbind()

    def _details(self) -> dict[str, Any]:
        details: dict[str, Any] = {"versions": {"python": platform.python_version()}, "timezone": self.tz}
        script = _script()
        if script is not None:
            details["script"] = {"file": str(script.resolve())}
            with contextlib.suppress(OSError, UnicodeDecodeError):
                details["script"]["source"] = script.read_text(encoding="utf-8")
        return details

    def stop(self) -> None:
        """Ends the run after the present point. Any thread."""
        self._native.stop()

    def abort(self) -> None:
        """Ends the run now, cutting instruments' waits short; run() raises Interrupted. Any thread."""
        self._aborted = True
        self._native.abort()

    def pause(self) -> None:
        """Holds the run before its next point. Any thread."""
        self._native.pause()

    def resume(self) -> None:
        """Goes on after pause(). Any thread."""
        self._native.resume()

    @property
    def progress(self) -> _native.Progress:
        """How far the run is. Any thread."""
        return self._native.progress()

    def sleep(self, seconds: float) -> bool:
        """Waits on the session's clock; False where the run ended meanwhile. Any thread."""
        return self._native.sleep(seconds)

    # What it left

    @property
    def experiment(self) -> Experiment | None:
        """The last run, whole or partial; None before the first."""
        stored = self._native.data()
        return None if stored is None else Experiment._of(stored)

    @property
    def data(self) -> pl.DataFrame:
        """The rows of the last run, whole or partial."""
        experiment = self.experiment
        if experiment is None:
            import polars as pl

            return pl.DataFrame()
        return experiment.data

    def plot(self, spec: Any = None, **options: Any) -> Any:
        """Draws the last run; see :meth:`Experiment.plot`."""
        experiment = self.experiment
        if experiment is None:
            raise ConfigurationError(f"session {self.name!r} has no run to plot yet; call run() first")
        return experiment.plot(spec, **options)

    # Its end

    def close(self) -> None:
        """Turns off what this session turned on and gives up its instruments. Calls after the first do nothing."""
        _open_sessions.discard(self)
        self._native.close()

    def __enter__(self) -> MeasurementSession:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.close()
        except Error as failed:
            if error is None:
                raise
            error.add_note(f"closing session {self.name!r} failed too: {failed}")

    def __del__(self) -> None:
        if self in _open_sessions:
            warnings.warn(
                f"session {self.name!r} was never closed; use 'with MeasurementSession(...)'",
                ResourceWarning,
                stacklevel=2,
            )

    def __repr__(self) -> str:
        return (
            f"<MeasurementSession {self.name!r}: instruments {list(self._instruments)}, "
            f"parameters {list(self._parameters)}, acquisitions {list(self._acquisitions)}, tasks {list(self._tasks)}>"
        )

    def _repr_html_(self) -> str:
        import html

        rows = {
            "instruments": self._instruments,
            "parameters": self._parameters,
            "acquisitions": self._acquisitions,
            "tasks": self._tasks,
        }
        lines = "".join(
            f"<tr><th style='text-align:left'>{what}</th><td>{html.escape(', '.join(names))}</td></tr>"
            for what, names in rows.items()
            if names
        )
        experiment = self.experiment
        table = "" if experiment is None else experiment.data.head(5)._repr_html_()
        return f"<h4>{html.escape(self.name)}</h4><p>{html.escape(self.description)}</p><table>{lines}</table>{table}"


Measurement = MeasurementSession
Session = MeasurementSession

__all__ = ["Measurement", "MeasurementSession", "Session"]

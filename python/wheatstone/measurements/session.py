"""The measurement session."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any

from wheatstone import _native
from wheatstone.checking import check_text, count_of, number, number_or_none, path_given
from wheatstone.errors import ConfigurationError, DataError, Error, Interrupted, StorageError
from wheatstone.experiments import experiment as experiments
from wheatstone.experiments.experiment import Experiment
from wheatstone.measurements import closing
from wheatstone.measurements.acquiring import Acquiring
from wheatstone.measurements.arguments import check_function
from wheatstone.measurements.binding import bind, bind_plan, refusals_of_binding, unbind, unbind_plan
from wheatstone.measurements.control import Control
from wheatstone.measurements.html import html_of_session
from wheatstone.measurements.interrupts import as_keyboard_interrupt, takes_interrupts
from wheatstone.measurements.orders import order_from, repeat_of, resumed_run, seed_or_none
from wheatstone.measurements.preview import Preview
from wheatstone.measurements.progress import ProgressBar, wants_bar
from wheatstone.measurements.script import details_of_program, name_of_script
from wheatstone.refusal import refusing

if TYPE_CHECKING:
    import polars as pl

    from wheatstone.bench import Bench


def bench_in_environment() -> Bench | None:
    """The bench that ``WHEATSTONE_BENCH`` names, opened; None where it names none."""
    if not os.environ.get("WHEATSTONE_BENCH"):
        return None
    from wheatstone.bench import Bench

    return Bench.open()


class MeasurementSession(Acquiring, Control):
    """Instruments, parameters, acquisitions and tasks, ready to run.

    Args:
        name: Names the runs; the script's name where it is not given.
        description: Kept with each run.
        tz: Kept with each run; times are UTC.
        bench: Lends its instruments. Where none is given and ``WHEATSTONE_BENCH`` names one, as ``wheatstone run
            script.py --bench FILE`` sets it, that is opened, and closed with the session.
        store: Folder of runs. Else ``WHEATSTONE_STORE``, the bench's ``database_path``, or ``./wheatstone-runs``.
        seed: Of the simulated bench, kept with each run.
        pace: Of the simulated bench: "fast" skips over the time that instruments take, "real" waits it, "virtual"
            moves only while everybody waits.
        on_close: "off" turns off what the session turned on when it closes; "leave" leaves it.
        read_settings: Whether runs keep how each instrument was set before and after them.
    """

    @refusing
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
        read_settings: bool = True,
    ) -> None:
        self._own_bench = bench_in_environment() if bench is None else None
        bench = bench or self._own_bench
        if bench is not None and not hasattr(bench, "_native"):
            raise ConfigurationError(f'bench={bench!r} is no bench; give Bench.open("bench.yaml")')
        if not name and bench is not None:
            name = bench.config.experiment.title or bench.name
        if not description and bench is not None:
            description = bench.config.experiment.description
        native = _native.Session(
            name=name or name_of_script(),
            description=description,
            store=path_given(store, "folder of runs"),
            bench=bench._native if bench is not None else None,
            seed=seed,
            pace=pace,
            on_close=on_close,
            read_settings=read_settings,
        )
        super().__init__(native, bench)
        self._in_use = threading.Lock()
        self.description = description
        self.tz = check_text(tz, "tz")
        closing.opened(self)

    # Running

    @refusing
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
        order: Any = "grid",
        order_seed: int | None = None,
        repeat: int = 1,
        until: Callable[[dict[str, Any]], Any] | None = None,
        parallel: bool = False,
        resume: bool | str | os.PathLike[str] = False,
    ) -> Experiment:
        """Runs a sweep over the parameters, or with ``duration`` (seconds) or ``count`` (rows) a timed run, with a row
        each ``interval`` seconds (0.1 where not given) and where acquisitions have times of their own.

        Args:
            duration: Makes the run timed and says how long it lasts.
            interval: Of the acquisitions of a timed run that have neither an interval nor a trigger of their own.
            show_progress: A bar on standard error, where that is a terminal, or in the notebook.
            count: Rows of a timed run.
            cycle: A timed run with parameters begins again at the end of their values.
            overrun: "skip" misses the slots that pass while an acquisition takes too long, but for the last one of
                acquisitions with another interval, which is taken late; "catch_up" takes every slot, late.
            precise: Spins before each deadline; decided by the interval where not given.
            durability: "second" syncs once a second, "row" before the next point. A killed process loses no row either
                way.
            grace: Seconds that tasks have to end, and observers to see what they have.
            order: "grid" (all combinations, the last parameter fastest), "zip" (side by side), "snake" (the grid
                without returns), "random" (the grid in an order drawn from ``order_seed``), "up_down" (the last
                parameter up and down again); a list of points, as dicts or as tuples in the order of the parameters; or
                an adaptive plan: ``refine``, ``bisect``, or any object with ``ask()``, which gives the next point or
                None, and ``tell(point, row)``.
            order_seed: Of a random order; drawn where not given, and kept with the run.
            repeat: Takes all points that many times; ``experiment.timing`` has the number of each repetition.
            until: A function of the row, a dict of parameters, timestamp and results; where it is true, the run ends.
            parallel: Acquisitions on distinct instruments measure at the same time, each on one thread. Those that
                share an instrument follow each other; one that takes no instrument, or ``ctx``, waits for all
                registered before it, and those after it wait for it. The table is as if all had followed each other.
            resume: True goes on with the latest unfinished run of this session's name and plan, at its first point that
                is not stored, or begins a new run where there is none; a run's id, a prefix of it or its folder names
                one. A plan that differs is refused, with the difference.

        Raises:
            MeasurementError: An acquisition or task failed; ``.experiment`` and ``session.data`` have the rows so far.
            DataError, StorageError: A value or row could not be kept; ``.experiment`` has the rows so far.
            KeyboardInterrupt: Ctrl-C; the first stops after the point, the second at once.
            Interrupted: abort() was called.
        """
        if until is not None:
            check_function(until, "until")
        options = {
            "duration": number_or_none(duration, "duration"),
            "interval": number_or_none(interval, "interval"),
            "count": None if count is None else count_of(count, "rows"),
            "cycle": cycle,
            "overrun": overrun,
            "precise": precise,
            "durability": durability,
            "grace": number(grace, "grace"),
            "order": order_from(order),
            "order_seed": seed_or_none(order_seed),
            "repeat": repeat_of(repeat),
            "until": until,
            "parallel": bool(parallel),
            "resume": resumed_run(resume),
        }
        with self._alone():
            return self._run(show_progress, options)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """What binds functions and lets go of them again is for one caller at a time."""
        if not self._in_use.acquire(blocking=False):
            raise ConfigurationError(f"session {self.name!r} is running already; wait for its end, or stop it")
        try:
            yield
        finally:
            self._in_use.release()

    def _run(self, show_progress: bool, options: dict[str, Any]) -> Experiment:
        bind(self)
        self._bind_control()
        self._native.set_details(json.dumps({**details_of_program(), "timezone": self.tz}))
        before = self._native.data()
        bar = ProgressBar(self._native, self.name) if show_progress and wants_bar() else contextlib.nullcontext()
        try:
            with bar:
                stored = self._native.run(
                    handle_interrupt=takes_interrupts(),
                    timestamp_as_seconds=experiments.timestamps_as_seconds,
                    **options,
                )
        except (DataError, StorageError) as error:
            left = self._native.data()
            if left is not None and (before is None or left.id != before.id):
                error._stored = left
            raise
        except Interrupted as error:
            if not self._native.was_interrupted():
                raise
            raise as_keyboard_interrupt(error, self._native.data()) from None
        finally:
            unbind(self)
            self._unbind_control()
        if self.bench is not None:
            self.bench.experiment._ran(stored)
        return Experiment._of(stored)

    @refusing
    def preview(
        self,
        duration: float | None = None,
        interval: float | None = None,
        *,
        count: int | None = None,
        cycle: bool = False,
        order: Any = "grid",
        order_seed: int | None = None,
        repeat: int = 1,
        rows: int = 5,
        seconds_per_point: float | None = None,
    ) -> Preview:
        """What run() would do with these options, and what it would refuse, without touching an instrument.

        Values and constraints are asked as in a run; an adaptive plan is not, and of an endless generator only the rows
        that are shown are pulled. The time adds up what has to settle and one reading a point of each meter, at the
        integration time that it has after a reset.

        Args:
            duration: As for run(), and so are interval, count, cycle, order, order_seed and repeat.
            rows: Shown of the start and of the end.
            seconds_per_point: A point as it was measured, for the time.
        """
        with self._alone():
            return self._preview(
                rows=count_of(rows, "rows", "rows"),
                duration=number_or_none(duration, "duration"),
                interval=number_or_none(interval, "interval"),
                count=None if count is None else count_of(count, "rows"),
                cycle=cycle,
                order=order_from(order),
                order_seed=seed_or_none(order_seed),
                repeat=repeat_of(repeat),
                seconds_per_point=number_or_none(seconds_per_point, "seconds_per_point"),
            )

    def _preview(self, **options: Any) -> Preview:
        refused = refusals_of_binding(self)
        try:
            bind_plan(self)
        except ConfigurationError:  # is among the refusals
            return Preview(_native.Preview(), refused)
        try:
            native = self._native.preview(**options)
        finally:
            unbind_plan(self)
        return Preview(native, refused)

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
        """Turns off what this session turned on and gives up its instruments. Calls after the first do nothing. Raises
        ConfigurationError while the session runs."""
        is_refused = False
        try:
            self._native.close()
        except ConfigurationError:  # it runs, and goes on doing so
            is_refused = True
            raise
        finally:
            if not is_refused:
                closing.closed(self)
                if self._own_bench is not None:
                    self._own_bench.close_all()

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
        closing.warn_where_open(self)

    def __repr__(self) -> str:
        parts = ", ".join(f"{kind} {names}" for kind, names in self._parts().items())
        return f"<MeasurementSession {self.name!r}: {parts}>"

    def _repr_html_(self) -> str:
        return html_of_session(self.name, self.description, self._parts(), self.experiment)


Measurement = MeasurementSession
Session = MeasurementSession

__all__ = ["Measurement", "MeasurementSession", "Session"]

"""A measurement in a file: what to vary, what to set, what to read. docs/formats/procedure.md is its format."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

from wheatstone import _native
from wheatstone.checking import check_text, count_of, path_given
from wheatstone.errors import Interrupted
from wheatstone.experiments.experiment import Experiment
from wheatstone.measurements.interrupts import as_keyboard_interrupt, takes_interrupts
from wheatstone.measurements.orders import resumed_run
from wheatstone.measurements.preview import Preview
from wheatstone.measurements.progress import ProgressBar, wants_bar
from wheatstone.refusal import refusing

_Path = str | os.PathLike[str]


class Procedure:
    """A measurement in a file, read and checked as far as that goes without instruments.

    The file is data: nothing in it is evaluated but expressions, which have no side effects. Errors name file, line and
    column.
    """

    def __init__(self, native: _native.Procedure) -> None:
        self._native = native

    @classmethod
    @refusing
    def read(cls, file: _Path) -> Procedure:
        """Reads a file."""
        return cls(_native.Procedure.read(path_given(file, "procedure")))

    @classmethod
    @refusing
    def parse(cls, yaml: str, file: _Path = "procedure.yaml") -> Procedure:
        """The same of text; ``file`` names it in errors and in the run."""
        return cls(_native.Procedure.parse(check_text(yaml, "yaml"), path_given(file, "procedure")))

    @property
    def name(self) -> str:
        return self._native.name

    @property
    def file(self) -> Path:
        return Path(self._native.file)

    @property
    def text(self) -> str:
        """The file's text as it was read."""
        return self._native.text

    @property
    def parameters(self) -> list[str]:
        """Names of what is varied, the outermost first."""
        return list(self._native.parameters)

    @refusing
    def set(self, *assignments: str) -> Procedure:
        """A copy with other values of parameters: ``"voltage=0:5:0.1"``, ``"current=0.1,0.5,1"``, ``"mode=CC,CR"``."""
        copy = self._native.copy()
        for assignment in assignments:
            copy.set(check_text(assignment, "assignment"))
        return Procedure(copy)

    @refusing
    def preview(self, *, bench: _Path | None = None, rows: int = 5) -> Preview:
        """What run() would do: how many points, the first and the last of them, how long. Simulated instruments stand
        for the real ones."""
        return Preview(self._native.preview(path_given(bench, "bench file"), count_of(rows, "rows")), [])

    @refusing
    def dry_run(self, *, bench: _Path | None = None, points: int = 10_000, allow_long: bool = False) -> _native.DryRun:
        """Every message that a run would send, point by point, of the first ``points``. Simulated instruments in
        virtual time stand for the real ones, and nothing is kept."""
        return self._native.dry_run(path_given(bench, "bench file"), count_of(points, "points"), bool(allow_long))

    @refusing
    def run(
        self,
        *,
        bench: _Path | None = None,
        simulate: bool = False,
        store: _Path | None = None,
        name: str = "",
        resume: bool | _Path = False,
        show_progress: bool = True,
        allow_long: bool = False,
    ) -> Experiment:
        """Connects the instruments, checks what will be set against their models and the limits, runs it and turns the
        outputs off.

        Args:
            bench: A bench file in place of the procedure's own instruments.
            simulate: Every instrument is simulated, those with an address too.
            store: Folder of runs. Else ``WHEATSTONE_STORE``, the file's ``store``, the bench's, ``./wheatstone-runs``.
            name: Of the run, in place of the procedure's.
            resume: True goes on with the latest unfinished run of this procedure, or begins a new one where there is
                none; a run's id, a prefix of it or its folder names one.
            show_progress: A bar on standard error, where that is a terminal, or in the notebook.
            allow_long: More than 10^9 points, or more than a year of them by the preview, are meant.

        Raises:
            As MeasurementSession.run().
        """
        prepared = self._native.prepare(
            bench=path_given(bench, "bench file"),
            simulate=bool(simulate),
            store=path_given(store, "folder of runs"),
            name=check_text(name, "name"),
            resume=resumed_run(resume),
            handle_interrupt=takes_interrupts(),
            allow_long=bool(allow_long),
        )
        bar = ProgressBar(prepared, name or self.name) if show_progress and wants_bar() else contextlib.nullcontext()
        try:
            with bar:
                stored = prepared.run()
        except Interrupted as error:
            if not prepared.was_interrupted():
                raise
            raise as_keyboard_interrupt(error) from None
        prepared.close()
        return Experiment._of(stored)

    def __repr__(self) -> str:
        return f"<Procedure {self.name!r}: {', '.join(self.parameters) or 'no parameters'}>"


@refusing
def run_file(
    file: _Path,
    *,
    set: str | Iterable[str] = (),
    bench: _Path | None = None,
    simulate: bool = False,
    store: _Path | None = None,
    name: str = "",
    resume: bool | _Path = False,
    show_progress: bool = True,
    allow_long: bool = False,
) -> Experiment:
    """Runs a procedure's file: ``run_file("iv.yaml", set="voltage=0:5:0.1")``. As Procedure.run()."""
    assignments = [set] if isinstance(set, str) else list(set)
    return (
        Procedure.read(file)
        .set(*assignments)
        .run(
            bench=bench,
            simulate=simulate,
            store=store,
            name=name,
            resume=resume,
            show_progress=show_progress,
            allow_long=allow_long,
        )
    )


__all__ = ["Procedure", "run_file"]

"""Named instruments of one laboratory bench, from a bench.yaml."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from wheatstone import _native
from wheatstone.checking import number, path_given
from wheatstone.errors import Error
from wheatstone.named import Named
from wheatstone.refusal import refusing

if TYPE_CHECKING:
    from wheatstone.experiments import Experiment


class _OfFile:
    """What a bench file says of the bench as a whole. Unset texts are empty."""

    def __init__(self, native: _native.Bench) -> None:
        self._native = native

    @property
    def description(self) -> str:
        return self._native.description

    @property
    def version(self) -> str:
        return self._native.version

    @property
    def simulate(self) -> bool:
        """Whether the file, or who opened it, wants all instruments simulated."""
        return self._native.simulate

    @property
    def experiment(self) -> _native.BenchExperiment:
        """What the file says of the experiments made on it: title, description, operator, date, notes and
        database_path."""
        return self._native.experiment


class BenchConfig(_OfFile):
    """What the file says."""

    def __repr__(self) -> str:
        return f"<BenchConfig {self.bench_name!r}: {', '.join(self.instruments)}>"

    @property
    def bench_name(self) -> str:
        return self._native.name

    @property
    def instruments(self) -> dict[str, _native.BenchEntry]:
        """What the file says of each instrument, by alias."""
        return Named(f"bench {self._native.name!r}", {entry.alias: entry for entry in self._native.entries})


@dataclass(frozen=True)
class HealthReport:
    """How an instrument answered when it was asked."""

    status: str
    """"OK", "WARNING" where its error queue held something, "ERROR" where it did not answer."""
    instrument_idn: str = ""
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


class Bench(_OfFile):
    """The instruments of a bench file, connected; each is an attribute of its alias.

    The file is data: nothing in it is evaluated. Closing turns off what was turned on through it.
    """

    def __init__(self, native: _native.Bench) -> None:
        super().__init__(native)
        self._instruments = {entry.alias: native.instrument(entry.alias) for entry in native.entries}

    @classmethod
    @refusing
    def open(cls, filepath: str | os.PathLike[str], *, simulate: bool | None = None) -> Bench:
        """Reads the file and connects every instrument, in the file's order. ``simulate`` overrides the file."""
        return cls(_native.Bench.open(path_given(filepath, "bench file"), simulate=simulate))

    from_yaml = open

    @property
    def name(self) -> str:
        return self._native.name

    @property
    def file(self) -> Path:
        return Path(self._native.file)

    @property
    def config(self) -> BenchConfig:
        """What the file says."""
        return BenchConfig(self._native)

    @property
    def db(self) -> None:
        """None: runs are folders in the store, which :func:`wheatstone.load` reads."""
        return None

    def health_check(self) -> dict[str, HealthReport]:
        """Asks every instrument who it is, and empties its error queue into the report. Those that do not answer are
        reported too."""
        return {alias: instrument.health_check() for alias, instrument in self._instruments.items()}

    @property
    def instruments(self) -> dict[str, Any]:
        """Instruments by alias, in the file's order."""
        return Named(f"bench {self.name!r}", self._instruments)

    def instrument(self, alias: str) -> Any:
        """The instrument of that alias."""
        return self.instruments[alias]

    def __getattr__(self, alias: str) -> Any:
        if alias.startswith("_"):
            raise AttributeError(alias)
        return self.instrument(alias)

    def __getitem__(self, alias: str) -> Any:
        return self.instrument(alias)

    def __iter__(self) -> Iterator[str]:
        return iter(self._instruments)

    def __len__(self) -> int:
        return len(self._instruments)

    def __bool__(self) -> bool:
        return True

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._instruments]

    @refusing
    def restore(
        self,
        run: Experiment | str | os.PathLike[str] = "last",
        *,
        outputs: bool = False,
        moment: str = "before",
        instruments: Sequence[str] | None = None,
        within: float = 30.0,
    ) -> _native.RestoreReport:
        """Sets the instruments as they were at a run's start, or at its end.

        Everything goes through the limits, and is checked before anything is sent. Only what differs is sent: modes,
        then ranges, protections and set-points. Where anything differs, what is on goes off first, loads before
        supplies.

        Args:
            run: An experiment, or what :func:`wheatstone.load` takes.
            outputs: Whether what was on then is switched on again, when every instrument is set.
            moment: "before" or "after" the run.
            instruments: Aliases of those to restore; all whose settings the run keeps where not given.
            within: Seconds that one instrument may take.

        Raises:
            ConfigurationError: The run keeps no settings, or one of its aliases is another model here. Nothing was
                sent.
            LimitError: A set-point that may not be sent. Nothing was sent.
            InstrumentError: Settings that an instrument refused or did not keep, each named. Nothing is on.
        """
        from wheatstone.experiments import Experiment, load

        experiment = run if isinstance(run, Experiment) else load(run)
        return self._native.restore(
            experiment._of_a_run(),
            outputs=bool(outputs),
            moment=moment,
            aliases=list(instruments or ()),
            within=number(within, "within"),
        )

    def close_all(self) -> None:
        """Turns off what was turned on through it, loads before supplies, then closes every instrument."""
        self._native.close_all()

    close = close_all

    def __enter__(self) -> Bench:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.close_all()
        except Error as failed:
            if error is None:
                raise
            error.add_note(f"closing bench {self.name!r} failed too: {failed}")

    def __repr__(self) -> str:
        return f"<Bench {self.name!r}: {', '.join(self._instruments)}>"


__all__ = ["Bench", "BenchConfig", "HealthReport"]

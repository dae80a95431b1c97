"""Named instruments of one laboratory bench, from a bench.yaml."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from wheatstone import _native
from wheatstone.checking import number, path_given
from wheatstone.errors import ConfigurationError, Error
from wheatstone.experiments import Experiment, MeasurementDatabase, load
from wheatstone.named import Named
from wheatstone.refusal import refusing


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


class BenchConfig(_OfFile):
    """What the file says."""

    @property
    def experiment(self) -> _native.BenchExperiment:
        """What the file says of the experiments made on it: title, description, operator, date, notes and
        database_path."""
        return self._native.experiment

    def __repr__(self) -> str:
        return f"<BenchConfig {self.bench_name!r}: {', '.join(self.instruments)}>"

    @property
    def bench_name(self) -> str:
        return self._native.name

    @property
    def instruments(self) -> dict[str, _native.BenchEntry]:
        """What the file says of each instrument, by alias."""
        return Named(f"bench {self._native.name!r}", {entry.alias: entry for entry in self._native.entries})


class BenchExperiment(Experiment):
    """What a bench file says of the experiments made on it, with the rows of the last run that a session made on the
    bench, or trials put together by hand. Unset texts are empty."""

    def __init__(self, said: _native.BenchExperiment) -> None:
        super().__init__(said.title, said.description, said.notes)
        self.title = said.title
        self.operator = said.operator
        self.date = said.date
        self.database_path = said.database_path
        self._said = said

    def _ran(self, stored: _native.Experiment) -> None:
        """A session has made a run on the bench."""
        run = Experiment._of(stored)
        self._stored, self.parameters = run._stored, run.parameters
        self._trials, self._units, self._data = [], {}, None

    @property
    def is_empty(self) -> bool:
        """Whether there are neither a run nor trials."""
        return self._stored is None and not self._trials

    def __repr__(self) -> str:
        return repr(self._said)


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
        self._experiment = BenchExperiment(native.experiment)
        self._db: MeasurementDatabase | None = None

    @classmethod
    @refusing
    def open(cls, filepath: str | os.PathLike[str] | None = None, *, simulate: bool | None = None) -> Bench:
        """Reads the file and connects every instrument, in the file's order. ``simulate`` overrides the file. Without a
        file it is the one that ``WHEATSTONE_BENCH`` names, as ``wheatstone run script.py --bench FILE`` sets it."""
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
    def experiment(self) -> BenchExperiment:
        """What the file says of the experiments made on it, with the rows of the last run made on the bench."""
        return self._experiment

    @property
    def db(self) -> MeasurementDatabase | None:
        """The store that the file's ``experiment.database_path`` names, by the names of the seed's system; None where
        it names none. Runs of sessions with this bench go there by themselves."""
        if self._db is None and self._experiment.database_path:
            self.initialize_database()
        return self._db

    @refusing
    def initialize_database(self, db_path: str | os.PathLike[str] | None = None) -> MeasurementDatabase:
        """Opens another store as ``db``, or the one that the file names."""
        if db_path is None:
            if not self._experiment.database_path:
                raise ConfigurationError(
                    f"{self.file} names no experiment.database_path; give the path of a database, or write it there"
                )
            beside = Path(os.path.abspath(self.file)).parent / self._experiment.database_path
            db_path = os.environ.get("WHEATSTONE_STORE") or beside  # as sessions have it
        self._db = MeasurementDatabase(db_path)
        return self._db

    @refusing
    def save_experiment(self, notes: str = "") -> str | None:
        """Keeps ``bench.experiment`` in ``db`` and returns its codename. A run of a session with this bench is there
        already: it gets the notes. Warns and returns None where the bench has no database."""
        db = self.db
        if db is None:
            warnings.warn(
                f"bench {self.name!r} has no database: its file names no experiment.database_path", stacklevel=3
            )
            return None
        if self._experiment.is_empty:
            raise ConfigurationError(
                f"bench {self.name!r} has no experiment to save yet; run a session with it, or add trials"
            )
        return db.store_experiment(None, self._experiment, notes=notes)

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


__all__ = ["Bench", "BenchConfig", "BenchExperiment", "HealthReport"]

"""A store by the names that scripts of the seed's system use: experiments and measurements under codenames."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
import uuid
import warnings
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from wheatstone import _native
from wheatstone.checking import check_text, count_of, path_given
from wheatstone.errors import CodenameError, ConfigurationError, StorageError
from wheatstone.experiments import measured
from wheatstone.experiments.experiment import Experiment
from wheatstone.experiments.keeping import keep_experiment, keep_measurement
from wheatstone.experiments.places import store_of_database
from wheatstone.refusal import refusing
from wheatstone.results import MeasurementResult

_Answer = TypeVar("_Answer")
_TAG = "codename="
_MEASUREMENT = "measurement"
_BY_HAND = ("table", _MEASUREMENT)


class MeasurementDatabase:
    """Experiments and measurements under codenames, in a store.

    It is a folder of runs: what sessions leave there is listed too, under the name of its folder, and all that it holds
    is read by :func:`wheatstone.load`, the command ``wheatstone runs`` and whatever reads Arrow. ``x.db`` names the
    folder ``x.wheatstone``. Numbers, uncertain numbers, arrays and frames come back as they were; nothing is pickled.
    Several threads and processes may use one store at once.
    """

    @refusing
    def __init__(self, db_path: str | os.PathLike[str]) -> None:
        self.db_path = store_of_database(_path_of(db_path))
        self._store = _native.Store(self.db_path)

    def close(self) -> None:
        """Does nothing: no file stays open between calls."""

    def __enter__(self) -> MeasurementDatabase:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Experiments

    @refusing
    def store_experiment(
        self, codename: str | None, experiment: Experiment, *, overwrite: bool = True, notes: str = ""
    ) -> str:
        """Keeps an experiment and returns its codename, made where it is None.

        One put together by hand becomes a run. One that a run left in this store stays where it is and is found by the
        codename too; one of another store is copied.

        Raises:
            CodenameError: The codename is taken and ``overwrite`` is false. It is a ValueError.
            DataError: A column that cannot be kept without loss.
        """
        if not isinstance(experiment, Experiment):
            raise ConfigurationError(
                f"store_experiment takes an Experiment, not {type(experiment).__name__}; store_measurement takes values"
            )
        check_text(notes, "notes")

        def keep() -> Path:
            by_hand = experiment._stored is None or bool(experiment._trials)
            folder = Path(keep_experiment(self.db_path, experiment, notes=notes if by_hand else "").folder)
            if notes and not by_hand:
                self._store.annotate(str(folder), notes)
            return folder

        if codename is None and experiment._stored is not None and not experiment._trials:
            return self._codename_of(self._store.summary(str(keep())))
        return self._under(codename, "EXP", keep, overwrite)

    @refusing
    def retrieve_experiment(self, codename: str) -> Experiment:
        """The experiment of that codename, or the run that it means: its id, the beginning of it, or its name.

        Raises:
            CodenameError: There is none. It is a ValueError and a KeyError.
        """
        return Experiment._of(_native.Experiment.open(self._folder_of(codename, measurements=False)))

    @refusing
    def list_experiments(self, limit: int | None = None) -> list[str]:
        """Codenames, the newest first."""
        return self._listed((run for run in self._runs() if run.kind != _MEASUREMENT), limit)

    @refusing
    def search_experiments(self, query: str, limit: int = 50) -> list[dict[str, Any]]:
        """Experiments that have all words of the query in their codename, name, description, notes, parameters,
        columns or instruments, the best first: dicts of codename, name, description, notes and created_at. Any text
        is taken, as by :meth:`wheatstone.Store.search`."""
        found = [run for run in self._found(query) if run.kind != _MEASUREMENT]
        return [self._described(run) for run in found[: count_of(limit, "results")]]

    # Measurements

    @refusing
    def store_measurement(
        self, codename: str | None, measurement: MeasurementResult | Any, *, overwrite: bool = True, notes: str = ""
    ) -> str:
        """Keeps a measurement result, or bare values, and returns its codename, made where it is None.

        Values are a number, text, an uncertain number (a Reading, a Quantity, an ufloat), an array, a list, or a
        DataFrame of Polars or pandas.

        Raises:
            CodenameError: The codename is taken and ``overwrite`` is false. It is a ValueError.
            DataError: Values that cannot be kept without loss, such as an array of arbitrary objects.
        """
        check_text(notes, "notes")
        result = measured.as_result(measurement)
        name = codename or _new_codename("MEAS")
        return self._under(
            name,
            "MEAS",
            lambda: Path(keep_measurement(self.db_path, name, result, notes=notes).folder),
            overwrite,
            measurement=True,
        )

    @refusing
    def retrieve_measurement(self, codename: str) -> MeasurementResult:
        """The measurement of that codename, its values as they were stored.

        Raises:
            CodenameError: There is none. It is a ValueError and a KeyError.
        """
        stored = _native.Experiment.open(self._folder_of(codename, measurements=True))
        return measured.result_of(stored, json.loads(stored.metadata)["measurement"])

    @refusing
    def list_measurements(self, instrument: str | None = None, limit: int | None = None) -> list[str]:
        """Codenames, the newest first; of one instrument, where one is named."""
        runs = (run for run in self._runs() if run.kind == _MEASUREMENT)
        if instrument is not None:
            runs = (run for run in runs if instrument in [each.alias for each in run.instruments])
        return self._listed(runs, limit)

    @refusing
    def search_measurements(self, query: str, limit: int = 50) -> list[dict[str, Any]]:
        """Measurements that have all words of the query, the best first: dicts of codename, instrument,
        measurement_type, units, timestamp and notes. Where no word begins so, those whose instrument or type has the
        query somewhere."""
        found = [run for run in self._found(query) if run.kind == _MEASUREMENT]
        if not found and query:
            wanted = query.casefold()
            runs = [run for run in self._runs() if run.kind == _MEASUREMENT]
            found = [
                run
                for run in runs
                if any(wanted in word.casefold() for word in (run.description, *(i.alias for i in run.instruments)))
            ]
        return [self._described(run) for run in found[: count_of(limit, "results")]]

    def _import_experiment(self, codename: str, experiment: Experiment, started_ns: int | None) -> None:
        """Keeps an experiment that was made elsewhere, at another time."""
        self._under(
            codename,
            "EXP",
            lambda: Path(keep_experiment(self.db_path, experiment, started_ns=started_ns).folder),
            overwrite=False,
        )

    # All of it

    @refusing
    def delete(self, codename: str) -> None:
        """Moves an experiment or measurement to the store's trash, which ``wheatstone runs`` empties or gives back.

        Raises:
            CodenameError: There is none.
        """
        self._store.trash(str(self._folder_of(codename, measurements=None)))

    delete_experiment = delete
    delete_measurement = delete

    def get_stats(self) -> dict[str, int]:
        """How many experiments, measurements and instruments of measurements there are."""
        runs = list(self._runs())
        measurements = [run for run in runs if run.kind == _MEASUREMENT]
        instruments = {instrument.alias for run in measurements for instrument in run.instruments}
        return {
            "experiments": len(runs) - len(measurements),
            "measurements": len(measurements),
            "instruments": len(instruments),
        }

    def vacuum(self) -> None:
        """Unites the small files of runs that have ended."""
        for run in self._runs():
            if run.state not in ("preparing", "running", "paused", "stopping"):
                self._store.compact(str(run.folder))

    def __contains__(self, codename: object) -> bool:
        return isinstance(codename, str) and bool(self._holders(codename))

    def __repr__(self) -> str:
        stats = self.get_stats()
        return f"MeasurementDatabase({self.db_path})\n" + "\n".join(
            f"  {name.capitalize()}: {count}" for name, count in stats.items()
        )

    # Codenames

    def _runs(self) -> Iterator[_native.RunSummary]:
        """Whole ones, the newest first."""
        return reversed([run for run in self._told(self._store.runs()) if self._is_whole(run)])

    def _told(self, answer: _Answer) -> _Answer:
        """The answer, once it was said what happened to the catalogue on the way."""
        for sentence in self._store.take_notices():
            warnings.warn(sentence, RuntimeWarning, stacklevel=5)
        return answer

    def _listed(self, runs: Iterable[_native.RunSummary], limit: int | None) -> list[str]:
        codenames = [self._codename_of(run) for run in runs]
        return codenames[: count_of(limit, "codenames")] if limit else codenames

    def _found(self, query: str) -> list[_native.RunSummary]:
        text = check_text(query, "query").encode(errors="replace").decode()
        return [hit.run for hit in self._told(self._store.search(text)) if self._is_whole(hit.run)]

    @staticmethod
    def _is_whole(run: _native.RunSummary) -> bool:
        """A table whose writer was killed has neither codename nor all of its rows."""
        return not run.trouble and (run.kind not in _BY_HAND or run.state == "finished")

    @staticmethod
    def _codename_of(run: _native.RunSummary) -> str:
        names = [tag.removeprefix(_TAG) for tag in run.tags if tag.startswith(_TAG)]
        return names[-1] if names else Path(run.folder).name

    def _holders(self, codename: str) -> list[_native.RunSummary]:
        """The runs of that codename, the newest last: of several, one was about to be replaced."""
        runs = self._told(self._store.runs(_native.RunFilter(tags=[_TAG + codename])))
        return [run for run in runs if self._is_whole(run)]

    def _folder_of(self, codename: str, measurements: bool | None) -> Path:
        check_text(codename, "codename")
        what = {True: "measurement", False: "experiment", None: "experiment or measurement"}[measurements]
        holders = [
            run for run in self._holders(codename) if measurements is None or (run.kind == _MEASUREMENT) == measurements
        ]
        if holders:
            return Path(holders[-1].folder)
        with contextlib.suppress(StorageError):
            folder = Path(self._store.find(codename))
            is_here = os.path.realpath(folder.parent) == os.path.realpath(self.db_path)
            if is_here and (measurements is None or self._is_measurement(folder) == measurements):
                return folder
        names = {
            True: "list_measurements() names",
            False: "list_experiments() names",
            None: "list_experiments() and list_measurements() name",
        }[measurements]
        raise CodenameError(f"there is no {what} {codename!r} in {self.db_path}; {names} those there are")

    def _is_measurement(self, folder: Path) -> bool:
        return self._store.summary(str(folder)).kind == _MEASUREMENT

    def _under(
        self, codename: str | None, prefix: str, keep: Callable[[], Path], overwrite: bool, *, measurement: bool = False
    ) -> str:
        """Keeps something under a codename. What had it before goes to the trash when the new is whole, so that a crash
        leaves the one or the other."""
        if codename is None:
            codename = _new_codename(prefix)
        _check_codename(codename)
        with self._codenames_held():
            before = [run for run in self._holders(codename) if (run.kind == _MEASUREMENT) == measurement]
            if before and not overwrite:
                what = "measurement" if measurement else "experiment"
                raise CodenameError(
                    f"{what} {codename!r} is in {self.db_path} already; give overwrite=True to replace it"
                )
            folder = keep()
            self._store.tag(str(folder), [_TAG + codename])
            for run in before:
                if Path(run.folder) == folder:
                    continue
                if run.kind in _BY_HAND:
                    self._store.trash(str(run.folder))
                else:
                    self._store.untag(str(run.folder), [_TAG + codename])
        return codename

    @contextlib.contextmanager
    def _codenames_held(self) -> Iterator[None]:
        """One at a time gives codenames, in all processes."""
        try:
            self.db_path.mkdir(parents=True, exist_ok=True)
            lock = os.open(self.db_path / "codenames.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        except OSError as error:
            raise StorageError(f"{self.db_path} cannot be written: {error.strerror}") from error
        try:
            with contextlib.suppress(OSError):  # a medium without locks: whoever is last has the codename
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    @staticmethod
    def _record(run: _native.RunSummary) -> dict[str, Any]:
        record: dict[str, Any] = json.loads((Path(run.folder) / "run.json").read_text(encoding="utf-8"))
        return record

    def _described(self, run: _native.RunSummary) -> dict[str, Any]:
        codename = self._codename_of(run)
        record = self._record(run)
        notes = "\n".join(note.text for note in run.notes)
        if run.kind != _MEASUREMENT:
            words = {"name": run.name, "description": run.description, "notes": notes, "created_at": run.started}
            return {"codename": codename, **words}
        about = record["measurement"]
        words = {name: about[name] for name in ("instrument", "measurement_type", "units")}
        return {"codename": codename, **words, "timestamp": run.started, "notes": notes}


def _path_of(db_path: Any) -> Path:
    given = path_given(db_path, "database")
    if not given:
        raise ConfigurationError('a database needs a path, such as "lab.db"')
    return Path(given)


def _new_codename(prefix: str) -> str:
    return f"{prefix}_{time.time_ns() // 1_000_000}_{uuid.uuid4().hex[:8]}"


def _check_codename(codename: str) -> None:
    check_text(codename, "codename")
    if not codename.strip() or len((_TAG + codename).encode()) > 200 or not codename.isprintable():
        raise ConfigurationError(
            f"{codename[:60]!r} is no codename: that is text without control characters, "
            f"of {200 - len(_TAG)} bytes at most"
        )


Database = MeasurementDatabase

__all__ = ["Database", "MeasurementDatabase"]

"""Databases of the seed's system, brought into a store.

``python -m wheatstone.importing FILE [STORE]``, which ``wheatstone runs import FILE`` calls. Frames and scalars become
runs under their codenames, with the time at which they were stored. What that system pickled is not imported: reading a
pickle runs whatever program it holds. The file is only read.
"""

from __future__ import annotations

import datetime
import io
import json
import lzma
import os
import sqlite3
import sys
import urllib.parse
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wheatstone.checking import path_given
from wheatstone.errors import ConfigurationError, DataError, Error, StorageError
from wheatstone.experiments import Experiment, MeasurementDatabase, MeasurementResult
from wheatstone.experiments.places import store_named
from wheatstone.refusal import refusing

if TYPE_CHECKING:
    import polars as pl

_SQLITE = b"SQLite format 3\x00"
_XZ = b"\xfd7zXZ\x00"
_LARGEST = 8 << 30  # bytes of a frame, unpacked: beyond, it is no frame but an attack on the memory


@dataclass
class ImportReport:
    """What became of a database's contents, by codename."""

    store: Path
    experiments: list[str] = field(default_factory=list)
    measurements: list[str] = field(default_factory=list)
    present: list[str] = field(default_factory=list)
    """In the store already, left as they are there."""
    refused: dict[str, str] = field(default_factory=dict)
    """What could not be imported, and why."""

    def __str__(self) -> str:
        experiments, measurements = len(self.experiments), len(self.measurements)
        lines = [f"{experiments} experiment{'s' * (experiments != 1)} and {measurements} measurement"]
        lines[0] += f"{'s' * (measurements != 1)} imported into {self.store}"
        if self.present:
            lines.append(f"{len(self.present)} were there already")
        return "\n".join(lines)


@refusing
def import_database(file: str | os.PathLike[str], store: str | os.PathLike[str] | None = None) -> ImportReport:
    """Brings what a database file of the seed's system holds into a store: beside the file where none is given,
    ``x.db`` into ``x.wheatstone``. Codenames that the store has already are left alone, so that it may be repeated.

    Raises:
        ConfigurationError: The file is no such database.
        StorageError: It cannot be read, or the store cannot be written.
    """
    source = Path(path_given(file, "database file"))
    target = Path(path_given(store, "folder of runs")) if store else store_named(source)
    _check_is_database(source)
    try:
        with closing(_opened(source)) as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if not {"experiments", "measurements"} & tables:
                raise ConfigurationError(
                    f"{source} is an SQLite database, but has no tables 'experiments' and 'measurements'; "
                    "only databases of PyTestLab are imported"
                )
            return _Import(connection, tables, MeasurementDatabase(_as_store(target))).run()
    except sqlite3.Error as error:
        raise StorageError(f"{source} cannot be read: {error}") from error


def _as_store(target: Path) -> Path:
    """A folder that MeasurementDatabase takes as it is, whatever its name."""
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"the store {target} cannot be made: {error.strerror}") from error
    return target


def _check_is_database(source: Path) -> None:
    try:
        with source.open("rb") as opened:
            begin = opened.read(len(_SQLITE))
    except OSError as error:
        raise StorageError(f"{source} cannot be read: {error.strerror}") from error
    if begin != _SQLITE:
        raise ConfigurationError(f"{source} is no SQLite database; only database files of PyTestLab are imported")


def _opened(source: Path) -> sqlite3.Connection:
    """For reading only. Where nobody writes to it, nothing is made beside it either, so that read-only media do."""
    log = source.with_name(source.name + "-wal")
    is_idle = not log.exists() or log.stat().st_size == 0
    mode = "immutable=1" if is_idle else "mode=ro"
    return sqlite3.connect(f"file:{urllib.parse.quote(str(source.absolute()))}?{mode}", uri=True)


class _Import:
    def __init__(self, connection: sqlite3.Connection, tables: set[str], target: MeasurementDatabase) -> None:
        self._connection = connection
        self._tables = tables
        self._target = target
        self.report = ImportReport(target.db_path)

    def run(self) -> ImportReport:
        if "experiments" in self._tables:
            for row in self._rows("experiments", "codename, name, description, notes, data, created_at"):
                with self._noting(str(row["codename"])):
                    self._experiment(row)
        if "measurements" in self._tables:
            wanted = "codename, instrument_id, timestamp, value_data, units, measurement_type, notes"
            for row in self._rows("measurements", wanted):
                with self._noting(str(row["codename"])):
                    self._measurement(row)
        return self.report

    def _rows(self, table: str, columns: str) -> Iterator[dict[str, Any]]:
        """One at a time: a database may be larger than the memory."""
        names = [name.strip() for name in columns.split(",")]
        for row in self._connection.execute(f"SELECT {columns} FROM {table} ORDER BY rowid"):
            yield dict(zip(names, row, strict=True))

    @contextmanager
    def _noting(self, codename: str) -> Iterator[None]:
        try:
            yield
        except (DataError, ConfigurationError) as error:
            self.report.refused[codename] = str(error)

    def _experiment(self, row: dict[str, Any]) -> None:
        codename = str(row["codename"])
        if self._is_present(codename):
            return
        experiment = Experiment(row["name"] or codename, row["description"] or "", row["notes"] or "")
        wanted = "SELECT param_name, param_unit, param_notes FROM experiment_parameters WHERE codename = ?"
        if "experiment_parameters" in self._tables:
            for name, unit, notes in self._connection.execute(wanted, (codename,)):
                experiment.add_parameter(name, "" if unit in (None, "-") else unit, notes or "")
        experiment.data = _frame_in(row["data"])
        self._target._import_experiment(codename, experiment, _instant(row["created_at"]))
        self.report.experiments.append(codename)

    def _measurement(self, row: dict[str, Any]) -> None:
        codename = str(row["codename"])
        if self._is_present(codename):
            return
        values = row["value_data"]
        result = MeasurementResult(
            _frame_in(values) if isinstance(values, bytes) else values,
            self._instrument(row["instrument_id"]),
            row["units"] or "",
            row["measurement_type"] or "",
            timestamp=(_instant(row["timestamp"]) or 0) / 1e9,
            envelope=self._envelope(codename),
        )
        self._target.store_measurement(codename, result, overwrite=False, notes=row["notes"] or "")
        self.report.measurements.append(codename)

    def _is_present(self, codename: str) -> bool:
        if codename not in self._target:
            return False
        self.report.present.append(codename)
        return True

    def _instrument(self, number: Any) -> str:
        if "instruments" not in self._tables:
            return ""
        found = self._connection.execute("SELECT name FROM instruments WHERE instrument_id = ?", (number,)).fetchone()
        return str(found[0]) if found else ""

    def _envelope(self, codename: str) -> dict[str, Any]:
        if "measurement_envelopes" not in self._tables:
            return {}
        wanted = "SELECT envelope_json FROM measurement_envelopes WHERE codename = ?"
        found = self._connection.execute(wanted, (codename,)).fetchone()
        try:
            envelope = json.loads(found[0]) if found else {}
        except (TypeError, ValueError):
            raise DataError("its envelope is no JSON") from None
        return envelope if isinstance(envelope, dict) else {"envelope": envelope}


def _instant(text: Any) -> int | None:
    """Nanoseconds since 1970: that system writes local time with a T, SQLite's own default UTC with a space."""
    if not isinstance(text, str):
        return None
    try:
        instant = datetime.datetime.fromisoformat(text)
    except ValueError:
        raise DataError(f"its time {text!r} is none") from None
    if instant.tzinfo is None and "T" not in text:
        instant = instant.replace(tzinfo=datetime.UTC)
    since = instant.astimezone(datetime.UTC) - datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000_000 + since.microseconds * 1_000


def _frame_in(blob: Any) -> pl.DataFrame:
    """The frame in a blob: an Arrow file, packed by LZMA. Nothing is ever unpickled."""
    import polars as pl

    if not isinstance(blob, bytes):
        raise DataError(f"its data is {type(blob).__name__}, no DataFrame")
    packed = blob.startswith(_XZ)
    arrow = _unpacked(blob) if packed else blob
    if not arrow.startswith(b"ARROW1"):
        if not _is_pickled(arrow):
            raise DataError(
                "its data is neither a DataFrame nor anything else that such a database holds; it is damaged"
            )
        raise DataError(
            "it is pickled, and reading a pickle runs whatever program it holds; load it with the program that wrote "
            "it, store its values as a DataFrame there, and import again"
        )
    try:
        return pl.read_ipc(io.BytesIO(arrow))
    except Exception as error:  # whatever the reader of damaged Arrow raises
        raise DataError(f"its DataFrame is damaged: {error}") from error


def _is_pickled(blob: bytes) -> bool:
    """Whether it begins as a pickle does, alone or, as that system's arrays do, behind its length in four bytes."""
    return any(start[:1] == b"\x80" and start[1:2] <= b"\x05" for start in (blob, blob[4:]))


def _unpacked(blob: bytes) -> bytes:
    try:
        unpacker = lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=1 << 30)
        contents = unpacker.decompress(blob, max_length=_LARGEST)
    except lzma.LZMAError as error:
        raise DataError(f"its data is damaged: {error}") from error
    if not unpacker.eof:
        raise DataError("its data is cut off, or larger than 8 GiB")
    return contents


def main(words: list[str]) -> int:
    if not 1 <= len(words) <= 2:
        print("usage: python -m wheatstone.importing FILE [STORE]", file=sys.stderr)
        return 2
    try:
        report = import_database(words[0], words[1] if len(words) == 2 else None)
    except Error as error:
        print(f"wheatstone: {error}", file=sys.stderr)
        return 1
    print(report)
    for codename, reason in report.refused.items():
        print(f"wheatstone: {codename} was not imported: {reason}", file=sys.stderr)
    return 1 if report.refused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))


__all__ = ["ImportReport", "import_database"]

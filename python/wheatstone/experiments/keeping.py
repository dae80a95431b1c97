"""Experiments and measurements that no session made, written into a store as runs like any other."""

from __future__ import annotations

import json
import os
import shutil
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from wheatstone import _native
from wheatstone.errors import ConfigurationError, StorageError
from wheatstone.experiments import measured, tables
from wheatstone.experiments.tables import KeptColumn

if TYPE_CHECKING:
    import polars as pl

    from wheatstone.experiments.experiment import Experiment
    from wheatstone.results import MeasurementResult

_ENDED = ("finished", "stopped", "failed", "aborted", "killed")


def keep_experiment(
    store: Path,
    experiment: Experiment,
    *,
    notes: str = "",
    started_ns: int | None = None,
) -> _native.Experiment:
    """Writes an experiment's table into a store. One that a run left, as it is, is copied with all that the run kept;
    in its own store it stays where it is."""
    stored = experiment._stored
    if stored is not None and not experiment._trials:
        return stored if _same_folder(Path(stored.folder).parent, store) else _copied(stored, store)
    frame = experiment.data
    details = {
        "plan": {"kind": "table"},
        "parameters": [
            {"name": each.name, "unit": each.units, "notes": each.notes} for each in experiment.parameters.values()
        ],
        "kept": {"schema": tables.schema_of(frame)},
    }
    writer = _native.TableWriter(
        store,
        experiment.name,
        experiment.description,
        _joined(experiment.notes, notes),
        started_ns,
        json.dumps(details),
    )
    tables.write(writer, [_with_words(column, experiment, frame) for column in tables.columns_of(frame)])
    return writer.finish()


def keep_measurement(
    store: Path,
    name: str,
    result: MeasurementResult,
    *,
    notes: str = "",
    started_ns: int | None = None,
) -> _native.Experiment:
    """Writes a measurement into a store as a run of one table."""
    about = measured.described(result)
    form, columns, of_form = measured.parts_of(result.values, about["units"])
    details = {
        "plan": {"kind": "measurement"},
        "instruments": [{"alias": about["instrument"]}] if about["instrument"] else [],
        "measurement": {**about, "form": form, **of_form},
    }
    if started_ns is None and 0 <= about["timestamp"] < 9e9:  # what nanoseconds in int64 reach
        started_ns = int(about["timestamp"] * 1e9)
    writer = _native.TableWriter(store, name, about["measurement_type"], notes, started_ns, json.dumps(details))
    tables.write(writer, columns)
    return writer.finish()


def _joined(*notes: str) -> str:
    return "\n".join(dict.fromkeys(note for note in notes if note))


def _with_words(column: KeptColumn, experiment: Experiment, frame: pl.DataFrame) -> KeptColumn:
    """A column with its unit, its role and what its parameter says."""
    parameter = experiment.parameters.get(column.name)
    if parameter is not None:
        return column._replace(unit=parameter.units or column.unit, role="parameter", notes=parameter.notes)
    unit = experiment.units.get(column.name, column.unit)
    if column.name == "timestamp" and column.is_time:
        return column._replace(unit=unit, role="timestamp")
    of = column.name.removesuffix("_uncertainty")
    is_uncertainty = of != column.name and of in frame.columns and column.type == "float64"
    return column._replace(unit=unit, role="uncertainty" if is_uncertainty else "result")


def _same_folder(one: Path, other: Path) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)


def _copied(stored: _native.Experiment, store: Path) -> _native.Experiment:
    """A run's folder in another store; its description comes last, so that nobody meets half of it."""
    folder = Path(stored.folder)
    if stored.state not in _ENDED:
        raise ConfigurationError(f"the run {folder} is {stored.state}; copy it when it has ended")
    target = store / folder.name
    if target.exists():
        return _native.Experiment.open(target)
    draft = store / f"copy-{uuid.uuid4().hex}.tmp"
    try:
        draft.mkdir(parents=True)
        for file in sorted(folder.iterdir(), key=lambda path: path.name == "run.json"):
            shutil.copy2(file, draft / file.name)
        draft.rename(target)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        raise StorageError(f"the run {folder} cannot be copied to {store}: {error.strerror or error}") from error
    return _native.Experiment.open(target)


__all__ = ["keep_experiment", "keep_measurement"]

"""The experiment: a run's table, timing, metadata and folder; or a table put together by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wheatstone.errors import ConfigurationError, DataError
from wheatstone.experiments import tables
from wheatstone.experiments.baselines import frame_of_baselines, units_of_baselines

if TYPE_CHECKING:
    import os

    import pandas as pd
    import polars as pl
    import xarray

    from wheatstone import _native
    from wheatstone.experiments.grid import Grid

# Set by wheatstone.compat: `timestamp` as seconds since 1970, as scripts of the seed's system expect it.
timestamps_as_seconds = False


@dataclass(frozen=True)
class ExperimentParameter:
    """A varied quantity."""

    name: str
    units: str = ""
    notes: str = ""


class Experiment:
    """What a run leaves: ``data`` (a Polars DataFrame), ``timing``, ``units``, metadata and folder.

    Made by :meth:`MeasurementSession.run` and :func:`wheatstone.load`. One made by hand collects trials with
    :meth:`add_trial`. It hands its table to Polars, pandas, DuckDB and PyArrow through the Arrow PyCapsule interface.
    """

    def __init__(self, name: str = "", description: str = "", notes: str = "") -> None:
        self.name = name
        self.description = description
        self.notes = notes
        self.parameters: dict[str, ExperimentParameter] = {}
        self._stored: _native.Experiment | None = None
        self._trials: list[pl.DataFrame] = []
        self._units: dict[str, str] = {}  # of the columns that trials brought
        self._data: pl.DataFrame | None = None

    @classmethod
    def _of(cls, stored: _native.Experiment) -> Experiment:
        self = cls(stored.name, stored.description, stored.notes)
        self._stored = stored
        for column in stored.columns:
            if column.role == "parameter":
                self.parameters[column.name] = ExperimentParameter(column.name, column.unit, column.notes)
        return self

    # Its table

    @property
    def data(self) -> pl.DataFrame:
        """The rows: parameters, ``timestamp``, then results with their uncertainties. Shared with the stored run where
        Arrow allows."""
        if self._data is None:
            import polars as pl

            frames = []
            if self._stored is not None:
                frame = tables.frame_of(self._stored, tables.schema_in(self._kept_as()))
                if timestamps_as_seconds and isinstance(frame.schema.get("timestamp"), pl.Datetime):
                    frame = frame.with_columns(pl.col("timestamp").dt.epoch("ns") / 1e9)
                frames.append(frame)
            frames += self._trials
            self._data = pl.concat(frames, how="diagonal_relaxed") if frames else pl.DataFrame()
        return self._data

    @data.setter
    def data(self, frame: pl.DataFrame) -> None:
        if self._stored is not None:
            raise ConfigurationError(f"the rows of {self.name!r} are those that a run left; add_trial() adds others")
        self._trials, self._data = [frame], None

    @property
    def timing(self) -> pl.DataFrame:
        """When each row was due and taken: index, slot, scheduled, started, finished, lateness, missed; nanoseconds. Of
        each acquisition, where there are several, ``<acquisition>.finished``; where not all are due in every row, its
        missed slots too, ``<acquisition>.missed``, and ``slot`` is that of the first that is due."""
        import polars as pl

        return pl.DataFrame(self._of_a_run().timing())

    @property
    def baseline(self) -> pl.DataFrame:
        """What baselines measured: when ("start" or "end"), timestamp, name, then results with their uncertainties; of
        results that are no scalars, their kind as text. Their units are in ``units``."""
        return frame_of_baselines(self._of_a_run().baselines, timestamps_as_seconds)

    @property
    def columns(self) -> list[str]:
        """Names of the table's columns."""
        return [column.name for column in self._stored.columns] if self._stored is not None else self.data.columns

    @property
    def units(self) -> dict[str, str]:
        """Unit of each column that has one, of the table and of the baseline."""
        if self._stored is not None:
            of_table = {column.name: column.unit for column in self._stored.columns}
            of_baseline = units_of_baselines(self._stored.baselines)
            return {name: unit for name, unit in {**of_baseline, **of_table}.items() if unit}
        of_parameters = {name: parameter.units for name, parameter in self.parameters.items() if parameter.units}
        return {**self._units, **of_parameters}

    def __len__(self) -> int:
        if self._stored is not None and not self._trials:
            return len(self._stored)
        return len(self.data)

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return self.data.iter_rows(named=True)

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        if self._stored is not None and not self._trials:
            return self._stored.__arrow_c_stream__(requested_schema)
        return self.data.__arrow_c_stream__(requested_schema)

    # Where it is kept

    def _kept_as(self) -> dict[str, Any]:
        """What run.json says of a table that no session measured; nothing of a run, however long that file is."""
        text = self._of_a_run().metadata
        kept: dict[str, Any] = json.loads(text) if '"kept"' in text else {}
        return kept

    def _of_a_run(self) -> _native.Experiment:
        if self._stored is None:
            raise ConfigurationError(
                f"experiment {self.name!r} was put together by hand; only one that a run left has this"
            )
        return self._stored

    @property
    def id(self) -> str:
        """The run's identifier, a UUID."""
        return self._of_a_run().id

    @property
    def folder(self) -> Path:
        """The run's folder."""
        return Path(self._of_a_run().folder)

    @property
    def state(self) -> str:
        """How it ended: "finished", "stopped", "failed", "aborted", "killed", or "running"."""
        return self._of_a_run().state

    @property
    def metadata(self) -> dict[str, Any]:
        """run.json: plan, instruments, bench, script, host, versions, outcome."""
        found: dict[str, Any] = json.loads(self._of_a_run().metadata)
        return found

    @property
    def events(self) -> list[dict[str, Any]]:
        """What happened during the run: anchors of the clock, pauses, errors."""
        return [json.loads(line) for line in self._of_a_run().events]

    # By hand

    def add_parameter(self, name: str, units: str = "", notes: str = "") -> None:
        """Declares a varied quantity, for :meth:`add_trial`."""
        self.parameters[name] = ExperimentParameter(name, units, notes)

    def add_trial(self, measurement_result: Any, **parameter_values: Any) -> None:
        """Appends rows: a DataFrame, a mapping, a list of values or mappings, or a measurement result; the values of
        declared parameters go into columns of their own."""
        import polars as pl

        for name in parameter_values:
            if name not in self.parameters:
                raise ConfigurationError(
                    f"parameter {name!r} was not declared; call add_parameter({name!r}, units) first"
                )
        rows, units = _frame_of(measurement_result)
        count = len(rows)
        rows = rows.with_columns([pl.Series(name, [value] * count) for name, value in parameter_values.items()])
        if self._trials and set(self._trials[-1].columns) != set(rows.columns):
            raise DataError(f"this trial has the columns {rows.columns}, the ones before {self._trials[-1].columns}")
        self._trials.append(rows)
        self._units.update(units)
        self._data = None

    def list_trials(self) -> None:
        """Prints the rows."""
        print(self.data)

    # For other programs

    def export(
        self,
        path: str | os.PathLike[str],
        format: str | None = None,
        *,
        columns: Sequence[str] | None = None,
        metadata: bool | None = None,
        force: bool = False,
    ) -> None:
        """Writes table and metadata as Arrow, CSV, JSON lines, NetCDF-4, Parquet or XLSX, as the file's name ends or
        ``format`` says; see :func:`wheatstone.export.export`."""
        from wheatstone import export

        export.export(self, path, format, columns=columns, metadata=metadata, force=force)

    def save_parquet(self, path: str | os.PathLike[str]) -> None:
        """Writes the table as a Parquet file, in the place of one of that name."""
        self.export(path, "parquet", force=True)

    def to_xarray(self, columns: Sequence[str] | None = None) -> xarray.Dataset:
        """The table as an xarray Dataset: a dimension for each parameter where the points form a grid, in whichever
        order they came, NaN where some are missing, and ``repeat`` where they were taken more than once; else one
        dimension, ``timestamp`` for a timed run, ``point`` for any other. Units, notes and the run's metadata are
        attributes. Needs xarray."""
        from wheatstone.experiments.dataset import dataset_of

        return dataset_of(self, columns)

    def to_pandas(self, *, index: bool = False) -> pd.DataFrame:
        """The table as a pandas DataFrame, with the units in ``attrs["units"]``. Rows are numbered; ``index=True``
        makes the parameters the index. Needs pandas."""
        from wheatstone.experiments.pandas_frame import pandas_frame_of

        return pandas_frame_of(self, index)

    def grid(self, name: str) -> Grid:
        """One result as an array over the parameters, with its axes. Raises DataError where the points form no grid,
        with the reason."""
        from wheatstone.experiments.grid import grid_of

        return grid_of(self, name)

    # What people see

    def plot(self, spec: Any = None, **options: Any) -> Any:
        """Draws results over the last parameter, or over time where there is none, with units on the axes. Needs
        Matplotlib; returns its axes. ``x=`` and ``y=`` choose columns; see :class:`wheatstone.plotting.PlotSpec`."""
        from wheatstone import plotting

        return plotting.plot_experiment(self, spec, **options)

    def _headline(self) -> str:
        state = f", {self.state}" if self._stored is not None else ""
        return f"{self.name or 'Experiment'}: {len(self)} rows{state}"

    def __str__(self) -> str:
        lines = [self._headline()]
        if self.description:
            lines.append(self.description)
        for parameter in self.parameters.values():
            unit = f" ({parameter.units})" if parameter.units else ""
            lines.append(f"  {parameter.name}{unit}{': ' + parameter.notes if parameter.notes else ''}")
        if self._stored is not None:
            lines.append(f"  kept in {self.folder}")
        return "\n".join([*lines, str(self.data.head(5))])

    def __repr__(self) -> str:
        return f"<Experiment {self._headline()}>"

    def _repr_html_(self) -> str:
        import html

        place = f"<p><code>{html.escape(str(self.folder))}</code></p>" if self._stored is not None else ""
        return f"<h4>{html.escape(self._headline())}</h4>{place}{self.data.head(10)._repr_html_()}"


def _frame_of(result: Any) -> tuple[pl.DataFrame, dict[str, str]]:
    """A trial's rows, and the units that its values know."""
    import polars as pl

    if isinstance(result, Mapping):
        return _frame_of_columns(result)
    unit = str(getattr(result, "units", ""))
    values = getattr(result, "values", result) if not isinstance(result, pl.DataFrame) else result
    if isinstance(values, pl.DataFrame):
        return values, {}
    if isinstance(values, list) and values and all(isinstance(row, Mapping) for row in values):
        names = dict.fromkeys(name for row in values for name in row)
        return _frame_of_columns({name: [row.get(name) for row in values] for name in names})
    if hasattr(values, "__arrow_c_stream__"):
        return pl.DataFrame(values), {}
    frame, units = _frame_of_columns({"value": values})
    return frame, {**({name: unit for name in frame.columns} if unit else {}), **units}


def _frame_of_columns(columns: Mapping[str, Any]) -> tuple[pl.DataFrame, dict[str, str]]:
    """Numbers that know their uncertainty become two columns."""
    import polars as pl

    frame: dict[str, Any] = {}
    units: dict[str, str] = {}
    for name, values in columns.items():
        is_one = tables.is_uncertain(values) or not hasattr(values, "__len__") or isinstance(values, (str, bytes))
        cells = [values] if is_one else values
        if isinstance(cells, (list, tuple)) and any(tables.is_uncertain(cell) for cell in cells):
            cells, unit = tables.taken_apart(name, cells)
            frame.update(cells)
            units.update({part: unit for part in cells} if unit else {})
        else:
            frame[name] = cells
    return pl.DataFrame(frame), units


__all__ = ["Experiment", "ExperimentParameter"]

"""An experiment as a pandas DataFrame, without PyArrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wheatstone.experiments.cells import scalars
from wheatstone.experiments.described import Described, described_columns

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from wheatstone.experiments.experiment import Experiment


def pandas_frame_of(experiment: Experiment, index: bool) -> pd.DataFrame:
    """The rows; missing whole numbers and booleans in pandas's types that have a value for that."""
    try:
        import pandas as pd
    except ImportError as error:
        raise ImportError("pandas is not installed, which this needs: pip install pandas") from error
    described = described_columns(experiment)
    frame = pd.DataFrame(
        {column.name: _cells(experiment, column, experiment.data[column.name]) for column in described}
    )
    frame.attrs = {"name": experiment.name, "units": experiment.units}
    if experiment._stored is not None:
        frame.attrs["id"] = experiment.id
    parameters = [column.name for column in described if column.role == "parameter"]
    return frame.set_index(parameters) if index and parameters else frame


def _cells(experiment: Experiment, column: Described, series: pl.Series) -> Any:
    import pandas as pd

    if column.kind == "time" and getattr(series.dtype, "time_zone", None):
        return pd.Series(pd.DatetimeIndex(series.to_numpy(), tz="UTC"))
    if column.kind == "int64" and series.null_count():
        return pd.array([None if cell is None else cell for cell in series.to_list()], dtype="Int64")
    if column.kind == "bool" and series.null_count():
        return pd.array(series.to_list(), dtype="boolean")
    if column.kind == "array":
        return pd.Series(_arrays(experiment, column.name, series), dtype=object)
    if column.kind in ("waveform", "frame"):
        return pd.Series(series.to_list(), dtype=object)
    values = scalars(column.kind, series)
    return pd.Series(values, dtype="str" if column.kind == "text" else None)


def _arrays(experiment: Experiment, name: str, series: pl.Series) -> list[Any]:
    """Cells as NumPy arrays of the type that they were kept in."""
    import numpy as np

    if experiment._stored is not None and not experiment._trials:
        return [experiment._stored.at(row, name) for row in range(len(series))]
    return [None if cell is None else np.asarray(cell) for cell in series.to_list()]


__all__ = ["pandas_frame_of"]

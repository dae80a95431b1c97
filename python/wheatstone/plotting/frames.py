"""Plots of tables, arrays and measurement results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wheatstone.errors import DataError
from wheatstone.plotting.axes import add_legend, finish, label, new_axes
from wheatstone.plotting.curves import draw_curve
from wheatstone.plotting.spec import PlotSpec, spec_from

if TYPE_CHECKING:
    from wheatstone.experiments import MeasurementResult

_KINDS = ("auto", "line", "scatter")


def chosen(frame: Any, name: str) -> str:
    """The name, if there is such a column."""
    columns = list(frame.columns)
    if name not in columns:
        raise DataError(f"there is no column {name!r} to plot; there are {', '.join(map(repr, columns))}")
    return name


def plot_dataframe(frame: Any, spec: PlotSpec | None = None, *, ax: Any = None, **options: Any) -> Any:
    """Draws columns of a DataFrame over the first one, or over "Time (s)"."""
    spec = spec_from(spec, options, _KINDS)
    if len(frame) == 0:
        raise DataError("the DataFrame has no rows to plot")
    columns = list(frame.columns)
    x = chosen(frame, spec.x) if spec.x is not None else "Time (s)" if "Time (s)" in columns else columns[0]
    given = spec.results
    results = [chosen(frame, name) for name in given] if given is not None else [name for name in columns if name != x]
    ax = ax if ax is not None else new_axes()
    for name in results:
        draw_curve(ax, spec, frame[x].to_numpy(), frame[name].to_numpy(), name)
    finish(ax, spec, x, results[0] if len(results) == 1 else "", "")
    add_legend(ax, spec)
    return ax


def plot_ndarray(
    array: Any,
    spec: PlotSpec | None = None,
    *,
    sampling_rate: float | None = None,
    units: str = "",
    ax: Any = None,
    **options: Any,
) -> Any:
    """Draws a one-dimensional array over its index, or over time where the sampling rate is known."""
    import numpy as np

    spec = spec_from(spec, options, _KINDS)
    values = np.atleast_1d(np.asarray(array, dtype=float))
    if values.ndim != 1 or values.size == 0:
        raise DataError(f"an array of shape {values.shape} is no line; give one dimension and at least one value")
    x = np.arange(values.size) / (sampling_rate or 1.0)
    ax = ax if ax is not None else new_axes()
    draw_curve(ax, spec, x, values, "")
    finish(ax, spec, "time (s)" if sampling_rate else "index", label("value", units), "")
    return ax


def plot_result(result: MeasurementResult, spec: PlotSpec | None = None, **options: Any) -> Any:
    """Draws a measurement result."""
    if hasattr(result.values, "columns"):
        return plot_dataframe(result.values, spec, **options)
    return plot_ndarray(result.nominal, spec, sampling_rate=result.sampling_rate, units=result.units, **options)


__all__ = ["chosen", "plot_dataframe", "plot_ndarray", "plot_result"]

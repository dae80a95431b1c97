"""Plots with Matplotlib, which is imported on first use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from wheatstone.errors import ConfigurationError, DataError

if TYPE_CHECKING:
    import polars as pl

    from wheatstone.experiments import Experiment, MeasurementResult


@dataclass(frozen=True)
class PlotSpec:
    """What to draw. What is not given is chosen from the data."""

    kind: str = "line"
    title: str | None = None
    x: str | None = None
    y: str | Sequence[str] | None = None
    xlabel: str | None = None
    ylabel: str | None = None
    legend: bool = True
    grid: bool = True


def _spec(spec: PlotSpec | None, options: dict[str, Any]) -> PlotSpec:
    unknown = set(options) - set(PlotSpec.__dataclass_fields__)
    if unknown:
        known = ", ".join(PlotSpec.__dataclass_fields__)
        raise ConfigurationError(f"a plot takes no {sorted(unknown)[0]!r}; it takes {known} and ax")
    if spec is not None and not isinstance(spec, PlotSpec):
        raise ConfigurationError(f"a plot takes a PlotSpec, not {spec!r}; to choose a column, give y={spec!r}")
    made = replace(spec or PlotSpec(), **options)
    if made.kind not in ("line", "scatter"):
        raise ConfigurationError(f"a plot of kind {made.kind!r} is not known; give 'line' or 'scatter'")
    return made


def _axes(ax: Any) -> Any:
    if ax is not None:
        return ax
    try:
        import matplotlib.pyplot as plt
    except ImportError as error:
        raise ImportError("plots need Matplotlib, which is not installed: pip install matplotlib") from error
    return plt.subplots()[1]


def _label(name: str, unit: str | None) -> str:
    return f"{name} ({unit})" if unit else name


def _draw(ax: Any, spec: PlotSpec, x: Any, y: Any, label: str) -> None:
    if spec.kind == "scatter":
        ax.scatter(x, y, label=label, s=16)
    else:
        ax.plot(x, y, label=label, marker="o" if len(x) <= 50 else "", markersize=4)


def _finish(ax: Any, spec: PlotSpec, xlabel: str, ylabel: str, title: str, lines: int) -> Any:
    ax.set_xlabel(spec.xlabel if spec.xlabel is not None else xlabel)
    ax.set_ylabel(spec.ylabel if spec.ylabel is not None else ylabel)
    ax.set_title(spec.title if spec.title is not None else title)
    ax.grid(spec.grid, alpha=0.3)
    if spec.legend and lines > 1:
        ax.legend()
    return ax


def _numeric(frame: pl.DataFrame, names: Sequence[str]) -> list[str]:
    return [name for name in names if frame.schema[name].is_numeric()]


def _chosen(frame: pl.DataFrame, name: str) -> str:
    if name not in frame.columns:
        raise DataError(f"there is no column {name!r} to plot; there are {', '.join(map(repr, frame.columns))}")
    return name


def _seconds(frame: pl.DataFrame) -> Any:
    """Time since the first row, in seconds."""
    column = frame["timestamp"]
    if column.dtype.is_temporal():
        return (column - column[0]).dt.total_nanoseconds() * 1e-9
    return column - column[0]


def _results(experiment: Experiment, frame: pl.DataFrame, spec: PlotSpec, x: str) -> list[str]:
    if spec.y is not None:
        chosen = [_chosen(frame, name) for name in ([spec.y] if isinstance(spec.y, str) else spec.y)]
        for name in chosen:
            if frame.schema[name].is_nested() and not hasattr(frame.schema[name], "shape"):
                raise DataError(
                    f"column {name!r} has a whole record in each cell and is no line; draw one cell of it, "
                    f"such as data[{name!r}][0], with plot_dataframe or plot_ndarray"
                )
        return chosen
    others = [
        name
        for name in frame.columns
        if name not in experiment.parameters and name not in ("timestamp", x) and not name.endswith("_uncertainty")
    ]
    return _numeric(frame, others)


def plot_experiment(experiment: Experiment, spec: PlotSpec | None = None, *, ax: Any = None, **options: Any) -> Any:
    """Draws an experiment's results over its last parameter, one line for each value of the others, or over time."""
    spec = _spec(spec, options)
    frame, units = experiment.data, experiment.units
    if frame.is_empty():
        raise DataError(f"experiment {experiment.name!r} has no rows to plot")
    parameters = _numeric(frame, [name for name in experiment.parameters if name in frame.columns])
    x = _chosen(frame, spec.x) if spec.x is not None else parameters[-1] if parameters else "timestamp"
    results = _results(experiment, frame, spec, x)
    if not results:
        raise DataError(f"experiment {experiment.name!r} has no column of numbers to plot; choose one with y=")
    ax = _axes(ax)
    outer = [name for name in experiment.parameters if name != x and name in frame.columns] if x in parameters else []
    groups = frame.partition_by(outer, as_dict=True, maintain_order=True) if outer else {(): frame}
    for key, group in groups.items():
        values = _seconds(group) if x == "timestamp" else group[x]
        which = ", ".join(
            f"{name} = {value:g}" if isinstance(value, float) else f"{name} = {value}"
            for name, value in zip(outer, key, strict=True)
        )
        for name in results:
            label = ", ".join(part for part in (name if len(results) > 1 or not which else "", which) if part)
            _draw(ax, spec, values.to_numpy(), group[name].to_numpy(), label)
    xlabel = "time (s)" if x == "timestamp" else _label(x, units.get(x))
    shared = {units.get(name) for name in results}
    ylabel = (
        _label(results[0], units.get(results[0]))
        if len(results) == 1
        else next(iter(shared)) or ""
        if len(shared) == 1
        else ""
    )
    return _finish(ax, spec, xlabel, ylabel, experiment.name, len(groups) * len(results))


def plot_dataframe(frame: Any, spec: PlotSpec | None = None, *, ax: Any = None, **options: Any) -> Any:
    """Draws columns of a DataFrame over the first one, or over "Time (s)"."""
    spec = _spec(spec, options)
    if len(frame) == 0:
        raise DataError("the DataFrame has no rows to plot")
    columns = list(frame.columns)
    x = _chosen(frame, spec.x) if spec.x is not None else "Time (s)" if "Time (s)" in columns else columns[0]
    given = [spec.y] if isinstance(spec.y, str) else spec.y
    results = [_chosen(frame, name) for name in given] if given is not None else [name for name in columns if name != x]
    ax = _axes(ax)
    for name in results:
        _draw(ax, spec, frame[x].to_numpy(), frame[name].to_numpy(), name)
    return _finish(ax, spec, x, results[0] if len(results) == 1 else "", "", len(results))


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

    spec = _spec(spec, options)
    values = np.atleast_1d(np.asarray(array, dtype=float))
    if values.ndim != 1 or values.size == 0:
        raise DataError(f"an array of shape {values.shape} is no line; give one dimension and at least one value")
    x = np.arange(values.size) / (sampling_rate or 1.0)
    ax = _axes(ax)
    _draw(ax, spec, x, values, "")
    return _finish(ax, spec, "time (s)" if sampling_rate else "index", _label("value", units), "", 1)


def plot_result(result: MeasurementResult, spec: PlotSpec | None = None, **options: Any) -> Any:
    """Draws a measurement result."""
    if hasattr(result.values, "columns"):
        return plot_dataframe(result.values, spec, **options)
    return plot_ndarray(result.nominal, spec, sampling_rate=result.sampling_rate, units=result.units, **options)


__all__ = ["PlotSpec", "plot_dataframe", "plot_experiment", "plot_ndarray", "plot_result"]

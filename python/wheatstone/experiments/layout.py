"""Where the rows of an experiment stand: in a grid over its parameters, in time, or one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import polars as pl

    from wheatstone.experiments.experiment import Experiment

# Orders in which a session takes a whole grid.
_GRID_ORDERS = ("grid", "snake", "random", "up_down")
# Orders in which the first appearance of a value says nothing.
_DRAWN_ORDERS = ("random", "adaptive")


@dataclass(frozen=True)
class Layout:
    """A dimension for each parameter in a grid, and one for repetitions where points were taken more than once; else
    "timestamp" for a timed run, or "point". ``places`` is each row's place in a flattened array of ``shape``; None
    where they stand as they are."""

    dims: tuple[str, ...]
    shape: tuple[int, ...]
    axes: dict[str, np.ndarray[Any, Any]]
    places: np.ndarray[Any, Any] | None = None
    why_no_grid: str = ""

    @property
    def is_grid(self) -> bool:
        return not self.why_no_grid

    def arrange(self, values: np.ndarray[Any, Any], missing: Callable[[np.ndarray[Any, Any]], Any]) -> Any:
        """Values of the rows, first axis by row, in the layout's shape. Where not every place has a row, ``missing``
        gives the values in a type that has one for that, and that one."""
        import numpy as np

        inner = values.shape[1:]
        if self.places is None:
            return values.reshape(self.shape + inner)
        size = int(np.prod(self.shape))
        if size == len(values):
            arranged = np.empty((size, *inner), values.dtype)
        else:
            values, nothing = missing(values)
            arranged = np.full((size, *inner), nothing, values.dtype)
        arranged[self.places] = values
        return arranged.reshape(self.shape + inner)


def layout_of(experiment: Experiment) -> Layout:
    """The layout of its rows. A sweep over a grid has it whatever the order in which its points came, and if points are
    missing too; any other experiment only where its rows fill a grid."""
    import numpy as np

    data = experiment.data
    rows = data.height
    plan: dict[str, Any] = experiment.metadata.get("plan", {}) if experiment._stored is not None else {}
    is_timed = plan.get("kind") == "timed"
    parameters = [name for name in experiment.parameters if name in data.columns]

    def not_gridded(why: str) -> Layout:
        if is_timed and "timestamp" in data.columns:
            return Layout(("timestamp",), (rows,), {"timestamp": _instants(data["timestamp"])}, None, why)
        return Layout(("point",), (rows,), {}, None, why)

    if not parameters:
        return not_gridded("it has no parameters")
    axes, places = [], np.zeros(rows, np.int64)
    for name in parameters:
        found = _axis_of(data[name], plan.get("order") not in _DRAWN_ORDERS)
        if found is None:
            return not_gridded(f"the values of {name!r} are no scalars, or some are missing")
        axis, place = found
        axes.append(axis)
        places = places * len(axis) + place
    shape = tuple(len(axis) for axis in axes)
    repetition = _repetitions(places)
    repeats = int(repetition.max()) + 1 if rows else 1
    cells = int(np.prod([float(extent) for extent in shape])) * repeats
    if not _is_planned_as_grid(plan) and (cells != rows or (is_timed and repeats > 1)):
        return not_gridded("its rows do not fill a grid of its parameters' values")
    if cells > 1000 * rows + 1_000_000:
        return not_gridded(f"its {rows} rows would be lost in a grid of {cells}")
    dims = tuple(parameters)
    axes_by_name = dict(zip(parameters, axes, strict=True))
    if repeats > 1:
        name = next(n for n in ("repeat", "repetition", "repeat_") if n not in data.columns)
        dims, shape, places = (*dims, name), (*shape, repeats), places * repeats + repetition
        axes_by_name[name] = np.arange(repeats)
    return Layout(dims, shape, axes_by_name, places)


def _is_planned_as_grid(plan: dict[str, Any]) -> bool:
    if plan.get("kind") != "sweep" or plan.get("order") not in _GRID_ORDERS:
        return False
    return not any(parameter.get("values_are") == "dependent" for parameter in plan.get("parameters", ()))


def _instants(column: pl.Series) -> np.ndarray[Any, Any]:
    values: np.ndarray[Any, Any] = column.to_numpy()
    return values


def _axis_of(column: pl.Series, appearance_counts: bool) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]] | None:
    """The distinct values and each row's place among them: falling where they appeared so, in order of appearance where
    they are no numbers; else rising."""
    import numpy as np
    import polars as pl

    if column.dtype.is_nested() or column.null_count():
        return None
    if column.dtype.is_numeric() or column.dtype.is_temporal():
        values = column.to_numpy()
        if values.dtype.kind == "f" and np.isnan(values).any():
            return None
    else:
        values = np.asarray(column.cast(pl.String).to_list() if column.dtype != pl.Boolean else column.to_list())
    axis, first, place = np.unique(values, return_index=True, return_inverse=True)
    by_appearance = np.argsort(first, kind="stable")
    steps = np.diff(by_appearance)
    if appearance_counts and (values.dtype.kind in "UO" or (len(steps) and (steps < 0).all())):
        rank = np.empty(len(axis), np.int64)
        rank[by_appearance] = np.arange(len(axis))
        axis, place = axis[by_appearance], rank[place]
    if values.dtype.kind == "U":
        axis = axis.astype(object)
    return axis, place.reshape(-1)


def _repetitions(places: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Of each row, how many rows before it have its place."""
    import numpy as np

    order = np.argsort(places, kind="stable")
    ordered = places[order]
    begins = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    lengths = np.diff(np.concatenate((begins, [len(ordered)])))
    repetition = np.empty(len(places), np.int64)
    repetition[order] = np.arange(len(places)) - np.repeat(begins, lengths)
    return repetition


__all__ = ["Layout", "layout_of"]

"""One result over two parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wheatstone.errors import DataError
from wheatstone.experiments.grid import Grid, grid_of
from wheatstone.plotting.axes import add_color_bar, add_legend, finish, is_logarithmic, label

if TYPE_CHECKING:
    import numpy as np

    from wheatstone.experiments import Experiment
    from wheatstone.plotting.spec import PlotSpec


def draw_heat_map(ax: Any, spec: PlotSpec, experiment: Experiment, name: str, x: str, title: str) -> None:
    """The last parameter, or ``x``, across. What is missing is left grey, an overload marked; repetitions are
    averaged."""
    import matplotlib as mpl
    import numpy as np

    grid = grid_of(experiment, name)
    values, down = _plane(grid, x)
    across, along = grid.axes[x], grid.axes[down]
    scale = mpl.colormaps["viridis"].with_extremes(bad="0.85")
    shown = np.ma.masked_invalid(values)
    mesh = ax.pcolormesh(_edges(across), _edges(along), shown, cmap=scale)
    if is_logarithmic(across):
        ax.set_xscale("log")
    if is_logarithmic(along):
        ax.set_yscale("log")
    _mark_overload(ax, across, along, values)
    what = label(name, grid.unit)
    add_color_bar(ax, spec, mesh, f"{what}, mean of {grid.shape[-1]}" if "repeat" in grid.dims else what)
    finish(ax, spec, label(x, grid.units.get(x)), label(down, grid.units.get(down)), title)
    add_legend(ax, spec)
    ax.grid(False)  # lines would run through the cells' middles


def _plane(grid: Grid, x: str) -> tuple[np.ndarray[Any, Any], str]:
    """Values by row (along the other parameter) and column (along x), and the other's name."""
    import numpy as np

    values = np.asarray(grid.values, dtype=float)
    dims = list(grid.dims)
    if "repeat" in dims:
        there = ~np.isnan(values)
        total = np.where(there, values, 0.0).sum(axis=-1)
        with np.errstate(invalid="ignore"):
            values = total / there.sum(axis=-1)
        dims.pop()
    if len(dims) != 2 or x not in dims:
        raise DataError(
            f"a heat map is over two parameters, and {grid.name!r} is over {' and '.join(map(repr, dims))}; draw lines"
        )
    for name in dims:
        if grid.axes[name].dtype.kind not in "iuf":
            raise DataError(f"a heat map has numbers along its axes, and {name!r} has none; draw lines")
    down = dims[1 - dims.index(x)]
    return (values if dims[1] == x else values.T), down


def _edges(axis: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Of the cells around the values; in the middle between two of them, on a logarithmic axis by their ratio."""
    import numpy as np

    logarithmic = is_logarithmic(axis)
    places = np.log(axis.astype(float)) if logarithmic else axis.astype(float)
    if len(places) == 1:
        margin = abs(float(places[0])) * 0.5 or 0.5
        edges = np.array([places[0] - margin, places[0] + margin])
    else:
        middles = (places[1:] + places[:-1]) / 2
        first, last = 2 * places[0] - middles[0], 2 * places[-1] - middles[-1]
        edges = np.concatenate(([first], middles, [last]))
    return np.exp(edges) if logarithmic else edges


def _mark_overload(ax: Any, across: Any, along: Any, values: np.ndarray[Any, Any]) -> None:
    import numpy as np

    for sign, marker in ((1, "^"), (-1, "v")):
        rows, columns = np.nonzero(np.isinf(values) & (np.sign(values) == sign))
        if len(rows):
            is_said = "overload" in ax.get_legend_handles_labels()[1]
            style = {"facecolor": "none", "edgecolor": "tab:red", "marker": marker, "s": 16}
            ax.scatter(across[columns], along[rows], label="" if is_said else "overload", **style)


__all__ = ["draw_heat_map"]

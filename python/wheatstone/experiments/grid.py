"""One column over a grid of parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wheatstone.errors import DataError
from wheatstone.experiments.cells import variables_of, with_missing
from wheatstone.experiments.described import described_columns
from wheatstone.experiments.layout import layout_of

if TYPE_CHECKING:
    import numpy as np

    from wheatstone.experiments.experiment import Experiment


@dataclass(frozen=True, eq=False)
class Grid:
    """A column as an array with a dimension for each parameter in the order of registration, and "repeat" where points
    were taken more than once. What was not measured is NaN (None for texts, NaT for times). NumPy takes it as an array.

    ``axes`` has the values along each dimension, ``units`` their units."""

    name: str
    unit: str
    values: np.ndarray[Any, Any]
    axes: dict[str, np.ndarray[Any, Any]]
    units: dict[str, str]

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.values.shape)

    @property
    def dims(self) -> tuple[str, ...]:
        return tuple(self.axes)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        import numpy as np

        return np.array(self.values, dtype=dtype, copy=copy)

    def __repr__(self) -> str:
        axes = " × ".join(f"{name}: {len(axis)}" for name, axis in self.axes.items())
        return f"Grid({self.name!r}{f' in {self.unit}' if self.unit else ''}, {axes})"


def grid_of(experiment: Experiment, name: str) -> Grid:
    """Raises DataError where the rows make no grid, with the reason."""
    column = described_columns(experiment, [name])[0]
    layout = layout_of(experiment)
    if not layout.is_grid:
        raise DataError(
            f"experiment {experiment.name!r} is no grid: {layout.why_no_grid}; its rows are in data, "
            "and to_xarray() gives them along one dimension"
        )
    if name in layout.axes:
        raise DataError(f"{name!r} is a parameter, an axis of the grid; choose a result")
    if column.kind in ("waveform", "frame", "array"):
        raise DataError(f"column {name!r} holds cells of kind {column.kind}; to_xarray() gives them dimensions")
    variable = variables_of(column, experiment.data[name])[0]
    units = {axis: unit for axis, unit in experiment.units.items() if axis in layout.axes}
    return Grid(name, column.unit, layout.arrange(variable.values, with_missing), layout.axes, units)


__all__ = ["Grid", "grid_of"]

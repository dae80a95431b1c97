"""The waveforms of a column, over their time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wheatstone.plotting.axes import add_color_bar, add_legend, finish, label, seconds_scale
from wheatstone.plotting.curves import mark_overload
from wheatstone.plotting.families import Family

if TYPE_CHECKING:
    import polars as pl

    from wheatstone.experiments import Experiment
    from wheatstone.plotting.spec import PlotSpec

# More lie upon each other; so many of them, evenly chosen, are drawn.
_MOST = 100


def draw_waveforms(ax: Any, spec: PlotSpec, experiment: Experiment, name: str, title: str) -> None:
    import numpy as np

    column = experiment.data[name]
    rows = [int(row) for row in column.is_not_null().arg_true()]
    count = len(rows)
    if count > _MOST:
        rows = [rows[int(i)] for i in np.linspace(0, count - 1, _MOST)]
        title = f"{title}: {_MOST} of {count} waveforms"
    family = _family_of(experiment, rows)
    times, signals = zip(*(_signal(column[row]) for row in rows), strict=True)
    factor, unit = seconds_scale(max(float(np.ptp(time)) if len(time) else 0.0 for time in times))
    for number, (time, signal) in enumerate(zip(times, signals, strict=True)):
        finite = np.where(np.isinf(signal), np.nan, signal)
        (line,) = ax.plot(time * factor, finite, color=family.color_of(number), label=family.label_of(number), lw=1)
        mark_overload(ax, time * factor, signal, line.get_color())
    finish(ax, spec, f"time ({unit})", label(name, experiment.units.get(name)), title)
    if family.has_color_bar:
        add_color_bar(ax, spec, family.mappable, family.color_bar_label)
    add_legend(ax, spec)


def _family_of(experiment: Experiment, rows: list[int]) -> Family:
    data: pl.DataFrame = experiment.data
    names = [name for name in experiment.parameters if name in data.columns]
    if not names:
        return Family(["row"], [(row,) for row in rows], {})
    return Family(names, data[rows].select(names).rows(), experiment.units)


def _signal(cell: dict[str, Any]) -> tuple[Any, Any]:
    import numpy as np

    samples = np.asarray(cell["samples"], dtype=float)
    return cell["t0"] + cell["dt"] * np.arange(len(samples)), samples


__all__ = ["draw_waveforms"]

"""The plot of an experiment: chooses what fits its table."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from wheatstone.errors import ConfigurationError, DataError
from wheatstone.experiments.described import Described, described_columns
from wheatstone.experiments.layout import layout_of
from wheatstone.plotting.axes import (
    MOST_IN_LEGEND,
    add_color_bar,
    add_legend,
    finish,
    is_logarithmic,
    label,
    new_axes,
    seconds_scale,
    shared_label,
)
from wheatstone.plotting.curves import draw_curve
from wheatstone.plotting.families import Family
from wheatstone.plotting.frames import chosen
from wheatstone.plotting.heat_map import draw_heat_map
from wheatstone.plotting.spec import PlotSpec, spec_from
from wheatstone.plotting.waveforms import draw_waveforms

if TYPE_CHECKING:
    import polars as pl

    from wheatstone.experiments import Experiment

_STYLES = ("-", "--", ":", "-.")
# Orders whose points jump about: their lines follow x instead.
_JUMPING = ("random", "adaptive")


def plot_experiment(experiment: Experiment, spec: PlotSpec | None = None, *, ax: Any = None, **options: Any) -> Any:
    """Draws results over the last parameter, one line for each value of the others, or over time where there is none; a
    heat map of a grid over two parameters with many lines; the waveforms of a column of such. Returns the axes:
    several, one above the other, where results have several units and no ``ax`` is given."""
    spec = spec_from(spec, options)
    frame = experiment.data
    if frame.is_empty():
        raise DataError(f"experiment {experiment.name!r} has no rows to plot")
    columns = {column.name: column for column in described_columns(experiment)}
    for name in spec.results or ():
        _check_drawable(columns[chosen(frame, name)])
    x = _across(spec, columns, frame)
    results = _results(experiment, columns, spec, x)
    kind = _kind(experiment, spec, columns, x, results)
    spec = replace(spec, kind=kind)
    title = experiment.name
    if kind == "waveform" or kind == "heatmap":
        axes = _axes_for(ax, len(results))
        for number, (each, name) in enumerate(zip(axes, results, strict=True)):
            shown = title if number == 0 else ""
            if kind == "waveform":
                draw_waveforms(each, spec, experiment, name, shown)
            else:
                draw_heat_map(each, spec, experiment, name, x, shown)
    else:
        groups = [results] if ax is not None else _by_unit(results, experiment.units)
        axes = _axes_for(ax, len(groups))
        for number, (each, names) in enumerate(zip(axes, groups, strict=True)):
            # What tells the curves apart is said once where it is the same above.
            said = number > 0 and len(names) == 1 and len(groups[0]) == 1
            here = replace(spec, legend=spec.legend and not said)
            _draw_lines(each, here, experiment, x, names, title if number == 0 else "")
    for each in axes[:-1]:
        each.set_xlabel("")
    return axes[0] if len(axes) == 1 else axes


def _axes_for(ax: Any, count: int) -> Any:
    if ax is None:
        made = new_axes(count)
        return [made] if count == 1 else made
    if count > 1:
        raise ConfigurationError(f"{count} pictures do not fit one ax; choose one column with y=")
    return [ax]


def _across(spec: PlotSpec, columns: dict[str, Described], frame: pl.DataFrame) -> str:
    if spec.x is not None:
        return chosen(frame, spec.x)
    parameters = [name for name, column in columns.items() if column.role == "parameter" and _is_number(column)]
    if parameters:
        return parameters[-1]
    if "timestamp" in columns:
        return "timestamp"
    raise DataError("there is neither a parameter of numbers nor a timestamp to plot over; choose a column with x=")


def _is_number(column: Described) -> bool:
    return column.kind in ("int64", "float64")


def _results(experiment: Experiment, columns: dict[str, Described], spec: PlotSpec, x: str) -> list[str]:
    given = spec.results
    if given is not None:
        if not given:
            raise ConfigurationError("y=[] names no column to plot")
        return given
    results = [column for column in columns.values() if column.role == "result" and column.name != x]
    waveforms = [column.name for column in results if column.kind == "waveform"]
    if spec.kind == "waveform":
        if not waveforms:
            raise DataError(f"experiment {experiment.name!r} has no column of waveforms to plot")
        return waveforms
    numbers = [column.name for column in results if _is_number(column)]
    if not numbers and not waveforms:
        raise DataError(f"experiment {experiment.name!r} has no column of numbers to plot; choose one with y=")
    return numbers or waveforms


def _check_drawable(column: Described) -> None:
    if column.kind in ("frame", "array"):
        raise DataError(
            f"column {column.name!r} has a whole record in each cell and is no line; draw one cell of it, "
            f"such as data[{column.name!r}][0], with plot_dataframe or plot_ndarray"
        )
    if column.kind in ("text", "bytes", "complex", "null"):
        raise DataError(f"column {column.name!r} holds {column.kind} and no numbers to plot")


def _kind(experiment: Experiment, spec: PlotSpec, columns: dict[str, Described], x: str, results: list[str]) -> str:
    """What to draw where "auto" leaves it open."""
    waveforms = [name for name in results if columns[name].kind == "waveform"]
    if waveforms and len(waveforms) < len(results):
        raise DataError(f"waveforms and numbers share no axes; choose one of {', '.join(map(repr, results))} with y=")
    if waveforms:
        if spec.kind not in ("auto", "waveform"):
            raise DataError(f"column {waveforms[0]!r} holds waveforms; they are drawn with kind='waveform'")
        return "waveform"
    if spec.kind == "waveform":
        raise DataError(f"column {results[0]!r} holds no waveforms")
    if spec.kind != "auto":
        return spec.kind
    parameters = [column for column in columns.values() if column.role == "parameter"]
    if len(parameters) != 2 or not all(map(_is_number, parameters)) or columns[x].role != "parameter":
        return "line"
    if any(column.role != "result" for column in map(columns.__getitem__, results)):
        return "line"
    layout = layout_of(experiment)
    lines = min((len(axis) for name, axis in layout.axes.items() if name != x), default=0)
    return "heatmap" if layout.is_grid and lines > MOST_IN_LEGEND else "line"


def _by_unit(results: list[str], units: dict[str, str]) -> list[list[str]]:
    groups: dict[str, list[str]] = {}
    for name in results:
        groups.setdefault(units.get(name, ""), []).append(name)
    return list(groups.values())


def _draw_lines(ax: Any, spec: PlotSpec, experiment: Experiment, x: str, results: list[str], title: str) -> None:
    frame, units = experiment.data, experiment.units
    outer = _outer(experiment, frame, x)
    parts = frame.partition_by(outer, as_dict=True, maintain_order=True) if outer else {(): frame}
    family = Family(outer, list(parts), units)
    xlabel, place = _places(frame, x, units)
    for number, part in enumerate(parts.values()):
        if _jumps(experiment):
            part = part.sort(x)
        across = place(part)
        for which, name in enumerate(results):
            named = name if len(results) > 1 or not outer else ""
            text = ", ".join(words for words in (named, family.label_of(number)) if words)
            style = {} if family.color_of(number) is None else {"color": family.color_of(number)}
            if len(results) > 1 and outer:
                style["linestyle"] = _STYLES[which % len(_STYLES)]
            sigma = f"{name}_uncertainty"
            uncertainty = part[sigma].to_numpy() if sigma in part.columns else None
            draw_curve(ax, spec, across, part[name].to_numpy(), text, uncertainty, **style)
    if x in experiment.parameters and is_logarithmic(frame[x].to_numpy()):
        ax.set_xscale("log")
    finish(ax, spec, xlabel, shared_label(results, units), title)
    if family.has_color_bar:
        add_color_bar(ax, spec, family.mappable, family.color_bar_label)
    add_legend(ax, spec)


def _outer(experiment: Experiment, frame: pl.DataFrame, x: str) -> list[str]:
    """The parameters that tell curves apart: but for the one across, or, where a result is, the last."""
    parameters = [name for name in experiment.parameters if name in frame.columns]
    if x == "timestamp":
        return []
    return [name for name in parameters if name != x] if x in parameters else parameters[:-1]


def _places(frame: pl.DataFrame, x: str, units: dict[str, str]) -> tuple[str, Any]:
    """The label across, and where the rows of a part stand."""
    if x != "timestamp":
        return label(x, units.get(x)), lambda part: part[x].to_numpy()
    first = frame[x][0]

    def seconds(part: pl.DataFrame) -> Any:
        since = part[x] - first
        return since.dt.total_nanoseconds().to_numpy() * 1e-9 if since.dtype.is_temporal() else since.to_numpy()

    factor, unit = seconds_scale(max(float(seconds(frame).max()), 0.2))
    return f"time ({unit})", lambda part: seconds(part) * factor


def _jumps(experiment: Experiment) -> bool:
    if experiment._stored is None:
        return False
    return experiment.metadata.get("plan", {}).get("order") in _JUMPING


__all__ = ["plot_experiment"]

"""Axes: made, labelled and scaled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from wheatstone.plotting.spec import PlotSpec

# More lines than a legend holds are told apart by a colour bar.
MOST_IN_LEGEND = 10
# From this number of entries on, a legend covers too much of what is drawn and stands beside it.
_BESIDE = 4


def new_axes(rows: int = 1, height: float = 4.8) -> Any:
    """Axes of a new figure, one above the other and sharing what is across; one, or an array of them."""
    try:
        import matplotlib.pyplot as plt
    except ImportError as error:
        raise ImportError(
            "plots need Matplotlib, which is not installed: pip install 'wheatstone[plot]', or pip install matplotlib"
        ) from error
    size = (6.4, height if rows == 1 else 1.2 + 2.4 * rows)
    return plt.subplots(rows, 1, sharex=True, layout="constrained", figsize=size)[1]


def label(name: str, unit: str | None) -> str:
    return f"{name} ({unit})" if unit else name


def shared_label(names: list[str], units: dict[str, str]) -> str:
    """Of an axis that several columns share."""
    if len(names) == 1:
        return label(names[0], units.get(names[0]))
    shared = {units.get(name, "") for name in names}
    listed = ", ".join(names)
    return label(listed, shared.pop()) if len(shared) == 1 else ", ".join(label(n, units.get(n)) for n in names)


def number_text(value: Any, unit: str | None) -> str:
    """A parameter's value as a legend says it."""
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return f"{text} {unit}" if unit else text


def seconds_scale(span: float) -> tuple[float, str]:
    """What to multiply seconds with, and the unit then, so that numbers along an axis of that span are short."""
    for limit, factor, unit in (
        (2e-6, 1e9, "ns"),
        (2e-3, 1e6, "µs"),
        (0.2, 1e3, "ms"),
        (600, 1.0, "s"),
        (7200, 1 / 60, "min"),
        (172_800, 1 / 3600, "h"),
    ):
        if span < limit:
            return factor, unit
    return 1 / 86_400, "d"


def is_logarithmic(values: np.ndarray[Any, Any]) -> bool:
    """Whether the distinct values are spaced by a factor, over a decade at least."""
    import numpy as np

    if values.dtype.kind not in "iuf":
        return False
    distinct = np.unique(values[np.isfinite(values)].astype(float))
    if len(distinct) < 3 or distinct[0] <= 0 or distinct[-1] < 10 * distinct[0]:
        return False
    steps = np.diff(np.log(distinct))
    return bool(steps.max() <= 1.3 * steps.min())


def finish(ax: Any, spec: PlotSpec, xlabel: str, ylabel: str, title: str) -> None:
    ax.set_xlabel(spec.xlabel if spec.xlabel is not None else xlabel)
    ax.set_ylabel(spec.ylabel if spec.ylabel is not None else ylabel)
    ax.set_title(spec.title if spec.title is not None else title)
    ax.grid(spec.grid, alpha=0.3)


def add_legend(ax: Any, spec: PlotSpec) -> None:
    """Where there is more than one thing to tell apart, or a mark that explains itself to nobody."""
    handles, labels = ax.get_legend_handles_labels()
    if not spec.legend or not labels or (len(labels) == 1 and labels[0] != "overload"):
        return
    if len(labels) >= _BESIDE:
        ax.legend(handles, labels, loc="upper left", bbox_to_anchor=(1.01, 1), borderaxespad=0, fontsize="small")
    else:
        ax.legend(handles, labels)


def add_color_bar(ax: Any, spec: PlotSpec, mappable: Any, text: str) -> None:
    if spec.legend:
        ax.figure.colorbar(mappable, ax=ax, label=text)


__all__ = [
    "MOST_IN_LEGEND",
    "add_color_bar",
    "add_legend",
    "finish",
    "is_logarithmic",
    "label",
    "new_axes",
    "number_text",
    "seconds_scale",
    "shared_label",
]

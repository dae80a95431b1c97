"""One curve: its points, their uncertainty, and what lies beyond every scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from wheatstone.plotting.spec import PlotSpec

# Fewer points are marked one by one.
_MARKED = 50
# More triangles at an edge are one bar.
_TRIANGLES = 25
# Fewer have error bars of their own, more a band.
_BARS = 100


def draw_curve(
    ax: Any,
    spec: PlotSpec,
    x: np.ndarray[Any, Any],
    y: np.ndarray[Any, Any],
    label: str,
    uncertainty: np.ndarray[Any, Any] | None = None,
    **style: Any,
) -> None:
    """A line or separate points. An infinite value, an overload, is a triangle at the edge that it lies beyond."""
    import numpy as np

    y = np.asarray(y, dtype=float)
    finite = np.where(np.isinf(y), np.nan, y)
    color = style.get("color")
    if spec.kind == "scatter":
        color = ax.scatter(x, finite, label=label, s=16, color=color).get_facecolor()
    else:
        # A point between two gaps is on no line.
        is_marked = len(x) <= _MARKED or bool(np.isinf(y).any())
        style = {"marker": "o" if is_marked else "", "markersize": 4, **style}
        color = ax.plot(x, finite, label=label, **style)[0].get_color()
    if uncertainty is not None and spec.uncertainty and np.isfinite(uncertainty).any():
        _draw_uncertainty(ax, x, finite, np.asarray(uncertainty, dtype=float), color)
    mark_overload(ax, x, y, color)


def _draw_uncertainty(ax: Any, x: Any, y: Any, sigma: np.ndarray[Any, Any], color: Any) -> None:
    if len(x) <= _BARS:
        ax.errorbar(x, y, yerr=sigma, fmt="none", ecolor=color, elinewidth=1, capsize=2)
    else:
        ax.fill_between(x, y - sigma, y + sigma, color=color, alpha=0.25, linewidth=0)


def mark_overload(ax: Any, x: np.ndarray[Any, Any], y: np.ndarray[Any, Any], color: Any) -> None:
    """Triangles inside the upper and the lower edge, said once in the legend."""
    import numpy as np

    for sign, place, marker in ((1, 0.98, "^"), (-1, 0.02, "v")):
        beyond = np.flatnonzero(np.isinf(y) & (np.sign(y) == sign))
        if not len(beyond):
            continue
        beyond = beyond[:: 1 + len(beyond) // _TRIANGLES]
        is_said = "overload" in ax.get_legend_handles_labels()[1]
        ax.plot(
            np.asarray(x)[beyond],
            np.full(len(beyond), place),
            transform=ax.get_xaxis_transform(),
            linestyle="",
            marker=marker,
            markersize=6,
            color="none" if color is None else color,
            markeredgecolor="tab:red",
            label="" if is_said else "overload",
        )


__all__ = ["draw_curve", "mark_overload"]

"""How the curves of a family are told apart: by colour, in a legend or along a colour bar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wheatstone.plotting.axes import MOST_IN_LEGEND, label, number_text


class Family:
    """The values of outer parameters, one tuple a curve, and a colour for each."""

    def __init__(self, names: Sequence[str], keys: Sequence[tuple[Any, ...]], units: dict[str, str]) -> None:
        self._names = list(names)
        self._keys = list(keys)
        self._units = units
        self.has_color_bar = len(keys) > MOST_IN_LEGEND and bool(names) and all(is_number(key[0]) for key in keys)
        self._colors = self._choose_colors()

    def color_of(self, number: int) -> Any:
        return self._colors[number]

    def label_of(self, number: int) -> str:
        """ "gate = 1 V, mode = fast"; nothing where a colour bar says it, or there are too many to be said."""
        if len(self._keys) > MOST_IN_LEGEND:
            return ""
        pairs = zip(self._names, self._keys[number], strict=True)
        return ", ".join(f"{name} = {number_text(value, self._units.get(name))}" for name, value in pairs)

    @property
    def color_bar_label(self) -> str:
        return label(self._names[0], self._units.get(self._names[0]))

    def _choose_colors(self) -> list[Any]:
        import matplotlib as mpl
        import numpy as np

        count = len(self._keys)
        if self.has_color_bar:
            self.mappable = mpl.cm.ScalarMappable(self._norm(), "viridis")
            return list(self.mappable.to_rgba(np.array([float(key[0]) for key in self._keys])))
        if count <= 1 or not self._names:
            return [None] * count
        if len(self._names) == 1 and all(is_number(key[0]) for key in self._keys):
            ranks = {value: rank for rank, value in enumerate(sorted({key[0] for key in self._keys}))}
            # The far end of the scale is too pale for a line.
            scale = mpl.colormaps["viridis"]
            return [scale(0.9 * ranks[key[0]] / max(1, len(ranks) - 1)) for key in self._keys]
        scale = mpl.colormaps["tab10"]
        return [scale(number % 10) for number in range(count)]

    def _norm(self) -> Any:
        import matplotlib as mpl
        import numpy as np

        from wheatstone.plotting.axes import is_logarithmic

        values = np.array([float(key[0]) for key in self._keys])
        kind = mpl.colors.LogNorm if is_logarithmic(values) else mpl.colors.Normalize
        return kind(float(values.min()), float(values.max()))


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


__all__ = ["Family", "is_number"]

"""What to draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from wheatstone.errors import ConfigurationError

KINDS = ("auto", "line", "scatter", "heatmap", "waveform")


@dataclass(frozen=True)
class PlotSpec:
    """What to draw. What is not given is chosen from the data.

    ``kind`` is "line", "scatter", "heatmap" (one result over two parameters) or "waveform" (the waveforms of a column,
    over their time); "auto" takes what fits: a heat map where lines would be more than a legend holds. ``y`` is a
    column or several; ``legend`` is that or the colour bar; ``uncertainty`` draws error bars, or a band where points
    are many.
    """

    kind: str = "auto"
    title: str | None = None
    x: str | None = None
    y: str | Sequence[str] | None = None
    xlabel: str | None = None
    ylabel: str | None = None
    legend: bool = True
    grid: bool = True
    uncertainty: bool = True

    @property
    def results(self) -> list[str] | None:
        """The columns that are asked for."""
        return [self.y] if isinstance(self.y, str) else None if self.y is None else list(self.y)


def spec_from(spec: PlotSpec | None, options: dict[str, Any], kinds: Sequence[str] = KINDS) -> PlotSpec:
    """The spec with these options in the place of its own. Refuses what a plot does not take."""
    unknown = set(options) - set(PlotSpec.__dataclass_fields__)
    if unknown:
        known = ", ".join(PlotSpec.__dataclass_fields__)
        raise ConfigurationError(f"a plot takes no {sorted(unknown)[0]!r}; it takes {known} and ax")
    if spec is not None and not isinstance(spec, PlotSpec):
        raise ConfigurationError(f"a plot takes a PlotSpec, not {spec!r}; to choose a column, give y={spec!r}")
    made = replace(spec or PlotSpec(), **options)
    if made.kind not in kinds:
        known = ", ".join(map(repr, kinds))
        raise ConfigurationError(f"a plot of kind {made.kind!r} is not known here; give one of {known}")
    return made


__all__ = ["KINDS", "PlotSpec", "spec_from"]

"""What baselines measured, as a table."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

    from wheatstone import _native


def frame_of_baselines(baselines: Iterable[_native.Baseline], timestamp_as_seconds: bool) -> pl.DataFrame:
    """A row for each, in the order in which they were measured."""
    import polars as pl

    rows = [_row_of(baseline) for baseline in baselines]
    instants = pl.Series("timestamp", [row.pop("timestamp") for row in rows], dtype=pl.Int64)
    names = dict.fromkeys(name for row in rows for name in row)
    columns = {name: pl.Series(name, [row.get(name) for row in rows], strict=False) for name in names}
    head = {name: columns.pop(name, pl.Series(name, [], dtype=pl.String)) for name in ("when", "name")}
    time = instants / 1e9 if timestamp_as_seconds else instants.cast(pl.Datetime("ns", "UTC"))
    return pl.DataFrame({"when": head["when"], "timestamp": time, "name": head["name"], **columns})


def _row_of(baseline: _native.Baseline) -> dict[str, Any]:
    row: dict[str, Any] = {"when": baseline.when, "timestamp": baseline.timestamp_ns, "name": baseline.name}
    for name, value, _, uncertainty in baseline.results:
        row[_free(name, row)] = value
        if not math.isnan(uncertainty):
            row[_free(f"{name}_uncertainty", row)] = uncertainty
    return row


def _free(name: str, row: dict[str, Any]) -> str:
    """The name of a result's column, which may not be one of another's."""
    return f"{row['name']}.{name}" if name in row else name


def units_of_baselines(baselines: Iterable[_native.Baseline]) -> dict[str, str]:
    """Unit of each column that has one."""
    units: dict[str, str] = {}
    for baseline in baselines:
        for name, _, unit, uncertainty in baseline.results:
            if unit:
                units[name] = unit
            if unit and not math.isnan(uncertainty):
                units[f"{name}_uncertainty"] = unit
    return units


__all__ = ["frame_of_baselines", "units_of_baselines"]

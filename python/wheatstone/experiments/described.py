"""What each column of an experiment is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wheatstone.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from wheatstone.experiments.experiment import Experiment


@dataclass(frozen=True)
class Described:
    """One column: its kind is that of ``_native.Column.type``, its role "parameter", "timestamp", "result" or
    "uncertainty"."""

    name: str
    kind: str
    role: str
    unit: str = ""
    notes: str = ""


def described_columns(experiment: Experiment, chosen: Sequence[str] | None = None) -> list[Described]:
    """The columns of its table, or those that are chosen, in their order."""
    stored = {column.name: column for column in experiment._stored.columns} if experiment._stored is not None else {}
    known: dict[str, Described] = {}
    schema = None
    for name in experiment.columns if not experiment._trials else experiment.data.columns:
        if name in stored:
            column = stored[name]
            known[name] = Described(name, column.type, column.role, column.unit, column.notes)
        else:
            schema = schema or experiment.data.schema
            known[name] = _guessed(experiment, name, schema)
    if chosen is None:
        return list(known.values())
    for name in chosen:
        if name not in known:
            raise DataError(f"there is no column {name!r}; the columns are {', '.join(map(repr, known))}")
    if len(set(chosen)) < len(chosen) or not chosen:
        raise DataError("columns= names a column twice" if chosen else "columns= names no column")
    return [known[name] for name in chosen]


def _guessed(experiment: Experiment, name: str, schema: pl.Schema) -> Described:
    """Of a table that was put together by hand."""
    if name in experiment.parameters:
        parameter = experiment.parameters[name]
        return Described(name, _kind_of(schema[name]), "parameter", parameter.units, parameter.notes)
    if name.endswith("_uncertainty") and name.removesuffix("_uncertainty") in schema:
        return Described(name, _kind_of(schema[name]), "uncertainty")
    return Described(name, _kind_of(schema[name]), "timestamp" if name == "timestamp" else "result")


def _kind_of(dtype: pl.DataType) -> str:
    import polars as pl

    if dtype.is_float() or dtype.is_decimal():
        return "float64"
    if dtype.is_integer():
        return "int64"
    if dtype.is_temporal():
        return "time"
    if isinstance(dtype, pl.Struct):
        names = [field.name for field in dtype.fields]
        return {("re", "im"): "complex", ("t0", "dt", "samples"): "waveform"}.get(tuple(names), "frame")
    if isinstance(dtype, (pl.List, pl.Array)):
        return "array"
    kinds = {pl.Boolean: "bool", pl.Binary: "bytes", pl.Null: "null"}
    return kinds.get(dtype.base_type(), "text")


__all__ = ["Described", "described_columns"]

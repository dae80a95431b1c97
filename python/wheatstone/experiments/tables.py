"""DataFrames as the columns that a run keeps, and back with the types that they had."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from wheatstone import _native
from wheatstone.errors import DataError

if TYPE_CHECKING:
    import polars as pl

SchemaEntry = list[Any]
"""A column's name and its Polars type, as JSON keeps them: ["v", "Float32"], ["t", "Datetime", "us", "UTC"]."""

_WHOLE = ("Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64")


class KeptColumn(NamedTuple):
    """A column as the native writer takes it. Cells of a column of times are nanoseconds since 1970."""

    name: str
    type: str
    cells: list[Any]
    is_time: bool = False
    unit: str = ""
    role: str = ""
    notes: str = ""


def write(writer: _native.TableWriter, columns: Iterable[KeptColumn]) -> None:
    """All rows of a table; units are those of the columns."""
    numbered = []
    for column in columns:
        number = writer.add_column(column.name, column.type, column.unit, column.role, column.notes)
        numbered.append((number, column.cells, column.is_time))
    writer.append_columns(numbered)


# Uncertain numbers


def is_uncertain(value: Any) -> bool:
    """Whether this is one number that knows its uncertainty or unit: a Reading, a Quantity, an ufloat."""
    if hasattr(value, "nominal_value") and hasattr(value, "std_dev"):
        return True
    return hasattr(value, "native") and hasattr(value, "uncertainty")


def number_unit_sigma(value: Any) -> tuple[Any, str, float]:
    """Its number, unit and standard uncertainty (NaN where unknown); other values as they are."""
    if hasattr(value, "native") and hasattr(value, "uncertainty"):
        return float(value.value), value.unit, value.uncertainty
    if is_uncertain(value):
        return float(value.nominal_value), str(getattr(value, "unit", "")), float(value.std_dev)
    return value, "", math.nan


def taken_apart(name: str, values: Sequence[Any]) -> tuple[dict[str, list[Any]], str]:
    """A column of such numbers as one of numbers and, where any is known, one of uncertainties; and their unit."""
    parts = [number_unit_sigma(value) for value in values]
    units = {unit for _, unit, _ in parts if unit}
    if len(units) > 1:
        raise DataError(f"the column {name!r} has values in {' and '.join(sorted(units))}; a column has one unit")
    columns = {name: [number for number, _, _ in parts]}
    if any(not math.isnan(sigma) for _, _, sigma in parts):
        columns[f"{name}_uncertainty"] = [None if math.isnan(sigma) else sigma for _, _, sigma in parts]
    return columns, units.pop() if units else ""


# From a frame


def schema_of(frame: pl.DataFrame) -> list[SchemaEntry]:
    """The types of a frame's columns, as JSON keeps them."""
    return [[name, *_entry_of(name, dtype)] for name, dtype in frame.schema.items()]


def columns_of(frame: pl.DataFrame) -> list[KeptColumn]:
    """The columns of a frame. Raises DataError for a column that no run can keep without loss."""
    return [_column_of(frame.get_column(name)) for name in frame.columns]


def _entry_of(name: str, dtype: Any) -> list[Any]:
    import polars as pl

    if isinstance(dtype, pl.Datetime):
        return ["Datetime", dtype.time_unit, dtype.time_zone]
    if isinstance(dtype, pl.Duration):
        return ["Duration", dtype.time_unit]
    if isinstance(dtype, pl.Enum):
        return ["Enum", dtype.categories.to_list()]
    if isinstance(dtype, pl.Array):
        innermost: Any = dtype
        for _ in dtype.shape:
            innermost = innermost.inner
        return ["Array", list(dtype.shape), *_entry_of(name, innermost)]
    if isinstance(dtype, pl.List):
        return ["List", *_entry_of(name, dtype.inner)]
    return [str(dtype).partition("(")[0]]


def _column_of(series: pl.Series) -> KeptColumn:
    import polars as pl

    name, dtype = series.name, series.dtype
    kind = str(dtype).partition("(")[0]
    if kind in _WHOLE:
        return KeptColumn(name, "int64", _whole_numbers(series))
    if kind in ("Float32", "Float64"):
        return KeptColumn(name, "float64", series.cast(pl.Float64).to_list())
    if kind in ("String", "Categorical", "Enum"):
        return KeptColumn(name, "text", series.cast(pl.String).to_list())
    if kind in ("Datetime", "Date"):
        return KeptColumn(name, "time", _nanoseconds(series), is_time=True)
    if kind in ("Duration", "Time"):
        unit = dtype.time_unit if isinstance(dtype, pl.Duration) else "ns"
        return KeptColumn(name, "int64", series.to_physical().to_list(), unit={"us": "µs"}.get(unit, unit))
    if kind in ("List", "Array"):
        return KeptColumn(name, "", [None if cell is None else _array_of(name, cell) for cell in series])
    if kind == "Struct":
        return KeptColumn(name, "", [None if cell is None else _cell_of(name, cell) for cell in series.to_list()])
    if kind in ("Boolean", "Binary", "Null", "Object"):
        return KeptColumn(name, {"Boolean": "bool", "Binary": "bytes"}.get(kind, ""), series.to_list())
    raise DataError(f"the column {name!r} is of type {dtype}, which no run keeps; cast it to Float64 or String")


def _whole_numbers(series: pl.Series) -> list[Any]:
    greatest = series.max()
    if isinstance(greatest, int) and greatest >= 2**63:
        raise DataError(
            f"the column {series.name!r} holds {greatest}, which is beyond int64; cast it to Float64 or String"
        )
    return series.to_list()


def _nanoseconds(series: pl.Series) -> list[Any]:
    import polars as pl

    instants = series.cast(pl.Datetime("us")) if series.dtype == pl.Date else series
    exact = instants.dt.cast_time_unit("ns")
    if not exact.dt.cast_time_unit(instants.dtype.time_unit).eq_missing(instants).all():  # type: ignore[attr-defined]
        raise DataError(
            f"the column {series.name!r} holds instants outside the years 1677 to 2262 that nanoseconds in int64 reach"
        )
    return exact.to_physical().to_list()


def _array_of(name: str, cell: Any) -> Any:
    import polars as pl

    if not isinstance(cell, pl.Series):
        return cell
    if cell.null_count() and not cell.dtype.is_float():
        raise DataError(
            f"the column {name!r} holds lists with missing elements, which no run keeps; fill them, "
            f"list.eval(pl.element().fill_null(...)), or drop them, list.drop_nulls()"
        )
    return cell.to_numpy()


def _cell_of(name: str, cell: dict[str, Any]) -> Any:
    """A struct as a run's table shows what it is: a complex number, an array, a waveform, a frame."""
    import numpy as np
    import polars as pl

    if set(cell) == {"re", "im"}:
        return complex(cell["re"], cell["im"])
    if set(cell) == {"shape", "values"}:
        return np.asarray(cell["values"]).reshape(cell["shape"])
    if set(cell) == {"t0", "dt", "samples"}:
        return _native.Waveform(cell["t0"], cell["dt"], np.asarray(cell["samples"], dtype=float))
    if all(isinstance(part, list) for part in cell.values()):
        return pl.DataFrame(cell)
    raise DataError(f"the column {name!r} holds structs ({', '.join(cell)}), which no run keeps; unnest it")


# Back


def frame_of(stored: _native.Experiment, schema: list[SchemaEntry] | None) -> pl.DataFrame:
    """The table of a run as a frame; with the types that it had where it was one."""
    import polars as pl

    frame = pl.DataFrame(stored)
    if schema is None:
        return frame
    height = len(frame)
    columns = []
    for name, *entry in schema:
        if name in frame.columns:
            columns.append(_as_it_was(frame.get_column(name), entry))
        else:  # of no row, or of nulls alone
            columns.append(pl.Series(name, [None] * height, dtype=_dtype_of(entry)))
    known = {entry[0] for entry in schema}
    return pl.DataFrame(columns + [frame.get_column(name) for name in frame.columns if name not in known])


def schema_in(metadata: Mapping[str, Any]) -> list[SchemaEntry] | None:
    """The schema that run.json keeps of a table that was a frame."""
    kept = metadata.get("kept")
    return kept.get("schema") if isinstance(kept, Mapping) else None


def _dtype_of(entry: list[Any]) -> Any:
    import polars as pl

    kind, *rest = entry
    if kind == "Datetime":
        return pl.Datetime(rest[0], rest[1])
    if kind == "Duration":
        return pl.Duration(rest[0])
    if kind == "Enum":
        return pl.Enum(rest[0])
    if kind in ("List", "Array"):
        inner = _dtype_of(rest if kind == "List" else rest[1:]) or pl.Null
        return pl.List(inner) if kind == "List" else pl.Array(inner, tuple(rest[0]))
    simple = (*_WHOLE, "Float32", "Float64", "String", "Categorical", "Boolean", "Binary", "Date", "Time", "Null")
    return getattr(pl, kind) if kind in simple else None


def _as_it_was(series: pl.Series, entry: list[Any]) -> pl.Series:
    import polars as pl

    kind, *rest = entry
    dtype = _dtype_of(entry)
    if kind in ("List", "Array") and series.dtype == pl.Struct:
        values = series.struct.field("values").alias(series.name)
        flat = pl.List(dtype.inner) if kind == "List" else pl.List(_dtype_of(rest[1:]))
        values = values.cast(flat)
        return values if kind == "List" else values.reshape((len(values), *rest[0]))
    if dtype is None or series.dtype == dtype:
        return series
    if kind == "Datetime":
        instants = series.dt.cast_time_unit(rest[0])
        return instants.dt.convert_time_zone(rest[1]) if rest[1] else instants.dt.replace_time_zone(None)
    if kind == "Date":
        return series.dt.replace_time_zone(None).cast(pl.Date)
    return series.cast(dtype)


__all__ = [
    "KeptColumn",
    "SchemaEntry",
    "columns_of",
    "frame_of",
    "is_uncertain",
    "number_unit_sigma",
    "schema_in",
    "schema_of",
    "taken_apart",
    "write",
]

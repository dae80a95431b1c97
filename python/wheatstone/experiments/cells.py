"""Columns as NumPy arrays: what a row holds, and what stands where there is nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from wheatstone.errors import DataError
from wheatstone.experiments.described import Described

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

# The largest whole number up to which a float64 holds each.
_EXACT = 2**53


@dataclass(frozen=True)
class Variable:
    """An array whose first axis is by row, with the names of its further ones; ``rows=False`` where it has no rows."""

    name: str
    values: np.ndarray[Any, Any]
    inner: tuple[str, ...] = ()
    attributes: dict[str, Any] = field(default_factory=dict)
    is_axis: bool = False  # of an inner dimension of its name; has no rows then
    is_coordinate: bool = False


def with_missing(values: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], Any]:
    """The values in a type that can say "missing", and what says it."""
    import numpy as np

    kind = values.dtype.kind
    if kind in "iu" and values.size and max(abs(int(values.min())), abs(int(values.max()))) > _EXACT:
        raise DataError("whole numbers beyond 2**53 and missing ones fit no array together")
    if kind in "iub":
        return values.astype(np.float64), np.nan
    if kind in "fc":
        return values, np.nan
    if kind == "M":
        return values, np.datetime64("NaT")
    if kind == "m":
        return values, np.timedelta64("NaT")
    return values.astype(object), None


def variables_of(column: Described, series: pl.Series, sample: Any = None) -> list[Variable]:
    """A column as arrays: one, but for waveforms and tables. ``sample`` is one cell as the native library gives it,
    where there is one."""
    attributes = {key: text for key, text in (("units", column.unit), ("long_name", column.notes)) if text}
    try:
        if column.kind == "waveform":
            return _waveforms(column.name, series, attributes)
        if column.kind == "frame":
            return _frames(column.name, series, attributes)
        if column.kind == "array":
            return [_arrays(column.name, series, attributes, sample)]
        return [Variable(column.name, scalars(column.kind, series), (), attributes)]
    except DataError as error:
        raise DataError(f"column {column.name!r}: {error}; leave it out with columns=, or take Parquet") from None


def scalars(kind: str, series: pl.Series) -> np.ndarray[Any, Any]:
    """A cell a row. Missing numbers are NaN, missing times NaT, missing texts None."""
    import numpy as np
    import polars as pl

    if kind == "complex":
        fields = series.struct
        real, imaginary = (fields.field(part).cast(pl.Float64).to_numpy() for part in ("re", "im"))
        values = np.empty(len(series), np.complex128)
        values.real, values.imag = real, imaginary
        values[series.is_null().to_numpy()] = complex("nan+nanj")
        return values
    if kind in ("text", "bytes"):
        cells = np.empty(len(series), object)
        cells[:] = series.cast(pl.String).to_list() if kind == "text" else series.to_list()
        return cells
    if kind == "null":
        return np.full(len(series), np.nan)
    missing = series.is_null()
    if not missing.any() or kind == "time" or series.dtype.is_float():
        values = series.to_numpy()
        return values
    filled, nothing = with_missing(series.fill_null(0 if kind == "int64" else False).to_numpy())
    filled = filled.copy()
    filled[missing.to_numpy()] = nothing
    return filled


def _arrays(name: str, series: pl.Series, attributes: dict[str, Any], sample: Any) -> Variable:
    import numpy as np
    import polars as pl

    inner_dtype = np.asarray(sample).dtype if sample is not None else None
    if isinstance(series.dtype, pl.Struct):  # shape and values: arrays of several shapes
        cells = series.to_list()
        shapes = {tuple(cell["shape"]) for cell in cells if cell is not None}
        if len(shapes) > 1:
            raise DataError(f"its arrays have several shapes, {' and '.join(map(str, sorted(shapes)[:2]))}")
        shape = shapes.pop() if shapes else ()
        flat, lengths = _flat(series.struct.field("values"))
        values = _padded(flat, lengths, int(np.prod(shape))).reshape(len(series), *shape)
    elif isinstance(series.dtype, pl.Array) and not series.null_count():
        values = series.to_numpy()
    else:
        lists = series.arr.to_list() if isinstance(series.dtype, pl.Array) else series
        flat, lengths = _flat(lists)
        values = _padded(flat, lengths, int(lengths.max(initial=0)))
    if inner_dtype is not None and inner_dtype.kind == "c" and values.dtype.kind == "f":
        values = values[..., 0] + 1j * values[..., 1]
    if values.dtype.kind in "OU":
        values = values.astype(object)
    dims = (f"{name}_dim",) if values.ndim == 2 else tuple(f"{name}_dim_{i}" for i in range(values.ndim - 1))
    return Variable(name, values, dims, attributes)


def _flat(lists: pl.Series) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """What all lists hold in one array, and how long each is."""
    lengths = lists.list.len().fill_null(0).to_numpy().astype("int64")
    return _elements(lists.drop_nulls().list.explode(empty_as_null=False)), lengths


def _elements(series: pl.Series) -> np.ndarray[Any, Any]:
    import polars as pl

    missing = series.is_null()
    if not missing.any() or not (series.dtype.is_integer() or series.dtype == pl.Boolean):
        return series.to_numpy()
    values, nothing = with_missing(series.fill_null(0 if series.dtype.is_integer() else False).to_numpy())
    values = values.copy()
    values[missing.to_numpy()] = nothing
    return values


def _padded(flat: np.ndarray[Any, Any], lengths: np.ndarray[Any, Any], width: int) -> np.ndarray[Any, Any]:
    """Lists side by side, the shorter ones filled up with what says "missing"."""
    import numpy as np

    inner = flat.shape[1:]
    if (lengths == width).all():
        return flat.reshape(len(lengths), width, *inner)
    flat, nothing = with_missing(flat)
    values = np.full((len(lengths), width, *inner), nothing, flat.dtype)
    values[np.arange(width) < lengths[:, None]] = flat
    return values


def _waveforms(name: str, series: pl.Series, attributes: dict[str, Any]) -> list[Variable]:
    import numpy as np

    flat, lengths = _flat(series.struct.field("samples"))
    width = int(lengths.max(initial=0))
    samples = _padded(flat, lengths, width)
    t0, dt = (series.struct.field(part).to_numpy() for part in ("t0", "dt"))
    seconds = {"units": "s", "long_name": f"time in {name}"}
    is_there = ~series.is_null().to_numpy()
    if is_there.any() and len(np.unique(t0[is_there])) == 1 and len(np.unique(dt[is_there])) == 1:
        dim = f"{name}_time"
        times = t0[is_there][0] + dt[is_there][0] * np.arange(width)
        return [
            Variable(dim, times, (dim,), seconds, is_axis=True),
            Variable(name, samples, (dim,), attributes),
        ]
    return [
        Variable(f"{name}_t0", t0, (), {"units": "s", "long_name": f"time of the first sample in {name}"}, False, True),
        Variable(f"{name}_dt", dt, (), {"units": "s", "long_name": f"time between samples in {name}"}, False, True),
        Variable(name, samples, (f"{name}_sample",), attributes),
    ]


def _frames(name: str, series: pl.Series, attributes: dict[str, Any]) -> list[Variable]:
    import polars as pl

    variables = []
    for part in series.dtype.fields:  # type: ignore[attr-defined]
        cells = series.struct.field(part.name)
        if not isinstance(cells.dtype, (pl.List, pl.Array)):
            raise DataError("its cells are records, not tables")
        flat, lengths = _flat(cells)
        values = _padded(flat, lengths, int(lengths.max(initial=0)))
        if values.dtype.kind in "OU":
            values = values.astype(object)
        variables.append(Variable(f"{name}.{part.name}", values, (f"{name}_row",), attributes))
    return variables


__all__ = ["Variable", "scalars", "variables_of", "with_missing"]

"""DataFrames of pandas as Polars' and back, without PyArrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl


def is_pandas(values: Any) -> bool:
    """Whether this is a DataFrame of pandas."""
    return type(values).__module__.partition(".")[0] == "pandas" and hasattr(values, "columns")


def polars_of(frame: Any) -> tuple[pl.DataFrame, dict[str, Any]]:
    """The frame as one of Polars, its index as first columns, and what :func:`pandas_of` needs to go back."""
    import pandas
    import polars as pl

    index: list[str] = []
    if not isinstance(frame.index, pandas.RangeIndex) or frame.index.start != 0 or frame.index.step != 1:
        columns = len(frame.columns)
        frame = frame.reset_index()
        index = [str(name) for name in frame.columns[: len(frame.columns) - columns]]
    columns_of = {str(name): frame.iloc[:, place] for place, name in enumerate(frame.columns)}
    dtypes = {name: str(column.dtype) for name, column in columns_of.items()}
    series = [_series_of(name, column) for name, column in columns_of.items()]
    return pl.DataFrame(series), {"index": index, "dtypes": dtypes}


def _series_of(name: str, column: Any) -> pl.Series:
    import pandas
    import polars as pl

    dtype = column.dtype
    if isinstance(dtype, pandas.DatetimeTZDtype):
        naive = column.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy()
        return pl.Series(name, naive).dt.replace_time_zone("UTC").dt.convert_time_zone(str(dtype.tz))
    if getattr(dtype, "kind", "O") != "O" and not pandas.api.types.is_extension_array_dtype(dtype):
        return pl.Series(name, column.to_numpy())
    cells = [None if is_missing else cell for cell, is_missing in zip(column.tolist(), column.isna(), strict=True)]
    kind = str(dtype)
    whole_or_real = ("Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64", "Float32", "Float64")
    if kind in whole_or_real:
        return pl.Series(name, cells, dtype=getattr(pl, kind))
    return pl.Series(name, cells)


def pandas_of(frame: pl.DataFrame, kept: dict[str, Any]) -> Any:
    """The frame as it was in pandas."""
    import pandas

    columns = {}
    for name, kind in kept["dtypes"].items():
        series = frame.get_column(name)
        if kind.startswith("datetime64") and "," in kind:
            zone = kind.partition(",")[2].strip(" ]")
            instants = pandas.Series(series.dt.convert_time_zone("UTC").dt.replace_time_zone(None).to_numpy())
            column = instants.dt.tz_localize("UTC").dt.tz_convert(zone)
        elif kind.startswith(("int", "uint", "float", "bool", "datetime64", "timedelta64")):
            column = pandas.Series(series.to_numpy())
        else:
            column = pandas.Series(series.to_list(), dtype=object)
        columns[name] = column.astype(kind)
    restored = pandas.DataFrame(columns)
    return restored.set_index(kept["index"]) if kept["index"] else restored


__all__ = ["is_pandas", "pandas_of", "polars_of"]

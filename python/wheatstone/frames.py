"""DataFrames of other packages, taken apart into named columns that a cell can keep."""

from __future__ import annotations

from typing import Any

from wheatstone.errors import DataError


def prepare() -> None:
    """Makes and takes apart a small frame: what Polars and NumPy take on first use, a third of a second, would make the
    first row that holds a waveform late."""
    import numpy
    import polars

    columns_of(polars.DataFrame({"": numpy.zeros(1)}))


def columns_of(frame: Any) -> list[tuple[str, Any]]:
    """Name and content of each column: a NumPy array, or a list of text."""
    package = type(frame).__module__.partition(".")[0]
    if package == "pandas":
        return _pandas_columns(frame)
    if package != "polars":
        import polars

        frame = polars.DataFrame(frame)
    return [(name, _polars_column(name, frame.get_column(name))) for name in frame.columns]


def _polars_column(name: str, column: Any) -> Any:
    import polars

    # Missing floats are NaN and missing times NumPy's "not a time"; other types have no such value.
    if column.null_count() and not (column.dtype.is_float() or column.dtype in (polars.Datetime, polars.Duration)):
        raise DataError(
            f"the column {name!r} of a DataFrame has {column.null_count()} missing values, which a table in one cell "
            f"cannot keep as {column.dtype}; cast it to Float64, fill them (fill_null), or drop the rows"
        )
    if column.dtype == polars.String or isinstance(column.dtype, (polars.Categorical, polars.Enum)):
        return column.cast(polars.String).to_list()
    return column.to_numpy()


def _pandas_columns(frame: Any) -> list[tuple[str, Any]]:
    import pandas

    if not isinstance(frame.index, pandas.RangeIndex) or frame.index.start != 0 or frame.index.step != 1:
        frame = frame.reset_index()
    columns = []
    for position, name in enumerate(frame.columns):
        column = frame.iloc[:, position]
        if pandas.api.types.is_string_dtype(column.dtype) or column.dtype == object:
            if column.isna().any():
                raise DataError(
                    f"the column {name!r} of a DataFrame has missing values, which a table in one cell cannot keep; "
                    "fill them (fillna) or drop the rows"
                )
            columns.append((str(name), column.tolist()))
        else:
            columns.append((str(name), column.to_numpy()))
    return columns

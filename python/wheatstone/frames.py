"""DataFrames of other packages, taken apart into named columns that a cell can keep, and made of these again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import polars as pl


class FrameColumn(NamedTuple):
    """A column as the native library takes it: a NumPy array or a list of texts, and a byte an element that is 0 where
    it is missing, or None where none is."""

    name: str
    values: Any
    present: bytes | None = None


def prepare() -> None:
    """Makes and takes apart a small frame: what Polars and NumPy take on first use, a third of a second, would make the
    first row that holds a waveform late."""
    import numpy
    import polars

    columns_of(polars.DataFrame({"": numpy.zeros(1)}))


def columns_of(frame: Any) -> list[FrameColumn]:
    """A frame of Polars, pandas, or of anything that Polars takes, as PyArrow's tables."""
    package = type(frame).__module__.partition(".")[0]
    if package == "pandas":
        return _pandas_columns(frame)
    if package != "polars":
        import polars

        frame = polars.DataFrame(frame)
    return [_polars_column(name, frame.get_column(name)) for name in frame.columns]


def frame_of(columns: list[tuple[str, Any, bytes | None]]) -> pl.DataFrame:
    """Columns as columns_of() gives them, as a frame of Polars."""
    import numpy as np
    import polars as pl

    def series(name: str, values: Any, present: bytes | None) -> pl.Series:
        made = pl.Series(name, values)
        if present is None:
            return made
        return made.set(pl.Series(np.frombuffer(present, np.uint8) == 0), None)

    return pl.DataFrame([series(*column) for column in columns])


def _polars_column(name: str, column: Any) -> FrameColumn:
    import polars

    if column.dtype == polars.Null:
        column = column.cast(polars.Float64)
    present = column.is_not_null().to_numpy().astype("uint8").tobytes() if column.null_count() else None
    if column.dtype == polars.String or isinstance(column.dtype, (polars.Categorical, polars.Enum)):
        texts = column.cast(polars.String)
        return FrameColumn(name, texts.fill_null("").to_list(), present)
    if present is not None:
        column = _filled(column)
    return FrameColumn(name, column.to_numpy(), present)


def _filled(column: pl.Series) -> pl.Series:
    """Without missing values, which NumPy would make floats or objects of. What stands in their place goes nowhere."""
    import polars

    there = column.drop_nulls()
    if len(there):
        return column.zip_with(column.is_not_null(), there.new_from_index(0, len(column)))
    known = column.dtype.is_numeric() or column.dtype in (
        polars.Boolean, polars.Date, polars.Datetime, polars.Duration
    )  # fmt: skip
    zero = polars.Series(column.name, [0]).cast(column.dtype if known else polars.Float64)
    return zero.new_from_index(0, len(column))


def _pandas_columns(frame: Any) -> list[FrameColumn]:
    import pandas

    if not isinstance(frame.index, pandas.RangeIndex) or frame.index.start != 0 or frame.index.step != 1:
        frame = frame.reset_index()
    return [_pandas_column(str(name), frame.iloc[:, place]) for place, name in enumerate(frame.columns)]


def _pandas_column(name: str, column: Any) -> FrameColumn:
    import pandas

    is_text = pandas.api.types.is_string_dtype(column.dtype) or column.dtype == object
    missing = column.isna()
    # In pandas a float that is missing is NaN, which a column of floats keeps as it is.
    if not missing.any() or (column.dtype.kind == "f" and not pandas.api.types.is_extension_array_dtype(column.dtype)):
        return FrameColumn(name, column.tolist() if is_text else column.to_numpy())
    there = column[~missing]
    present = (~missing).to_numpy().astype("uint8").tobytes()
    if there.empty:
        return FrameColumn(name, [0.0] * len(column), present)
    filled = column.where(~missing, there.iloc[0])
    values = filled.tolist() if is_text else filled.to_numpy(dtype=there.to_numpy().dtype)
    return FrameColumn(name, values, present)


__all__ = ["FrameColumn", "columns_of", "frame_of", "prepare"]

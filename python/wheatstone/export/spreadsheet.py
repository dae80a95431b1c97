"""XLSX through XlsxWriter: sheets for the data, the timing, the columns and the run."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from wheatstone.errors import DataError
from wheatstone.experiments.described import Described, described_columns
from wheatstone.export.cell_json import json_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import polars as pl

    from wheatstone.experiments import Experiment

# "Excel specifications and limits", support.microsoft.com.
MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
MOST_CHARACTERS = 32_767
# Excel's numbers are float64.
_EXACT = 2**53
_BATCH = 10_000
_NESTED = ("array", "waveform", "frame")


def write_xlsx(experiment: Experiment, path: Path, columns: Sequence[str] | None) -> None:
    """What a spreadsheet has no cell for is written as docs/how-to/export.md says: infinities and NaN as the texts
    "inf", "-inf" and "nan", instants without their zone, rounded to milliseconds, and exact as text in the sheet
    "timing", complex numbers as "1+2j", arrays, waveforms and tables as JSON."""
    try:
        import xlsxwriter
    except ImportError as error:
        raise ImportError(
            "XLSX files need XlsxWriter, which is not installed: pip install 'wheatstone[xlsx]', or pip install "
            "xlsxwriter"
        ) from error
    described = described_columns(experiment, columns)
    if len(experiment) + 1 > MOST_ROWS:
        raise DataError(
            f"{len(experiment)} rows and their head do not fit a sheet, which has {MOST_ROWS} rows; export to Parquet, "
            "CSV or NetCDF"
        )
    if len(described) > MOST_COLUMNS:
        raise DataError(
            f"{len(described)} columns do not fit a sheet, which has {MOST_COLUMNS}; choose some with columns="
        )
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    try:
        formats = _Formats(book)
        _write_data(book.add_worksheet("data"), formats, described, experiment)
        if experiment._stored is not None and len(experiment) > 0:
            _write_timing(book.add_worksheet("timing"), formats, experiment)
        _write_columns(book.add_worksheet("columns"), formats, described)
        _write_run(book.add_worksheet("run"), formats, experiment)
        book.set_properties({"title": experiment.name, "comments": experiment.description})
    except BaseException:
        book.fileclosed = True  # what was written is dropped, and its destructor does not warn of that
        raise
    book.close()


class _Formats:
    def __init__(self, book: Any) -> None:
        self.head = book.add_format({"bold": True, "bottom": 1})
        self.instant = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss.000"})


def _head_of(column: Described) -> str:
    label = f"{column.name} ({column.unit})" if column.unit else column.name
    return f"{label}, UTC" if column.kind == "time" else label


def _write_head(sheet: Any, formats: _Formats, labels: Sequence[str]) -> None:
    for place, label in enumerate(labels):
        sheet.set_column(place, place, max(10, min(40, len(label) + 2)))
        sheet.write_string(0, place, label, formats.head)
    sheet.freeze_panes(1, 0)


def _write_data(sheet: Any, formats: _Formats, described: list[Described], experiment: Experiment) -> None:
    _write_head(sheet, formats, [_head_of(column) for column in described])
    for place, column in enumerate(described):
        if column.kind == "time":
            sheet.set_column(place, place, 24)
    stored = experiment._stored if not experiment._trials else None
    chosen = experiment.data.select([column.name for column in described])
    for number, row in enumerate(_rows(chosen, described), start=1):
        for place, (column, cell) in enumerate(zip(described, row, strict=True)):
            if stored is not None and cell is not None and column.kind in _NESTED:
                cell = stored.at(number - 1, column.name)  # with the types that it was kept in
            _write_cell(sheet, formats, number, place, column, cell)


def _rows(data: pl.DataFrame, described: list[Described]) -> Iterator[tuple[Any, ...]]:
    """Cells as Python has them; instants as nanoseconds since 1970."""
    import polars as pl

    instants = [column.name for column in described if data.schema[column.name].is_temporal()]
    for start in range(0, data.height, _BATCH):
        piece = data.slice(start, _BATCH)
        yield from piece.with_columns(pl.col(name).cast(pl.Datetime("ns")).to_physical() for name in instants).rows()


def _write_cell(sheet: Any, formats: _Formats, row: int, place: int, column: Described, cell: Any) -> None:
    if cell is None:
        return
    if isinstance(cell, bool):
        sheet.write_boolean(row, place, cell)
    elif column.kind == "time" and isinstance(cell, int):
        sheet.write_number(row, place, _day_of(cell), formats.instant)
    elif isinstance(cell, int) and abs(cell) > _EXACT:
        sheet.write_string(row, place, str(cell))
    elif isinstance(cell, (int, float)) and math.isfinite(cell):
        sheet.write_number(row, place, cell)
    else:
        text = _text_of(column, cell)
        if len(text) > MOST_CHARACTERS:
            raise DataError(
                f"column {column.name!r}: its cell in row {row - 1} takes {len(text)} characters as text, and a cell "
                f"of a sheet holds {MOST_CHARACTERS}; leave the column out with columns=, or take Parquet or NetCDF"
            )
        sheet.write_string(row, place, text)


def _day_of(nanoseconds: int) -> float:
    """The serial number of a day, from 1900 on as spreadsheets count them, rounded to milliseconds."""
    milliseconds = round(nanoseconds / 1_000_000)
    return 25569 + milliseconds / 86_400_000


def _text_of(column: Described, cell: Any) -> str:
    if isinstance(cell, float):
        return str(cell)  # inf, -inf, nan
    if isinstance(cell, bytes):
        return cell.hex()
    if column.kind == "complex":
        return f"{cell['re']:.17g}{cell['im']:+.17g}j"
    if isinstance(cell, str):
        return cell
    return json_text(cell)


def _write_timing(sheet: Any, formats: _Formats, experiment: Experiment) -> None:
    """Times in nanoseconds, as ``experiment.timing`` has them; before them the timestamp as text, exact."""
    timing = experiment.timing
    stamps = experiment.data["timestamp"]
    _write_head(sheet, formats, ["timestamp, UTC", *timing.columns])
    sheet.set_column(0, 0, 32)
    texts = (
        stamps.dt.strftime("%Y-%m-%dT%H:%M:%S.%9fZ").to_list() if stamps.dtype.is_temporal() else [None] * timing.height
    )
    described = [Described(name, "int64", "timing") for name in timing.columns]
    for number, (text, row) in enumerate(zip(texts, timing.iter_rows(), strict=False), start=1):
        if text is not None:
            sheet.write_string(number, 0, text)
        for place, (column, cell) in enumerate(zip(described, row, strict=True), start=1):
            _write_cell(sheet, formats, number, place, column, cell)


def _write_columns(sheet: Any, formats: _Formats, described: list[Described]) -> None:
    _write_head(sheet, formats, ["name", "unit", "kind", "role", "notes"])
    for number, column in enumerate(described, start=1):
        for place, text in enumerate((column.name, column.unit, column.kind, column.role, column.notes)):
            sheet.write_string(number, place, text)


def _write_run(sheet: Any, formats: _Formats, experiment: Experiment) -> None:
    """run.json, a line for each of its ends; a text longer than a cell goes on in the cells beside it."""
    _write_head(sheet, formats, ["what", "value"])
    sheet.set_column(0, 0, 40)
    whole: Any = {"name": experiment.name, "description": experiment.description, "notes": experiment.notes}
    if experiment._stored is not None:
        whole |= experiment.metadata
    for number, (key, value) in enumerate(_ends(whole), start=1):
        sheet.write_string(number, 0, key[:MOST_CHARACTERS])
        for place in range(0, max(1, len(value)), MOST_CHARACTERS):
            sheet.write_string(number, 1 + place // MOST_CHARACTERS, value[place : place + MOST_CHARACTERS])


def _ends(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from _ends(inner, f"{key}.{name}" if key else str(name))
    elif isinstance(value, list) and value and any(isinstance(inner, (dict, list)) for inner in value):
        for number, inner in enumerate(value):
            yield from _ends(inner, f"{key}[{number}]")
    elif isinstance(value, str):
        yield key, value
    else:
        yield key, json.dumps(value, ensure_ascii=False)


__all__ = ["write_xlsx"]

"""A run as a file of other programs: Arrow, CSV, JSON lines, NetCDF-4, Parquet, XLSX."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wheatstone.errors import ConfigurationError
from wheatstone.export.files import final_path, whole_file

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from wheatstone.experiments import Experiment

# The ends of file names that say a format.
ENDINGS = {
    ".arrow": "arrow",
    ".ipc": "arrow",
    ".feather": "arrow",
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".nc": "netcdf",
    ".nc4": "netcdf",
    ".netcdf": "netcdf",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
}
FORMATS = ("arrow", "csv", "jsonl", "netcdf", "parquet", "xlsx")
TEXT_FORMATS = ("csv", "jsonl")


def export(
    experiment: Experiment,
    path: str | os.PathLike[str],
    format: str | None = None,
    *,
    columns: Sequence[str] | None = None,
    metadata: bool | None = None,
    force: bool = False,
) -> None:
    """Writes the experiment's table and metadata to a file, which appears whole or not at all; docs/how-to/export.md
    says what becomes of what in each format.

    ``format`` is one of :data:`FORMATS`; where it is not given, the end of the file's name says it. ``columns`` are
    those to write, all where it is not given; to NetCDF the parameters and the timestamp come along. ``metadata=True``
    writes what CSV and JSON lines cannot hold beside them, as FILE-metadata.json; the other formats carry it.
    ``force`` replaces a file of that name.
    """
    file = final_path(path, force)
    format = _format_of(file.name, file.suffix, format)
    if metadata is not None and format not in TEXT_FORMATS:
        raise ConfigurationError(f"metadata={metadata} is for CSV and JSON lines; {format} carries the metadata itself")
    if isinstance(columns, str):
        raise ConfigurationError(f"columns={columns!r} is one text; give a list of names, such as [{columns!r}]")
    with whole_file(file) as unfinished:
        _writer_of(format)(experiment, unfinished, columns)
    if metadata:
        from wheatstone.export.tables import write_description

        write_description(experiment, file, columns)


def _writer_of(format: str) -> Callable[[Experiment, Path, Sequence[str] | None], None]:
    """What writes that format; the packages that it needs are imported then."""
    if format == "parquet":
        from wheatstone.export import parquet

        return parquet.write_parquet
    if format == "netcdf":
        from wheatstone.export import netcdf

        return netcdf.write_netcdf
    if format == "xlsx":
        from wheatstone.export import spreadsheet

        return spreadsheet.write_xlsx
    from wheatstone.export import tables

    return tables.writer_of(format)


def _format_of(name: str, ending: str, format: str | None) -> str:
    if format is None:
        format = ENDINGS.get(ending.lower())
        if format is None:
            known = ", ".join(sorted(ENDINGS))
            raise ConfigurationError(f"the name {name!r} says no format; end it in one of {known}, or give format=")
    if format not in FORMATS:
        raise ConfigurationError(f"there is no format {format!r}; there are {', '.join(FORMATS)}")
    return format


__all__ = ["ENDINGS", "FORMATS", "export"]

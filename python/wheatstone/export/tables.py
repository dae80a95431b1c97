"""Arrow, CSV and JSON lines: by the native library for runs, by Polars for what was put together by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from wheatstone.errors import ConfigurationError, DataError
from wheatstone.experiments.described import described_columns

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from wheatstone import _native
    from wheatstone.experiments import Experiment

_BY_HAND = {"arrow": "write_ipc", "csv": "write_csv", "jsonl": "write_ndjson"}
_NESTED = ("complex", "array", "waveform", "frame", "bytes")


def writer_of(format: str) -> Callable[[Experiment, Path, Sequence[str] | None], None]:
    """What writes an experiment in that format."""

    def write(experiment: Experiment, path: Path, columns: Sequence[str] | None) -> None:
        if experiment._stored is not None and not experiment._trials:
            getattr(_chosen(experiment._stored, columns), f"write_{format}")(path)
            return
        described = described_columns(experiment, columns)
        for column in described:
            if format == "csv" and column.kind in _NESTED:
                raise DataError(f"column {column.name!r} holds cells of kind {column.kind}, which fit no CSV")
        getattr(experiment.data.select([column.name for column in described]), _BY_HAND[format])(path)

    return write


def write_description(experiment: Experiment, file: Path, columns: Sequence[str] | None) -> None:
    """FILE-metadata.json: columns, units and run.json."""
    if experiment._stored is None or experiment._trials:
        raise ConfigurationError(
            f"experiment {experiment.name!r} was put together by hand; only one that a run left has metadata to write"
        )
    _chosen(experiment._stored, columns).write_description(file)


def _chosen(stored: _native.Experiment, columns: Sequence[str] | None) -> _native.Experiment:
    return stored if columns is None else stored.select(list(columns))


__all__ = ["write_description", "writer_of"]

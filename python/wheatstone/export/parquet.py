"""Parquet through Polars: batch by batch, so that memory stays flat over any number of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wheatstone.experiments.described import described_columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import polars as pl

    from wheatstone import _native
    from wheatstone.experiments import Experiment


def write_parquet(experiment: Experiment, path: Path, columns: Sequence[str] | None) -> None:
    """Units, notes and roles stand in the fields' metadata, run.json in the file's, as "wheatstone.run"."""
    names = [column.name for column in described_columns(experiment, columns)]
    stored = experiment._stored
    if stored is None or experiment._trials:
        experiment.data.select(names).write_parquet(path, metadata={"wheatstone.units": _units(experiment)})
        return
    chosen = stored if columns is None else stored.select(names)
    if stored.batch_count == 0:  # a run that ended before its first row
        import polars as pl

        pl.DataFrame(chosen).write_parquet(path, metadata={"wheatstone.run": stored.metadata})
        return
    _scan(chosen).sink_parquet(
        path,
        metadata={"wheatstone.run": stored.metadata},
        arrow_schema=chosen,
        engine="streaming",
    )


def _units(experiment: Experiment) -> str:
    import json

    return json.dumps(experiment.units, ensure_ascii=False)


def _scan(stored: _native.Experiment) -> pl.LazyFrame:
    """The run, read when it is asked for and let go of behind the reader."""
    import polars as pl
    from polars.io.plugins import register_io_source

    def batches(
        columns: list[str] | None, predicate: pl.Expr | None, rows: int | None, size: int | None
    ) -> Iterator[pl.DataFrame]:
        for index in range(stored.batch_count):
            frame = pl.DataFrame(stored.batch(index))
            if columns is not None:
                frame = frame.select(columns)
            if predicate is not None:
                frame = frame.filter(predicate)
            if rows is not None:
                frame = frame.head(rows)
                rows -= frame.height
            yield frame

    schema: dict[str, Any] = dict(pl.DataFrame(stored.batch(0)).schema)
    return register_io_source(batches, schema=schema)


__all__ = ["write_parquet"]

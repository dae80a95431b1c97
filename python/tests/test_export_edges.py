"""Exports of cells and columns at the edge: late, widened, of several shapes, empty, without a value."""

import json

import numpy as np
import openpyxl
import polars as pl
import pytest
import xarray as xr

from wheatstone import MeasurementSession, Waveform
from wheatstone.errors import DataError
from wheatstone.export import FORMATS


def taken(measure, points=6):
    with MeasurementSession("edges") as session:
        session.parameter("k", list(range(points)))
        session.acquire(measure)
        return session.run(show_progress=False)


def exported(experiment, folder):
    """In every format; Parquet has to be the table as it is."""
    for format in FORMATS:
        experiment.export(folder / f"out.{format}", format)
    assert pl.read_parquet(folder / "out.parquet").equals(experiment.data)
    assert pl.read_ipc(folder / "out.arrow").equals(experiment.data)
    return xr.load_dataset(folder / "out.netcdf", engine="h5netcdf")


def test_columns_that_came_late_and_grew_wider_over_several_batches(tmp_path):
    def measure(k):
        row = {"a": k if k < 3000 else k + 0.5}
        if k > 3:
            row |= {"b": 1.5, "c": np.arange(3)}
        if k > 4000:
            row |= {"text": "late", "w": Waveform(0.0, 1.0, np.arange(2.0))}
        return row

    experiment = taken(measure, 40_000)
    assert experiment._stored.batch_count > 1
    data = exported(experiment, tmp_path)
    assert data.a.values[[0, 2999, 3000]].tolist() == [0, 2999, 3000.5]
    assert np.isnan(data.b.values[3]) and data.b.values[4] == 1.5
    assert np.isnan(data.c.values[0]).all() and data.c.values[4].tolist() == [0, 1, 2]
    assert data.text.values[4000] == "" and data.text.values[4001] == "late"
    assert data.w.values[-1].tolist() == [0, 1]


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        (lambda k: np.array(["a", "bb"][: 1 + k % 2]), ["a", "bb"]),
        (lambda k: np.array([2**64 - 1, 1], np.uint64), [2**64 - 1, 1]),
        (lambda k: np.arange(k) * 1j, [0, 1j, 2j, 3j, 4j]),
        (lambda k: np.array([True, False]), [True, False]),
        (lambda k: np.array([0.5, np.inf], np.float32), [0.5, np.inf]),
        (lambda k: None if k == 2 else np.zeros((2, 2)), [[0, 0], [0, 0]]),
        (lambda k: np.zeros(0), []),
        (lambda k: None, None),
    ],
    ids=["texts", "uint64", "complex", "bools", "float32", "missing", "empty", "nothing"],
)
def test_arrays_of_every_type_reach_every_format(tmp_path, cells, wanted):
    data = exported(taken(lambda k: {"cell": cells(k)}), tmp_path)
    if "cell_re" in data:
        assert (data.cell_re + 1j * data.cell_im).values[5].tolist() == wanted
    elif wanted is None:
        assert np.isnan(data.cell.values).all()
    else:
        assert data.cell.values[5].tolist() == wanted


def test_instants_and_durations_in_arrays_are_exact_everywhere(tmp_path):
    instants = np.array(["2026-01-01T00:00:00.123456789", "NaT"], "datetime64[ns]")
    durations = np.array([5, "NaT"], "timedelta64[ns]")
    data = exported(taken(lambda k: {"at": instants, "took": durations}), tmp_path)
    assert data.at.values[0, 0] == instants[0] and np.isnat(data.at.values[0, 1])
    assert data.took.values[0, 0] == durations[0] and np.isnat(data.took.values[0, 1])
    rows = list(openpyxl.load_workbook(tmp_path / "out.xlsx")["data"].iter_rows(min_row=2, values_only=True))
    line = json.loads((tmp_path / "out.jsonl").read_text().split("\n")[0])
    assert [json.loads(cell) for cell in rows[0][2:]] == [line["at"], line["took"]]
    assert line["at"] == ["2026-01-01T00:00:00.123456789Z", None]
    assert line["took"] == [5, None]


def test_arrays_of_several_shapes_are_for_formats_that_nest(tmp_path):
    experiment = taken(lambda k: {"cell": np.zeros((1 + k % 2, 2))})
    for format in FORMATS:
        if format != "netcdf":
            experiment.export(tmp_path / f"out.{format}", format)
    with pytest.raises(DataError, match=r"column 'cell': its arrays have several shapes, \(1, 2\) and \(2, 2\)"):
        experiment.export(tmp_path / "out.nc")
    experiment.export(tmp_path / "out.nc", columns=["k"])
    assert [json.loads(line)["cell"] for line in (tmp_path / "out.jsonl").read_text().splitlines()][:2] == [
        [[0.0, 0.0]],
        [[0.0, 0.0], [0.0, 0.0]],
    ]

"""What exports write, opened in the programs that they are for."""

import json
import os
import subprocess
import sys
import textwrap

import duckdb
import netCDF4
import numpy as np
import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet
import pytest
import xarray as xr
from kinds import INSTANT, NUMBERS, TEXTS, run_of_all_kinds

import wheatstone
from wheatstone import MeasurementSession
from wheatstone.errors import ConfigurationError, DataError, StorageError
from wheatstone.experiments import Experiment
from wheatstone.export import FORMATS, export


@pytest.fixture(scope="module")
def kinds(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("kinds")
        patch.chdir(folder)
        patch.setenv("XDG_STATE_HOME", str(folder))
        yield run_of_all_kinds()


def instants(experiment):
    return experiment.data["timestamp"].cast(pl.Int64).to_list()


def same(found, wanted):
    """Whether two lists of numbers are the same, NaN for what is missing."""
    np.testing.assert_array_equal(np.array(found, float), np.array(wanted, float))


# Parquet


def test_parquet_holds_every_kind_and_polars_reads_the_same_table(kinds, tmp_path):
    kinds.export(tmp_path / "k.parquet")
    assert pl.read_parquet(tmp_path / "k.parquet").equals(kinds.data)


def test_parquet_carries_units_and_the_run(kinds, tmp_path):
    kinds.export(tmp_path / "k.parquet")
    file = pa.parquet.ParquetFile(tmp_path / "k.parquet")
    field = file.schema_arrow.field("voltage")
    assert (field.metadata[b"unit"], field.metadata[b"notes"]) == (b"V", b"of the supply")
    assert field.metadata[b"role"] == b"parameter"
    assert json.loads(file.metadata.metadata[b"wheatstone.run"]) == kinds.metadata
    assert pl.read_parquet_metadata(tmp_path / "k.parquet")["wheatstone.run"] == kinds._stored.metadata


def test_parquet_in_duckdb_and_pandas(kinds, tmp_path):
    kinds.export(tmp_path / "k.parquet")
    rows = duckdb.sql(f"""
        select number, text, epoch_ns("timestamp"), z.im, matrix[2][3], trace.samples[2], count, whole
        from '{tmp_path}/k.parquet'
    """).fetchall()
    assert [row[0] for row in rows] == NUMBERS
    assert [row[1] for row in rows] == TEXTS
    assert [row[2] for row in rows] == instants(kinds)
    assert {row[3] for row in rows} == {-1.5}
    assert [row[4] for row in rows] == [5 * k for k in range(6)]
    assert {row[5] for row in rows} == {float("inf")}
    assert [row[6] for row in rows] == [0, None, 2, 3, 4, 5]
    assert [row[7] for row in rows] == [2**53 + k for k in range(6)]
    frame = pd.read_parquet(tmp_path / "k.parquet")
    assert frame["timestamp"].astype("int64").to_list() == instants(kinds)
    assert str(frame["timestamp"].dtype) == "datetime64[ns, UTC]"


def test_parquet_of_some_columns_in_the_order_asked_for(kinds, tmp_path):
    kinds.export(tmp_path / "k.parquet", columns=["number", "voltage"])
    assert pl.read_parquet(tmp_path / "k.parquet").equals(kinds.data.select("number", "voltage"))
    assert pa.parquet.read_schema(tmp_path / "k.parquet").field("voltage").metadata[b"unit"] == b"V"


def test_save_parquet_replaces_and_an_experiment_put_together_by_hand_goes_too(tmp_path):
    by_hand = Experiment("by hand")
    by_hand.add_parameter("v", "V")
    by_hand.add_trial({"a": [1.5, float("inf")]}, v=3)
    for _ in range(2):
        by_hand.save_parquet(tmp_path / "h.parquet")
    assert pl.read_parquet(tmp_path / "h.parquet").equals(by_hand.data)
    for ending in ("arrow", "csv", "jsonl", "nc", "xlsx"):
        by_hand.export(tmp_path / f"h.{ending}")
    assert pl.read_csv(tmp_path / "h.csv").equals(by_hand.data)
    assert xr.load_dataset(tmp_path / "h.nc").a.values.tolist() == [[1.5, float("inf")]]
    assert openpyxl.load_workbook(tmp_path / "h.xlsx")["data"]["B1"].value == "v (V)"
    with pytest.raises(ConfigurationError, match="put together by hand"):
        by_hand.export(tmp_path / "h2.csv", metadata=True)


# Arrow, CSV and JSON lines


def test_arrow_in_polars_and_pyarrow(kinds, tmp_path):
    kinds.export(tmp_path / "k.arrow")
    assert pl.read_ipc(tmp_path / "k.arrow").equals(kinds.data)
    with pa.OSFile(str(tmp_path / "k.arrow")) as file:
        table = pa.ipc.open_file(file).read_all()
    assert table.schema.field("trace").metadata[b"unit"] == b"V"
    assert json.loads(table.schema.metadata[b"wheatstone.run"]) == kinds.metadata
    assert table["number"].to_pylist() == NUMBERS


def test_csv_in_polars_pandas_and_duckdb(kinds, tmp_path):
    file = tmp_path / "k.csv"
    kinds.export(file)
    assert file.read_bytes().startswith(b"voltage,mode,timestamp,number,")
    frame = pl.read_csv(file, try_parse_dates=False)
    assert frame["number"].to_list() == NUMBERS
    assert frame["text"].to_list() == TEXTS
    parsed = frame["timestamp"].str.to_datetime(time_unit="ns", time_zone="UTC")
    assert parsed.cast(pl.Int64).to_list() == instants(kinds)
    same(pd.read_csv(file)["number"], [np.nan if v is None else v for v in NUMBERS])
    rows = duckdb.sql(f"select number, whole, flag from '{file}'").fetchall()
    assert [row[0] for row in rows] == NUMBERS
    assert rows[5][1] == 2**53 + 5
    assert [row[2] for row in rows] == [True, False, None, False, True, False]


def test_json_lines_have_a_place_for_numbers_that_json_lacks(kinds, tmp_path):
    file = tmp_path / "k.jsonl"
    kinds.export(file)
    rows = [json.loads(line) for line in file.read_text().split("\n")[:-1]]
    assert [row["number"] for row in rows] == [0.1, "Infinity", "-Infinity", None, 1 / 3, 5.0]
    assert [row["text"] for row in rows] == TEXTS
    assert rows[4]["matrix"] == [[0, 4, 8], [12, 16, 20]]
    assert rows[1]["spectrum"] == [[1, 2], [1, 0]]
    assert rows[1]["trace"] == {"t0": -1e-6, "dt": 1e-6, "samples": [1, "Infinity", 3]}
    found = duckdb.sql(f"select number::double from read_json('{file}', columns={{number: 'VARCHAR'}})").fetchall()
    assert [row[0] for row in found] == NUMBERS
    frame = pl.read_ndjson(file)
    assert frame["voltage"].to_list() == [0.0, 0.0, 1.0, 1.0, 2.0, 2.0]
    assert frame["z"].to_list()[2] == {"re": 2.0, "im": -1.5}
    assert frame["whole"].to_list()[5] == 2**53 + 5
    assert pd.read_json(file, lines=True)["text"].to_list()[3] == TEXTS[3]


def test_metadata_stands_beside_text_files_when_asked_for(kinds, tmp_path):
    kinds.export(tmp_path / "k.csv")
    assert not (tmp_path / "k.csv-metadata.json").exists()
    kinds.export(tmp_path / "k.csv", metadata=True, force=True, columns=["voltage", "number"])
    written = json.loads((tmp_path / "k.csv-metadata.json").read_text())
    columns = written["tableSchema"]["columns"]
    assert [column["name"] for column in columns] == ["voltage", "number"]
    assert columns[0]["schema:unitText"] == "V"
    assert written["wheatstone:run"] == kinds.metadata
    with pytest.raises(ConfigurationError, match="netcdf carries the metadata itself"):
        kinds.export(tmp_path / "k.nc", metadata=True)


# NetCDF


def test_netcdf_is_a_grid_in_xarray_and_in_netcdf4(kinds, tmp_path):
    kinds.export(tmp_path / "k.nc")
    with xr.open_dataset(tmp_path / "k.nc") as data:
        assert data.number.dims == ("voltage", "mode")
        same(data.number.values.reshape(-1), [np.nan if v is None else v for v in NUMBERS])
        assert data.voltage.attrs["units"] == "V"
        assert data.voltage.attrs["long_name"] == "of the supply"
        assert data.timestamp.values.reshape(-1).astype("int64").tolist() == instants(kinds)
        assert (data.when.values == INSTANT).all()
        assert data.whole.values.reshape(-1).tolist() == [2**53 + k for k in range(6)]
        same(data["count"].values.reshape(-1), [0, np.nan, 2, 3, 4, 5])
        assert data.flag.values.reshape(-1)[:2].tolist() == [1, 0]
        assert data.text.values.reshape(-1).tolist() == [text or "" for text in TEXTS]
        assert data.raw.values[0, 1] == "0001ff"
        assert (data.z_re + 1j * data.z_im).values[2, 1] == 5 - 1.5j
        assert data.trace.dims == ("voltage", "mode", "trace_time")
        assert data.trace_time.values.tolist() == [-1e-6, 0, 1e-6]
        assert data.trace_time.attrs["units"] == "s"
        assert data.trace.sel(voltage=1.0, mode="fast").values.tolist() == [2, float("inf"), 3]
        assert data.matrix.values[2, 0].tolist() == [[0, 4, 8], [12, 16, 20]]
        assert data.ragged.values[1, 1].tolist()[:3] == [0, 1, 2]
        assert data.attrs["title"] == "kinds"
        assert json.loads(data.attrs["wheatstone_run"]) == kinds.metadata
    with netCDF4.Dataset(tmp_path / "k.nc") as file:
        assert file.data_model == "NETCDF4"
        assert file.variables["timestamp"].units == "nanoseconds since 1970-01-01"
        assert file.variables["timestamp"][:].reshape(-1).tolist() == instants(kinds)


def test_netcdf_refuses_a_clash_of_names_that_it_has_no_room_for(tmp_path):
    with MeasurementSession("clash") as session:
        session.parameter("x", [1.0])
        session.acquire(lambda x: {"z": 1j, "z_re": 2.0}, name="measure")
        experiment = session.run(show_progress=False)
    with pytest.raises(DataError, match="'z_re' and 'z'|'z' and 'z_re'"):
        experiment.export(tmp_path / "k.nc")
    assert list(tmp_path.glob("*k.nc*")) == []


# XLSX


def test_a_spreadsheet_has_sheets_for_data_timing_columns_and_run(kinds, tmp_path):
    kinds.export(tmp_path / "k.xlsx")
    book = openpyxl.load_workbook(tmp_path / "k.xlsx")
    assert book.sheetnames == ["data", "timing", "columns", "run"]
    head, *rows = book["data"].iter_rows(values_only=True)
    named = {name: [row[place] for row in rows] for place, name in enumerate(head)}
    assert named["voltage (V)"] == [0, 0, 1, 1, 2, 2]
    assert named["number"] == [0.1, "inf", "-inf", None, 1 / 3, 5]
    assert named["whole"][:2] == [2**53, str(2**53 + 1)], "a float64 would round it"
    assert named["flag"][:3] == [True, False, None]
    assert named["z"][2] == "2-1.5j"
    lines = tmp_path / "k.jsonl"
    kinds.export(lines)
    written = [json.loads(line) for line in lines.read_text().split("\n")[:-1]]
    for name in ("matrix", "ragged", "spectrum", "trace (V)", "table"):
        assert [json.loads(text) for text in named[name]] == [row[name.removesuffix(" (V)")] for row in written]
    assert [text or "" for text in named["text"]] == [text or "" for text in TEXTS], "and no formula of '=1+1'"
    moment = kinds.data["timestamp"][0]
    assert abs((named["timestamp, UTC"][0] - moment.replace(tzinfo=None)).total_seconds()) <= 0.001
    exact = [row[0] for row in book["timing"].iter_rows(min_row=2, values_only=True)]
    assert [int(np.datetime64(text.rstrip("Z"), "ns").astype("int64")) for text in exact] == instants(kinds)
    described = list(book["columns"].iter_rows(values_only=True))
    assert ("voltage", "V", "float64", "parameter", "of the supply") in described
    run = dict(row[:2] for row in book["run"].iter_rows(values_only=True))
    assert run["id"] == kinds.id
    assert run["description"] == "all kinds of cells"


def test_what_fits_no_sheet_is_refused_before_anything_is_left_behind(tmp_path):
    long = Experiment("long")
    long.add_trial(pl.DataFrame({"a": pl.int_range(1_048_576, eager=True)}))
    with pytest.raises(DataError, match="1048576 rows and their head do not fit a sheet"):
        long.export(tmp_path / "k.xlsx")
    wide = Experiment("wide")
    wide.add_trial(pl.DataFrame({f"c{i}": [1] for i in range(16_385)}))
    with pytest.raises(DataError, match="16385 columns do not fit a sheet"):
        wide.export(tmp_path / "k.xlsx")
    text = Experiment("text")
    text.add_trial(pl.DataFrame({"a": ["x" * 32_768]}))
    with pytest.raises(DataError, match="column 'a': its cell in row 0 takes 32768 characters"):
        text.export(tmp_path / "k.xlsx")
    assert list(tmp_path.glob("*k.xlsx*")) == []


# Files, names and formats


def test_a_file_that_is_there_is_replaced_by_force_only(kinds, tmp_path):
    file = tmp_path / "precious.csv"
    file.write_text("precious")
    with pytest.raises(StorageError, match="is there already"):
        kinds.export(file)
    assert file.read_text() == "precious"
    kinds.export(file, force=True)
    assert len(pl.read_csv(file)) == 6


def test_a_format_is_taken_from_the_name_or_refused(kinds, tmp_path):
    kinds.export(tmp_path / "table", "csv")
    assert len(pl.read_csv(tmp_path / "table")) == 6
    with pytest.raises(ConfigurationError, match="'k.dat' says no format; end it in one of"):
        kinds.export(tmp_path / "k.dat")
    with pytest.raises(ConfigurationError, match="there is no format 'exe'; there are arrow"):
        export(kinds, tmp_path / "k.csv", "exe")
    with pytest.raises(ConfigurationError, match="one text; give a list"):
        kinds.export(tmp_path / "k.csv", columns="number")
    with pytest.raises(StorageError, match="there is no folder"):
        kinds.export(tmp_path / "missing" / "k.csv")
    assert [file.name for file in tmp_path.iterdir()] == ["table"]


@pytest.mark.parametrize("format", FORMATS)
def test_an_unknown_column_leaves_no_file(kinds, tmp_path, format):
    with pytest.raises(DataError, match="'nothing'"):
        kinds.export(tmp_path / "out", format, columns=["nothing"])
    assert list(tmp_path.glob("*out*")) == []


def _run_without_rows():
    def fail(x, label):
        raise RuntimeError("nothing was measured")

    with MeasurementSession("empty") as session:
        session.parameter("x", [1, 2.5], unit="V", notes="of the supply")
        session.parameter("label", ["a"])
        session.acquire(fail)
        with pytest.raises(wheatstone.errors.MeasurementError):
            session.run(show_progress=False)
    return wheatstone.load("last")


def test_a_run_without_rows_has_the_columns_of_its_parameters():
    empty = _run_without_rows()
    assert empty.data.height == 0
    assert dict(empty.data.schema) == {"x": pl.Float64, "label": pl.String, "timestamp": pl.Datetime("ns", "UTC")}
    assert empty.units["x"] == "V"
    assert list(empty.to_pandas().columns) == ["x", "label", "timestamp"]
    assert empty.to_xarray().sizes == {"row": 0} or len(empty.to_xarray().data_vars) == 0
    with pytest.raises(DataError, match="no rows to plot"):
        empty.plot()


@pytest.mark.parametrize("format", FORMATS)
def test_a_run_without_rows_is_an_empty_table(tmp_path, format):
    out = tmp_path / "out"
    _run_without_rows().export(out, format)
    names = ["x", "label", "timestamp"]
    if format == "parquet":
        assert pl.read_parquet(out).columns == names and pl.read_parquet(out).height == 0
        assert "wheatstone.run" in pl.read_parquet_metadata(out)
    elif format == "arrow":
        assert pl.read_ipc(out).columns == names
    elif format == "csv":
        assert out.read_text().splitlines() == [",".join(names)]
    elif format == "jsonl":
        assert out.read_bytes() == b""
    elif format == "netcdf":
        import xarray as xr

        assert xr.load_dataset(out, engine="h5netcdf").sizes.get("row", 0) == 0
    else:
        assert out.stat().st_size > 0


FULL = textwrap.dedent(
    """
    import resource, sys
    import wheatstone
    from wheatstone.errors import StorageError

    experiment = wheatstone.load("last")
    for needed in ("polars", "xarray", "h5netcdf", "xlsxwriter", "pandas"):
        __import__(needed)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    try:
        experiment.export(sys.argv[1], sys.argv[2])
    except StorageError as error:
        print(error)
    """
)


@pytest.mark.parametrize("format", FORMATS)
def test_a_medium_that_takes_no_more_is_one_error_and_leaves_nothing(tmp_path, format):
    """The process may write 20 kB a file: the writers meet that in the middle, as they would a full disk."""
    with MeasurementSession("large") as session:
        session.parameter("x", [float(i) for i in range(5000)])
        session.acquire(lambda x: {"y": (x * 0.7133) % 1, "text": f"{(x * 0.123457) % 1}"}, name="measure")
        session.run(show_progress=False)
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path / "out"), format], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert "cannot be written" in done.stdout or "cannot write" in done.stdout, (done.stdout, done.stderr)
    assert list(tmp_path.glob("*out*")) == []


@pytest.mark.parametrize(
    ("format", "package", "sentence"),
    [
        ("netcdf", "xarray", r"xarray is not installed, which this needs: pip install 'wheatstone\[netcdf\]'"),
        ("netcdf", "h5netcdf", r"NetCDF files need h5netcdf, which is not installed"),
        ("xlsx", "xlsxwriter", r"XLSX files need XlsxWriter, which is not installed"),
    ],
)
def test_a_package_that_is_missing_is_one_sentence(kinds, tmp_path, monkeypatch, format, package, sentence):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ImportError, match=sentence):
        kinds.export(tmp_path / "out", format)
    assert list(tmp_path.glob("*out*")) == []


def test_names_that_are_hard_on_files_and_columns(tmp_path):
    with MeasurementSession("a/b \N{ELECTRIC PLUG}") as session:
        session.parameter("gate / V", [1.0, 2.0])
        session.acquire(lambda ctx: {"I, leak\nage": 1.0}, name="measure")
        experiment = session.run(show_progress=False)
    for format in FORMATS:
        experiment.export(tmp_path / f"a b \N{ELECTRIC PLUG} {format}", format)
    with xr.open_dataset(tmp_path / "a b \N{ELECTRIC PLUG} netcdf", engine="h5netcdf") as data:
        assert data["gate _ V"].attrs["long_name"] == "gate / V"
    assert pl.read_csv(tmp_path / "a b \N{ELECTRIC PLUG} csv").columns[2] == "I, leak\nage"


def test_the_run_of_another_process_is_exported_while_it_runs_and_after_its_end(tmp_path, until):
    program = textwrap.dedent(
        """
        from wheatstone import MeasurementSession
        with MeasurementSession("ramp") as session:
            session.parameter("x", [float(i) for i in range(1000)], unit="V")
            @session.acquire
            def measure(x):
                session.sleep(0.01)
                return {"y": 2 * x}
            session.run(show_progress=False)
        """
    )
    with subprocess.Popen([sys.executable, "-c", program], env=dict(os.environ)) as process:

        def has_rows():
            assert process.poll() is None
            try:
                return len(wheatstone.load("last")) > 2
            except wheatstone.errors.Error:
                return False

        until(has_rows)
        for round in ("running", "killed"):
            experiment = wheatstone.load("last")
            assert experiment.state == round
            for format in FORMATS:
                experiment.export(tmp_path / f"out.{format}", format, force=True)
            rows = len(experiment)
            wanted = [2.0 * i for i in range(rows)]
            assert pl.read_parquet(tmp_path / "out.parquet")["y"].to_list() == wanted
            assert pl.read_csv(tmp_path / "out.csv")["y"].to_list() == wanted
            assert pl.read_ipc(tmp_path / "out.arrow")["y"].to_list() == wanted
            assert pl.read_ndjson(tmp_path / "out.jsonl")["y"].to_list() == wanted
            assert xr.load_dataset(tmp_path / "out.netcdf", engine="h5netcdf").y.values.tolist() == wanted
            sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["data"]
            assert [row[2] for row in sheet.iter_rows(min_row=2, values_only=True)] == wanted
            process.kill()
            process.wait(30)

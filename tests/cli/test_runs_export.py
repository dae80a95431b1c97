"""wheatstone runs export: every format, from the command line, opened in other programs."""

import json
import subprocess
import sys

import openpyxl
import polars
import pytest
import xarray

READ = {
    "arrow": polars.read_ipc,
    "csv": polars.read_csv,
    "jsonl": polars.read_ndjson,
    "netcdf": lambda file: polars.from_pandas(xarray.load_dataset(file).to_dataframe().reset_index()),
    "parquet": polars.read_parquet,
    "xlsx": lambda file: polars.DataFrame(
        list(openpyxl.load_workbook(file)["data"].iter_rows(min_row=2, values_only=True)), orient="row"
    ),
}
OF_PYTHON = ("netcdf", "parquet", "xlsx")


@pytest.fixture
def swept(terminal):
    terminal.run("demo", "--pace", "virtual", "--points", "5")
    return terminal


@pytest.mark.parametrize("how", READ)
def test_every_format_is_written_under_the_run_s_name_and_read_elsewhere(swept, how):
    file = swept.folder / swept.run("runs", "export", "--to", how).stdout.strip()
    assert file.suffix == {"netcdf": ".nc"}.get(how, f".{how}")
    table = READ[how](file)
    assert len(table) == 5
    numbers = table["voltage"] if "voltage" in table.columns else table.to_series(0)
    assert numbers.to_list() == polars.read_ipc(exported(swept, "arrow"))["voltage"].to_list()


def exported(terminal, how, *words):
    file = terminal.folder / f"out.{how}"
    terminal.run("runs", "export", "last", "--to", how, "-o", str(file), "--force", *words)
    return file


@pytest.mark.parametrize("how", READ)
def test_columns_are_chosen_together_or_one_by_one(swept, how):
    once = exported(swept, how, "--columns", "i,voltage").read_bytes()
    if how in ("arrow", "csv", "jsonl"):
        assert exported(swept, how, "--columns", "i", "--columns", "voltage").read_bytes() == once
    table = READ[how](swept.folder / f"out.{how}")
    wanted = {"netcdf": {"i", "voltage", "timestamp"}, "xlsx": {"column_0", "column_1"}}
    assert set(table.columns) == wanted.get(how, {"i", "voltage"})
    refused = swept.run("runs", "export", "--to", how, "-o", "no", "--columns", "volts", status=1)
    assert refused.stderr.startswith("wheatstone: there is no column 'volts'")
    assert not (swept.folder / "no").exists()


def test_a_column_whose_name_has_a_comma_is_chosen_by_it(terminal):
    program = """if True:
        from wheatstone import MeasurementSession
        with MeasurementSession("commas") as session:
            session.parameter("x", [1.0])
            session.acquire(lambda: {"a,b": 2.0, "a": 3.0}, name="measure")
            session.run(show_progress=False)
    """
    subprocess.run(
        [sys.executable, "-c", program], cwd=terminal.folder, env=terminal.environment, check=True, timeout=60
    )
    assert polars.read_csv(exported(terminal, "csv", "--columns", "a,b")).columns == ["a,b"]


def test_what_text_cannot_hold_stands_beside_it(swept):
    done = swept.run("runs", "export", "--to", "csv", "-o", "iv.csv", "--metadata")
    assert done.stdout == "iv.csv\niv.csv-metadata.json\n"
    described = json.loads((swept.folder / "iv.csv-metadata.json").read_text())
    assert described["url"] == "iv.csv"
    assert described["wheatstone:run"] == json.loads(swept.run("runs", "show", "--json").stdout).get(
        "run", described["wheatstone:run"]
    )
    for how in ("arrow", *OF_PYTHON):
        refused = swept.run("runs", "export", "--to", how, "-o", "x", "--metadata", status=2)
        assert refused.stderr == "wheatstone: --metadata is for csv and jsonl; the others carry it\n"
    refused = swept.run("runs", "export", "--to", "csv", "-o", "-", "--metadata", status=2)
    assert "is written beside a file" in refused.stderr
    assert sorted(path.name for path in swept.folder.glob("[ix]*")) == ["iv.csv", "iv.csv-metadata.json"]


@pytest.mark.parametrize("how", OF_PYTHON)
def test_what_python_writes_goes_to_standard_output_too(swept, how):
    command = f"wheatstone runs export last --to {how} -o - > piped"
    subprocess.run(command, shell=True, cwd=swept.folder, env=swept.environment, check=True, timeout=60)
    file = swept.folder / "piped"
    file.rename(swept.folder / f"piped.{how}")
    assert len(READ[how](swept.folder / f"piped.{how}")) == 5


@pytest.mark.parametrize("how", OF_PYTHON)
def test_a_file_that_is_there_is_overwritten_by_force_only(swept, how):
    (swept.folder / "mine").write_text("precious")
    assert "--force" in swept.run("runs", "export", "--to", how, "-o", "mine", status=1).stderr
    assert (swept.folder / "mine").read_text() == "precious"
    swept.run("runs", "export", "--to", how, "-o", "mine", "--force")
    assert (swept.folder / "mine").read_bytes() != b"precious"


@pytest.mark.parametrize("how", READ)
def test_a_full_medium_is_one_sentence_and_leaves_nothing(terminal, how):
    """ulimit stands for the disk: nothing may be longer than a block of 1,024 bytes."""
    terminal.run("demo", "--pace", "virtual", "--points", "500")
    command = f"trap '' XFSZ; ulimit -f 8; wheatstone runs export last --to {how} -o out"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=terminal.folder,
        env=terminal.environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1, done
    assert done.stderr.startswith("wheatstone: ")
    assert "File too large" in done.stderr
    assert not list(terminal.folder.glob("*out*"))


@pytest.mark.parametrize("how", READ)
def test_a_run_without_rows_is_an_empty_table(terminal, how):
    program = """if True:
        from wheatstone import MeasurementSession
        with MeasurementSession("empty") as session:
            session.parameter("x", [1.0])
            session.acquire(lambda x: 1 / 0, name="measure")
            session.run(show_progress=False)
    """
    subprocess.run([sys.executable, "-c", program], cwd=terminal.folder, env=terminal.environment, timeout=60)
    assert terminal.run("runs", "export", "last", "--to", how, "-o", "out").stdout == "out\n"
    written = (terminal.folder / "out").read_bytes()
    if how == "csv":
        assert written.split() == [b"x,timestamp"]
    else:
        assert bool(written) == (how != "jsonl")


def test_a_file_in_a_folder_that_is_not_there_is_refused_with_what_to_do(swept):
    refused = swept.run("runs", "export", "last", "--to", "csv", "-o", "no where/out.csv", status=1)
    assert "there is no folder 'no where' for no where/out.csv: make it (mkdir -p 'no where')" in refused.stderr

"""Databases of the seed's system, written here by the schema and the packing that it uses."""

import io
import json
import lzma
import os
import pickle
import sqlite3
import subprocess
import sys
import zoneinfo

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from wheatstone import MeasurementDatabase
from wheatstone.errors import ConfigurationError, StorageError
from wheatstone.importing import import_database

SCHEMA = """
CREATE TABLE experiments (codename TEXT PRIMARY KEY, name TEXT NOT NULL, description TEXT, notes TEXT, data PLBLOB,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP, metadata TEXT);
CREATE VIRTUAL TABLE experiments_fts USING fts5(codename, name, description, notes, content='experiments');
CREATE TABLE experiment_parameters (codename TEXT, param_name TEXT, param_unit TEXT, param_notes TEXT,
    FOREIGN KEY (codename) REFERENCES experiments(codename) ON DELETE CASCADE);
CREATE TABLE instruments (instrument_id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE NOT NULL);
CREATE TABLE measurements (codename TEXT PRIMARY KEY, instrument_id INTEGER,
    timestamp DATETIME DEFAULT CURRENT_TIMESTAMP, value_data NPBLOB NOT NULL, units TEXT, measurement_type TEXT,
    notes TEXT, metadata TEXT, FOREIGN KEY (instrument_id) REFERENCES instruments(instrument_id));
"""
FRAME = pl.DataFrame({"voltage": [1.0, 2.0], "timestamp": [1.5e9, 1.5e9 + 1], "i": [0.1, None], "label": ["ä", "b"]})


class Trap:
    """Unpickled, it leaves a trace."""

    def __reduce__(self):
        return os.mkdir, ("unpickled",)


def packed(frame):
    return lzma.compress(frame.write_ipc(None).getvalue())


def packed_array(array):
    about = pickle.dumps({"dtype": str(array.dtype), "shape": array.shape, "compressed": True})
    return len(about).to_bytes(4, "little") + about + lzma.compress(array.tobytes())


@pytest.fixture
def old(tmp_path):
    """Such a database, and ways to put something in."""

    class Old:
        path = tmp_path / "old lab.db"

        def __init__(self):
            self.connection = sqlite3.connect(self.path)
            self.connection.execute("PRAGMA journal_mode = WAL")
            self.connection.executescript(SCHEMA)

        def experiment(self, codename, data, created_at="2025-08-01T12:00:00.250000", notes=""):
            row = (codename, f"name of {codename}", "a description", notes, data, created_at, None)
            self.connection.execute("INSERT INTO experiments VALUES (?, ?, ?, ?, ?, ?, ?)", row)
            self.connection.execute("INSERT INTO experiment_parameters VALUES (?, 'voltage', 'V', 'set')", (codename,))

        def measurement(self, codename, value, instrument="DMM", timestamp="2025-08-01 12:00:00"):
            self.connection.execute("INSERT OR IGNORE INTO instruments (name) VALUES (?)", (instrument,))
            wanted = "SELECT instrument_id FROM instruments WHERE name = ?"
            (number,) = self.connection.execute(wanted, (instrument,)).fetchone()
            row = (codename, number, timestamp, value, "V", "Volt Dc", "a note", None)
            self.connection.execute("INSERT INTO measurements VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)

        def imported(self, *store):
            self.connection.commit()
            return import_database(self.path, *store)

    old = Old()
    yield old
    old.connection.close()


def test_experiments_come_with_parameters_units_and_the_time_at_which_they_were_made(old, tmp_path):
    old.experiment("EXP_1", packed(FRAME), notes="IV-curve")
    report = old.imported()
    assert (report.experiments, report.refused) == (["EXP_1"], {})
    db = MeasurementDatabase(old.path)
    assert db.db_path == report.store == tmp_path / "old lab.wheatstone"
    found = db.retrieve_experiment("EXP_1")
    assert_frame_equal(found.data, FRAME)
    assert (found.name, found.description, found.notes) == ("name of EXP_1", "a description", "IV-curve")
    assert found.units == {"voltage": "V"} and found.parameters["voltage"].notes == "set"
    (hit,) = db.search_experiments("iv-curve")
    local = hit["created_at"].astimezone()
    assert local.replace(tzinfo=None).isoformat() == "2025-08-01T12:00:00.250000"


def test_scalars_and_frames_of_measurements_come(old):
    old.measurement("MEAS_real", 1.25)
    old.measurement("MEAS_whole", 3, "PSU")
    old.measurement("MEAS_text", "OVLD")
    old.measurement("MEAS_frame", packed(FRAME))
    report = old.imported()
    assert report.refused == {} and len(report.measurements) == 4
    db = MeasurementDatabase(report.store)
    found = db.retrieve_measurement("MEAS_real")
    assert (found.values, found.units, found.instrument, found.measurement_type) == (1.25, "V", "DMM", "Volt Dc")
    assert found.timestamp == 1754049600.0
    assert db.retrieve_measurement("MEAS_whole").values == 3
    assert db.retrieve_measurement("MEAS_text").values == "OVLD"
    assert_frame_equal(db.retrieve_measurement("MEAS_frame").values, FRAME)
    assert db.list_measurements("PSU") == ["MEAS_whole"]
    assert db.search_measurements("a note")


def test_what_was_pickled_is_refused_with_the_reason_and_never_unpickled(old, tmp_path):
    trap = pickle.dumps(Trap())
    old.measurement("array", packed_array(np.arange(5.0)))
    old.measurement("packed trap", lzma.compress(trap))
    old.measurement("trap", trap)
    old.experiment("experiment trap", lzma.compress(trap))
    old.measurement("good", 1.0)
    report = old.imported()
    assert report.measurements == ["good"] and report.experiments == []
    assert list(report.refused) == ["experiment trap", "array", "packed trap", "trap"]
    for reason in report.refused.values():
        assert "it is pickled, and reading a pickle runs whatever program it holds" in reason
    assert not (tmp_path / "unpickled").exists()
    # The trap works.
    pickle.loads(trap)
    assert (tmp_path / "unpickled").exists()


def test_what_is_neither_a_frame_nor_pickled_is_not_called_pickled(old):
    old.experiment("noise", b"garbage")
    old.measurement("packed noise", lzma.compress(b"garbage"))
    refused = old.imported().refused
    assert list(refused) == ["noise", "packed noise"]
    for reason in refused.values():
        assert "pickled" not in reason and "damaged" in reason


def test_damaged_rows_are_refused_each_by_itself(old):
    whole = packed(FRAME)
    old.experiment("cut", whole[:-40])
    old.experiment("garbled", whole[:60] + b"garbage" + whole[67:])
    old.experiment("no arrow", lzma.compress(b"ARROW1 and no more"))
    old.experiment("null", None)
    old.experiment("when", packed(FRAME), created_at="yesterday")
    old.experiment("whole", whole)
    report = old.imported()
    assert report.experiments == ["whole"]
    assert list(report.refused) == ["cut", "garbled", "no arrow", "null", "when"]
    assert "is none" in report.refused["when"]


def test_importing_again_brings_only_what_is_new(old):
    old.experiment("one", packed(FRAME))
    old.measurement("m", 1.0)
    old.imported()
    old.experiment("two", packed(FRAME))
    report = old.imported()
    assert (report.experiments, report.measurements, report.present) == (["two"], [], ["one", "m"])
    assert MeasurementDatabase(report.store).get_stats()["experiments"] == 2


def test_signatures_come_with_what_they_sign(old):
    old.connection.execute("CREATE TABLE measurement_envelopes (codename TEXT, envelope_json TEXT)")
    old.connection.execute("INSERT INTO measurement_envelopes VALUES ('m', ?)", (json.dumps({"sha": "00"}),))
    old.measurement("m", 1.0)
    store = old.imported().store
    assert MeasurementDatabase(store).retrieve_measurement("m").envelope == {"sha": "00"}


def test_the_file_is_only_read(old, as_root):
    old.experiment("one", packed(FRAME))
    old.connection.commit()
    old.connection.close()
    before = old.path.read_bytes()
    old.path.chmod(0o444)
    beside = {path.name for path in old.path.parent.iterdir()}
    import_database(old.path, "elsewhere")
    assert old.path.read_bytes() == before
    assert {path.name for path in old.path.parent.iterdir()} - beside == {"elsewhere", "state"}
    assert MeasurementDatabase("elsewhere").list_experiments() == ["one"]


def test_rows_that_another_process_has_not_checkpointed_come_too(old):
    old.connection.execute("PRAGMA wal_autocheckpoint = 0")
    old.experiment("in the log", packed(FRAME))
    assert old.imported().experiments == ["in the log"]


def test_what_is_no_such_database_is_refused(tmp_path):
    (tmp_path / "text.db").write_text("not a database")
    with pytest.raises(ConfigurationError, match=r"text\.db is no SQLite database"):
        import_database(tmp_path / "text.db")
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("CREATE TABLE birds (name TEXT)")
    connection.close()
    with pytest.raises(ConfigurationError, match="has no tables 'experiments' and 'measurements'"):
        import_database(tmp_path / "other.db")
    with pytest.raises(StorageError, match=r"missing\.db cannot be read: No such file"):
        import_database(tmp_path / "missing.db")
    assert not (tmp_path / "other.wheatstone").exists()


def command(*words):
    program = [sys.executable, "-m", "wheatstone", *words]
    return subprocess.run(program, capture_output=True, text=True, timeout=120)


def test_the_command_imports_and_says_what_it_left(old):
    old.experiment("EXP_1", packed(FRAME))
    old.connection.commit()
    done = command("runs", "import", str(old.path))
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 experiment and 0 measurements imported into" in done.stdout
    old.measurement("array", packed_array(np.arange(5.0)))
    old.connection.commit()
    done = command("runs", "import", str(old.path), "--store", "mine")
    assert done.returncode == 1
    assert "wheatstone: array was not imported: it is pickled" in done.stderr
    assert MeasurementDatabase("mine").list_experiments() == ["EXP_1"]
    done = command("runs", "import", "missing.db")
    assert (done.returncode, done.stdout) == (1, "")
    assert "missing.db cannot be read" in done.stderr


def test_a_session_on_a_bench_that_names_such_a_database_tells_the_command(old, tmp_path):
    from wheatstone import Bench, MeasurementSession

    old.experiment("EXP_1", packed(FRAME))
    old.connection.commit()
    (tmp_path / "bench.yaml").write_text(
        "experiment: {database_path: old lab.db}\nsimulate: true\ninstruments: {psu: {profile: keysight/EDU36311A}}\n"
    )

    def run(bench):
        with MeasurementSession("s", bench=bench) as session:
            session.parameter("x", [1])
            session.acquire(lambda x: {"y": x}, name="measure")
            return session.run(show_progress=False)

    with Bench.open(tmp_path / "bench.yaml") as bench:
        for use in (lambda bench: bench.db, run):
            with pytest.raises(ConfigurationError, match=r"'wheatstone runs import .*old lab\.db' brings"):
                use(bench)
        import_database(old.path)
        assert run(bench).folder.name in bench.db.list_experiments()
        assert len(bench.db.list_experiments()) == 2


def test_times_are_those_of_the_zone_in_which_they_were_written(old, monkeypatch):
    import time

    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        old.experiment("summer", packed(FRAME), created_at="2025-07-01T12:00:00")
        db = MeasurementDatabase(old.imported().store)
        created = db.search_experiments("summer")[0]["created_at"]
    finally:
        monkeypatch.delenv("TZ")
        time.tzset()
    assert created.astimezone(zoneinfo.ZoneInfo("UTC")).hour == 16


def test_a_frame_in_a_plain_arrow_file_comes_too(old):
    buffer = io.BytesIO()
    FRAME.write_ipc(buffer)
    old.experiment("plain", buffer.getvalue())
    assert old.imported().experiments == ["plain"]

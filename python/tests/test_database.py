"""Experiments and measurements under codenames, as scripts of the seed's system write."""

import datetime
import json
import multiprocessing
import sqlite3
import threading
import warnings
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from uncertainties import ufloat

import wheatstone
from wheatstone import Bench, MeasurementDatabase, MeasurementSession, Quantity
from wheatstone.errors import CodenameError, ConfigurationError, DatabaseError
from wheatstone.experiments import Experiment, MeasurementResult


@pytest.fixture
def db():
    with MeasurementDatabase("my_lab_data") as db:
        yield db


def result(values, **more):
    return MeasurementResult(values, "DMM", "V", "Volt Dc", timestamp=1_700_000_000.25, **more)


def sweep(name="IV curve", **more):
    experiment = Experiment(name, "of a diode", **more)
    experiment.add_parameter("voltage", "V", "set")
    for voltage in (1.0, 2.0):
        experiment.add_trial({"current": [voltage / 10]}, voltage=voltage)
    return experiment


# Experiments


def test_an_experiment_comes_back_with_parameters_units_and_notes(db):
    experiment = sweep(notes="first try")
    codename = db.store_experiment(None, experiment)
    assert codename.startswith("EXP_")
    found = db.retrieve_experiment(codename)
    assert (found.name, found.description, found.notes) == ("IV curve", "of a diode", "first try")
    assert found.parameters == experiment.parameters
    assert found.units == {"voltage": "V"}
    assert_frame_equal(found.data, experiment.data)
    assert [row["voltage"] for row in found] == [1.0, 2.0] and len(found) == 2


def test_notes_given_when_storing_stand_beside_those_of_the_experiment(db):
    codename = db.store_experiment("both", sweep(notes="of the experiment"), notes="of the storing")
    assert db.retrieve_experiment(codename).notes == "of the experiment\nof the storing"


def test_trials_keep_units_and_uncertainties_of_their_values(db):
    experiment = Experiment("uncertain")
    experiment.add_parameter("v", "V")
    experiment.add_trial({"i": Quantity(0.1, "A", 0.001), "r": ufloat(10, 0.5)}, v=1.0)
    experiment.add_trial({"i": Quantity(0.2, "A", 0.002), "r": ufloat(20, 0.5)}, v=2.0)
    found = db.retrieve_experiment(db.store_experiment("u", experiment))
    assert found.columns == ["i", "i_uncertainty", "r", "r_uncertainty", "v"]
    assert found.units == {"i": "A", "i_uncertainty": "A", "v": "V"}
    assert found.data["i_uncertainty"].to_list() == [0.001, 0.002]
    roles = {column.name: column.role for column in found._stored.columns}
    assert (roles["v"], roles["i"], roles["i_uncertainty"]) == ("parameter", "result", "uncertainty")


def run(store=None, bench=None, name="of a session"):
    with MeasurementSession(name, store=store, bench=bench) as session:
        session.parameter("x", [1, 2, 3], unit="V")
        session.acquire(lambda x: {"y": 2.0 * x}, name="measure")
        return session.run(show_progress=False)


def test_a_run_of_a_session_is_listed_and_found_without_being_stored_again(db):
    experiment = run(db.db_path)
    folder = experiment.folder.name
    assert db.list_experiments() == [folder]
    assert db.store_experiment(None, experiment) == folder
    assert db.store_experiment("by name", experiment, notes="the good one") == "by name"
    assert db.list_experiments() == ["by name"]
    for name in ("by name", folder, experiment.id, "of a session"):
        found = db.retrieve_experiment(name)
        assert found.id == experiment.id and found.units == {"x": "V"}
    assert sorted(path.name for path in db.db_path.iterdir() if path.is_dir()) == [folder]


def test_a_run_of_another_store_is_copied_with_all_that_it_keeps(db):
    experiment = run("elsewhere")
    db.store_experiment("copied", experiment)
    found = db.retrieve_experiment("copied")
    assert found.folder.parent == db.db_path and found.folder != experiment.folder
    assert found.metadata == experiment.metadata and found.events == experiment.events
    assert_frame_equal(found.timing, experiment.timing)
    assert not list(db.db_path.glob("*.tmp"))


def test_trials_added_to_a_run_make_a_table_of_its_own(db):
    experiment = run(db.db_path)
    rows = experiment.data.clear(1).with_columns(pl.lit(9.0).alias("y"))
    experiment.add_trial(rows.cast(experiment.data.schema))
    codename = db.store_experiment(None, experiment)
    assert len(db.retrieve_experiment(codename)) == 4
    assert db.get_stats()["experiments"] == 2


def test_a_store_keeps_an_experiment_put_together_by_hand(tmp_path):
    store = wheatstone.Store(tmp_path / "runs")
    kept = store.keep(sweep(notes="n"), notes="more", tags=["by hand"])
    assert kept.folder.parent == store.folder and kept.state == "finished"
    assert store["IV curve"].units == {"voltage": "V"} and kept.notes == "n\nmore"
    (found,) = store.runs(parameter={"voltage": (1.5, None)}, tag="by hand")
    assert (found.kind, found.row_count) == ("table", 2)
    assert store.keep(kept, notes="looked at").folder == kept.folder
    assert len(store) == 1 and [note.text for note in store.summary().notes] == ["n\nmore", "looked at"]
    copied = wheatstone.Store(tmp_path / "other").keep(kept, tags=["copy"])
    assert copied.id == kept.id and copied.folder != kept.folder
    for wrong in (1, sweep().data, None):
        with pytest.raises(ConfigurationError, match="takes an Experiment"):
            store.keep(wrong)


# Codenames


def test_a_codename_is_replaced_unless_that_is_refused(db):
    db.store_experiment("key", sweep("first"))
    assert db.store_experiment("key", sweep("second")) == "key"
    assert db.list_experiments() == ["key"]
    assert db.retrieve_experiment("key").name == "second"
    with pytest.raises(ValueError, match="'key' is in .* already"):
        db.store_experiment("key", sweep("third"), overwrite=False)
    assert db.retrieve_experiment("key").name == "second"
    db.store_measurement("key", result(1.0))
    db.store_measurement("key", result(2.0))
    assert db.retrieve_measurement("key").values == 2.0
    with pytest.raises(CodenameError):
        db.store_measurement("key", result(3.0), overwrite=False)
    assert db.get_stats() == {"experiments": 1, "measurements": 1, "instruments": 1}


@pytest.mark.parametrize("missing", ["nothing", "", "last one", "EXP_1"])
def test_an_unknown_codename_is_an_error_of_every_kind_that_scripts_expect(db, missing):
    db.store_experiment("key", sweep())
    for kind in (ValueError, KeyError, DatabaseError):
        with pytest.raises(kind, match="there is no"):
            db.retrieve_experiment(missing)
        with pytest.raises(kind, match="there is no measurement"):
            db.retrieve_measurement("key")
    with pytest.raises(CodenameError, match=r"list_experiments\(\) and list_measurements\(\) name those there are"):
        db.delete(missing)


@pytest.mark.parametrize("codename", ["a b", "x/y", "Übung", "50 % 'quoted' \"twice\"", "🙂", "k" * 191, "../up"])
def test_codenames_are_any_text(db, codename):
    db.store_measurement(codename, result(1.0))
    assert db.list_measurements() == [codename]
    assert db.retrieve_measurement(codename).values == 1.0
    assert all(path.parent == db.db_path for path in db.db_path.iterdir())


@pytest.mark.parametrize("codename", [" ", "a\nb", "k" * 192, "\0"])
def test_what_no_list_could_show_is_no_codename(db, codename):
    with pytest.raises(ConfigurationError, match="is no codename"):
        db.store_measurement(codename, result(1.0))


def test_lists_have_the_newest_first(db):
    for number in range(3):
        db.store_experiment(f"e{number}", sweep())
        db.store_measurement(f"m{number}", MeasurementResult(number, f"I{number % 2}", timestamp=1e9 + number))
    assert db.list_experiments() == ["e2", "e1", "e0"]
    assert db.list_experiments(limit=2) == ["e2", "e1"]
    assert db.list_measurements() == ["m2", "m1", "m0"]
    assert db.list_measurements("I0") == ["m2", "m0"]
    assert db.list_measurements(instrument="I0", limit=1) == ["m2"]
    assert db.list_measurements("I") == []
    assert db.get_stats() == {"experiments": 3, "measurements": 3, "instruments": 2}
    assert repr(db).splitlines()[1:] == ["  Experiments: 3", "  Measurements: 3", "  Instruments: 2"]


def test_what_is_deleted_lies_in_the_trash(db):
    db.store_experiment("e", sweep())
    db.store_measurement("m", result(1.0))
    db.delete("e")
    db.delete_measurement("m")
    assert db.list_experiments() == db.list_measurements() == []
    with pytest.raises(CodenameError):
        db.retrieve_experiment("e")
    assert len(wheatstone._native.Store(db.db_path).trashed()) == 2
    db.store_experiment("e", sweep("again"), overwrite=False)
    assert db.retrieve_experiment("e").name == "again"


def test_vacuum_leaves_everything_readable(db):
    db.store_experiment("e", sweep())
    run(db.db_path)
    db.vacuum()
    assert len(db.retrieve_experiment("e")) == 2


# Search


@pytest.fixture
def filled(db):
    db.store_experiment("diode", sweep("IV-curve", notes="red LED"))
    db.store_experiment("res", Experiment("Widerstand", "Messung der Größe", "über Nacht"))
    db.store_measurement("m1", MeasurementResult(1.0, "DMM_34470A", "V", "Volt Dc"), notes="after warm-up")
    db.store_measurement("m2", MeasurementResult(2.0, "PSU", "A", "Current"))
    return db


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("IV-curve", ["diode"]),
        ("iv", ["diode"]),
        ("red led", ["diode"]),
        ('"red LED"', ["diode"]),
        ("diode", ["diode"]),
        ("voltage", ["diode"]),
        ("Größe", ["res"]),
        ("groesse", ["res"]),
        ("über", ["res"]),
        ("nothing", []),
    ],
)
def test_experiments_are_found_by_what_people_type(filled, query, found):
    assert [hit["codename"] for hit in filled.search_experiments(query)] == found


@pytest.mark.parametrize(
    "query",
    [
        '"',
        "'",
        '"unbalanced',
        "a AND",
        "OR",
        "NOT x",
        "NEAR(",
        "*",
        "^x",
        "a:b",
        "(",
        ")",
        "-",
        "--",
        "%",
        "\\",
        ";",
        "",
    ],
)
def test_no_query_is_a_syntax_error(filled, query):
    assert isinstance(filled.search_experiments(query), list)
    assert isinstance(filled.search_measurements(query), list)


def test_a_search_tells_what_it_found(filled):
    (hit,) = filled.search_experiments("LED")
    assert list(hit) == ["codename", "name", "description", "notes", "created_at"]
    assert (hit["name"], hit["description"], hit["notes"]) == ("IV-curve", "of a diode", "red LED")
    assert isinstance(hit["created_at"], datetime.datetime)
    (hit,) = filled.search_measurements("warm-up")
    assert list(hit) == ["codename", "instrument", "measurement_type", "units", "timestamp", "notes"]
    assert (hit["codename"], hit["instrument"], hit["units"]) == ("m1", "DMM_34470A", "V")
    assert [hit["codename"] for hit in filled.search_measurements("34470")] == ["m1"]
    assert [hit["codename"] for hit in filled.search_measurements("volt", limit=1)] == ["m1"]


def test_a_replaced_experiment_is_found_by_its_new_words_only(filled):
    filled.store_experiment("diode", sweep("Zener"))
    assert filled.search_experiments("IV-curve") == []
    assert [hit["codename"] for hit in filled.search_experiments("zener")] == ["diode"]


# Where it is


@pytest.mark.parametrize(
    ("given", "folder"),
    [
        ("data", "data.wheatstone"),
        ("data.db", "data.wheatstone"),
        ("data.sqlite", "data.wheatstone"),
        ("run.v1.2", "run.v1.2.wheatstone"),
        ("data.wheatstone", "data.wheatstone"),
        ("my runs", "my runs"),
    ],
)
def test_a_database_is_a_folder(given, folder, tmp_path):
    (tmp_path / "my runs").mkdir()
    with MeasurementDatabase(tmp_path / given) as db:
        assert db.db_path == tmp_path / folder
        db.store_measurement("m", result(1.0))
    assert MeasurementDatabase(str(tmp_path / given)).list_measurements() == ["m"]


def test_an_empty_and_a_missing_database_have_nothing(tmp_path):
    (tmp_path / "empty.wheatstone").mkdir()
    for name in ("empty", "missing"):
        db = MeasurementDatabase(tmp_path / name)
        assert (db.list_experiments(), db.list_measurements(), db.search_experiments("x")) == ([], [], [])
        assert db.get_stats() == {"experiments": 0, "measurements": 0, "instruments": 0}
    assert not (tmp_path / "missing.wheatstone").exists()


def test_a_database_file_of_the_seeds_system_is_refused_with_the_command_that_imports_it(tmp_path):
    with sqlite3.connect(tmp_path / "old.db") as connection:
        connection.execute("CREATE TABLE experiments (codename TEXT)")
    connection.close()
    for given in ("old.db", "old"):
        with pytest.raises(ConfigurationError, match=r"'wheatstone runs import .*old\.db' .*old\.wheatstone"):
            MeasurementDatabase(tmp_path / given)


# Several at once


def store_some(path, worker):
    db = MeasurementDatabase(path)
    for number in range(10):
        db.store_measurement(f"w{worker}-{number}", MeasurementResult(float(number), f"I{worker}"))
        db.store_measurement("shared", MeasurementResult(float(worker), "shared"))
    db.store_experiment(None, Experiment(f"of {worker}"))


def claim(path, worker):
    try:
        MeasurementDatabase(path).store_measurement("claimed", MeasurementResult(worker), overwrite=False)
    except CodenameError:
        return 1
    return 0


def test_several_processes_store_at_once(db):
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        pool.starmap(store_some, [(db.db_path, worker) for worker in range(4)])
        assert sum(pool.starmap(claim, [(db.db_path, worker) for worker in range(4)])) == 3
    assert db.get_stats() == {"experiments": 4, "measurements": 42, "instruments": 5}
    assert sorted(db.list_measurements("I3")) == [f"w3-{number}" for number in range(10)]
    assert db.retrieve_measurement("shared").values in (0.0, 1.0, 2.0, 3.0)


def test_several_threads_store_at_once(db):
    threads = [threading.Thread(target=store_some, args=(db.db_path, worker)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert db.get_stats()["measurements"] == 41
    assert len(db.list_measurements("shared")) == 1


def replace_for_ever(path, ready):
    db = MeasurementDatabase(path)
    for number in range(1_000_000):
        db.store_measurement("key", MeasurementResult(float(number), "killed"))
        if number == 2:
            ready.set()


def test_a_process_that_is_killed_while_it_replaces_leaves_the_old_or_the_new(db):
    spawn = multiprocessing.get_context("spawn")
    for _ in range(3):
        ready = spawn.Event()
        process = spawn.Process(target=replace_for_ever, args=(db.db_path, ready))
        process.start()
        assert ready.wait(60)
        process.kill()
        process.join()
        assert "key" in db.list_measurements()
        assert db.retrieve_measurement("key").values >= 2.0
        assert db.store_measurement("key", result(1.0)) == "key"
        assert db.retrieve_measurement("key").values == 1.0
        assert db.list_measurements().count("key") == 1


def test_a_damaged_catalogue_is_made_anew_and_said_once(db):
    db.store_experiment("e", sweep())
    (db.db_path / "catalog.sqlite").write_bytes(b"no catalogue at all")
    again = MeasurementDatabase(db.db_path)
    with pytest.warns(RuntimeWarning, match="catalog.sqlite' is damaged"):
        assert again.list_experiments() == ["e"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert again.list_experiments() == ["e"] and again.search_experiments("IV") != []


def test_a_read_only_database_is_read(db, as_root):
    db.store_experiment("e", sweep())
    db.store_measurement("m", result(1.0))
    if as_root:
        pytest.skip("root writes everywhere")
    db.db_path.chmod(0o555)
    try:
        again = MeasurementDatabase(db.db_path)
        assert (again.list_experiments(), again.retrieve_measurement("m").values) == (["e"], 1.0)
        with pytest.raises(DatabaseError, match="cannot be written"):
            again.store_measurement("n", result(2.0))
    finally:
        db.db_path.chmod(0o755)


# Benches


BENCH = """\
bench_name: bench
experiment: {title: Titled, description: d, notes: n, operator: me, database_path: lab.db}
simulate: true
instruments:
  psu: {profile: keysight/EDU36311A}
"""


@pytest.fixture
def bench(tmp_path):
    (tmp_path / "bench.yaml").write_text(BENCH)
    with Bench.open(tmp_path / "bench.yaml") as bench:
        yield bench


def test_runs_of_a_bench_are_in_its_database(bench, tmp_path):
    assert bench.db.db_path == tmp_path / "lab.wheatstone"
    experiment = run(bench=bench, name=None)
    assert bench.db.list_experiments() == [experiment.folder.name]
    codename = bench.save_experiment("looks good")
    assert codename == experiment.folder.name
    assert bench.db.search_experiments("looks good")[0]["codename"] == codename
    assert bench.db.retrieve_experiment(codename).name == "Titled"
    assert_frame_equal(bench.experiment.data, experiment.data)
    assert bench.db.get_stats()["experiments"] == 1


def test_trials_of_a_bench_are_saved_by_hand(bench):
    with pytest.raises(ConfigurationError, match="no experiment to save yet"):
        bench.save_experiment()
    assert (bench.experiment.title, bench.experiment.name, bench.experiment.operator) == ("Titled", "Titled", "me")
    bench.experiment.add_parameter("v", "V")
    bench.experiment.add_trial({"i": [0.5]}, v=1.0)
    codename = bench.save_experiment(notes="by hand")
    found = bench.db.retrieve_experiment(codename)
    assert (found.name, found.notes, len(found)) == ("Titled", "n\nby hand", 1)


def test_a_bench_without_a_database_says_so(bench, tmp_path):
    (tmp_path / "bare.yaml").write_text(BENCH.replace(", database_path: lab.db", ""))
    with Bench.open(tmp_path / "bare.yaml") as bare:
        assert bare.db is None
        with pytest.warns(UserWarning, match="names no experiment.database_path"):
            assert bare.save_experiment() is None
        with pytest.raises(ConfigurationError, match="names no experiment.database_path"):
            bare.initialize_database()
        assert bare.initialize_database("other").db_path == Path("other.wheatstone")
        bare.experiment.add_trial({"x": [1]})
        codename = bare.save_experiment()
        assert bare.db.list_experiments() == [codename]


def test_run_json_says_what_a_measurement_is(db):
    db.store_measurement("m", result(ufloat(1, 0.5)), notes="n")
    (folder,) = [path for path in db.db_path.iterdir() if path.is_dir()]
    record = json.loads((folder / "run.json").read_text())
    assert record["plan"]["kind"] == "measurement" and record["notes"] == "n"
    assert record["measurement"]["form"] == "ufloat" and record["measurement"]["instrument"] == "DMM"
    assert wheatstone.load(folder).data.to_dicts() == [{"value": 1.0, "value_uncertainty": 0.5}]

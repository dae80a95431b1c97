"""A session: registering, sweeping, what goes into the table."""

import enum
import functools
import gc
import math
import os
import subprocess
import sys
import threading
import warnings
import weakref

import numpy as np
import polars as pl
import pytest

import wheatstone
from wheatstone import MeasurementSession, Quantity, _native, step
from wheatstone.errors import ConfigurationError, DataError, Error, MeasurementError, StorageError
from wheatstone.results import MeasurementResult, Reading


def test_a_sweep_visits_the_grid_with_the_last_parameter_fastest():
    with MeasurementSession("grid") as session:
        session.parameter("a", [1, 2], unit="V", notes="outer")
        session.parameter("b", step.points(["x", "y", "z"]))

        @session.acquire
        def measure(b, a):
            return {"text": f"{a}{b}", "double": 2.0 * a}

        experiment = session.run(show_progress=False)
    data = experiment.data
    assert data.columns == ["a", "b", "timestamp", "text", "double"]
    assert data["text"].to_list() == ["1x", "1y", "1z", "2x", "2y", "2z"]
    assert data["a"].dtype == pl.Int64
    assert data["timestamp"].dtype == pl.Datetime("ns", "UTC")
    assert data["timestamp"].is_sorted()
    assert experiment.units == {"a": "V"}
    assert experiment.parameters["a"].notes == "outer"
    assert session.data.equals(data)
    assert (experiment.state, len(experiment), experiment.name) == ("finished", 6, "grid")


def test_decorators_work_with_and_without_parentheses_and_return_the_function():
    with MeasurementSession() as session:
        session.parameter("a", [1])

        @session.acquire
        def one(a):
            return {"one": a}

        @session.acquire()
        def two(a):
            return {"two": a}

        @session.acquire(name="third")
        def three(a):
            return {"one": a}

        @session.measure
        def four():
            return {"four": 4}

        assert (one(7), three(7)) == ({"one": 7}, {"one": 7})
        data = session.run().data
    assert data.columns == ["a", "timestamp", "one", "two", "third.one", "four"]


def test_parameters_arrive_as_the_objects_that_were_registered():
    class Mode(enum.Enum):
        CC = 1

    seen = []
    with MeasurementSession() as session:
        session.parameter("mode", [Mode.CC])
        session.parameter("x", np.array([1.5]))

        @session.acquire
        def measure(mode, x):
            seen.append((mode, x))
            return {"y": x}

        data = session.run().data
    assert seen == [(Mode.CC, 1.5)]
    assert type(seen[0][1]) is float
    assert data["mode"].to_list() == ["CC"]


def test_the_row_so_far_is_given_to_who_asks_for_ctx():
    seen = []
    with MeasurementSession() as session:
        session.parameter("a", [1, 2])
        session.acquire(lambda a: {"first": a * 10}, name="first")

        @session.acquire
        def second(ctx):
            seen.append((type(ctx), list(ctx), ctx["timestamp"]))
            return {"sum": ctx["a"] + ctx["first"]}

        data = session.run().data
    assert data["sum"].to_list() == [11, 22]
    assert [kind for kind, _, _ in seen] == [dict, dict]
    assert seen[0][1] == ["a", "timestamp", "first"]
    assert [time for _, _, time in seen] == data["timestamp"].cast(pl.Datetime("us", "UTC")).to_list()


def test_what_is_added_to_ctx_is_a_result_of_that_acquisition():
    with MeasurementSession() as session:
        session.parameter("a", [1, 2])

        @session.acquire
        def first(ctx, a):
            ctx["added"] = a * 10
            ctx["both"] = 0

            return {"both": a, "returned": a}

        @session.acquire
        def second(ctx):
            ctx["sum"] = ctx["added"] + ctx["returned"]
            if ctx["a"] == 2:
                ctx["late"] = True

        data = session.run().data
    assert data.columns == ["a", "timestamp", "added", "both", "returned", "sum", "late"]
    assert data["both"].to_list() == [1, 2]
    assert data["sum"].to_list() == [11, 22]
    assert data["late"].to_list() == [None, True]


def test_a_run_that_never_began_has_no_experiment_of_its_own(tmp_path):
    with MeasurementSession(store=tmp_path / "runs") as session:
        session.parameter("a", [1])
        session.acquire(lambda a: {"b": a}, name="m")
        session.run()
        (tmp_path / "runs").rename(tmp_path / "moved")
        (tmp_path / "runs").write_text("a file where the store was")
        with pytest.raises(StorageError) as caught:
            session.run()
    assert caught.value.experiment is None


def test_other_errors_of_a_run_are_told_as_sentences():
    began = threading.Event()
    with MeasurementSession() as session:
        session.parameter("a", [1])

        @session.task
        def watch(stop_event):
            began.set()
            stop_event.wait()
            raise ValueError("the watch broke")

        @session.acquire
        def measure():
            began.wait(10)
            raise ValueError("the meter broke")

        with pytest.raises(MeasurementError, match="the meter broke") as caught:
            session.run()
    assert [str(caught.value.__cause__), len(caught.value.errors)] == ["the meter broke", 1]
    assert "task 'watch' failed too: ValueError: the watch broke" in caught.value.errors[0]
    assert caught.value.__notes__ == caught.value.errors
    assert (caught.value.point, caught.value.parameters) == (0, {"a": 1})


def test_the_error_of_a_point_says_which_one_it_was_and_that_of_a_task_none():
    def measure(a, b):
        return {"c": 1 / (a - 2) + b}

    with MeasurementSession() as session:
        session.parameter("a", [1, 2], unit="V")
        session.parameter("b", [0.5, 1.5])
        session.acquire(measure)
        with pytest.raises(MeasurementError) as caught:
            session.run()
        assert (caught.value.point, caught.value.parameters) == (2, {"a": 2, "b": 0.5})
        assert (list(caught.value.errors), len(caught.value.experiment)) == ([], 2)
    with MeasurementSession() as session:

        @session.task
        def fails(stop_event):
            raise ValueError("at once")

        session.acquire(lambda: {"c": 1}, name="m")
        with pytest.raises(MeasurementError, match="'fails' failed") as caught:
            session.run(duration=30, interval=0.01)
    assert (caught.value.point, dict(caught.value.parameters)) == (None, {})


def test_what_the_row_holds_already_cannot_be_changed_through_ctx():
    def change(ctx):
        ctx["a"] += 1
        return {}

    with MeasurementSession() as session:
        session.parameter("a", [1])
        session.acquire(change)
        with pytest.raises(MeasurementError, match="changed 'a' in ctx.*name of its own"):
            session.run()


def test_an_acquisition_that_gives_nothing_at_all_is_refused_with_ctx_too():
    with MeasurementSession() as session:
        session.parameter("a", [1])
        session.acquire(lambda ctx: None, name="nothing")
        with pytest.raises(MeasurementError, match="None, which is no mapping"):
            session.run()


@pytest.mark.parametrize(
    ("run", "sentence"),
    [
        (lambda s: s.run("5", 0.1), "duration='5'.* give a number"),
        (lambda s: s.run(5, [0.1]), r"interval=\[0.1\].* give a number"),
        (lambda s: s.run(count=-1, interval=0.1), "count=-1.* give a whole number"),
        (lambda s: s.run(count=2.5, interval=0.01), "count=2.5.* give a whole number"),
        (lambda s: s.run(grace="long"), "grace='long'.* give a number"),
        (lambda s: s.parameter(5, [1]), "5 cannot name this parameter; give its name"),
        (lambda s: s.parameter("b", [1], settle="1"), "settle='1'.* give a number"),
        (lambda s: s.acquire(lambda: {}, name=5), "5 cannot name this acquisition"),
        (lambda s: s.instrument(5, "keysight/34470A", simulate=True), "5 cannot name this instrument"),
        (lambda s: s.instrument("dmm", 5, simulate=True), "5 names no profile; give one as text"),
    ],
)
def test_arguments_of_the_wrong_kind_are_refused_with_what_to_give(run, sentence):
    with MeasurementSession() as session:
        session.parameter("a", [1])
        session.acquire(lambda a: {"b": a}, name="m")
        with pytest.raises(ConfigurationError, match=sentence) as caught:
            run(session)
    assert isinstance(caught.value, TypeError) and "\n" not in str(caught.value)


def test_a_prefixed_unit_beside_an_instrument_is_warned_of_once():
    with MeasurementSession() as session:
        session.instrument("psu", "keysight/EDU36311A", simulate=True)
        session.parameter("voltage", [1.0], unit="mV")
        session.parameter("current", [0.1], unit="A")
        session.acquire(lambda psu, voltage, current: {"v": voltage}, name="measure")
        with pytest.warns(UserWarning, match="'voltage' has the unit 'mV'.*in V") as caught:
            session.run()
        assert len(caught) == 1 and caught[0].filename == __file__
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            session.run()


def test_a_prefixed_unit_without_an_instrument_is_not_warned_of():
    with MeasurementSession() as session, warnings.catch_warnings():
        warnings.simplefilter("error")
        session.parameter("length", [1.0], unit="mm")
        session.parameter("voltage", [1.0], unit="mV")
        session.acquire(lambda length, voltage: {"v": voltage}, name="measure")
        session.run()


def test_methods_and_partials_can_be_registered():
    class Rig:
        def measure(self, a):
            return {"rig": a}

    def scaled(a, gain):
        return {"scaled": a * gain}

    with MeasurementSession() as session:
        session.parameter("a", [2])
        session.acquire(Rig().measure)
        session.acquire(functools.partial(scaled, gain=3))
        assert session.run().data.row(0, named=True)["scaled"] == 6


def test_units_and_uncertainties_become_columns():
    with MeasurementSession() as session:
        session.parameter("a", [1.0])

        @session.acquire
        def measure():
            reading = Reading(_native.Reading(1.5, "V", 0.25))
            return {"reading": reading, "values": reading.values, "quantity": Quantity(2, "A"), "plain": 1.0}

        experiment = session.run()
    columns = ["a", "timestamp", "reading", "reading_uncertainty", "values", "quantity", "plain"]
    assert experiment.data.columns == columns
    assert experiment.units == {"reading": "V", "reading_uncertainty": "V", "values": "V", "quantity": "A"}
    assert experiment.data["reading_uncertainty"].to_list() == [0.25]


def test_arrays_frames_and_complex_numbers_are_cells():
    frame = pl.DataFrame({"t": [0.0, 1.0], "v": [1.0, 2.0]})
    with MeasurementSession() as session:
        session.parameter("n", [1, 2])

        @session.acquire
        def measure(n):
            return {
                "array": np.arange(n, dtype="float32"),
                "matrix": np.eye(2),
                "frame": frame,
                "z": 1j * n,
                "bytes": b"\x00\x01",
                "nothing": None,
                "flag": n == 1,
                "list": [n, n],
            }

        data = session.run().data
    assert data["array"].to_list() == [[0.0], [0.0, 1.0]]
    assert data["frame"][0] == {"t": [0.0, 1.0], "v": [1.0, 2.0]}
    assert data["bytes"].to_list() == [b"\x00\x01"] * 2
    assert data["nothing"].to_list() == [None, None]
    assert data["flag"].to_list() == [True, False]
    assert data["list"].to_list() == [[1, 1], [2, 2]]


def test_a_key_that_appears_late_is_kept_and_one_that_stays_away_is_null():
    with MeasurementSession() as session:
        session.parameter("n", range(300))

        @session.acquire
        def measure(n):
            return {"v": float(n), **({"late": n} if n >= 200 else {})} if n != 250 else {"v": 0.0}

        data = session.run().data
    assert data["late"].null_count() == 201
    assert data["late"][299] == 299


def test_a_whole_number_column_that_meets_a_fraction_keeps_every_digit():
    with MeasurementSession() as session:
        session.parameter("n", range(10_001))
        session.acquire(lambda n: {"v": n if n < 10_000 else 2.5}, name="measure")
        data = session.run().data
    assert data["v"].dtype == pl.Float64
    assert data["v"][9_999] == 9_999.0
    assert data["v"][10_000] == 2.5


def test_a_number_column_that_meets_text_is_refused_by_name_and_keeps_its_rows():
    with MeasurementSession() as session:
        session.parameter("n", range(10))
        session.acquire(lambda n: {"v": float(n) if n < 7 else "OVLD"}, name="measure")
        with pytest.raises(Error, match="'v'") as caught:
            session.run()
        assert "text" in str(caught.value)
        assert session.data["v"][:7].to_list() == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]


def test_running_twice_gives_two_runs():
    with MeasurementSession("twice") as session:
        session.parameter("a", [1, 2])
        session.acquire(lambda a: {"b": a}, name="measure")
        first, second = session.run(), session.run()
    assert first.id != second.id
    assert (len(first), len(second), len(session.data)) == (2, 2, 2)
    assert wheatstone.load("last").id == second.id
    assert wheatstone.load("twice").id == second.id
    assert wheatstone.load(first.id[:23]).id == first.id
    assert wheatstone.load(first.folder).data.equals(first.data)


def test_the_run_tells_what_it_was_made_of(tmp_path):
    with MeasurementSession("told", "a description", store=tmp_path / "elsewhere") as session:
        session.parameter("a", [1], unit="V")
        session.acquire(lambda a: {"b": a}, name="measure")
        experiment = session.run()
    metadata = experiment.metadata
    assert metadata["description"] == "a description"
    assert metadata["parameters"][0]["name"] == "a"
    assert metadata["versions"]["python"].startswith("3.")
    assert experiment.folder.parent == tmp_path / "elsewhere"
    assert experiment.events


def test_the_experiment_hands_its_table_to_other_packages():
    pd = pytest.importorskip("pandas")
    with MeasurementSession() as session:
        session.parameter("a", [1, 2])
        session.acquire(lambda a: {"b": a * 0.5}, name="measure")
        experiment = session.run()
    assert pl.DataFrame(experiment).equals(experiment.data)
    assert [row["b"] for row in experiment] == [0.5, 1.0]
    assert "2 rows" in str(experiment) and str(experiment.folder) in str(experiment)
    assert "<table" in experiment._repr_html_()
    assert pd is not None
    experiment.save_parquet("out.parquet")
    assert pl.read_parquet("out.parquet").equals(experiment.data)


def test_the_table_is_shared_with_the_run_and_outlives_it(tmp_path):
    with MeasurementSession() as session:
        session.parameter("a", range(1000))
        session.acquire(lambda a: {"b": a * 0.5}, name="measure")
        data = session.run().data
    del session
    gc.collect()
    assert data["b"].sum() == sum(range(1000)) * 0.5


@pytest.mark.parametrize(
    ("register", "reason"),
    [
        (lambda s: s.parameter("a", []), "'a'.*no values"),
        (lambda s: (s.parameter("a", [1]), s.parameter("a", [2])), "'a' is a parameter"),
        (lambda s: s.parameter("timestamp", [1]), "'timestamp'"),
        (lambda s: s.parameter("ctx", [1]), "'ctx'"),
        (lambda s: s.parameter("a", 5), "list of values"),
        (lambda s: s.parameter("a", "abc"), "no series"),
        (lambda s: s.parameter("a", [object()]), "'a', value 0"),
        (lambda s: s.parameter("a", [2**64]), "int64"),
        (lambda s: (s.attach("a", object()), s.parameter("a", [1])), "'a' is an instrument"),
        (lambda s: (s.parameter("a", [1]), s.attach("a", object())), "'a' is a parameter"),
        (lambda s: (s.acquire(lambda: {}, name="twice"), s.acquire(lambda: {}, name="twice")), "twice"),
        (lambda s: s.acquire(7), "takes a function"),
        (lambda s: s.task("name"), "takes a function"),
    ],
)
def test_what_cannot_be_registered_is_refused(register, reason):
    with MeasurementSession() as session, pytest.raises(Error, match=reason) as caught:
        session.parameter("other", [1])
        session.acquire(lambda other: {}, name="measure")
        register(session)
        session.run()
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"duration": 0}, "duration"),
        ({"duration": -1.0}, "duration"),
        ({"duration": math.nan}, "duration"),
        ({"duration": math.inf}, "duration"),
        ({"duration": 1, "interval": 0}, "interval"),
        ({"duration": 1, "interval": -0.1}, "interval"),
        ({"interval": 0.1}, "interval without a duration"),
        ({"count": 0}, "count"),
        ({"overrun": "wait"}, "overrun='wait'"),
        ({"durability": "never"}, "durability='never'"),
    ],
)
def test_times_that_make_no_run_are_refused(options, reason):
    called = []
    with MeasurementSession() as session:
        session.parameter("a", [1])
        session.acquire(lambda a: called.append(a) or {}, name="measure")
        with pytest.raises(ConfigurationError, match=reason):
            session.run(**options)
    assert called == []
    assert not os.path.exists("wheatstone-runs")


def test_a_run_of_nothing_is_refused():
    with MeasurementSession() as session:
        with pytest.raises(ConfigurationError, match="no acquisition"):
            session.run()
        session.acquire(lambda: {}, name="measure")
        with pytest.raises(ConfigurationError, match="neither a parameter .* nor a duration"):
            session.run()
        assert session.data.is_empty()


def test_arguments_are_found_before_anything_moves():
    called = []
    with MeasurementSession() as session:
        session.parameter("voltage", [1])
        session.acquire(lambda voltage: called.append(1) or {}, name="good")
        session.acquire(lambda votlage: {}, name="bad")
        with pytest.raises(ConfigurationError, match="'bad' asks for 'votlage'.*did you mean 'voltage'"):
            session.run()
        session.task(lambda stop_evnt: None, name="ramp")
    assert called == []


@pytest.mark.parametrize("returned", [None, 5, 2.5, "text", [1, 2], ("a", 1)])
def test_results_that_are_no_mapping_are_refused_with_the_acquisitions_name(returned):
    with MeasurementSession() as session:
        session.parameter("a", [1, 2])
        session.acquire(lambda: returned, name="careless")
        with pytest.raises(MeasurementError, match="'careless'.*no mapping") as caught:
            session.run()
    assert isinstance(caught.value.__cause__, DataError)


def test_a_result_that_no_cell_keeps_is_refused_with_its_key():
    with MeasurementSession() as session:
        session.parameter("a", [1])
        session.acquire(lambda: {"good": 1, "bad": object()}, name="measure")
        with pytest.raises(MeasurementError, match="'bad'.*object"):
            session.run()
    with MeasurementSession() as session:
        session.parameter("a", [1])
        session.acquire(lambda: {1: 1}, name="measure")
        with pytest.raises(MeasurementError, match="key 1"):
            session.run()


def test_any_mapping_is_taken():
    import types

    with MeasurementSession() as session:
        session.parameter("a", [1])
        session.acquire(lambda: types.MappingProxyType({"b": 1}), name="measure")
        assert session.run().data["b"].to_list() == [1]


def test_an_acquisition_that_raises_keeps_the_rows_before_it():
    with MeasurementSession() as session:
        session.parameter("n", range(9))

        @session.acquire
        def measure(n):
            return {"v": 1 / (n - 5)}

        with pytest.raises(MeasurementError, match="'measure'") as caught:
            session.run()
        assert session.data["n"].to_list() == [0, 1, 2, 3, 4]
    error = caught.value
    assert isinstance(error.__cause__, ZeroDivisionError)
    assert error.__cause__.__traceback__ is not None
    assert error.experiment.data["n"].to_list() == [0, 1, 2, 3, 4]
    assert error.experiment.state == "failed"
    assert wheatstone.load("last").data["v"].to_list() == error.experiment.data["v"].to_list()


def test_a_clash_of_results_gets_the_acquisitions_name():
    with MeasurementSession() as session:
        session.parameter("v", [1])
        session.acquire(lambda: {"v": 2, "timestamp": 3}, name="first")
        session.acquire(lambda: {"v": 4}, name="second")
        data = session.run().data
    assert data.columns == ["v", "timestamp", "first.v", "first.timestamp", "second.v"]


def test_a_driver_of_another_package_is_attached_by_name_and_made_safe():
    class Lockin:
        def __init__(self):
            self.level = 0

        @property
        def x(self):
            return self.level * 2

        def set_level(self, level):
            self.level = level

    lockin, safe = Lockin(), []
    with MeasurementSession() as session:
        session.attach("lockin", lockin, safe=lambda: safe.append("safe"))
        session.parameter("level", [1, 2])

        @session.acquire
        def measure(lockin, level):
            with lockin.lock():
                lockin.set_level(level)
                return {"x": lockin.x}

        assert session.run().data["x"].to_list() == [2, 4]
        lockin.level = 9
    assert lockin.level == 9
    assert safe == ["safe"]


def test_a_session_without_a_name_is_called_after_the_script(tmp_path):
    script = "from wheatstone import MeasurementSession\nprint(MeasurementSession().name)\n"
    (tmp_path / "iv_curve.py").write_text(script)
    done = subprocess.run([sys.executable, "iv_curve.py"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("iv_curve\n", "")


def test_a_session_that_is_forgotten_is_collected():
    def forget():
        session = MeasurementSession()
        session.parameter("a", [1])
        session.acquire(lambda a: {"b": a, "name": session.name}, name="measure")
        session.run()
        return weakref.ref(session)

    gone = forget()
    gc.collect()
    assert gone() is None


def test_at_a_prompt_registering_again_replaces(monkeypatch):
    monkeypatch.setattr(sys, "ps1", ">>> ", raising=False)
    with MeasurementSession() as session:
        for factor in (1, 2):
            session.parameter("a", [factor])

            @session.acquire
            def measure(a):
                return {"b": 10 * a}

        assert session.run(show_progress=False).data["b"].to_list() == [20]


def test_nothing_is_printed(capfd):
    with MeasurementSession() as session:
        session.parameter("a", [1, 2])
        session.acquire(lambda a: {"b": a}, name="measure")
        session.run()
    assert capfd.readouterr() == ("", "")


def test_the_package_is_imported_quickly_and_leaves_polars_for_later():
    code = (
        "import time; begin = time.perf_counter(); import wheatstone; from wheatstone import MeasurementSession\n"
        "import sys; assert 'polars' not in sys.modules and 'matplotlib' not in sys.modules\n"
        "session = MeasurementSession(); session.parameter('a', [1]); session.acquire(lambda a: {'b': a}, name='m')\n"
        "experiment = session.run(); assert 'polars' not in sys.modules\n"
        "assert len(experiment) == 1; session.close()\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_measurement_results_are_cells():
    with MeasurementSession() as session:
        session.parameter("a", [1])
        session.acquire(lambda: {"r": MeasurementResult(np.zeros(3), units="V")}, name="measure")
        experiment = session.run()
    assert experiment.units["r"] == "V"

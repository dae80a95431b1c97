"""A session: sweeping, its runs and what they leave."""

import gc
import math
import os
import subprocess
import sys
import threading
import weakref

import polars as pl
import pytest

import wheatstone
from wheatstone import MeasurementSession, step
from wheatstone.errors import ConfigurationError, MeasurementError, StorageError


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
    ("options", "reason"),
    [
        ({"duration": 0}, "duration"),
        ({"duration": -1.0}, "duration"),
        ({"duration": math.nan}, "duration"),
        ({"duration": math.inf}, "duration"),
        ({"duration": 1, "interval": 0}, "interval"),
        ({"duration": 1, "interval": -0.1}, "interval"),
        ({"interval": 0.1}, "interval without a duration"),
        ({"cycle": True}, "cycle without a duration or count"),
        ({"overrun": "catch_up"}, "overrun without a duration or count"),
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


def test_a_session_is_neither_closed_nor_given_instruments_while_it_runs(tmp_path):
    refused = []
    session = MeasurementSession("busy", store=tmp_path)
    session.parameter("x", [1, 2])

    @session.acquire
    def measure(x):
        for call in (
            session.close,
            lambda: session.instrument("dmm", "keysight/34470A", simulate=True),
            lambda: session.attach("driver", object()),
        ):
            with pytest.raises(ConfigurationError, match="the session is running; ") as caught:
                call()
            refused.append(str(caught.value).partition("; ")[2])
        return {"y": x}

    assert len(session.run(show_progress=False)) == 2
    assert refused[:3] == [
        "stop it, and close the session when run() has returned",
        "connect instruments before run()",
        "attach instruments before run()",
    ]
    session.instrument("dmm", "keysight/34470A", simulate=True)
    session.close()


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

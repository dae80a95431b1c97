"""Functions that are called with each row, beside the run."""

import threading
import time
import warnings

import pytest
from control_runs import events

from wheatstone import MeasurementSession
from wheatstone.errors import MeasurementError


@pytest.fixture
def session(tmp_path):
    with MeasurementSession("control", store=tmp_path) as made:
        yield made


def test_an_observer_sees_each_row_as_a_dict(session):
    session.parameter("v", [1.0, 2.0, 3.0], unit="V")
    rows = []

    @session.on_row
    def watch(row):
        rows.append((row, threading.current_thread().name))

    @session.acquire
    def measure(v):
        return {"x": int(v), "text": "t"}

    experiment = session.run()
    assert [list(row) for row, _ in rows] == [["v", "timestamp", "x", "text"]] * 3
    assert [row["x"] for row, _ in rows] == [1, 2, 3]
    assert [row["timestamp"] for row, _ in rows] == experiment.data["timestamp"].to_list()
    assert {name for _, name in rows} == {"watch"}
    assert (watch.name, watch.seen, watch.dropped, watch.error) == ("watch", 3, 0, None)
    assert events(experiment, "observer")[0]["seen"] == 3
    watch({"x": 0})  # still a function
    assert len(rows) == 4


def test_an_observer_that_raises_is_left_out_with_a_warning(session):
    session.parameter("v", range(100))

    @session.acquire
    def measure(v):
        time.sleep(0.001)
        return {"x": v}

    def broken(row):
        raise ValueError("no window")

    handle = session.on_row(broken, queue=10)
    with pytest.warns(RuntimeWarning, match="the observer 'broken' failed after 0 rows .* ValueError: no window"):
        experiment = session.run()
    assert len(experiment.data) == 100
    assert handle.error == "ValueError: no window"
    assert handle.dropped == 100
    assert "failed: ValueError" in repr(handle)
    assert events(experiment, "observer_failed")[0]["error"] == "ValueError: no window"


def test_an_observer_that_blocks_neither_slows_the_run_nor_holds_up_its_end(session):
    session.parameter("v", range(1000))
    released = threading.Event()
    left = threading.Event()

    @session.acquire
    def measure(v):
        return {"x": v}

    @session.on_row(queue=5)
    def blocked(row):
        released.wait(60)
        left.set()

    with pytest.warns(RuntimeWarning, match="was still at a row"):
        experiment = session.run(grace=0.1)
    assert len(experiment.data) == 1000
    assert blocked.dropped > 900
    released.set()
    assert left.wait(60)


def test_an_observer_is_let_go_with_its_session(tmp_path):
    import gc
    import weakref

    class Window:
        def see(self, row):
            assert self.session

    session = MeasurementSession("cycle", store=tmp_path)
    window = Window()
    window.session = session
    session.parameter("v", [1])
    session.acquire(lambda v: {"x": v}, name="m")
    session.on_row(window.see)
    session.run()
    session.close()
    gone = weakref.ref(window)
    del session, window
    gc.collect()
    assert gone() is None


def test_warnings_of_a_run_do_not_hide_its_error(session):
    session.parameter("v", range(3))

    @session.acquire
    def measure(v):
        if v == 2:
            raise ValueError("broken")
        return {"x": v}

    @session.on_row
    def watch(row):
        raise OSError("no window")

    with warnings.catch_warnings(record=True) as shown, pytest.raises(MeasurementError, match="broken"):
        warnings.simplefilter("always")
        session.run()
    assert any("no window" in str(warning.message) for warning in shown)

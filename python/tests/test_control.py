"""Control of a run from Python, within its process: steps, progress, conditions, an abort."""

import threading
import time

import pytest
from control_runs import beside, events, is_paused, until

from wheatstone import MeasurementSession, RemoteRun
from wheatstone.errors import ConfigurationError, Interrupted, MeasurementError


@pytest.fixture
def session(tmp_path):
    with MeasurementSession("control", store=tmp_path) as made:
        yield made


def test_steps_take_one_point_each_and_events_say_who_asked(session):
    session.parameter("v", range(5))

    @session.acquire
    def measure(v):
        return {"x": v}

    taken = []

    @session.acquire
    def begin(v):
        if v == 0:
            session.pause()
            threads.append(beside(control))
        return {}

    def control():
        until(lambda: is_paused(session))
        for _ in range(2):
            taken.append(session.progress.done)
            session.step()
            until(lambda: is_paused(session) and session.progress.done > taken[-1])
        session.resume()

    threads = []
    experiment = session.run()
    threads[0].join()
    assert taken == [1, 2]
    assert len(experiment.data) == 5
    asked = [(event["action"], event["by"], event["thread"]) for event in events(experiment, "control")]
    assert asked == [
        ("pause", "thread", "MainThread"),
        ("step", "thread", "controller"),
        ("step", "thread", "controller"),
        ("resume", "thread", "controller"),
    ]


def test_a_step_is_refused_where_nothing_is_paused(session):
    with pytest.raises(ConfigurationError, match="the session 'control' runs nothing"):
        session.step()


def test_progress_tells_rate_time_left_and_parameters(session):
    session.parameter("v", [1.5, 2.5, 3.5, 4.5])
    session.parameter("mode", ["fast", "slow"])
    seen = []

    @session.acquire
    def measure(v, mode):
        time.sleep(0.01)
        seen.append(session.progress)
        return {"x": v}

    session.run()
    middle = seen[5]
    assert (middle.state, middle.done, middle.total) == ("running", 5, 8)
    assert 0 < middle.rate < 100
    assert middle.remaining == pytest.approx(3 / middle.rate)
    assert middle.parameters == {"v": 3.5, "mode": "slow"}
    assert "5 of 8 points" in repr(middle)
    after = session.progress
    assert (after.state, after.done, after.reason) == ("finished", 8, "")
    assert session.progress.elapsed == after.elapsed


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda s: s.on_row(lambda row: None, queue=0), "queue=0"),
        (lambda s: s.on_row(3), "on_row takes a function"),
        (lambda s: s.on_signal("SIGKILL", "stop"), "SIGKILL cannot ask anything of a run"),
        (lambda s: s.on_signal("SIGINT", "stop"), "Ctrl-C stops"),
        (lambda s: s.on_signal("NOSUCH", "stop"), "'NOSUCH' is no signal"),
        (lambda s: s.on_signal("SIGTERM", "dance"), "cannot be asked to 'dance'"),
    ],
)
def test_what_cannot_be_registered_is_refused_with_a_sentence(session, call, sentence):
    with pytest.raises(ConfigurationError, match=sentence):
        call(session)


def test_a_condition_holds_the_run_with_its_reason(tmp_path):
    with MeasurementSession("held", store=tmp_path, pace="virtual") as session:
        dmm = session.instrument("dmm", "keysight/34470A", simulate=True)
        session.parameter("v", [1.0, 2.0, 3.0])
        asked = []

        @session.acquire
        def measure(v):
            session.sleep(1)
            return {"x": v}

        @session.suspend_when
        def never(v):
            return []

        def lamp_is_off(dmm, v):
            asked.append((dmm, v, session.progress.reason))
            return v == 2.0 and len([each for each in asked if each[1] == 2.0]) <= 3

        session.suspend_when(lamp_is_off, reason="the lamp is off", every=0.5)
        experiment = session.run()
        assert asked == [
            (dmm, 1.0, ""),
            (dmm, 2.0, ""),
            *[(dmm, 2.0, "the lamp is off")] * 3,
            (dmm, 3.0, ""),
        ]
    (held,) = events(experiment, "suspended")
    assert (held["reason"], held["index"]) == ("the lamp is off", 1)
    assert events(experiment, "suspension_ended")[0]["duration_s"] == pytest.approx(1.5)


def test_a_condition_that_raises_ends_the_run_and_is_named(session):
    session.parameter("v", [1.0, 2.0])
    session.acquire(lambda v: {"x": v}, name="m")

    def broken(v):
        raise ValueError("no lamp")

    session.suspend_when(broken)
    with pytest.raises(
        MeasurementError, match=r"the condition 'broken' of suspend_when failed before point 0 .*no lamp"
    ):
        session.run()


def test_a_condition_gets_what_there_is_or_is_refused(session):
    session.parameter("v", [1.0])
    session.acquire(lambda v: {"x": v}, name="m")
    with pytest.raises(ConfigurationError, match="every"):
        session.suspend_when(lambda: False, every=0)
    session.suspend_when(lambda lamp: False, reason="dark")
    with pytest.raises(ConfigurationError, match="condition 'dark' asks for 'lamp', which nothing provides"):
        session.run()


@pytest.mark.parametrize("parallel", [False, True])
def test_an_abort_keeps_no_row_of_a_point_that_it_cut_short(session, parallel):
    session.parameter("v", range(4))
    whole = []

    @session.acquire
    def measure(v):
        if v == 2 and len(whole) == 2:
            session.abort()
        whole.append(session.sleep(0.001))
        return {"x": v}

    with pytest.raises(Interrupted):
        session.run(parallel=parallel)
    assert session.data["x"].to_list() == [0, 1]
    assert whole == [True, True, False]
    assert events(session.experiment, "interrupted_point")[0]["results"] == {"measure": {"x": 2}}
    assert session.run(resume=True, parallel=parallel).data["x"].to_list() == [0, 1, 2, 3]


def test_an_abort_ends_a_wait_for_an_instrument_that_hangs(tmp_path):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server, MeasurementSession("hang", store=tmp_path) as session:
        asked = threading.Event()

        def serve():
            connection, _ = server.accept()
            with connection, connection.makefile() as lines:
                for line in lines:
                    if "FETCH" in line:
                        asked.set()  # and never answers
                    elif "?" in line:
                        connection.sendall(b"Maker,Model,0,1\n" if "*IDN?" in line else b'+0,"No error"\n')

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        port = server.getsockname()[1]
        session.instrument("device", "generic/scpi", address=f"TCPIP::127.0.0.1::{port}::SOCKET", timeout=60)
        session.parameter("v", range(3))

        @session.acquire
        def measure(device, v):
            return {"x": v if v == 0 else float(device.query("FETCH?"))}

        controller = beside(lambda: asked.wait(60) and RemoteRun("last", store=tmp_path).abort())
        began = time.monotonic()
        with pytest.raises(Interrupted):
            session.run()
        assert time.monotonic() - began < 30
        controller.join()
        assert session.data["x"].to_list() == [0]


def test_an_abort_names_what_it_waits_for(session, tmp_path):
    """A plan's own ask() cannot be ended from outside; who looks is told that the run waits for it."""
    blocked, released, seen = threading.Event(), threading.Event(), []

    class Plan:
        def __init__(self):
            self.asked = 0

        def ask(self):
            self.asked += 1
            if self.asked > 2:
                blocked.set()
                assert released.wait(60)
            return {"v": self.asked}

        def tell(self, point, row):
            pass

    session.parameter("v")
    session.acquire(lambda v: {"x": v}, name="measure")

    def control():
        assert blocked.wait(60)
        seen.append((session.progress.state, session.progress.reason))
        session.abort()
        seen.append((session.progress.state, session.progress.reason))
        there = RemoteRun("last", store=tmp_path).progress
        seen.append((there.state, there.reason))
        released.set()

    thread = beside(control)
    with pytest.raises(Interrupted):
        session.run(order=Plan())
    thread.join()
    waiting = ("stopping", "waiting for test_an_abort_names_what_it_waits_for.<locals>.Plan (ask or tell) to return")
    assert seen == [("running", ""), waiting, waiting]
    assert len(session.data) == 2

"""Control of a run from Python: steps, signals, progress, observers, another process."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
import warnings

import pytest

import wheatstone
from wheatstone import MeasurementSession, RemoteRun
from wheatstone.errors import ConfigurationError, ConnectionError, Interrupted, MeasurementError


@pytest.fixture
def session(tmp_path):
    with MeasurementSession("control", store=tmp_path) as made:
        yield made


def until(happened):
    deadline = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.001)


def events(experiment, kind):
    lines = [json.loads(line) for line in (experiment.folder / "events.jsonl").read_text().splitlines()]
    return [line for line in lines if line["event"] == kind]


def beside(work):
    """Runs it on a thread, which ends before the test does."""
    thread = threading.Thread(target=work, name="controller")
    thread.start()
    return thread


def is_paused(session):
    return session.progress.state == "paused"


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


def test_signals_ask_for_actions_during_runs_only(session, tmp_path):
    session.parameter("v", range(6))
    session.on_signal("SIGUSR1", "pause")
    session.on_signal(signal.SIGUSR2, "resume")
    session.on_signal("TERM", "stop")
    own = []
    before = signal.signal(signal.SIGUSR1, lambda *_: own.append(1))
    threads = []

    def control():
        until(lambda: is_paused(session))
        os.kill(os.getpid(), signal.SIGUSR2)

    @session.acquire
    def measure(v):
        if v == 1:
            os.kill(os.getpid(), signal.SIGUSR1)
            until(lambda: '"pause"' in next(tmp_path.glob("*/events.jsonl")).read_text())
            threads.append(beside(control))
        if v == 3:
            os.kill(os.getpid(), signal.SIGTERM)
            until(lambda: '"stop"' in next(tmp_path.glob("*/events.jsonl")).read_text())
        return {"x": v}

    try:
        experiment = session.run()
        assert own == []
        os.kill(os.getpid(), signal.SIGUSR1)
        until(lambda: own)
    finally:
        signal.signal(signal.SIGUSR1, before)
    threads[0].join()
    assert experiment.state == "stopped"
    asked = [(event["action"], event["by"], event["signal"]) for event in events(experiment, "control")]
    assert asked == [("pause", "signal", "USR1"), ("resume", "signal", "USR2"), ("stop", "signal", "TERM")]


def test_a_task_that_registers_a_task_or_runs_the_session_is_refused(session):
    session.parameter("v", range(1000))
    refused = []

    @session.acquire
    def measure(v):
        session.sleep(0.01)
        return {"x": v}

    @session.task
    def restless(stop_event):
        with pytest.raises(ConfigurationError, match="running already"):
            session.run()
        refused.append(1)
        session.task(lambda: None, name="another")

    with pytest.raises(MeasurementError, match="task 'restless' failed: .*the session is running; register"):
        session.run()
    assert refused == [1]


def test_an_acquisition_may_run_another_session_and_ctrl_c_ends_both(tmp_path):
    script = """
        import os, signal
        from wheatstone import MeasurementSession
        with MeasurementSession("outer") as outer:
            outer.parameter("v", range(5))
            @outer.acquire
            def measure(v):
                with MeasurementSession("inner") as inner:
                    inner.parameter("w", range(3))
                    @inner.acquire
                    def m(w):
                        if v == 1 and w == 1:
                            os.kill(os.getpid(), signal.SIGINT)
                        inner.sleep(.01 if v == 0 else .2)
                        return {"y": w}
                    return {"n": len(inner.run())}
            try:
                outer.run()
            except KeyboardInterrupt:
                print(outer.data["n"].to_list())
    """
    (tmp_path / "script.py").write_text(textwrap.dedent(script))
    words = [sys.executable, "script.py"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, "[3]\n"), done.stderr


def test_ctrl_c_ends_a_simulated_reading_outside_of_any_run(tmp_path):
    script = """
        import os, signal, threading, time
        from wheatstone import MeasurementSession
        with MeasurementSession("slow", pace="real") as session:
            dmm = session.instrument("dmm", "keysight/34470A", simulate=True, timeout=100)
            dmm.write("VOLT:NPLC 100;:SAMP:COUN 10")  # 20 s at 50 Hz, 40 with its autozero
            threading.Timer(.1, os.kill, (os.getpid(), signal.SIGINT)).start()
            begin = time.monotonic()
            try:
                dmm.query("READ?")
            except KeyboardInterrupt:
                print("interrupted", time.monotonic() - begin < 10)
            dmm.clear()
            print(dmm.id().split(",")[1])
    """
    (tmp_path / "script.py").write_text(textwrap.dedent(script))
    words = [sys.executable, "script.py"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, "interrupted True\n34470A\n"), done.stderr


def test_a_task_may_run_another_session(session, tmp_path):
    session.parameter("v", range(3))
    inner = []

    @session.acquire
    def measure(v):
        until(lambda: inner)
        return {"x": v}

    @session.task
    def nested(stop_event):
        with MeasurementSession("inner", store=tmp_path) as other:
            other.parameter("w", range(4))
            other.acquire(lambda w: {"y": w}, name="m")
            inner.append(len(other.run().data))

    assert len(session.run().data) == 3
    assert inner == [4]


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


REMOTE = textwrap.dedent(
    """
    import sys
    from wheatstone import MeasurementSession
    from wheatstone.errors import Interrupted

    session = MeasurementSession("remote", store=sys.argv[1])
    session.parameter("v", range(100000))

    @session.acquire
    def measure(v):
        session.sleep(0.005)
        return {"x": v}

    try:
        session.run(show_progress=False)
    except Interrupted as error:
        print("aborted:", error)
    except KeyboardInterrupt:
        print("keyboard")
    """
)


@pytest.fixture
def elsewhere(tmp_path):
    """A run in another process that has rows."""
    with subprocess.Popen([sys.executable, "-c", REMOTE, str(tmp_path)], stdout=subprocess.PIPE, text=True) as process:
        until(lambda: process.poll() is not None or list(tmp_path.glob("*/rows-*")))
        assert process.poll() is None
        yield process
        process.kill()


def test_a_run_elsewhere_is_watched_and_controlled(elsewhere, tmp_path):
    remote = RemoteRun("last", store=tmp_path)
    until(lambda: remote.progress.done > 3)
    progress = remote.progress
    assert progress.total == 100000
    assert progress.parameters["v"] <= progress.done
    assert remote.pause().done >= progress.done
    until(lambda: remote.progress.state == "paused")
    done = remote.progress.done
    remote.step()
    until(lambda: remote.progress.state == "paused" and remote.progress.done == done + 1)
    remote.resume()
    with pytest.raises(ConfigurationError, match="a step is for a paused run"):
        remote.step()
    remote.stop()
    assert elsewhere.wait(60) == 0
    experiment = wheatstone.load(remote.id, store=tmp_path)
    assert experiment.state == "stopped"
    asked = events(experiment, "control")
    assert [event["action"] for event in asked] == ["pause", "step", "resume", "step", "stop"]
    assert {event["pid"] for event in asked} == {os.getpid()}
    with pytest.raises(ConnectionError, match="has ended meanwhile"):
        remote.pause()
    with pytest.raises(ConnectionError, match="is stopped; there is nothing to control"):
        RemoteRun(remote.id, store=tmp_path)


def test_an_abort_from_elsewhere_is_no_ctrl_c(elsewhere, tmp_path):
    RemoteRun("last", store=tmp_path).abort()
    said, _ = elsewhere.communicate(timeout=60)
    assert said.startswith("aborted: the run was aborted; ")


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


def test_ctrl_c_in_a_condition_aborts_the_run(session):
    def interrupted():
        raise KeyboardInterrupt

    session.parameter("v", [1, 2])
    session.acquire(lambda v: {"x": v}, name="measure")
    session.suspend_when(interrupted)
    with pytest.raises(KeyboardInterrupt):
        session.run()
    assert session.experiment.state == "aborted"


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

"""Signals and Ctrl-C, in a run, outside of one, and in a run within a run."""

import os
import signal
import subprocess
import sys
import textwrap

import pytest
from control_runs import beside, events, is_paused, until

from wheatstone import MeasurementSession
from wheatstone.errors import ConfigurationError, MeasurementError


@pytest.fixture
def session(tmp_path):
    with MeasurementSession("control", store=tmp_path) as made:
        yield made


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


def test_ctrl_c_in_a_condition_aborts_the_run(session):
    def interrupted():
        raise KeyboardInterrupt

    session.parameter("v", [1, 2])
    session.acquire(lambda v: {"x": v}, name="measure")
    session.suspend_when(interrupted)
    with pytest.raises(KeyboardInterrupt):
        session.run()
    assert session.experiment.state == "aborted"

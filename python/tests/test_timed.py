"""Timed runs, tasks, and how runs are ended."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import pytest

import wheatstone
from wheatstone import MeasurementSession
from wheatstone.errors import ConfigurationError, Interrupted, MeasurementError, StorageError

pytestmark = pytest.mark.usefixtures("no_new_threads")


def assert_on_the_grid(experiment, interval_ns):
    """Rows stand on their slots, and every slot up to the last row is a row or was counted as missed."""
    timing = experiment.timing
    slots = timing["slot"].to_list()
    assert slots == sorted(set(slots))
    assert (timing["scheduled"] - timing["slot"] * interval_ns).n_unique() == 1
    assert slots[-1] + 1 == len(experiment) + timing["missed"].sum()
    assert (timing["lateness"] >= 0).all()
    assert (timing["finished"] >= timing["started"]).all()


def test_a_timed_run_takes_the_slots_of_its_grid():
    with MeasurementSession() as session:
        session.acquire(lambda: {"t": time.monotonic()}, name="measure")
        begin = time.monotonic()
        experiment = session.run(duration=1.0, interval=0.1)
        assert time.monotonic() - begin >= 1.0
    assert_on_the_grid(experiment, 100_000_000)
    assert 5 <= len(experiment) <= 10


def test_an_acquisition_that_overruns_skips_slots_and_the_number_missed_is_kept():
    with MeasurementSession() as session:
        session.acquire(lambda: time.sleep(0.12) or {"v": 1}, name="slow")
        experiment = session.run(duration=0.5, interval=0.05)
    assert_on_the_grid(experiment, 50_000_000)
    assert len(experiment) < 10
    assert experiment.timing["missed"].sum() > 0


def test_a_timed_run_visits_parameters_in_order_and_ends_with_them():
    with MeasurementSession() as session:
        session.parameter("a", [1, 2, 3])
        session.acquire(lambda a: {"b": a}, name="measure")
        assert session.run(duration=100, interval=0.01).data["b"].to_list() == [1, 2, 3]
        cycled = session.run(count=5, interval=0.01, cycle=True, overrun="catch_up")
        assert cycled.data["b"].to_list() == [1, 2, 3, 1, 2]


def test_a_task_with_stop_event_is_called_once_and_told_to_stop():
    told = []
    with MeasurementSession() as session:

        @session.task
        def ramp(stop_event):
            told.append(threading.current_thread().name)
            while not stop_event.is_set():
                stop_event.wait(0.01)
            told.append(stop_event.wait(10))

        session.acquire(lambda: {"n": len(told)}, name="measure")
        session.run(duration=0.2, interval=0.1)
    assert told == ["ramp", True]


def test_a_task_without_stop_event_is_called_again_and_again():
    calls = []
    with MeasurementSession() as session:
        session.task(every=0.02)(lambda: calls.append(1))
        session.acquire(lambda: {"n": len(calls)}, name="measure")
        session.run(duration=0.3, interval=0.1)
    assert 5 <= len(calls) <= 20


def test_tasks_run_beside_a_sweep():
    with MeasurementSession() as session:
        seen = threading.Event()

        @session.task
        def watcher(stop_event):
            seen.set()
            stop_event.wait()

        session.parameter("a", range(3))
        session.acquire(lambda a: {"seen": seen.wait(5)}, name="measure")
        assert session.run().data["seen"].all()


def test_a_task_that_raises_ends_the_run_with_its_name():
    with MeasurementSession() as session:

        @session.task
        def ramp(stop_event):
            stop_event.wait(0.1)
            raise RuntimeError("the ramp broke")

        session.acquire(lambda: {"v": 1}, name="measure")
        with pytest.raises(MeasurementError, match="'ramp'.*the ramp broke") as caught:
            session.run(duration=30, interval=0.02)
        assert 0 < len(session.data) < 100
    assert isinstance(caught.value.__cause__, RuntimeError)
    assert len(caught.value.experiment) > 0


def test_a_task_that_ignores_its_stop_event_is_named():
    release = threading.Event()
    with MeasurementSession() as session:

        @session.task
        def deaf(stop_event):
            release.wait(30)

        session.acquire(lambda: {"v": 1}, name="measure")
        begin = time.monotonic()
        with pytest.raises(MeasurementError, match="'deaf'"):
            session.run(duration=0.2, interval=0.1, grace=0.3)
        assert time.monotonic() - begin < 5
        release.set()
    for thread in threading.enumerate():
        if thread.name == "deaf":
            thread.join(10)


def test_stop_ends_the_run_after_the_point_and_returns_what_there_is():
    with MeasurementSession() as session:
        session.parameter("n", range(1_000_000))

        @session.acquire
        def measure(n):
            if n == 10:
                session.stop()
            return {"v": n}

        experiment = session.run()
    assert (experiment.state, len(experiment)) == ("stopped", 11)


def test_abort_from_another_thread_cuts_waits_short():
    with MeasurementSession() as session:

        @session.acquire
        def measure():
            threading.Timer(0.1, session.abort).start()
            session.sleep(30)
            return {"v": 1}

        begin = time.monotonic()
        with pytest.raises((Interrupted, MeasurementError)):
            session.run(duration=60)
        assert time.monotonic() - begin < 5


def test_pause_holds_the_run_and_resume_goes_on():
    with MeasurementSession() as session:
        session.parameter("n", range(50))

        @session.acquire
        def measure(n):
            if n == 5:
                session.pause()
                threading.Timer(0.2, session.resume).start()
            return {"t": time.monotonic()}

        data = session.run().data
    assert len(data) == 50
    assert data["t"][6] - data["t"][5] >= 0.15


def test_a_task_gets_its_turn_beside_a_sweep_that_never_waits():
    with MeasurementSession() as session:
        session.parameter("n", range(100_000_000))
        turns = []
        began = time.monotonic()

        @session.task
        def counter(stop_event):
            while not stop_event.is_set():
                turns.append(time.monotonic())
                time.sleep(0.001)

        @session.acquire
        def measure(n):
            if time.monotonic() - began > 1:
                session.stop()
            return {"v": n}

        session.run()
    # Every switch interval of 5 ms on a quiet machine: some 150.
    assert len(turns) > 20


def test_an_endless_wait_in_a_task_lets_other_threads_of_python_run():
    with MeasurementSession() as session:
        session.parameter("n", range(2_000_000))
        counted = []

        @session.task
        def counter(stop_event):
            while not stop_event.is_set():
                counted.append(1)
                time.sleep(0.001)

        @session.acquire
        def measure(n):
            if len(counted) > 5:
                session.stop()
            return {"v": sum(range(200))}

        session.run()
    assert len(counted) > 5


SCRIPT = """
import sys, time
from wheatstone import MeasurementSession

with MeasurementSession("interrupted") as session:
    session.parameter("n", range(1000))

    @session.acquire
    def measure(n):
        if n == 2:
            print("ready", flush=True)
        {work}
        return {{"v": n}}

    try:
        session.run()
    except KeyboardInterrupt:
        print("interrupted", len(session.data), session.experiment.state, flush=True)
        time.sleep(0.05)
print("end")
"""


def interrupted(tmp_path, work, signals, pause=0.2):
    (tmp_path / "script.py").write_text(textwrap.dedent(SCRIPT).format(work=work))
    pipe = subprocess.PIPE
    child = subprocess.Popen([sys.executable, "script.py"], cwd=tmp_path, stdout=pipe, stderr=pipe, text=True)
    assert child.stdout.readline() == "ready\n"
    begin = time.monotonic()
    for _ in range(signals):
        time.sleep(pause)
        child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=30)
    return out, err, time.monotonic() - begin, child.returncode


STOPPING = "wheatstone: stopping after this point; Ctrl-C again aborts at once"


def test_the_first_ctrl_c_stops_after_the_point(tmp_path):
    out, err, _, status = interrupted(tmp_path, "time.sleep(0.5)", 1)
    assert err.split("\n") == [STOPPING, ""]
    assert out.splitlines() == ["interrupted 3 stopped", "end"]
    assert status == 0
    assert len(wheatstone.load("last").data) == 3


def test_the_second_ctrl_c_stops_at_once(tmp_path):
    out, err, took, status = interrupted(tmp_path, "time.sleep(20) if n == 2 else None", 2)
    assert err.split("\n") == [STOPPING, ""]
    assert out.splitlines() == ["interrupted 2 aborted", "end"]
    assert took < 5
    assert status == 0


def test_ctrl_c_answers_within_the_wait_between_slots(tmp_path):
    script = """
    import time
    from wheatstone import MeasurementSession
    with MeasurementSession() as session:
        session.acquire(lambda: print("ready", flush=True) or {"v": 1}, name="measure")
        try:
            session.run(duration=60, interval=30)
        except KeyboardInterrupt:
            print("interrupted", len(session.data))
    """
    (tmp_path / "script.py").write_text(textwrap.dedent(script))
    child = subprocess.Popen([sys.executable, "script.py"], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "ready\n"
    time.sleep(0.2)
    child.send_signal(signal.SIGINT)
    out, _ = child.communicate(timeout=10)
    assert out == "interrupted 1\n"


def test_rows_survive_the_death_of_the_process(tmp_path):
    script = """
    from wheatstone import MeasurementSession
    with MeasurementSession("killed") as session:
        session.parameter("n", range(10_000_000))
        session.acquire(lambda n: (print("ready", flush=True) if n == 5000 else None) or {"v": n * 0.5}, name="measure")
        session.run()
    """
    (tmp_path / "script.py").write_text(textwrap.dedent(script))
    child = subprocess.Popen([sys.executable, "script.py"], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "ready\n"
    child.kill()
    child.wait(10)
    experiment = wheatstone.load("killed")
    assert experiment.state == "killed"
    assert len(experiment) >= 5000
    assert (experiment.data["v"] == experiment.data["n"] * 0.5).all()


def test_a_fork_in_a_task_leaves_the_run_to_its_parent(tmp_path):
    with MeasurementSession() as session:

        @session.task
        def forks(stop_event):
            child = os.fork()
            if child == 0:
                status = 1
                try:
                    session.parameter("x", [1])
                except ConfigurationError as error:
                    status = 7 if "fork" in str(error) else 2
                finally:
                    os._exit(status)
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7

        session.acquire(lambda: {"v": 1}, name="measure")
        experiment = session.run(duration=0.3, interval=0.1)
    assert (experiment.state, len(experiment)) == ("finished", 3)


def test_a_store_that_cannot_be_written_is_refused_before_anything_moves(tmp_path):
    called = []
    (tmp_path / "file").write_text("no folder")
    with MeasurementSession(store=tmp_path / "file" / "runs") as session:
        session.parameter("a", [1])
        session.acquire(lambda: called.append(1) or {}, name="measure")
        with pytest.raises(StorageError, match="file"):
            session.run()
    assert called == []


def test_virtual_time_moves_only_while_everybody_waits():
    with MeasurementSession(pace="virtual") as session:

        @session.task
        def ramp(stop_event):
            while not stop_event.wait(1.0):
                pass

        session.acquire(lambda: {"v": 1}, name="measure")
        begin = time.monotonic()
        experiment = session.run(duration=100, interval=10)
        assert time.monotonic() - begin < 10
    assert len(experiment) == 10

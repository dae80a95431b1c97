"""Acquisitions on distinct instruments that measure at the same time."""

import signal
import subprocess
import sys
import textwrap
import threading

import pytest

from wheatstone import MeasurementSession
from wheatstone.errors import Interrupted, MeasurementError


def session_of(tmp_path, **options):
    session = MeasurementSession("parallel", store=tmp_path, **options)
    for alias in ("left", "right"):
        session.instrument(alias, "keysight/34470A", simulate=True)
    session.parameter("point", range(3))
    return session


def test_acquisitions_on_distinct_instruments_are_under_way_at_the_same_time(tmp_path):
    with session_of(tmp_path) as session:
        met = threading.Barrier(2, timeout=60)
        threads = set()

        def meet(_):
            met.wait()
            threads.add(threading.current_thread())
            return {}

        session.acquire(lambda left: meet(left), name="one")
        session.acquire(lambda right: meet(right), name="other")
        assert len(session.run(parallel=True, show_progress=False).data) == 3
    assert threading.main_thread() in threads
    assert len(threads) == 2
    assert not any(thread.is_alive() for thread in threads - {threading.main_thread()})


def test_the_table_is_as_if_they_had_followed_each_other(tmp_path):
    tables = []
    for parallel in (False, True):
        with session_of(tmp_path, pace="virtual") as session:

            @session.acquire
            def one(left, point):
                return {"v1": left.measure_voltage_dc(), "point_too": point}

            @session.acquire
            def other(right):
                return {"v2": right.measure_voltage_dc(), "v3": right.measure_voltage_dc()}

            @session.acquire
            def seen(ctx, left):
                return {"seen": ",".join(ctx)}

            @session.acquire
            def last(left):
                return {"v4": left.measure_voltage_dc()}

            tables.append(session.run(parallel=parallel, show_progress=False).data.drop("timestamp"))
    assert tables[0].equals(tables[1]), tables


def test_two_readings_take_the_time_of_one(tmp_path):
    with session_of(tmp_path, pace="virtual") as session:
        for meter in session.instruments.values():
            meter.configure("voltage_dc", 10.0)
            meter.set_aperture(0.1)
            meter.set_autozero(False)
        session.acquire(lambda left: {"l": left.measure_voltage_dc()}, name="one")
        session.acquire(lambda right: {"r": right.measure_voltage_dc()}, name="other")
        timing = session.run(parallel=True, show_progress=False).timing
    took = timing["finished"] - timing["started"]
    assert all(0.1e9 <= each < 0.11e9 for each in took), took


def test_errors_of_several_are_all_told(tmp_path):
    with session_of(tmp_path) as session:
        met = threading.Barrier(2, timeout=60)

        def fail(text):
            met.wait()
            raise ValueError(text)

        session.acquire(lambda left: fail("broken left"), name="one")
        session.acquire(lambda right: fail("broken right"), name="other")
        with pytest.raises(MeasurementError, match="acquisition 'one' failed at point 0.*broken left") as raised:
            session.run(parallel=True, show_progress=False)
    assert "acquisition 'other' failed too: ValueError: broken right" in " ".join(raised.value.__notes__)
    assert isinstance(raised.value.__cause__, ValueError)


def test_an_acquisition_that_hangs_after_an_abort_is_let_go_of_and_named(tmp_path):
    release = threading.Event()
    hangs = threading.Event()
    with session_of(tmp_path) as session:

        @session.acquire
        def fine(left):
            return {"l": 1}

        @session.acquire
        def deaf(right):
            hangs.set()
            release.wait(60)
            return {"r": 1}

        @session.task
        def aborter(stop_event):
            hangs.wait(60)
            session.abort()

        with pytest.raises(Interrupted) as raised:
            session.run(parallel=True, show_progress=False, grace=0.1)
        assert "acquisition 'deaf' did not end within its grace of 0.1 s" in " ".join(raised.value.__notes__)
    left = [thread for thread in threading.enumerate() if thread.name.startswith("wheatstone measuring")]
    release.set()
    for thread in left:
        thread.join(60)
        assert not thread.is_alive()


def test_ctrl_c_twice_ends_what_every_thread_measures(tmp_path):
    script = """
    import time
    from wheatstone import MeasurementSession

    with MeasurementSession("interrupted") as session:
        session.parameter("point", range(3))
        for alias in ("left", "right"):
            session.instrument(alias, "keysight/34470A", simulate=True)

        @session.acquire
        def sleeps(left):
            print("ready", flush=True)
            time.sleep(60)
            return {}

        @session.acquire
        def waits(right):
            session.sleep(60)
            return {}

        try:
            session.run(parallel=True, show_progress=False)
        except KeyboardInterrupt:
            print("interrupted", len(session.data))
    """
    (tmp_path / "script.py").write_text(textwrap.dedent(script))
    pipe = subprocess.PIPE
    child = subprocess.Popen([sys.executable, "script.py"], cwd=tmp_path, stdout=pipe, stderr=pipe, text=True)
    assert child.stdout.readline() == "ready\n"
    child.send_signal(signal.SIGINT)
    assert child.stderr.readline().startswith("wheatstone: stopping after this point")
    child.send_signal(signal.SIGINT)
    out, _ = child.communicate(timeout=30)
    assert out == "interrupted 0\n"
    assert child.returncode == 0

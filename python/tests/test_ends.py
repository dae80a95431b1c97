"""How a run ends when Python code wants out, or does not end at all."""

import subprocess
import sys
import textwrap
import threading

import numpy
import pytest

from wheatstone import MeasurementSession
from wheatstone.errors import ConfigurationError, DataError, MeasurementError


def run_script(tmp_path, script):
    path = tmp_path / "script.py"
    path.write_text(textwrap.dedent(script))
    return subprocess.run([sys.executable, str(path)], cwd=tmp_path, capture_output=True, text=True, timeout=60)


def test_a_task_that_outlives_its_session_still_has_its_stop_event(tmp_path):
    script = """
        import gc, threading
        from wheatstone import MeasurementSession
        from wheatstone.errors import MeasurementError
        go, said, kept = threading.Event(), [], []
        def make():
            session = MeasurementSession("s")
            session.acquire(lambda: {"x": 1}, name="a")
            @session.task
            def stuck(stop_event):
                go.wait(30)
                said.extend([stop_event.is_set(), stop_event.wait(.1), stop_event.wait()])
                kept.append(stop_event)
            try:
                session.run(duration=.1, interval=.05, grace=.1)
            except MeasurementError:
                session.close()
        make()
        gc.collect()
        go.set()
        for thread in threading.enumerate():
            if thread is not threading.current_thread():
                thread.join(30)
        gc.collect()
        print(said, kept[0].is_set(), kept[0].wait())
    """
    done = run_script(tmp_path, script)
    assert (done.returncode, done.stdout) == (0, "[True, True, True] True True\n"), done.stderr
    assert "nanobind" not in done.stderr


@pytest.mark.parametrize("where", ["acquisition", "task"])
def test_an_exit_of_the_program_comes_out_of_run_as_itself(where):
    with MeasurementSession() as session:
        session.parameter("i", range(1000))

        @session.acquire
        def measure(i):
            if where == "acquisition" and i == 2:
                sys.exit(3)
            session.sleep(0.001)
            return {"x": i}

        if where == "task":

            @session.task
            def leave(stop_event):
                while session.progress.done < 2:
                    stop_event.wait(0.001)
                sys.exit(3)

        with pytest.raises(SystemExit) as caught:
            session.run()
        assert caught.value.code == 3
        assert 2 <= len(session.data) < 1000
        assert session.progress.state == "failed"


def test_an_error_whose_text_is_no_text_is_told_with_escapes():
    with MeasurementSession() as session:

        @session.acquire
        def measure():
            raise ValueError("odd \udcfe and \x00")

        with pytest.raises(MeasurementError) as caught:
            session.run(count=1, interval=0.01)
        assert "ValueError: odd \\udcfe and \\x00" in str(caught.value)
        assert isinstance(caught.value.__cause__, ValueError)


def test_a_range_is_not_written_out():
    with MeasurementSession() as session:
        session.parameter("i", range(5, 10**12, 3))
        assert len(session.parameters["i"]) == (10**12 - 5 + 2) // 3
        seen = []

        @session.acquire
        def measure(i):
            seen.append(i)
            if len(seen) == 3:
                session.stop()
            return {"x": i}

        session.run()
        assert seen == [5, 8, 11]
        assert session.data["i"].to_list() == [5, 8, 11]


def test_ranges_down_of_one_and_of_none():
    with MeasurementSession() as session:
        session.parameter("down", range(2, -1, -1))
        session.parameter("one", range(7, 8))
        session.acquire(lambda down, one: {"x": down + one}, name="a")
        assert session.run().data["x"].to_list() == [9, 8, 7]
        with pytest.raises(ConfigurationError, match="no values"):
            session.parameter("none", range(0))
        with pytest.raises(DataError, match="'wide'.*int64"):
            session.parameter("wide", range(2**63 - 1, 2**63 + 5))


@pytest.mark.parametrize(("dtype", "kind"), [("float64", float), ("float32", float), ("int16", int), ("uint32", int)])
def test_an_array_of_numbers_gives_plain_numbers_and_is_copied(dtype, kind):
    values = numpy.arange(6, dtype=dtype)[::2]
    with MeasurementSession() as session:
        session.parameter("v", values)
        values[:] = 0
        seen = []

        @session.acquire
        def measure(v):
            seen.append(v)
            return {"x": v}

        assert session.run().data["v"].to_list() == seen == [0, 2, 4]
        assert {type(v) for v in seen} == {kind}
        assert session.parameters["v"] == [0, 2, 4]


def test_ctrl_c_with_a_task_that_is_stuck_is_a_keyboard_interrupt(tmp_path):
    script = """
        import os, signal, threading
        from wheatstone import MeasurementSession
        session = MeasurementSession("s")
        asleep = threading.Event()
        @session.acquire
        def measure():
            if asleep.wait(30):
                asleep.clear()
                os.kill(os.getpid(), signal.SIGINT)
            return {"x": 1}
        @session.task
        def stuck(stop_event):
            asleep.set()
            threading.Event().wait(20)
        try:
            session.run(count=3, interval=.05, grace=.1)
        except KeyboardInterrupt as error:
            print("interrupted", len(session.data), any("stuck" in note for note in error.__notes__))
        session.close()
    """
    done = run_script(tmp_path, script)
    assert done.stdout == "interrupted 1 True\n", done.stderr


@pytest.mark.parametrize("where", ["task", "observer", "parallel acquisition"])
def test_the_interpreter_ends_beside_a_function_that_never_does(tmp_path, where):
    # It wakes again and again while the interpreter is torn down.
    script = f"""
        import time
        from wheatstone import MeasurementSession
        from wheatstone.errors import MeasurementError
        where = {where!r}
        session = MeasurementSession("s")
        for alias in ("one", "two"):
            session.instrument(alias, "keysight/34470A", simulate=True)
        def forever(*arguments):
            while True:
                time.sleep(.0001)
        if where == "task":
            session.task(lambda stop_event: forever(), name="stuck")
        elif where == "observer":
            session.on_row(forever)
        def measure(one):
            if where == "parallel acquisition":
                session.abort()
            return {{"x": 1}}
        session.acquire(measure)
        if where == "parallel acquisition":
            session.acquire(lambda two: forever(), name="stuck")
        try:
            session.run(count=2, interval=.05, grace=.1, parallel=where == "parallel acquisition")
        except MeasurementError as error:
            print("did not end" in str(error))
        except Exception as error:
            print(any("did not end" in note for note in error.__notes__))
    """
    done = run_script(tmp_path, script)
    said = "" if where == "observer" else "True\n"
    assert (done.returncode, done.stdout) == (0, said), done.stderr
    assert "nanobind" not in done.stderr
    assert ("script.py:24: RuntimeWarning: the observer" in done.stderr) == (where == "observer"), done.stderr


def test_a_second_run_is_refused_and_the_first_one_goes_on():
    with MeasurementSession() as session:
        session.parameter("i", iter(range(20)))
        session.constrain(lambda i: True)
        refused = []

        def again(call):
            try:
                call()
            except ConfigurationError as error:
                refused.append(str(error))

        @session.acquire
        def measure(i):
            if i < 3:
                for call in (session.run, session.preview):
                    thread = threading.Thread(target=again, args=(call,))
                    thread.start()
                    thread.join()
                    again(call)
            return {"x": i}

        assert session.run().data["x"].to_list() == list(range(20))
        assert len(refused) == 12 and all("running already" in each for each in refused)
        assert session.preview().points is None
        assert len(session.run()) == 20

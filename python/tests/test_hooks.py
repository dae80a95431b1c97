"""What is called before and after the levels of a sweep."""

import gc
import sys
import weakref

import pytest

from wheatstone import MeasurementSession, stable
from wheatstone.errors import ConfigurationError, Interrupted, MeasurementError


def sweep(session, seen=None):
    session.parameter("oven", [300, 310], unit="K")
    session.parameter("voltage", [1.0, 2.0], unit="V")

    @session.acquire
    def measure(oven, voltage):
        if seen is not None:
            seen.append(("measure", oven, voltage))
        return {"sum": oven + voltage}


def test_levels_are_entered_outermost_first_and_left_innermost_first():
    seen = []
    with MeasurementSession() as session:
        sweep(session, seen)

        @session.before
        def open_valve():
            seen.append("open")

        @session.before("voltage")
        def set_voltage(voltage, oven):
            seen.append(("set", oven, voltage))

        @session.before("oven")
        def heat(oven, voltage):
            seen.append(("heat", oven, voltage))

        @session.after("oven", name="cool_down")
        def cool(oven, voltage):
            seen.append(("cool", oven, voltage))

        @session.after()
        def close_valve():
            seen.append("close")

        session.run()
    assert seen == [
        "open",
        ("heat", 300, 1.0),
        ("set", 300, 1.0),
        ("measure", 300, 1.0),
        ("set", 300, 2.0),
        ("measure", 300, 2.0),
        ("cool", 300, 2.0),
        ("heat", 310, 1.0),
        ("set", 310, 1.0),
        ("measure", 310, 1.0),
        ("set", 310, 2.0),
        ("measure", 310, 2.0),
        ("cool", 310, 2.0),
        "close",
    ]
    assert heat(1, 2) is None, "decorators return the function"


def test_hooks_get_instruments_and_whether_a_run_goes_on():
    seen = []
    with MeasurementSession() as session:
        session.instrument("psu", "keysight/EDU36311A", simulate=True)
        session.parameter("voltage", [1.0, 2.0])

        @session.before("voltage")
        def set_up(psu, voltage, first_after_resume, missing=7):
            psu.channel(1).set(voltage=voltage, current_limit=0.1).on()
            seen.append((first_after_resume, missing))

        @session.acquire
        def measure(psu, first_after_resume):
            return {"set": psu.channel(1).get_voltage().values, "again": first_after_resume}

        data = session.run().data
    assert seen == [(False, 7), (False, 7)]
    assert data["set"].to_list() == pytest.approx([1.0, 2.0], abs=0.01)
    assert data["again"].to_list() == [False, False]


def test_a_hook_after_a_level_has_the_level_s_own_values_where_they_depend_on_outer_ones():
    seen = []
    with MeasurementSession() as session:
        session.parameter("n", [1, 3])
        session.parameter("m", lambda n: [10 * n + k for k in range(n)])
        session.acquire(lambda m: {"m2": m}, name="measure")

        @session.after("m")
        def left(n, m):
            seen.append((n, m))

        session.run()
    assert seen == [(1, 10), (3, 30), (3, 31), (3, 32)]


@pytest.mark.parametrize(
    ("register", "sentence"),
    [
        (
            lambda s: s.before("voltag")(lambda: None),
            "no parameter of session .*did you mean 'voltage'.*'oven', 'voltage'",
        ),
        (lambda s: s.after("x", name="f")(lambda: None), "'f' is to be called after each 'x'"),
        (lambda s: s.before("oven", name="f")(lambda volt: None), "'f', called before each 'oven', asks for 'volt'"),
        (lambda s: s.before(lambda ctx: None, name="f"), "'f', called before the run, asks for 'ctx'"),
        (lambda s: s.before(lambda *all: None, name="f"), r"takes \*all, and nothing says"),
    ],
)
def test_what_no_hook_can_have_is_refused_before_anything_moves(register, sentence):
    seen = []
    with MeasurementSession() as session:
        sweep(session, seen)
        session.before(lambda: seen.append("moved"), name="first")
        register(session)
        with pytest.raises(ConfigurationError, match=sentence):
            session.run()
    assert seen == []


def test_what_is_no_level_is_refused_at_once():
    with MeasurementSession() as session:
        with pytest.raises(ConfigurationError, match=r"before\(\) takes the name of a parameter, not 5"):
            session.before(5)
        with pytest.raises(ConfigurationError, match="'first_after_resume' of this parameter has a meaning of its own"):
            session.parameter("first_after_resume", [1])


def test_the_same_hook_again_is_refused_in_a_script_and_replaced_at_a_prompt(monkeypatch):
    seen = []
    with MeasurementSession() as session:
        sweep(session)
        session.before("oven", name="heat")(lambda: seen.append("old"))
        session.after("oven", name="heat")(lambda: seen.append("after"))
        session.before("voltage", name="heat")(lambda: None)
        with pytest.raises(ConfigurationError, match="'heat' is called before each 'oven' already"):
            session.before("oven", name="heat")(lambda: seen.append("new"))
        monkeypatch.setattr(sys, "ps1", ">>> ", raising=False)
        session.before("oven", name="heat")(lambda: seen.append("new"))
        session.run()
    assert seen == ["new", "after", "new", "after"]


def test_a_hook_that_raises_ends_the_run_with_its_name_and_level_and_the_levels_are_left():
    left = []
    with MeasurementSession() as session:
        sweep(session)

        @session.before("oven")
        def heat(oven):
            if oven == 310:
                raise ValueError("the oven is cold")

        session.after(lambda: left.append("run"), name="leave")
        with pytest.raises(MeasurementError, match="'heat', called before oven = 310, failed: .*cold") as caught:
            session.run()
    assert isinstance(caught.value.__cause__, ValueError)
    assert len(caught.value.experiment) == 2
    assert left == ["run"]


def test_hooks_after_are_called_after_a_failed_acquisition_too():
    left = []
    with MeasurementSession() as session:
        session.parameter("a", [1, 2])
        session.after("a", name="leave")(lambda a: left.append(a))
        session.acquire(lambda a: {"x": 1 / (2 - a)}, name="measure")
        with pytest.raises(MeasurementError):
            session.run()
    assert left == [1, 2]


@pytest.mark.parametrize("side", ["before", "after"])
def test_ctrl_c_in_a_hook_aborts_the_run(side):
    with MeasurementSession() as session:
        sweep(session)

        def stop_here(oven):
            raise KeyboardInterrupt

        getattr(session, side)("oven", name="stop")(stop_here)
        with pytest.raises(KeyboardInterrupt):
            session.run()
        assert session.experiment.state == "aborted"


def test_system_exit_in_a_hook_goes_on_as_itself():
    with MeasurementSession() as session:
        sweep(session)
        session.before("oven", name="leave")(lambda: sys.exit(3))
        with pytest.raises(SystemExit):
            session.run()


def test_hooks_after_are_left_out_after_an_abort():
    left = []
    with MeasurementSession() as session:
        sweep(session)
        session.before("voltage", name="abort")(lambda: session.abort())
        session.after("oven", name="leave")(lambda: left.append(1))
        with pytest.raises(Interrupted):
            session.run()
    assert left == []


def made_and_closed():
    session = MeasurementSession()
    sweep(session)
    session.parameter("slow", [1], settle=stable(lambda: bool(session.name), over=0.01))
    session.before(lambda: session.name, name="a")
    session.derive(lambda sum: len(session.name) + sum, name="b")
    session.baseline(lambda: {"n": len(session.name)}, name="c")
    session.run()
    session.close()
    return weakref.ref(session)


def test_a_session_is_freed_though_its_functions_hold_it():
    gone = made_and_closed()
    gc.collect()
    assert gone() is None

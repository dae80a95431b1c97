"""Registering parameters, acquisitions, tasks and drivers."""

import functools
import sys
import warnings

import pytest

import wheatstone
from wheatstone import Bench, MeasurementSession
from wheatstone.errors import ConfigurationError, Error


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
        (lambda s: s.instrument("dmm", "keysight/34470A", simulate="yes"), r"instrument\(\) takes True or False"),
        (lambda s: s.instrument("dmm", "keysight/34470A", address=5), r"instrument\(\) takes text for 'address'"),
        (lambda s: s.instrument("dmm", "keysight/34470A", timeout="1"), "timeout='1' is no number of seconds"),
        (lambda s: s.instrument("d", "keysight/34470A", timeout_override_ms="1"), "'1' is no number of milliseconds"),
        (lambda s: s.attach(5, object()), "5 cannot name this attached driver"),
        (lambda s: s.attach("b", object(), safe=5), "safe=5 is no function; give one"),
        (lambda s: s.parameter("b", [1], unit=5), "unit=5 is no text"),
        (lambda s: s.parameter("b", [1], notes=5), "notes=5 is no text"),
        (lambda s: s.run(cycle="x"), r"run\(\) takes True or False for 'cycle', not 'x'"),
        (lambda s: s.run(overrun=5), r"run\(\) takes text for 'overrun', not 5"),
        (lambda s: s.sleep("x"), r"sleep\(\) takes a number for 'seconds', not 'x'"),
        (lambda s: MeasurementSession(5), r"MeasurementSession\(\) takes text for 'name', not 5"),
        (lambda s: MeasurementSession(tz=5), "tz=5 is no text"),
        (lambda s: MeasurementSession(store=5), "5 is no folder of runs; give its path"),
        (lambda s: MeasurementSession(bench="bench.yaml"), r"'bench.yaml' is no bench; give Bench.open\("),
        (lambda s: MeasurementSession(seed=-1), "cannot take seed=-1, which is out of range"),
        (lambda s: Bench.open(5), "5 is no bench file; give its path"),
        (lambda s: wheatstone.load(5), "5 is no run; give its path"),
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


def test_at_a_prompt_registering_again_replaces(monkeypatch):
    monkeypatch.setattr(sys, "ps1", ">>> ", raising=False)
    with MeasurementSession() as session:
        for factor in (1, 2):
            session.parameter("a", [factor])

            @session.acquire
            def measure(a):
                return {"b": 10 * a}

        assert session.run(show_progress=False).data["b"].to_list() == [20]


def test_at_a_prompt_a_driver_attached_again_replaces_the_one_before(monkeypatch):
    class Lockin:
        x = 1

    class Other:
        pass

    safe = []
    with MeasurementSession() as session:
        session.attach("lockin", Lockin(), safe=lambda: safe.append("first"))
        with pytest.raises(ConfigurationError, match="'lockin' is an instrument"):
            session.attach("lockin", Lockin())
        monkeypatch.setattr(sys, "ps1", ">>> ", raising=False)
        again = Lockin()
        again.x = 2
        session.attach("lockin", again, safe=lambda: safe.append("second"))
        with pytest.raises(ConfigurationError, match="'lockin' is an instrument"):
            session.attach("lockin", Other())
        session.parameter("a", [1])
        session.acquire(lambda lockin: {"x": lockin.x}, name="measure")
        assert session.run(show_progress=False).data["x"].to_list() == [2]
    assert safe == ["second"]


def test_an_alias_that_a_session_does_not_have_is_an_error_with_those_it_has():
    with MeasurementSession("rig") as session:
        session.attach("lockin", object())
        assert list(session.instruments) == ["lockin"]
        with pytest.raises(KeyError, match="session 'rig' has no instrument 'psu'; it has 'lockin'"):
            session.instruments["psu"]

"""Waiting until a parameter that has changed is at rest."""

import math

import pytest

import wheatstone
from wheatstone import MeasurementSession, stable
from wheatstone.errors import ConfigurationError, MeasurementError, TimeoutError


def approach(target):
    """Numbers that come closer to ``target``, one a call."""
    step = 0
    while True:
        yield target * (1 - math.exp(-step / 5))
        step += 1


def test_stable_is_exported():
    assert wheatstone.stable is wheatstone.measurements.stable
    assert repr(stable(0.1, "%", over=5)) == "stable(0.1, '%', over=5.0, limit=60.0)"


def test_points_wait_until_a_result_stays_within_its_band():
    calls = []
    with MeasurementSession(pace="virtual") as session:
        session.parameter("setpoint", [50.0, 100.0], settle=stable(1, "%", over=2, of="temperature"))

        @session.acquire
        def measure(setpoint):
            if not calls or calls[-1][0] != setpoint:
                measure.approach = approach(setpoint)
            calls.append((setpoint, next(measure.approach)))
            return {"temperature": calls[-1][1], "noise": 1000 * (len(calls) % 2)}

        experiment = session.run()
    temperature = experiment.data["temperature"].to_list()
    assert temperature == pytest.approx([50.0, 100.0], rel=0.01)
    assert 15 < len(calls) / 2 < 60
    assert len(experiment) == 2, "what was measured while it settled is not kept"


def test_a_reading_of_its_own_has_instruments_and_parameters_by_name():
    seen = []
    with MeasurementSession(pace="virtual") as session:
        session.instrument("dmm", "keysight/34470A", simulate=True)

        def look(dmm, setpoint):
            assert dmm.id()
            seen.append(setpoint)
            return setpoint

        session.parameter("setpoint", [1.0, 2.0], settle=stable(1.0, "V", over=1, every=0.25, reading=look))
        session.acquire(lambda setpoint: {"looks": len(seen)}, name="measure")
        assert session.run().data["looks"].to_list() == [5, 10]
    assert seen == [1.0] * 5 + [2.0] * 5


def test_a_condition_has_to_hold():
    answers = iter([False, True, True, False, True, True, True, True])
    with MeasurementSession(pace="virtual") as session:
        session.parameter("a", [1], settle=stable(lambda a: next(answers), over=3, every=1))
        session.acquire(lambda a: {"left": len(list(answers))}, name="measure")
        assert session.run().data["left"].to_list() == [0]


def test_a_time_and_a_rest_are_both_waited_for():
    looks = []
    with MeasurementSession(pace="virtual") as session:
        session.parameter("a", [1], settle=(10, stable(lambda: looks.append(1) or True, over=1)))
        session.acquire(lambda ctx: {"b": 1}, name="measure")
        timing = session.run().timing
    waited = (timing["finished"] - timing["started"]).item()
    assert float(waited.total_seconds() if hasattr(waited, "total_seconds") else waited / 1e9) == pytest.approx(11)
    assert len(looks) == 11


def test_one_rest_may_be_given_to_several_parameters():
    looks = []

    def ready(a, b):
        looks.append((a, b))
        return True

    rest = stable(ready, over=1, every=1)
    with MeasurementSession(pace="virtual") as session:
        session.parameter("a", [1, 2], settle=rest)
        session.parameter("b", [5], settle=rest)
        session.acquire(lambda a: {"x": a}, name="measure")
        session.run()
    assert looks == [(1, 5)] * 4 + [(2, 5)] * 2 * (len(looks) // 2 - 2)


def test_what_never_rests_fails_at_its_limit():
    looks = iter(range(10**6))
    with MeasurementSession(pace="virtual") as session:
        session.parameter("a", [1, 2], settle=stable(1, "%", over=1, reading=lambda: next(looks)))
        session.acquire(lambda a: {"x": a}, name="measure")
        with pytest.raises(MeasurementError, match=r"after a = 1 .* did not settle within 60 s") as caught:
            session.run()
    assert isinstance(caught.value.__cause__, TimeoutError)


def test_a_reading_that_raises_ends_the_run_with_its_cause():
    with MeasurementSession(pace="virtual") as session:
        session.parameter("a", [1], settle=stable(1, "%", reading=lambda: {}["no"]))
        session.acquire(lambda a: {"x": a}, name="measure")
        with pytest.raises(
            MeasurementError, match="the reading that 'a' settles by failed at a = 1: KeyError"
        ) as caught:
            session.run()
    assert isinstance(caught.value.__cause__, KeyError)


def test_ctrl_c_in_a_condition_aborts_the_run():
    def interrupted():
        raise KeyboardInterrupt

    with MeasurementSession(pace="virtual") as session:
        session.parameter("a", [1], settle=stable(interrupted))
        session.acquire(lambda a: {"x": a}, name="measure")
        with pytest.raises(KeyboardInterrupt):
            session.run()
        assert session.experiment.state == "aborted"


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: stable(0, "V"), "a band of 0 is no band; give one above zero"),
        (lambda: stable("1", "V"), "'1' is no band; give a number and its unit"),
        (lambda: stable(1, 5), "unit=5 is no text"),
        (lambda: stable(1, "V", over=0), "stable over 0 s"),
        (lambda: stable(1, "V", over="1"), "over='1' is no number of seconds"),
        (lambda: stable(1, "V", over=5, limit=2), "the limit longer"),
        (lambda: stable(1, "V", every=0), "every 0 s; give a time above zero"),
        (lambda: stable(1, "V", of="x", reading=lambda: 1), "not both"),
        (lambda: stable(1, "V", reading=5), "reading of stable.* takes a function, not 5"),
        (lambda: stable(lambda: True, of="x"), "a condition, or a band"),
        (lambda: stable(1, "V", ovr=1), r"stable\(\) .*'ovr'.* 'over'"),
    ],
)
def test_what_is_no_rest_is_refused_at_once(make, sentence):
    with pytest.raises(ConfigurationError, match=sentence):
        make()


@pytest.mark.parametrize("settle", ["1", (1, 2), (stable(1, "V"), stable(1, "V")), (1, stable(1, "V"), 2)])
def test_what_no_parameter_can_wait_for_is_refused(settle):
    with MeasurementSession() as session, pytest.raises(ConfigurationError, match="settle="):
        session.parameter("a", [1], settle=settle)


def test_a_name_that_nothing_provides_is_refused_before_anything_moves():
    seen = []
    with MeasurementSession() as session:
        session.parameter("a", [1], settle=stable(lambda dmm: True))
        session.acquire(lambda a: {"x": seen.append(a)}, name="measure")
        with pytest.raises(ConfigurationError, match="what parameter 'a' settles by asks for 'dmm'"):
            session.run()
    assert seen == []


def test_a_result_that_is_not_there_is_named():
    with MeasurementSession(pace="virtual") as session:
        session.parameter("a", [1], settle=stable(1, "V", of="w"))
        session.acquire(lambda a: {"v": a}, name="measure")
        with pytest.raises(ConfigurationError, match="settles by the result 'w', which no acquisition returns.*'v'"):
            session.run()

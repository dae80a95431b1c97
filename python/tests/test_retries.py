"""Samples, retries and points that are skipped."""

import builtins

import polars as pl
import pytest

from wheatstone import MeasurementSession, Quantity, errors
from wheatstone.errors import ConfigurationError, MeasurementError


class Flaky:
    """Raises the errors of a list, one a call, then returns."""

    def __init__(self, *raised):
        self.left = list(raised)
        self.calls = 0

    def __call__(self, a):
        self.calls += 1
        if self.left and (error := self.left.pop(0)) is not None:
            raise error
        return {"v": Quantity(float(a), "V")}


class DriverError(Exception):
    """Of a driver of somebody else's."""


def run(function, values=(1.0, 2.0), **options):
    with MeasurementSession(pace="virtual") as session:
        session.parameter("a", list(values))
        session.acquire(function, name="measure", **options)
        return session.run()


def events(experiment, kind):
    return [event for event in experiment.events if event["event"] == kind]


def test_samples_are_averaged_with_their_standard_deviation_and_keep_the_unit():
    numbers = iter([1.0, 2.0, 3.0, 5.0, 5.0, 5.0])
    experiment = run(lambda: {"v": Quantity(next(numbers), "V"), "label": "x"}, samples=3)
    assert experiment.data["v"].to_list() == [2.0, 5.0]
    assert experiment.data["v_std"].to_list() == [1.0, 0.0]
    assert experiment.data["label"].to_list() == ["x", "x"]
    assert experiment.units == {"v": "V", "v_std": "V"}


@pytest.mark.parametrize(
    "error", [errors.TimeoutError("late"), errors.ConnectionError("gone"), errors.CommunicationError("garbled")]
)
def test_errors_of_the_link_are_tried_again_where_nothing_else_is_said(error):
    flaky = Flaky(error, error)
    experiment = run(flaky, retries=2)
    assert (len(experiment), flaky.calls) == (2, 4)
    tries = events(experiment, "retry")
    assert [(event["acquisition"], event["index"], event["attempt"]) for event in tries] == [
        ("measure", 0, 1),
        ("measure", 0, 2),
    ]
    assert str(error) in tries[0]["error"]


def test_the_error_after_the_last_attempt_ends_the_run():
    flaky = Flaky(*[errors.TimeoutError("late")] * 3)
    with pytest.raises(MeasurementError, match="late") as caught:
        run(flaky, retries=2)
    assert flaky.calls == 3
    assert isinstance(caught.value.__cause__, errors.TimeoutError)


@pytest.mark.parametrize(
    ("error", "named"),
    [
        (DriverError("busy"), DriverError),
        (DriverError("busy"), (ValueError, DriverError)),
        (DriverError("busy"), [DriverError]),
        (builtins.TimeoutError("late"), TimeoutError),
        (errors.TimeoutError("late"), builtins.TimeoutError),
        (KeyError("x"), LookupError),
    ],
)
def test_any_class_of_error_may_be_named(error, named):
    flaky = Flaky(error)
    assert len(run(flaky, retries=1, retry_on=named)) == 2
    assert flaky.calls == 3


@pytest.mark.parametrize(("error", "named"), [(DriverError("busy"), None), (errors.TimeoutError("late"), DriverError)])
def test_other_errors_are_not_tried_again(error, named):
    flaky = Flaky(error)
    with pytest.raises(MeasurementError):
        run(flaky, retries=5, retry_on=named)
    assert flaky.calls == 1


def test_an_instrument_s_own_error_is_tried_again_where_it_is_named():
    with MeasurementSession() as session:
        session.instrument("psu", "keysight/EDU36311A", simulate=True)
        session.parameter("a", [1.0])
        calls = []

        @session.acquire(retries=1, retry_on=errors.LimitError)
        def measure(psu):
            calls.append(1)
            psu.channel(1).set_voltage(1000.0 if len(calls) == 1 else 1.0)
            return {"n": len(calls)}

        assert session.run().data["n"].to_list() == [2]


def test_a_value_that_no_cell_holds_is_an_error_like_others():
    results = iter([{"v": object()}, {"v": 1.0}])
    assert len(run(lambda: next(results), [1], retries=1, retry_on=errors.DataError)) == 1


def test_the_wait_doubles_with_each_attempt():
    flaky = Flaky(*[errors.TimeoutError("late")] * 3)
    timing = run(flaky, [1], retries=3, backoff=0.5).timing
    took = (timing["finished"] - timing["started"]).cast(pl.Int64).item()
    assert took == pytest.approx(3.5e9)


def test_a_point_that_cannot_be_measured_is_kept_with_nulls_and_the_error():
    experiment = run(Flaky(None, DriverError("no answer")), [1.0, 2.0, 3.0], on_error="skip")
    assert experiment.data["v"].to_list() == [1.0, None, 3.0]
    assert experiment.data["measure.error"].to_list() == [None, "DriverError: no answer", None]
    assert [event["index"] for event in events(experiment, "skipped")] == [1]
    assert experiment.state == "finished"


@pytest.mark.parametrize("wish", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_who_wants_to_end_is_neither_tried_again_nor_skipped(wish):
    flaky = Flaky(wish())
    with pytest.raises(wish):
        run(flaky, retries=5, retry_on=Exception, on_error="skip")
    assert flaky.calls == 1


def test_an_abort_is_neither_tried_again_nor_skipped():
    calls = []
    with MeasurementSession() as session:
        session.parameter("a", [1, 2])

        @session.acquire(retries=5, retry_on=Exception, on_error="skip")
        def measure():
            calls.append(1)
            session.abort()
            raise errors.Interrupted("cut short")

        with pytest.raises(errors.Interrupted):
            session.run()
    assert calls == [1]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"samples": 0}, "samples=0 is no number of samples; give a whole number from 1 on"),
        ({"samples": 2.5}, "samples=2.5"),
        ({"retries": -1}, "retries=-1 is no number of retries; give a whole number from 0 on"),
        ({"backoff": -1}, "backoff=-1 is below zero"),
        ({"backoff": "1"}, "backoff='1' is no number of seconds"),
        ({"on_error": "ignore"}, "on_error='ignore' is not known; give 'fail' or 'skip'"),
        ({"retry_on": "TimeoutError"}, "retry_on takes classes of errors, not 'TimeoutError'"),
        ({"retry_on": KeyboardInterrupt}, "retry_on takes classes of errors, not <class 'KeyboardInterrupt'>"),
        ({"backoff": 1.0}, "backoff says how long before it is tried again, and there are no retries; give them"),
        ({"retry_on": ValueError, "retries": 0}, "retry_on says after which errors .* there are no retries"),
        ({"retry": 1}, r"acquire\(\) .*'retry'; did you mean"),
    ],
)
def test_options_that_mean_nothing_are_refused_at_once(options, sentence):
    with MeasurementSession() as session:
        for register in (session.acquire, session.baseline):
            with pytest.raises(ConfigurationError, match=sentence.replace("acquire", register.__name__)):
                register(lambda: {}, name="m", **options)
            with pytest.raises(ConfigurationError, match=sentence.replace("acquire", register.__name__)):
                register(name="m", **options)

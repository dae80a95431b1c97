"""Acquisitions of timed runs with times of their own: intervals and triggers."""

import threading

import pytest

from wheatstone import MeasurementSession
from wheatstone.errors import ConfigurationError, MeasurementError


def session_of(tmp_path, **options):
    return MeasurementSession("times", store=tmp_path, **options)


def test_each_acquisition_is_due_on_its_own_grid_and_the_cells_of_others_are_null(tmp_path):
    with session_of(tmp_path, pace="virtual") as session:

        @session.acquire
        def fast():
            return {"f": 1}

        @session.acquire(interval=0.25)
        def slow(ctx):
            return {"s": len(ctx)}

        @session.derive
        def both(f, s):
            return f + s

        experiment = session.run(duration=0.6, interval=0.1, show_progress=False)
    assert experiment.data["f"].to_list() == [1, 1, 1, None, 1, 1, 1]
    assert experiment.data["s"].to_list() == [2, None, None, 1, None, None, 2]
    assert experiment.data["both"].to_list() == [3, None, None, None, None, None, 3]
    assert experiment.timing["slow.missed"].to_list() == [0, None, None, 0, None, None, 0]


def test_count_counts_rows_of_all_grids(tmp_path):
    with session_of(tmp_path, pace="virtual") as session:
        session.acquire(lambda: {"a": 1}, name="a", interval=0.02)
        session.acquire(lambda: {"b": 1}, name="b", interval=0.03)
        experiment = session.run(count=5, show_progress=False)
    assert experiment.data["b"].to_list() == [1, None, 1, None, 1]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"interval": 0}, "the interval of acquisition 'x' is 0 s"),
        ({"interval": "1"}, "interval='1' is no number of seconds"),
        ({"interval": 1, "trigger": lambda: True}, "an interval and a trigger"),
        ({"trigger": 3}, "trigger=3 is neither a function nor an instrument"),
        ({"poll": 0.1}, "a poll time but no trigger"),
        ({"trigger": lambda: True, "poll": 0}, "is asked every 0 s"),
    ],
)
def test_times_that_cannot_be_are_refused(tmp_path, options, sentence):
    with session_of(tmp_path) as session, pytest.raises(ConfigurationError, match=sentence):
        session.acquire(lambda: {}, name="x", **options)


def test_times_are_refused_in_a_sweep(tmp_path):
    with session_of(tmp_path) as session:
        session.parameter("v", [1, 2])
        session.acquire(lambda: {}, name="x", interval=1)
        with pytest.raises(ConfigurationError, match="interval of acquisition 'x' without duration or count"):
            session.run(show_progress=False)


def test_a_trigger_makes_rows_of_its_own_and_gets_instruments_by_name(tmp_path):
    with session_of(tmp_path, pace="virtual") as session:
        session.instrument("dmm", "keysight/34470A", simulate=True)
        asked = []

        def third_time(dmm):
            asked.append(dmm.alias)
            return len(asked) % 3 == 0

        @session.acquire(trigger=third_time, poll=0.1)
        def event():
            return {"e": len(asked)}

        @session.acquire(interval=0.5)
        def grid():
            return {"g": 0}

        experiment = session.run(duration=1.0, show_progress=False)
    assert set(asked) == {"dmm"}
    assert experiment.data["e"].drop_nulls().to_list() == [3, 6, 9]
    assert experiment.data["g"].null_count() == 3


def test_a_trigger_that_raises_ends_the_run_and_is_named(tmp_path):
    with session_of(tmp_path) as session:

        def broken():
            raise OSError("no such pin")

        session.acquire(lambda: {}, name="event", trigger=broken)
        with pytest.raises(MeasurementError, match="the trigger of acquisition 'event' failed.*no such pin") as raised:
            session.run(count=1, show_progress=False)
    assert isinstance(raised.value.__cause__, OSError)


def test_other_threads_of_python_go_on_while_a_trigger_is_waited_for(tmp_path):
    with session_of(tmp_path) as session:
        happened = threading.Event()
        session.acquire(lambda: {"e": 1}, name="event", trigger=happened.is_set)

        @session.task
        def beside(stop_event):
            happened.set()

        assert len(session.run(count=1, show_progress=False).data) == 1


def test_an_instrument_that_requests_service_is_a_trigger(tmp_path):
    with session_of(tmp_path, pace="virtual") as session:
        dmm = session.instrument("dmm", "keysight/34470A", simulate=True)
        dmm.configure("voltage_dc", 10.0)
        dmm.set_aperture(0.1)
        dmm.write("*CLS;*ESE 1;*SRE 32")
        dmm.write_unchecked("INIT;*OPC")

        @session.acquire(trigger=dmm)
        def complete(dmm):
            assert int(dmm.query("*ESR?")) & 1
            reading = dmm.fetch()
            dmm.write_unchecked("INIT;*OPC")
            return {"v": reading}

        experiment = session.run(count=3, show_progress=False)
    apart = experiment.timing["scheduled"].diff().drop_nulls().to_list()
    assert all(0.1e9 <= each <= 0.3e9 for each in apart), apart


def test_two_meters_that_are_started_and_then_read_take_one_aperture(tmp_path):
    with session_of(tmp_path, pace="virtual") as session:
        for alias in ("left", "right"):
            meter = session.instrument(alias, "keysight/34470A", simulate=True)
            meter.configure("voltage_dc", 10.0)
            meter.set_aperture(0.1)
            meter.set_autozero(False)

        @session.acquire
        def together(left, right):
            left.initiate()
            right.initiate()
            return {"l": left.fetch(), "r": right.fetch()}

        session.acquire(
            lambda left, right: {"l2": left.measure_voltage_dc(), "r2": right.measure_voltage_dc()}, name="in_turn"
        )
        session.parameter("point", range(2))
        timing = session.run(show_progress=False).timing
    took = timing["together.finished"] - timing["started"]
    in_turn = timing["in_turn.finished"] - timing["together.finished"]
    assert all(0.1e9 <= each < 0.11e9 for each in took), took
    assert all(0.2e9 <= each < 0.22e9 for each in in_turn), in_turn

"""What is measured once before a run and once after it."""

import sys

import polars as pl
import pytest

import wheatstone
from wheatstone import MeasurementSession, Quantity, errors
from wheatstone.errors import ConfigurationError, MeasurementError


def small(session):
    session.parameter("a", [1, 2])
    session.acquire(lambda a: {"x": Quantity(float(a), "V")}, name="measure")


def test_a_baseline_is_a_table_of_its_own():
    with MeasurementSession() as session:
        session.instrument("dmm", "keysight/34470A", simulate=True)
        small(session)
        count = iter(range(10))

        @session.baseline
        def dark(dmm):
            return {"v": dmm.measure_voltage_dc(), "n": next(count), "note": "shutter closed"}

        @session.baseline(name="room", samples=2)
        def climate():
            return {"t": Quantity(295.5, "K")}

        experiment = session.run()
    frame = experiment.baseline
    assert frame.columns == ["when", "timestamp", "name", "v", "v_uncertainty", "n", "note", "t", "t_std"]
    assert frame["when"].to_list() == ["start", "start", "end", "end"]
    assert frame["name"].to_list() == ["dark", "room", "dark", "room"]
    assert frame["n"].to_list() == [0, None, 1, None]
    assert frame["note"].to_list() == ["shutter closed", None, "shutter closed", None]
    assert frame["t"].to_list() == [None, 295.5, None, 295.5]
    assert frame.schema["timestamp"] == pl.Datetime("ns", "UTC")
    assert frame["timestamp"][0] <= experiment.data["timestamp"][0] <= frame["timestamp"][2]
    assert experiment.units == {
        "x": "V",
        "v": "V",
        "v_uncertainty": "V",
        "t": "K",
        "t_std": "K",
    }
    assert "v" not in experiment.data.columns
    assert wheatstone.load(experiment.folder).baseline.equals(frame)


def test_a_run_without_one_has_an_empty_table():
    with MeasurementSession() as session:
        small(session)
        frame = session.run().baseline
    assert frame.columns == ["when", "timestamp", "name"]
    assert len(frame) == 0


def test_a_baseline_is_taken_at_the_end_of_a_stopped_run_too():
    with MeasurementSession() as session:
        session.parameter("a", [1, 2, 3])
        session.acquire(lambda a: {"x": session.stop() or a}, name="measure")
        session.baseline(lambda: {"b": 1}, name="b")
        assert session.run().baseline["when"].to_list() == ["start", "end"]


def test_a_baseline_that_fails_ends_the_run_and_one_that_is_skipped_does_not():
    calls = []

    def broken():
        calls.append(1)
        raise errors.TimeoutError("no answer")

    with MeasurementSession() as session:
        small(session)
        session.baseline(broken, name="b", retries=1, on_error="skip")
        experiment = session.run()
        assert (len(experiment), len(experiment.baseline), len(calls)) == (2, 0, 4)
        assert [e["acquisition"] for e in experiment.events if e["event"] == "skipped"] == ["b", "b"]
    with MeasurementSession() as session:
        small(session)
        session.baseline(broken, name="b")
        with pytest.raises(
            MeasurementError, match="baseline 'b' failed at the start of the run: .*no answer"
        ) as caught:
            session.run()
    assert isinstance(caught.value.__cause__, errors.TimeoutError)


def test_there_is_no_parameter_yet():
    with MeasurementSession() as session:
        small(session)
        session.baseline(lambda a: {"b": a}, name="b")
        with pytest.raises(ConfigurationError, match="baseline 'b' asks for 'a', which nothing provides"):
            session.run()


def test_a_baseline_that_returns_no_mapping_is_named():
    with MeasurementSession() as session:
        small(session)
        session.baseline(lambda: 5, name="b")
        with pytest.raises(MeasurementError, match="baseline 'b' returned 5, which is no mapping"):
            session.run()


def test_the_same_again_is_refused_in_a_script_and_replaced_at_a_prompt(monkeypatch):
    with MeasurementSession() as session:
        small(session)
        session.baseline(lambda: {"b": 1}, name="b")
        with pytest.raises(ConfigurationError, match="baseline called 'b' is registered already"):
            session.baseline(lambda: {"b": 2}, name="b")
        monkeypatch.setattr(sys, "ps1", ">>> ", raising=False)
        session.baseline(lambda: {"b": 2}, name="b")
        assert session.run().baseline["b"].to_list() == [2, 2]


def test_ctrl_c_in_it_aborts_the_run():
    def interrupted():
        raise KeyboardInterrupt

    with MeasurementSession() as session:
        small(session)
        session.baseline(interrupted)
        with pytest.raises(KeyboardInterrupt):
            session.run()
        assert session.experiment.state == "aborted"

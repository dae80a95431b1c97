"""Instruments set again as a run found or left them."""

import json

import pytest

from wheatstone import Bench, MeasurementSession, load
from wheatstone.errors import ConfigurationError, InstrumentError, LimitError

BENCH = """\
bench_name: bench
simulate: true
instruments:
  psu: {profile: keysight/EDU36311A}
  dmm: {profile: keysight/34470A}
  load: {profile: keysight/EL33133A}
"""


@pytest.fixture
def bench(tmp_path):
    (tmp_path / "bench.yaml").write_text(BENCH)
    with Bench.open(tmp_path / "bench.yaml") as bench:
        yield bench


def settings_of(bench):
    return {alias: bench[alias].settings() for alias in bench}


def measured(bench):
    """A run that begins with the supply at 5 V and on, the meter on a range, and ends with other settings."""
    bench.psu.channel(1).set(voltage=5.0, current_limit=0.5).on()
    bench.dmm.configure("voltage_dc", 100.0)
    bench.load.set_mode("CC")
    bench.load.set_current(0.1)
    with MeasurementSession("restored", bench=bench) as session:
        session.parameter("voltage", [1.0, 2.0])

        @session.acquire
        def measure(psu, dmm, voltage):
            psu.channel(1).set_voltage(voltage)
            return {"v": dmm.measure_voltage_dc()}

        return session.run(show_progress=False)


def upset(bench):
    bench.psu.reset()
    bench.psu.channel(2).set(voltage=20.0, current_limit=0.2).on()
    bench.dmm.configure("resistance", 1e6)
    bench.load.set_mode("CV")
    bench.load.set_voltage(3.0)


def test_a_bench_goes_back_to_how_a_run_found_it(bench):
    experiment = measured(bench)
    before = experiment.metadata["settings"]["before"]
    upset(bench)
    report = bench.restore(experiment, outputs=True)
    assert report.left == [] and report.sent > 0
    assert json.loads(json.dumps(settings_of(bench))) == before
    assert bench.dmm.measure_voltage_dc() == pytest.approx(5.0, abs=0.02)
    assert bench.restore(experiment, outputs=True).sent == 0


def test_outputs_stay_off_until_somebody_asks_for_them(bench):
    experiment = measured(bench)
    upset(bench)
    report = bench.restore(experiment)
    assert [(left.alias, left.name, left.channel, left.wanted) for left in report.left] == [("psu", "output", 1, True)]
    assert "psu: output of channel 1: it was on and stays off" in repr(report)
    assert bench.psu.settings()["output"] == {1: False, 2: False, 3: False}
    assert bench.psu.settings()["voltage"] == {1: 5.0, 2: 0.0, 3: 0.0}


def test_a_bench_goes_back_to_how_a_run_left_it_and_to_one_instrument_of_it(bench):
    measured(bench)
    after = load("last").metadata["settings"]["after"]
    upset(bench)
    bench.restore("last", moment="after", instruments=["dmm"])
    now = json.loads(json.dumps(settings_of(bench)))
    assert now["dmm"] == after["dmm"] and now["psu"] != after["psu"] and now["load"] != after["load"]


def test_what_the_bench_cannot_go_back_to_is_refused_before_anything_is_sent(bench, tmp_path):
    experiment = measured(bench)
    (tmp_path / "other.yaml").write_text(BENCH.replace("EL33133A", "34470A"))
    with Bench.open(tmp_path / "other.yaml") as other:
        before = settings_of(other)
        with pytest.raises(
            ConfigurationError, match="'load' was a keysight/EL33133A in the run .* keysight/34470A here"
        ):
            other.restore(experiment)
        assert settings_of(other) == before
    with pytest.raises(ConfigurationError, match="no settings of 'scope'"):
        bench.restore(experiment, instruments=["scope"])
    with pytest.raises(ConfigurationError, match="'before' or 'after'"):
        bench.restore(experiment, moment="during")
    with MeasurementSession("none kept", bench=bench, read_settings=False) as session:
        session.parameter("x", [1])
        session.acquire(lambda x: {"y": x}, name="measure")
        bare = session.run(show_progress=False)
    with pytest.raises(ConfigurationError, match="keeps no settings of its start"):
        bench.restore(bare)


def test_one_instrument_takes_its_settings_back(bench):
    psu = bench.psu
    psu.channel(3).set(voltage=7.5, current_limit=0.3)
    kept = psu.settings()
    psu.reset()
    assert psu.restore(kept).left == []
    assert psu.settings() == kept
    assert psu.restore(json.loads(json.dumps(kept))).sent == 0


def test_settings_that_an_instrument_cannot_have_are_refused_or_named(bench):
    with pytest.raises(LimitError, match="60 V on channel 1"):
        bench.psu.restore({"current": {2: 0.5}, "voltage": {1: 60.0}})
    assert bench.psu.settings()["current"][2] != 0.5
    report = bench.psu.restore({"volts": 1.0, "current": {2: 0.5}})
    assert (len(report.left), report.sent) == (1, 1)
    assert "no such setting" in report.left[0].reason
    with pytest.raises(InstrumentError, match="1 of its settings .* function should be 'WATT' and is 'VOLT'"):
        bench.dmm.restore({"function": "WATT"})
    for wrong in ([1], {"voltage": {"one": 1.0}}, {1: 2}):
        with pytest.raises(ConfigurationError, match="settings are a dict by name"):
            bench.psu.restore(wrong)

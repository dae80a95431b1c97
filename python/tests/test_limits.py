"""Limits that a bench file sets."""

import pytest

from wheatstone import Bench, MeasurementSession
from wheatstone.errors import (
    ConfigurationError,
    InstrumentParameterError,
    LimitError,
    MeasurementError,
    SafetyLimitError,
)

BENCH = """\
bench_name: limited
simulate: true
instruments:
  psu:
    profile: keysight/EDU36311A
    safety_limits:
      channels:
        1: {voltage: {max: 3.3}, current: {min: 0.01, max: 0.5}}
        2: {voltage: {min: 1, max: 12}}
  load:
    profile: keysight/EL33133A
    safety_limits: {channels: {1: {current: {max: 2}}}}
"""


@pytest.fixture
def bench(tmp_path):
    (tmp_path / "bench.yaml").write_text(BENCH)
    with Bench.open(tmp_path / "bench.yaml") as bench:
        yield bench


@pytest.mark.parametrize(
    "beyond",
    [
        lambda psu: psu.set_voltage(1, 3.4),
        lambda psu: psu.set_voltage("CH1", 3.4),
        lambda psu: psu.channel(1).set(voltage=3.4, current_limit=0.1),
        lambda psu: psu.channel(1).set_voltage(3.4),
        lambda psu: psu.set_current(1, 0.6),
        lambda psu: psu.set_current(1, 0.005),
        lambda psu: psu.set_voltage(2, 0.5),
        lambda psu: psu._send_command("VOLT 3.4,(@1)"),
        lambda psu: psu._send_command("VOLT 3.4,(@1)", skip_check=True),
        lambda psu: psu.write("SOURCE:VOLTAGE 3400 mV,(@1)"),
        lambda psu: psu.query("VOLT 3.4,(@1);VOLT? (@1)"),
        lambda psu: psu.write("VOLT MAX,(@1)"),
        lambda psu: psu.write("UNKNOWN 5"),
        lambda psu: psu.write("*RCL 1"),
        lambda psu: psu.restore({"voltage": {1: 3.4}}),
    ],
)
def test_nothing_beyond_a_limit_is_sent_on_any_path(bench, beyond):
    before = bench.psu.settings()
    for kind in (LimitError, SafetyLimitError, InstrumentParameterError, ValueError):
        with pytest.raises(kind, match="nothing was sent"):
            beyond(bench.psu)
    assert bench.psu.settings() == before


def test_a_refusal_says_whose_limit_it_is(bench):
    with pytest.raises(
        LimitError, match=r"psu: voltage of 5 V on channel 1 is outside 0 to 3\.3 V \(.*bench\.yaml:8:\d+"
    ):
        bench.psu.set_voltage(1, 5.0)
    with pytest.raises(LimitError, match=r"load: current of 3 A on channel 1 .* 2 A \(.*bench\.yaml:12:"):
        bench.load.set_mode("CC")
        bench.load.set_current(3.0)


def test_what_is_within_passes_and_other_channels_are_free(bench):
    bench.psu.channel(1).set(voltage=3.3, current_limit=0.5).on()
    bench.psu.channel(3).set(voltage=30.0, current_limit=1.0).on()
    assert bench.psu.channel(1).measure_voltage() == pytest.approx(3.3, abs=0.05)


def test_an_output_is_not_switched_on_with_what_was_set_behind_the_limits(bench):
    bench.psu.reset()  # the current goes back to 5 A
    for switch_on in (lambda: bench.psu.channel(1).on(), lambda: bench.psu.write("OUTP ON,(@1)")):
        with pytest.raises(LimitError, match="channel 1 is not switched on with what it is set to.*current of 5 A"):
            switch_on()
    assert bench.psu.settings()["output"][1] is False
    bench.psu.channel(1).set(voltage=1.0, current_limit=0.1).on()
    assert bench.psu.settings()["output"][1] is True


def test_limits_hold_in_a_session_and_end_its_run(bench):
    with MeasurementSession(bench=bench) as session:
        session.parameter("voltage", [1.0, 3.0, 5.0])

        @session.acquire
        def measure(psu, voltage):
            psu.channel(1).set(voltage=voltage, current_limit=0.1).on()
            return {"v": psu.channel(1).measure_voltage()}

        with pytest.raises(MeasurementError) as caught:
            session.run(show_progress=False)
    assert isinstance(caught.value.__cause__, LimitError)
    assert len(caught.value.experiment) == 2


def test_limits_are_shown_and_faults_in_them_refused_with_their_place(bench, tmp_path):
    limits = bench.config.instruments["psu"].safety_limits
    assert limits == {1: {"voltage": (None, 3.3), "current": (0.01, 0.5)}, 2: {"voltage": (1.0, 12.0)}}
    for wrong, reason in {
        "voltage: {max: 3.3}": ("voltage: {maxx: 3.3}", r"bench\.yaml:8:\d+: unknown key 'maxx'; did you mean 'max'"),
        "current: {min: 0.01": (
            "curent: {min: 0.01",
            r"bench\.yaml:8:\d+: .* no set-point 'curent' to limit; 'voltage'",
        ),
        "2: {voltage": ("7: {voltage", r"bench\.yaml:9:\d+: .* has no channel 7; its channels are 1, 2, 3"),
    }.items():
        (tmp_path / "wrong.yaml").write_text(BENCH.replace(wrong, reason[0]))
        with pytest.raises(ConfigurationError, match=reason[1].replace("bench", "wrong")):
            Bench.open(tmp_path / "wrong.yaml")

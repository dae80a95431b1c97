"""Drivers on the simulated bench, as Python sees them: facades, words for enumerations, limits on every path."""

import json
import math
import threading
import time
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from wheatstone import AutoInstrument, MeasurementSession
from wheatstone.config import AcquisitionType, DMMFunction, LoadMode, TriggerSlope
from wheatstone.errors import ConfigurationError, ConnectionError, InstrumentError, LimitError
from wheatstone.instruments import ElectronicLoad, Multimeter, Oscilloscope, PowerSupply
from wheatstone.results import ChannelReadingResult, Reading


@pytest.fixture
def session():
    with MeasurementSession("bench") as session:
        yield session


@pytest.fixture
def psu(session):
    return session.instrument("psu", "keysight/EDU36311A", simulate=True)


@pytest.fixture
def dmm(session):
    return session.instrument("dmm", "keysight/34470A", simulate=True)


@pytest.fixture
def load(session):
    return session.instrument("load", "keysight/EL33133A", simulate=True)


@pytest.fixture
def scope(session):
    return session.instrument("scope", "keysight/DSOX1204G", simulate=True)


def test_a_profile_gives_the_driver_of_its_kind(psu, dmm, load, scope):
    assert [type(i) for i in (psu, dmm, load, scope)] == [PowerSupply, Multimeter, ElectronicLoad, Oscilloscope]
    assert (psu.alias, psu.kind, psu.profile_name, psu.is_simulated) == (
        "psu",
        "power_supply",
        "keysight/EDU36311A",
        True,
    )
    assert "EDU36311A" in psu.id()
    assert "psu" in repr(psu)
    assert psu.connect_backend() is None


def test_the_meter_reads_what_the_supply_gives(psu, dmm):
    assert dmm.measure_voltage_dc().values == pytest.approx(0, abs=0.01)
    assert psu.channel(1).set(voltage=2.0, current_limit=0.5).on() is not None
    reading = dmm.measure_voltage_dc()
    assert isinstance(reading, Reading)
    assert reading.values == pytest.approx(2.0, abs=0.0062)
    assert (reading.units, reading.instrument, reading.status) == ("V", "dmm", "ok")
    assert 0 < reading.sigma < 1e-3
    assert reading.values.unit == "V"
    psu.channel(1).off()
    assert not psu.get_output_state(1)


def test_setters_of_a_channel_chain_and_readers_read(psu, until):
    channel = psu.channel(1).set_voltage(1.5).set_current_limit(0.25).enable()
    assert channel.number == 1
    until(lambda: channel.measure_voltage() > 1.48)  # the output rises
    assert channel.measure_voltage() == pytest.approx(1.5, abs=0.02)
    assert channel.get_current() == pytest.approx(0, abs=0.02)
    assert (channel.voltage_setpoint(), channel.current_limit_setpoint()) == (1.5, 0.25)
    assert channel.get_output_state() is True
    assert psu.get_configuration()[1].state == "ON"
    psu.output([1, 2], True)
    psu.output(1, False)
    assert [psu.get_output_state(n) for n in (1, 2)] == [False, True]
    psu.set_voltage(1, np.float64(1.25))
    psu.set_voltage(np.int64(1), np.float32(1.25))
    psu.set_current(1, 1)
    assert psu.voltage_setpoint(1) == 1.25


def test_an_instrument_lives_while_one_of_its_channels_is_used():
    session = MeasurementSession()
    channel = session.instrument("psu", "keysight/EDU36311A", simulate=True).channel(1)
    assert channel.set_voltage(1.0).voltage_setpoint() == 1.0
    session.close()


@pytest.mark.parametrize("volts", [math.nan, math.inf, -math.inf, 7.0, -1.0])
def test_set_points_out_of_range_are_refused_on_every_path(psu, volts):
    psu.set_voltage(1, 1.0)
    for refused in (
        lambda: psu.set_voltage(1, volts),
        lambda: psu.channel(1).set_voltage(volts),
        lambda: psu.channel(1).set(voltage=volts, current_limit=0.5),
        lambda: psu.set(1, voltage=volts),
        lambda: psu.write(f"VOLT {volts},(@1)"),
        lambda: psu._send_command(f"SOURce:VOLTage:LEVel {volts},(@1)"),
        lambda: psu._query(f"VOLT {volts},(@1);:VOLT? (@1)"),
    ):
        with pytest.raises((LimitError, ConfigurationError)) as caught:
            refused()
        assert isinstance(caught.value, ValueError)
    assert psu.voltage_setpoint(1) == 1.0


def test_a_channel_that_does_not_exist_is_refused(psu, scope):
    with pytest.raises(ConfigurationError, match="4"):
        psu.channel(4)
    with pytest.raises(ConfigurationError):
        psu.set_voltage(0, 1.0)
    with pytest.raises(ConfigurationError):
        scope.channel(9)


def test_an_unknown_profile_names_the_nearest(session):
    with pytest.raises(ConfigurationError, match="EDU36311A"):
        session.instrument("psu", "keysight/EDU36311", simulate=True)
    with pytest.raises(ConfigurationError):
        session.instrument("psu", "no/such/file.yaml", simulate=True)


def test_an_alias_is_taken_once(session, psu):
    with pytest.raises(ConfigurationError, match="'psu'"):
        session.instrument("psu", "keysight/34470A", simulate=True)
    assert session.instrument("psu") is psu
    with pytest.raises(ConfigurationError, match="'other'"):
        session.instrument("other")


def test_raw_messages_and_the_error_queue(psu):
    psu.write("VOLT 1.25,(@1)")
    assert float(psu.query("VOLT? (@1)")) == 1.25
    assert float(psu._query("VOLT? (@1)", delay=0.1)) == 1.25
    with pytest.raises(InstrumentError) as caught:
        psu.write("NONSENSE 1")
    assert caught.value.number == -113
    assert (caught.value.alias, caught.value.command) == ("psu", "NONSENSE 1")
    psu._send_command("NONSENSE 1", skip_check=True)
    assert psu.get_error()[0] == -113
    assert psu.get_error()[0] == 0
    assert psu.get_all_errors() == []
    assert psu.run_self_test() == "Passed"
    psu.wait_for_operation_complete()
    psu.set_communication_timeout(2500)
    assert psu.timeout == 2.5


def test_a_function_can_be_a_word_or_a_member(psu, dmm):
    psu.channel(1).set(voltage=3.0, current_limit=0.5).on()
    for function in (DMMFunction.VOLTAGE_DC, DMMFunction.DC_VOLTAGE, "voltage_dc", "VOLT:DC", "dc_voltage"):
        assert dmm.measure(function, range_val=10).values == pytest.approx(3.0, abs=0.01)
    assert dmm.measure(DMMFunction.VOLTAGE_DC, range_val="AUTO", resolution="DEF").units == "V"
    with pytest.raises(ConfigurationError, match="voltage_dc"):
        dmm.measure("voltage_cd")
    with pytest.raises(ConfigurationError, match="function"):
        dmm.measure(7)


def test_what_is_configured_stays(dmm):
    dmm.configure("voltage_dc", range_val=100)
    dmm.set_nplc(1)
    dmm.measure_voltage_dc()
    assert dmm.get_config().range_value == 100
    assert dmm.get_nplc() == 1


def test_an_overload_is_a_reading_with_its_status(psu, dmm):
    psu.channel(2).set(voltage=0.0)
    psu.channel(1).set(voltage=5.0, current_limit=0.5).on()
    reading = dmm.measure_voltage_dc(range_val=1)
    assert reading.values == math.inf
    assert reading.status == "overload"
    assert reading.text


def test_a_load_takes_its_current_from_the_supply(psu, load):
    psu.channel(1).set(voltage=3.0, current_limit=2.0).on()
    load.set_mode("CC")
    load.set_load(1.0)
    load.enable_input(True)
    assert load.is_input_enabled()
    assert load.measure_current() == pytest.approx(1.0, abs=0.02)
    assert load.measure_voltage() == pytest.approx(3.0 - 0.025, abs=0.03)
    assert load.measure_power() == pytest.approx(3.0, abs=0.1)
    assert psu.channel(1).measure_current() == pytest.approx(1.0, abs=0.03)
    load.set_mode(LoadMode.CR)
    assert load.get_mode() == "CR"
    load.disable_input()
    assert not load.is_input_enabled()
    with pytest.raises(ConfigurationError):
        load.set_mode("XX")


def test_a_supply_in_current_limit_lets_its_voltage_fall(psu, load, dmm, until):
    psu.channel(1).set(voltage=3.0, current_limit=0.5).on()
    load.set_mode("CC")
    load.set_load(1.0)
    load.enable_input(True)
    until(lambda: psu.channel(1).measure_current() == pytest.approx(0.5, abs=0.02))
    assert dmm.measure_voltage_dc() < 1.5


def test_a_scope_reads_channels_as_a_frame(psu, scope, until):
    psu.channel(1).set(voltage=3.0, current_limit=0.5).on()
    until(lambda: psu.channel(1).measure_voltage() > 2.98)  # the output rises
    scope.channel(1).setup(scale=1.0, offset=2.0, coupling="DC", probe_attenuation="10:1").enable()
    scope.trigger.setup_edge(source="CH1", level=1.0, slope=TriggerSlope.POSITIVE)
    scope.set_time_axis(1e-3, 0)
    assert scope.get_time_axis() == [1e-3, 0]
    assert scope.get_channel_axis(1) == [1.0, 2.0]
    scope.acquisition.set_acquisition_type(AcquisitionType.NORMAL)
    assert scope.acquisition.get_acquisition_type() == "normal"
    result = scope.read_channels(1)
    assert isinstance(result, ChannelReadingResult)
    assert (result.units, result.instrument, result.measurement_type) == ("V", "scope", "ChannelVoltageTime")
    frame = result.values
    assert isinstance(frame, pl.DataFrame)
    assert frame.columns == ["Time (s)", "Channel 1 (V)"]
    assert frame["Channel 1 (V)"].mean() == pytest.approx(3.0, abs=0.3)
    step = frame["Time (s)"][1] - frame["Time (s)"][0]
    assert result.sampling_rate == pytest.approx(1 / step)
    assert scope.get_sampling_rate() > 2 * result.sampling_rate  # it samples faster than it hands out
    highest = result.perform_fft().values["frequency"].max()
    assert highest == pytest.approx(0.5 / step)
    assert scope.measure_mean(1).values == pytest.approx(3.0, abs=0.3)
    assert len(scope.read_waveform(1)) == len(frame)


@pytest.mark.parametrize("one", [1, "1", "CH1", "ch 1", "Channel1", "OUTP1"])
def test_a_channel_can_be_named_by_text(psu, load, scope, one):
    psu.set_voltage(one, 2.0)
    assert psu.channel(one).number == scope.channel(one).number == 1
    assert psu.voltage_setpoint(1) == 2.0
    load.set_current(0.1, channel=one)


@pytest.mark.parametrize("name", ["foo1", "1x", "", "CH", "C1", "CH9999", 1.5])
def test_text_that_names_no_channel_is_refused(psu, name):
    with pytest.raises(ConfigurationError, match="give its number"):
        psu.channel(name)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda psu, dmm, scope: psu.channel(1).set(voltage="a"), r"set\(\) takes a number for 'voltage', not 'a'"),
        (lambda psu, dmm, scope: psu.channel(1).set_voltage("2.0"), "'voltage', not '2.0'; give a number, in the unit"),
        (lambda psu, dmm, scope: psu.set_current(1, [1]), r"a number for 'current', not \[1\]"),
        (lambda psu, dmm, scope: scope.channel(1).setup(scale={}), "a number for 'scale', not {}"),
        (lambda psu, dmm, scope: dmm.set_nplc("ten"), "a number for 'cycles', not 'ten'"),
        (lambda psu, dmm, scope: dmm.measure_voltage_dc([1]), r"\[1\] is no range; give a number"),
        (lambda psu, dmm, scope: dmm.measure_voltage_dc(range=10), r"voltage_dc\(\) takes no 'range'.*range_val"),
        (lambda psu, dmm, scope: dmm.measure("voltage_dc", range=10), r"measure\(\) takes no 'range'.*range_val"),
        (lambda psu, dmm, scope: dmm.configure("voltage_dc", nplc=10), r"configure\(\) takes no 'nplc'.*range_val"),
    ],
)
def test_an_argument_of_the_wrong_kind_is_refused_with_what_to_give(psu, dmm, scope, call, sentence):
    with pytest.raises(ConfigurationError, match=sentence) as caught:
        call(psu, dmm, scope)
    assert isinstance(caught.value, TypeError)
    assert "\n" not in str(caught.value)


def test_a_raw_answer_is_bytes_as_they_came(psu, scope):
    assert psu._query_raw("*IDN?") == psu.identity.encode()
    scope.digitize(1)
    scope.write("WAV:FORM BYTE")
    assert scope._query_raw("WAV:DATA?").startswith(b"#")


def test_parts_of_instruments_say_what_they_are(psu, dmm, scope):
    assert repr(psu.channel(2)) == "<channel 2 of a supply>"
    assert repr(scope.channel(2)) == "<channel 2 of a scope>"
    assert (repr(scope.trigger), repr(scope.acquisition)) == ("<trigger of a scope>", "<acquisition of a scope>")
    settings = repr(dmm.get_config())
    assert settings.startswith("MultimeterSettings(function='voltage_dc', range=") and settings.endswith("units='V')")
    assert "samples in V, t0 = " in repr(scope.read_waveform(1))


def test_a_lock_groups_transactions_of_one_thread(psu, until_they_wait):
    order = []

    def other():
        psu.id()
        order.append("other")

    with psu.lock():
        thread = threading.Thread(target=other)
        thread.start()
        until_they_wait(thread)
        psu.id()
        order.append("holder")
    thread.join(10)
    assert order == ["holder", "other"]


def test_a_thread_that_waits_for_an_instrument_lets_others_run(psu, until_they_wait):
    held, ended = psu.lock(), []
    threads = [threading.Thread(target=lambda: ended.append(psu.id())) for _ in range(3)]
    for thread in threads:
        thread.start()
    until_they_wait(*threads)
    assert ended == []
    held.release()
    for thread in threads:
        thread.join(10)
    assert len(ended) == 3


def test_instruments_without_a_session_share_a_bench():
    psu = AutoInstrument.from_config("keysight/EDU36311A", simulate=True)
    dmm = AutoInstrument.from_config("keysight/34470A", simulate=True)
    psu.channel(1).set(voltage=1.0, current_limit=0.1).on()
    assert dmm.measure_voltage_dc() == pytest.approx(1.0, abs=0.0057)
    psu.channel(1).off()
    psu.close()
    with pytest.raises(ConnectionError):
        psu.id()


def test_an_instrument_can_be_made_from_what_a_bench_file_says_of_it():
    meter = AutoInstrument.from_config({"profile": "keysight/34470A", "simulate": True})
    try:
        assert (meter.profile_name, meter.is_simulated) == ("keysight/34470A", True)
    finally:
        meter.close()
    with pytest.raises(ConfigurationError, match="no key 'profil'; give profile"):
        AutoInstrument.from_config({"profil": "keysight/34470A"}, simulate=True)
    with pytest.raises(ConfigurationError, match="names no profile"):
        AutoInstrument.from_config({"address": "TCPIP::host::5025::SOCKET"})
    with pytest.raises(ConfigurationError, match="5 names no profile"):
        AutoInstrument.from_config(5, simulate=True)


def test_closing_a_session_turns_off_what_it_turned_on():
    session = MeasurementSession()
    psu = session.instrument("psu", "keysight/EDU36311A", simulate=True)
    psu.channel(1).set(voltage=1.0, current_limit=0.1).on()
    assert psu.is_anything_on
    psu.make_safe()
    assert not psu.is_anything_on
    session.close()
    session.close()
    with pytest.raises(ConnectionError):
        psu.set_voltage(1, 1.0)


def test_an_address_that_nobody_answers_is_an_error_within_its_time(session):
    begin = time.monotonic()
    with pytest.raises(ConnectionError, match="127.0.0.1"):
        session.instrument("psu", "keysight/EDU36311A", address="TCPIP::127.0.0.1::9::SOCKET", timeout=1.0)
    assert time.monotonic() - begin < 3


def test_settings_are_read_by_name_and_channel_and_kept_before_and_after_a_run(session, own_folder):
    psu = session.instrument("psu", "keysight/EDU36311A", simulate=True)
    dmm = session.instrument("dmm", "keysight/34470A", simulate=True)
    session.parameter("voltage", [1.0, 2.0])

    @session.acquire
    def measure(psu, voltage):
        psu.channel(2).set(voltage=voltage).on()
        return {"set": voltage}

    assert psu.settings()["voltage"] == {1: 0.0, 2: 0.0, 3: 0.0}
    assert psu.settings()["display"] is True
    assert dmm.settings()["function"] == "VOLT"
    experiment = session.run(show_progress=False)
    kept = json.loads((Path(experiment.folder) / "run.json").read_text())["settings"]
    assert list(kept["before"]) == ["psu", "dmm"]
    assert kept["before"]["psu"]["output"] == {"1": False, "2": False, "3": False}
    assert kept["after"]["psu"]["output"] == {"1": False, "2": True, "3": False}
    assert kept["after"]["psu"]["voltage"]["2"] == 2.0


def test_a_session_can_be_told_not_to_read_settings(own_folder):
    with MeasurementSession(read_settings=False) as session:
        session.instrument("psu", "keysight/EDU36311A", simulate=True)
        session.acquire(name="nothing")(lambda: {"a": 1})
        experiment = session.run(count=1, show_progress=False)
    assert "settings" not in json.loads((Path(experiment.folder) / "run.json").read_text())


def test_several_channels_of_a_scope_are_set_up_alike_and_read_at_once(scope):
    both = scope.channels([1, 2]).setup(scale=0.5, offset=0.1).enable()
    assert both.numbers == [1, 2] and scope.channels == [1, 2, 3, 4] and repr(both) == "<channels 1, 2 of a scope>"
    settings = scope.settings()
    assert [settings["channel.scale"][channel] for channel in (1, 2)] == [0.5, 0.5]
    record = both.read(points=1000)
    assert record.columns == ["Time (s)", "Channel 1 (V)", "Channel 2 (V)"] and 0 < len(record) <= 1000
    assert scope.channels("CH1", 3).numbers == [1, 3]
    assert scope.channels().numbers == [1, 2, 3, 4]
    scope.channels(1, 2).disable()
    assert not scope.is_channel_displayed(1) and not scope.is_channel_displayed(2)
    for wrong in ([1, 9], [1, 1], [1, "CH1"]):
        with pytest.raises(ConfigurationError):
            scope.channels(wrong)


def test_a_trigger_is_configured_as_scripts_of_the_seeds_system_do(scope):
    def trigger():
        settings = scope.settings()
        return [settings[f"trigger.{name}"] for name in ("mode", "source", "level", "slope")]

    scope.configure_trigger(2, 0.5, slope=TriggerSlope.NEGATIVE)
    assert trigger() == ["EDGE", "CHAN2", 0.5, "NEG"]
    scope.configure_trigger("CH1", 0.25, "CH3", "HIGH", "POSITIVE", "EDGE")
    assert trigger() == ["EDGE", "CHAN3", 0.25, "POS"]
    for other in ({"mode": "GLITCH"}, {"trigger_type": "LOW"}, {"source": "CH9"}, {"slope": "sideways"}):
        with pytest.raises(ConfigurationError):
            scope.configure_trigger(1, 0.1, **other)
    assert trigger() == ["EDGE", "CHAN3", 0.25, "POS"]


def test_a_trigger_is_set_piece_by_piece(scope):
    scope.trigger.setup_edge("CH1", 0.5)
    scope.set_trigger_source("CH2")
    scope.set_trigger_level(0.25)
    scope.set_trigger_slope("NEGATIVE")
    scope.set_trigger_mode("NORMAL")
    settings = scope.settings()
    assert [settings[f"trigger.{name}"] for name in ("source", "level", "slope", "sweep")] == [
        "CHAN2",
        0.25,
        "NEG",
        "NORM",
    ]
    scope.trigger.set_source(1).set_level(0.75).set_slope("either").set_sweep("automatic")
    settings = scope.settings()
    assert [settings[f"trigger.{name}"] for name in ("source", "level", "slope", "sweep")] == [
        "CHAN1",
        0.75,
        "EITH",
        "AUTO",
    ]
    with pytest.raises(ConfigurationError, match="channel 7"):
        scope.set_trigger_source(7)


def test_an_instrument_tells_its_health(psu, dmm):
    assert (psu.health_check().status, psu.health_check().instrument_idn) == ("OK", psu.identity)
    dmm._send_command("BOGUS", skip_check=True)
    assert (dmm.health_check().status, dmm.health_check().status) == ("WARNING", "OK")
    psu.close()
    assert psu.health_check().status == "ERROR"


def test_a_front_panel_is_locked_where_the_model_can(psu, scope, dmm):
    scope.lock_panel()
    assert scope.settings()["lock"] is True
    scope.lock_panel(False)
    psu.lock_panel()
    psu.lock_panel(False)
    with pytest.raises(ConfigurationError, match="dmm: .*lock its panel"):
        dmm.lock_panel()


def test_an_instrument_is_simulated_where_its_backend_says_so():
    psu = AutoInstrument.from_config("keysight/EDU36311A", backend="sim")
    assert psu.is_simulated
    psu.close()
    with pytest.raises(ConfigurationError, match="backend='lamb'"):
        AutoInstrument.from_config("keysight/EDU36311A", backend="lamb")
    with pytest.raises(ConfigurationError, match="contradict"):
        AutoInstrument.from_config("keysight/EDU36311A", backend="sim", simulate=False)

"""
The native part of wheatstone. Import wheatstone instead: what is here changes without notice.
"""

from collections.abc import Callable, Sequence
import datetime
import enum
import os
import pathlib
from typing import Annotated, overload

import numpy
from numpy.typing import NDArray

import wheatstone.bench
import wheatstone.instruments.scope_channels
import wheatstone.quantity
import wheatstone.results


class Waveform:
    """
    A sampled signal: sample k was taken at t0 + k * dt, in seconds relative to the trigger.
    """

    def __init__(self, t0: float, dt: float, samples: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], unit: str = '') -> None: ...

    @property
    def t0(self) -> float:
        """Time of the first sample, in seconds."""

    @property
    def dt(self) -> float:
        """Seconds between samples."""

    @property
    def unit(self) -> str:
        """Unit of the samples."""

    @property
    def samples(self) -> Annotated[NDArray[numpy.float64], dict(shape=(None,), writable=False)]:
        """The samples, shared and read-only."""

    def __repr__(self) -> str: ...

    def __len__(self) -> int: ...

class Reading:
    """A value as an instrument gave it."""

    def __init__(self, value: float, unit: str = '', uncertainty: float = float('nan'), instrument: str = '', quantity: str = '', at_ns: int = 0, status: str = 'ok', text: str = '') -> None: ...

    @property
    def value(self) -> float: ...

    @property
    def uncertainty(self) -> float: ...

    @property
    def number(self) -> wheatstone.quantity.Quantity: ...

    @property
    def unit(self) -> str: ...

    @property
    def status(self) -> str: ...

    @property
    def text(self) -> str: ...

    @property
    def instrument(self) -> str: ...

    @property
    def quantity(self) -> str: ...

    @property
    def at_ns(self) -> int:
        """Nanoseconds since 1970, UTC."""

class Value:
    """What a cell of a table keeps of a Python object."""

    def __init__(self, object: object | None) -> None: ...

    @property
    def kind(self) -> str:
        """
        "null", "bool", "int64", "float64", "complex", "text", "bytes", "time", "array", "waveform" or "frame".
        """

    @property
    def unit(self) -> str: ...

    @property
    def uncertainty(self) -> float:
        """Standard uncertainty; NaN where unknown."""

    @property
    def content(self) -> object:
        """The content as a Python object."""

class Column:
    """One column of an experiment's table."""

    @property
    def name(self) -> str: ...

    @property
    def type(self) -> str: ...

    @property
    def unit(self) -> str: ...

    @property
    def role(self) -> str:
        """"parameter", "timestamp", "result", "uncertainty" or "timing"."""

    @property
    def notes(self) -> str: ...

    def __repr__(self) -> str: ...

class Batch:
    """
    Consecutive rows of an experiment, for readers that go through it once: what was read of the run's files leaves this process's memory with the batch.
    """

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

class Baseline:
    """
    What a baseline measured, before a run's first point or after its last.
    """

    @property
    def when(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def timestamp_ns(self) -> int:
        """Since 1970, in UTC."""

    @property
    def results(self) -> list[tuple[str, object, str, float]]:
        """Name, value, unit and uncertainty of each."""

class Experiment:
    """A run's rows and metadata, read from its folder."""

    @staticmethod
    def open(folder: str | os.PathLike) -> Experiment:
        """Opens a run's folder; running, killed and finished runs alike."""

    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def description(self) -> str: ...

    @property
    def notes(self) -> str: ...

    @property
    def folder(self) -> pathlib.Path: ...

    @property
    def state(self) -> str: ...

    @property
    def metadata(self) -> str:
        """run.json, as text."""

    @property
    def events(self) -> list[str]:
        """events.jsonl, a line each."""

    @property
    def baselines(self) -> list[Baseline]:
        """In the order in which they were measured."""

    @property
    def columns(self) -> list[Column]: ...

    def unit(self, column: str) -> str: ...

    def at(self, row: int, column: str) -> object:
        """One cell as a Python object."""

    def timing(self) -> Experiment:
        """When each row was due and taken."""

    def write_arrow(self, file: str | os.PathLike) -> None:
        """Writes one Arrow IPC file."""

    def write_csv(self, file: str | os.PathLike) -> None:
        """Writes comma-separated values."""

    def write_jsonl(self, file: str | os.PathLike) -> None:
        """Writes an object a row."""

    def write_description(self, of_file: str | os.PathLike) -> None:
        """
        Writes columns, units and run.json beside a file, as FILE-metadata.json.
        """

    def select(self, columns: Sequence[str]) -> Experiment:
        """The same run with these columns only."""

    @property
    def batch_count(self) -> int: ...

    def batch(self, index: int) -> Batch:
        """Rows that lie together; 0 to batch_count - 1 are all of them."""

    def table(self, rows: int = 10) -> str:
        """The table as text, at most `rows` rows."""

    def __len__(self) -> int: ...

    def __arrow_c_schema__(self) -> object:
        """Types and metadata of the table, and run.json as "wheatstone.run"."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """
        The table through the Arrow PyCapsule interface, without a copy where Arrow allows.
        """

class SettingLeft:
    """A setting that was left as it is, and why."""

    @property
    def alias(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def channel(self) -> int:
        """0 where it belongs to the whole instrument."""

    @property
    def wanted(self) -> object: ...

    @property
    def reason(self) -> str: ...

    def __repr__(self) -> str: ...

class RestoreReport:
    """What putting settings back did."""

    @property
    def sent(self) -> int:
        """How many commands; 0 where everything was as wanted already."""

    @property
    def left(self) -> list[SettingLeft]:
        """What the model has no command for, and switches that stay off."""

    def __repr__(self) -> str: ...

class InstrumentLock:
    """Holds one instrument for one thread; a context manager."""

    def release(self) -> None:
        """Lets go. Calls after the first do nothing."""

    def __enter__(self) -> InstrumentLock: ...

    def __exit__(self, type: object | None, value: object | None, traceback: object | None) -> None: ...

class Instrument:
    """A connected instrument of any kind."""

    @property
    def alias(self) -> str:
        """Its name in the session or bench."""

    @property
    def profile_name(self) -> str:
        """Name of its profile, "keysight/EDU36311A"."""

    @property
    def kind(self) -> str:
        """Kind of its profile: "power_supply", "multimeter" and so on."""

    @property
    def address(self) -> str:
        """The VISA resource name; "simulated" on the simulated bench."""

    @property
    def is_simulated(self) -> bool: ...

    @property
    def identity(self) -> str:
        """What *IDN? answered on connecting."""

    @property
    def connection_notes(self) -> list[str]:
        """What was worth telling on connecting."""

    @property
    def is_open(self) -> bool: ...

    def id(self) -> str:
        """The answer to *IDN?, asked anew."""

    def get_scpi_version(self) -> str:
        """The year and revision of SCPI that it follows."""

    def __repr__(self) -> str: ...

    def write(self, command: str) -> None:
        """
        Sends one message as it stands, within the limits, and reads the error queue.
        """

    def query(self, command: str) -> str:
        """Sends one query and returns its answer, without the line's end."""

    def write_unchecked(self, command: str) -> None:
        """
        As write(), without reading the error queue: some instruments end a measurement where a question follows the command that began it.
        """

    def query_unchecked(self, command: str) -> str:
        """As query(), without reading the error queue."""

    def query_block(self, command: str) -> bytes:
        """
        Sends one query that answers with an IEEE 488.2 block; returns its contents.
        """

    def reset(self) -> None:
        """*RST: the power-on settings, outputs off."""

    def clear(self) -> None:
        """Device clear: drops what the instrument is doing or about to say."""

    def clear_status(self) -> None:
        """*CLS: empties the error queue and the event registers."""

    def status_byte(self) -> int:
        """The IEEE 488.2 status byte."""

    def get_error(self) -> tuple[int, str]:
        """
        The oldest entry of the error queue, taken out of it; number 0 where it is empty.
        """

    def get_all_errors(self) -> list[tuple[int, str]]:
        """Empties the error queue and returns what was in it, the oldest first."""

    def run_self_test(self, full_test: bool = True) -> str:
        """*TST?: "Passed", or what it answered."""

    def wait_for_operation_complete(self, timeout: float = 10.0) -> None:
        """*OPC?: returns when everything begun has been done."""

    def health_check(self) -> wheatstone.bench.HealthReport:
        """
        How it answers when it is asked who it is; empties its error queue into the report.
        """

    def lock_panel(self, lock: bool = True) -> None:
        """Locks the front panel against whoever stands before it, or frees it."""

    def trigger_now(self) -> None:
        """*TRG, or the protocol's own trigger."""

    @property
    def timeout(self) -> float:
        """How long each answer is waited for, in seconds."""

    @timeout.setter
    def timeout(self, seconds: object | None) -> None: ...

    def set_communication_timeout(self, timeout_ms: float) -> None:
        """How long each answer is waited for, in milliseconds."""

    def get_communication_timeout(self) -> float:
        """In milliseconds."""

    def settings(self, within: float = 2.0) -> dict:
        """
        How it is set: what its profile can both set and ask for, by name; that of channels by channel.
        """

    def restore(self, settings: dict, *, outputs: bool = False, within: float = 30.0) -> RestoreReport:
        """
        Puts settings back, as settings() returned them. Only what differs is sent. Where anything does, what is on goes off first, and goes on again last with `outputs=True`.
        """

    def lock(self) -> InstrumentLock:
        """Holds the instrument for this thread: `with psu.lock(): ...`"""

    def make_safe(self, within: float = 2.0) -> None:
        """Turns off what was turned on through this object."""

    @property
    def is_anything_on(self) -> bool: ...

    def cancel(self) -> None:
        """
        Ends the wait in progress, and each further one until resume_after_cancel().
        """

    def resume_after_cancel(self) -> None: ...

    def connect_backend(self) -> None:
        """
        Instruments are connected when they are handed out; nothing is left to do.
        """

    def close(self) -> None:
        """Gives the instrument back. Outputs stay as they are."""

    def __enter__(self) -> Instrument: ...

    def __exit__(self, type: object | None, value: object | None, traceback: object | None) -> None: ...

class SupplySettings:
    """What one output is set to, as the instrument itself answered."""

    @property
    def channel(self) -> int: ...

    @property
    def voltage(self) -> float:
        """V"""

    @property
    def current_limit(self) -> float:
        """A"""

    @property
    def current(self) -> float:
        """A"""

    @property
    def output(self) -> bool: ...

    @property
    def state(self) -> str: ...

    def __repr__(self) -> str: ...

class SupplyChannel:
    """One output of a supply; setters return it, so that calls chain."""

    @property
    def number(self) -> int: ...

    def __repr__(self) -> str: ...

    def set(self, voltage: float | None = None, current_limit: float | None = None) -> SupplyChannel:
        """
        Volts and amperes; both are checked before either is sent. What is not given stays.
        """

    def set_voltage(self, voltage: float) -> SupplyChannel: ...

    def set_current_limit(self, current_limit: float) -> SupplyChannel: ...

    def set_current(self, current: float) -> SupplyChannel: ...

    def on(self) -> SupplyChannel: ...

    def off(self) -> SupplyChannel: ...

    def enable(self) -> SupplyChannel: ...

    def disable(self) -> SupplyChannel: ...

    def measure_voltage(self) -> wheatstone.results.Reading:
        """What the supply measures at its output."""

    def measure_current(self) -> wheatstone.results.Reading:
        """What the supply measures at its output."""

    def get_voltage(self) -> wheatstone.results.Reading:
        """What the supply measures at its output."""

    def get_current(self) -> wheatstone.results.Reading:
        """What the supply measures at its output."""

    def get_output_state(self) -> bool: ...

    def voltage_setpoint(self) -> float: ...

    def current_limit_setpoint(self) -> float: ...

    def settings(self) -> SupplySettings: ...

    def set_over_voltage_protection(self, voltage: float) -> SupplyChannel: ...

    def enable_over_voltage_protection(self, on: bool = True) -> SupplyChannel: ...

    def enable_over_current_protection(self, on: bool = True) -> SupplyChannel: ...

    def is_over_voltage_tripped(self) -> bool: ...

    def is_over_current_tripped(self) -> bool: ...

    def clear_protection(self) -> SupplyChannel: ...

class PowerSupply(Instrument):
    """A power supply. Channels count from 1; volts and amperes."""

    @property
    def channels(self) -> list[int]: ...

    def channel(self, number: int | str) -> SupplyChannel: ...

    def set_voltage(self, channel: int | str, voltage: float) -> None: ...

    def set_current(self, channel: int | str, current: float) -> None: ...

    def set_current_limit(self, channel: int | str, current_limit: float) -> None: ...

    def set(self, channel: int | str, voltage: float | None = None, current_limit: float | None = None) -> None: ...

    def output(self, channel: object, state: bool = True) -> None:
        """One output, or a list of them, on or off."""

    def read_voltage(self, channel: int | str) -> wheatstone.results.Reading: ...

    def read_current(self, channel: int | str) -> wheatstone.results.Reading: ...

    def measure_voltage(self, channel: int | str) -> wheatstone.results.Reading: ...

    def measure_current(self, channel: int | str) -> wheatstone.results.Reading: ...

    def voltage_setpoint(self, channel: int | str) -> float: ...

    def current_limit_setpoint(self, channel: int | str) -> float: ...

    def get_output_state(self, channel: int | str) -> bool: ...

    def get_configuration(self) -> dict[int, SupplySettings]:
        """Set-points and state of every channel, asked of the instrument."""

    def set_over_voltage_protection(self, channel: int | str, voltage: float) -> None: ...

    def enable_over_voltage_protection(self, channel: int | str, on: bool = True) -> None: ...

    def enable_over_current_protection(self, channel: int | str, on: bool = True) -> None: ...

    def is_over_voltage_tripped(self, channel: int | str) -> bool: ...

    def is_over_current_tripped(self, channel: int | str) -> bool: ...

    def clear_protection(self, channel: int | str) -> None: ...

    def display(self, state: bool) -> None: ...

class MultimeterSettings:
    """What a meter is set to, as the instrument itself answered."""

    @property
    def function(self) -> str: ...

    @property
    def measurement_mode(self) -> str: ...

    @property
    def range(self) -> float: ...

    @property
    def range_value(self) -> float: ...

    @property
    def automatic_range(self) -> bool: ...

    @property
    def resolution(self) -> float: ...

    def __repr__(self) -> str: ...

    @property
    def units(self) -> str: ...

class Multimeter(Instrument):
    """
    A digital multimeter. What is configured stays: measuring does not reset ranges and apertures.
    """

    def measure(self, function: str | enum.Enum, range_val: float | str | None = None, resolution: float | str | None = None) -> wheatstone.results.Reading:
        """
        Selects the function where another one is selected, and reads. A range or resolution given here holds for this reading.
        """

    def measure_voltage_dc(self, range_val: float | str | None = None, resolution: float | str | None = None) -> wheatstone.results.Reading: ...

    def measure_voltage_ac(self, range_val: float | str | None = None, resolution: float | str | None = None) -> wheatstone.results.Reading: ...

    def measure_current_dc(self, range_val: float | str | None = None, resolution: float | str | None = None) -> wheatstone.results.Reading: ...

    def measure_current_ac(self, range_val: float | str | None = None, resolution: float | str | None = None) -> wheatstone.results.Reading: ...

    def measure_resistance(self, range_val: float | str | None = None, resolution: float | str | None = None) -> wheatstone.results.Reading: ...

    def measure_resistance_4w(self, range_val: float | str | None = None, resolution: float | str | None = None) -> wheatstone.results.Reading: ...

    def measure_fresistance(self, range_val: float | str | None = None, resolution: float | str | None = None) -> wheatstone.results.Reading: ...

    def measure_capacitance(self, range_val: float | str | None = None, resolution: float | str | None = None) -> wheatstone.results.Reading: ...

    def measure_frequency(self) -> wheatstone.results.Reading: ...

    def measure_period(self) -> wheatstone.results.Reading: ...

    def measure_temperature(self) -> wheatstone.results.Reading: ...

    def measure_continuity(self) -> wheatstone.results.Reading: ...

    def measure_diode(self) -> wheatstone.results.Reading: ...

    def initiate(self) -> None:
        """Starts a reading without waiting for it."""

    def fetch(self) -> wheatstone.results.Reading:
        """Waits for the reading that initiate() started."""

    def read_many(self) -> list[wheatstone.results.Reading]:
        """As many readings as the sample count times the trigger count."""

    def configure(self, function: str | enum.Enum, range_val: float | str | None = None, resolution: float | str | None = None) -> None:
        """Selects a function with its defaults, then range and resolution."""

    def configure_measurement(self, function: str | enum.Enum, range_val: float | str | None = None, resolution: float | str | None = None) -> None:
        """Selects a function with its defaults, then range and resolution."""

    def set_function(self, function: str | enum.Enum) -> None:
        """Selects a function as it was last configured."""

    def set_measurement_function(self, function: str | enum.Enum) -> None:
        """Selects a function as it was last configured."""

    @property
    def function(self) -> str: ...

    def get_config(self) -> MultimeterSettings:
        """What the meter is set to, asked of it."""

    def set_range(self, range_val: float | str, function: str | enum.Enum | None = None) -> None: ...

    def set_resolution(self, resolution: float, function: str | enum.Enum | None = None) -> None: ...

    def set_nplc(self, cycles: float, function: str | enum.Enum | None = None) -> None:
        """Integration time in power-line cycles."""

    def get_nplc(self, function: str | enum.Enum | None = None) -> float: ...

    def set_aperture(self, seconds: float, function: str | enum.Enum | None = None) -> None:
        """Integration time in seconds."""

    def get_aperture(self, function: str | enum.Enum | None = None) -> float: ...

    def set_autozero(self, on: bool, function: str | enum.Enum | None = None) -> None: ...

    def set_automatic_input_impedance(self, on: bool) -> None: ...

    def set_trigger_source(self, source: str | enum.Enum) -> None:
        """"IMMediate", "EXTernal" or "BUS"."""

    def set_sample_count(self, count: int) -> None:
        """Samples a trigger."""

class ScopeRecord:
    """What one acquisition left on one or several channels."""

    @property
    def channels(self) -> list[int]: ...

    @property
    def waveforms(self) -> list[Waveform]:
        """One a channel, in volts, on one time axis."""

    @property
    def sampling_rate(self) -> float:
        """Hz"""

    @property
    def at_ns(self) -> int:
        """Nanoseconds since 1970, UTC."""

    @property
    def instrument(self) -> str: ...

    @property
    def clipped(self) -> int:
        """Samples at the end of the converter's range."""

    def to_frame(self) -> object:
        """"Time (s)", "Channel 1 (V)" and so on."""

class ScopeChannel:
    """One channel of a scope; setters return it, so that calls chain."""

    @property
    def number(self) -> int: ...

    def __repr__(self) -> str: ...

    def setup(self, scale: float | None = None, position: float | None = None, offset: float | None = None, coupling: str | enum.Enum | None = None, probe_attenuation: object | None = None, bandwidth_limit: object | None = None) -> ScopeChannel:
        """
        Volts a division, divisions, volts; what is not given stays. All are checked before any is sent.
        """

    def set_scale(self, volts_per_division: float) -> ScopeChannel: ...

    def set_offset(self, volts: float) -> ScopeChannel: ...

    def enable(self) -> ScopeChannel: ...

    def disable(self) -> ScopeChannel: ...

    def measure_peak_to_peak(self) -> wheatstone.results.Reading: ...

    def measure_vpp(self) -> wheatstone.results.Reading: ...

    def measure_rms(self) -> wheatstone.results.Reading: ...

    def measure_mean(self) -> wheatstone.results.Reading: ...

    def measure_amplitude(self) -> wheatstone.results.Reading: ...

    def measure_frequency(self) -> wheatstone.results.Reading: ...

class ScopeChannels:
    """Several channels of a scope, set up alike, read at once."""

    @property
    def numbers(self) -> list[int]: ...

    def __repr__(self) -> str: ...

    def setup(self, scale: float | None = None, position: float | None = None, offset: float | None = None, coupling: str | enum.Enum | None = None, probe_attenuation: object | None = None, bandwidth_limit: object | None = None) -> ScopeChannels:
        """Volts a division, divisions, volts; what is not given stays."""

    def enable(self) -> ScopeChannels: ...

    def disable(self) -> ScopeChannels: ...

    def read(self, *, points: int | None = None, digitize: bool = True, run_after: bool = False) -> wheatstone.results.ChannelReadingResult:
        """
        One acquisition of all of them: a DataFrame of "Time (s)" and "Channel n (V)".
        """

class ScopeTrigger:
    """When a scope acquires."""

    def __repr__(self) -> str: ...

    def setup_edge(self, source: object, level: float, slope: str | enum.Enum = 'POSITIVE', coupling: str | enum.Enum | None = None, mode: str | enum.Enum | None = None) -> ScopeTrigger:
        """"CH1", "external" or "line"; the level in volts."""

    def set_source(self, source: object) -> ScopeTrigger:
        """"CH1", "external" or "line"."""

    def set_level(self, level: float) -> ScopeTrigger:
        """Volts."""

    def set_slope(self, slope: str | enum.Enum) -> ScopeTrigger:
        """"positive", "negative", "either" or "alternate"."""

    def set_sweep(self, sweep: str | enum.Enum) -> ScopeTrigger:
        """"automatic" or "normal"."""

    def single(self) -> ScopeTrigger:
        """Arms for one acquisition and returns at once."""

    def run(self) -> ScopeTrigger: ...

    def stop(self) -> ScopeTrigger: ...

    def force(self) -> ScopeTrigger:
        """Triggers now, whatever the signal."""

    def wait(self, timeout: float | None = None) -> bool:
        """
        Waits until the acquisition is complete: False where it is not within `timeout` seconds, TimeoutError where none is given.
        """

class ScopeAcquisition:
    """How a scope acquires."""

    def __repr__(self) -> str: ...

    def set_type(self, type: str | enum.Enum) -> ScopeAcquisition:
        """"normal", "average", "high_resolution" or "peak"."""

    def set_acquisition_type(self, type: str | enum.Enum) -> ScopeAcquisition:
        """"normal", "average", "high_resolution" or "peak"."""

    def get_type(self) -> str: ...

    def get_acquisition_type(self) -> str: ...

    def set_average_count(self, count: int) -> ScopeAcquisition: ...

    def set_acquisition_average_count(self, count: int) -> ScopeAcquisition: ...

    def get_average_count(self) -> int: ...

    def get_acquisition_average_count(self) -> int: ...

    def get_acquire_points(self) -> int: ...

    def get_acquisition_sample_rate(self) -> float: ...

class Oscilloscope(Instrument):
    """A digital oscilloscope. Channels count from 1; volts and seconds."""

    def set_timebase_scale(self, scale: float) -> None:
        """Seconds a division."""

    def set_timebase_position(self, position: float) -> None:
        """Seconds."""

    def set_time_axis(self, scale: float, position: float) -> None: ...

    def get_time_axis(self) -> list[float]:
        """Scale and position, in seconds."""

    def set_acquisition_time(self, time: float) -> None:
        """The time that the whole screen shows."""

    @property
    def channels(self) -> wheatstone.instruments.scope_channels.ChannelNumbers:
        """
        The numbers of its channels; called with some of them, those channels at once.
        """

    def several_channels(self, channels: object) -> ScopeChannels: ...

    def channel(self, number: int | str) -> ScopeChannel: ...

    def set_channel_scale(self, channel: int | str, scale: float) -> None:
        """Volts a division."""

    def set_channel_offset(self, channel: int | str, offset: float) -> None: ...

    def set_channel_axis(self, channel: int | str, scale: float, offset: float) -> None: ...

    def get_channel_axis(self, channel: int | str) -> list[float]:
        """Scale and offset, in volts."""

    def set_channel_coupling(self, channel: int | str, coupling: str | enum.Enum) -> None:
        """"DC" or "AC"."""

    def set_probe_attenuation(self, channel: int | str, attenuation: object) -> None:
        """10 or "10:1" for a 10:1 probe."""

    def get_probe_attenuation(self, channel: int | str) -> float: ...

    def set_bandwidth_limit(self, channel: int | str, bandwidth: object | None) -> None: ...

    def display_channel(self, channel: object, state: bool = True) -> None: ...

    def enable_channel(self, channel: int | str) -> None: ...

    def disable_channel(self, channel: int | str) -> None: ...

    def is_channel_displayed(self, channel: int | str) -> bool: ...

    def configure_trigger(self, channel: int | str, level: float, source: object | None = None, trigger_type: str | enum.Enum = 'HIGH', slope: str | enum.Enum = 'positive', mode: str | enum.Enum = 'EDGE') -> None:
        """
        Triggers on an edge of a channel at a level in volts; `source` names another source. As setup_edge().
        """

    def set_trigger_source(self, source: object) -> None:
        """A channel, "external" or "line"."""

    def set_trigger_level(self, level: float, source: object | None = None) -> None:
        """Volts, of the source in force or of one named."""

    def set_trigger_slope(self, slope: str | enum.Enum) -> None:
        """"positive", "negative", "either" or "alternate"."""

    def set_trigger_sweep(self, sweep: str | enum.Enum) -> None:
        """"automatic" or "normal"."""

    def set_trigger_mode(self, sweep: str | enum.Enum) -> None:
        """"automatic" or "normal"."""

    @property
    def trigger(self) -> ScopeTrigger: ...

    @property
    def acquisition(self) -> ScopeAcquisition: ...

    def auto_scale(self) -> None: ...

    def single(self) -> None:
        """Arms for one acquisition and returns at once."""

    def run(self) -> None: ...

    def stop(self) -> None: ...

    def force_trigger(self) -> None: ...

    def wait_for_trigger(self, timeout: float = 10.0) -> bool:
        """False where none came within `timeout` seconds."""

    def digitize(self, *channels: int | str) -> None:
        """Acquires on those channels and waits for it."""

    def read_channels(self, *channels: int | str | list[int | str], points: int | None = None, digitize: bool = True, run_after: bool = False) -> wheatstone.results.ChannelReadingResult:
        """
        Acquires on those channels and reads them: a DataFrame of "Time (s)" and "Channel n (V)".
        """

    def read_waveform(self, channel: int | str, points: int | None = None, digitize: bool = True) -> Waveform: ...

    def get_sampling_rate(self) -> float:
        """Hz"""

    def measure_voltage_peak_to_peak(self, channel: int | str) -> wheatstone.results.Reading: ...

    def measure_vpp(self, channel: int | str) -> wheatstone.results.Reading: ...

    def measure_rms_voltage(self, channel: int | str) -> wheatstone.results.Reading: ...

    def measure_rms(self, channel: int | str) -> wheatstone.results.Reading: ...

    def measure_amplitude(self, channel: int | str) -> wheatstone.results.Reading: ...

    def measure_mean(self, channel: int | str) -> wheatstone.results.Reading: ...

    def measure_maximum(self, channel: int | str) -> wheatstone.results.Reading: ...

    def measure_minimum(self, channel: int | str) -> wheatstone.results.Reading: ...

    def measure_frequency(self, channel: int | str) -> wheatstone.results.Reading: ...

    def measure_period(self, channel: int | str) -> wheatstone.results.Reading: ...

class ElectronicLoad(Instrument):
    """A programmable electronic load. Amperes, volts, ohms and watts."""

    @property
    def channels(self) -> list[int]: ...

    def set_mode(self, mode: str | enum.Enum, channel: int | str = 1) -> None:
        """"CC", "CV", "CR" or "CP"."""

    def get_mode(self, channel: int | str = 1) -> str: ...

    def set_load(self, value: float, channel: int | str = 1) -> None:
        """
        The level of the selected mode: amperes in CC, volts in CV, ohms in CR, watts in CP.
        """

    def set_current(self, current: float, channel: int | str = 1) -> None: ...

    def set_voltage(self, voltage: float, channel: int | str = 1) -> None: ...

    def set_resistance(self, resistance: float, channel: int | str = 1) -> None: ...

    def set_power(self, power: float, channel: int | str = 1) -> None: ...

    def load_setpoint(self, channel: int | str = 1) -> float: ...

    def set_range(self, value: float, channel: int | str = 1) -> None: ...

    def get_range(self, channel: int | str = 1) -> float: ...

    def set_slew_rate(self, rate: float, channel: int | str = 1) -> None: ...

    def enable_input(self, state: bool = True, channel: int | str = 1) -> None: ...

    def disable_input(self, channel: int | str = 1) -> None: ...

    def is_input_enabled(self, channel: int | str = 1) -> bool: ...

    def short_input(self, state: bool = True, channel: int | str = 1) -> None: ...

    def measure_current(self, channel: int | str = 1) -> wheatstone.results.Reading: ...

    def measure_voltage(self, channel: int | str = 1) -> wheatstone.results.Reading: ...

    def measure_power(self, channel: int | str = 1) -> wheatstone.results.Reading: ...

    def set_over_current_protection(self, current: float, channel: int | str = 1) -> None: ...

    def set_over_power_protection(self, power: float, channel: int | str = 1) -> None: ...

    def set_over_voltage_protection(self, voltage: float, channel: int | str = 1) -> None: ...

    def clear_protection(self, channel: int | str = 1) -> None: ...

    def configure_transient(self, mode: str | enum.Enum | None = None, level: float | None = None, frequency: float | None = None, duty_cycle: float | None = None, pulse_width: float | None = None, channel: int | str = 1) -> None:
        """
        "continuous", "pulse" or "toggle" between the level and the transient level.
        """

    def configure_transient_mode(self, mode: str | enum.Enum | None = None, level: float | None = None, frequency: float | None = None, duty_cycle: float | None = None, pulse_width: float | None = None, channel: int | str = 1) -> None:
        """
        "continuous", "pulse" or "toggle" between the level and the transient level.
        """

    def set_transient_level(self, level: float, channel: int | str = 1) -> None: ...

    def start_transient(self, continuous: bool = False, channel: int | str = 1) -> None: ...

    def stop_transient(self, channel: int | str = 1) -> None: ...

class BenchExperiment:
    """What a bench file says of the experiments made on it."""

    @property
    def title(self) -> str: ...

    @property
    def description(self) -> str: ...

    @property
    def notes(self) -> str: ...

    @property
    def operator(self) -> str: ...

    @property
    def date(self) -> str: ...

    @property
    def database_path(self) -> str: ...

    def __repr__(self) -> str: ...

class BenchEntry:
    """What a bench file says of one instrument."""

    @property
    def alias(self) -> str: ...

    @property
    def profile(self) -> str: ...

    @property
    def address(self) -> str: ...

    @property
    def simulate(self) -> bool | None: ...

    @property
    def serial_number(self) -> str: ...

    @property
    def safety_limits(self) -> dict[int, dict[str, tuple[float | None, float | None]]]:
        """
        By channel and quantity: least and most, None where the profile's holds.
        """

class Bench:
    """The instruments of a bench file, connected."""

    @staticmethod
    def open(file: str | os.PathLike, simulate: bool | None = None) -> Bench: ...

    @property
    def name(self) -> str: ...

    @property
    def description(self) -> str: ...

    @property
    def version(self) -> str: ...

    @property
    def file(self) -> pathlib.Path: ...

    @property
    def experiment(self) -> BenchExperiment: ...

    @property
    def simulate(self) -> bool: ...

    @property
    def entries(self) -> list[BenchEntry]: ...

    def instrument(self, alias: str) -> Instrument: ...

    def restore(self, run: Experiment, outputs: bool, moment: str, aliases: Sequence[str], within: float) -> RestoreReport: ...

    def close_all(self) -> None:
        """Turns off what was turned on through it, then closes every instrument."""

class Series:
    """
    Numbers that are computed by position, so that a thousand million of them cost nothing. As the values of a parameter it gives the parameter its unit.
    """

    def __len__(self) -> int: ...

    @overload
    def __getitem__(self, i: int) -> float: ...

    @overload
    def __getitem__(self, part: slice) -> list: ...

    def __eq__(self, other: object, /) -> bool: ...

    def __array__(self, dtype: object | None = None, copy: object | None = None) -> object: ...

    def __repr__(self) -> str: ...

    @property
    def unit(self) -> str:
        """Empty where none was given."""

def linspace(start: float, stop: float, count: int, unit: str = '') -> Series:
    """`count` values in equal steps from `start` to `stop`, both included."""

def logspace(start: float, stop: float, count: int, base: float = 10.0, unit: str = '') -> Series:
    """
    `count` powers of `base`, their exponents in equal steps from `start` to `stop`.
    """

def geomspace(start: float, stop: float, count: int, unit: str = '') -> Series:
    """
    `count` values, each the same multiple of the one before, from `start` to `stop`.
    """

def arange(start: float, stop: float, step: float = 1.0, unit: str = '') -> Series:
    """`start`, `start + step` and so on, as long as they are before `stop`."""

def steps(start: float, stop: float, step: float, unit: str = '') -> Series:
    """
    `start`, `start + step` and so on to `stop`, and with it where a step comes to it.
    """

class Progress:
    """How far a run is: a snapshot. Times are on the session's clock."""

    @property
    def state(self) -> str:
        """"preparing", "running", "paused", "stopping", or how it ended."""

    @property
    def done(self) -> int:
        """Points with a row."""

    @property
    def total(self) -> int | None:
        """Of the plan; None where it has no known end."""

    @property
    def elapsed(self) -> float:
        """Seconds since the run began, pauses included."""

    @property
    def rate(self) -> float:
        """Points per second over the last few seconds; 0 until it is known."""

    @property
    def remaining(self) -> float | None:
        """Seconds left at that rate; None where it is not known."""

    @property
    def parameters(self) -> dict:
        """Values of the point in hand, or the last one, by name."""

    @property
    def reason(self) -> str:
        """
        Why a condition holds the run, or what a run that is to end waits for; else empty.
        """

    def __repr__(self) -> str: ...

class Observer:
    """A function that sees rows."""

    def __init__(self) -> None: ...

    def bind(self, function: object, timestamp_as_seconds: bool) -> None: ...

    def unbind(self) -> None: ...

class ObserverHandle:
    """What became of an observer."""

    @property
    def name(self) -> str: ...

    @property
    def seen(self) -> int: ...

    @property
    def dropped(self) -> int: ...

    @property
    def error(self) -> str: ...

class RemoteRun:
    """A run that lives in another process."""

    def __init__(self, folder: str | os.PathLike) -> None: ...

    def request(self, action: str) -> Progress: ...

    def progress(self) -> Progress: ...

    @property
    def id(self) -> str: ...

class Call:
    """A function that the loop calls at a point, with arguments by name."""

    def __init__(self) -> None: ...

    def bind(self, function: object, arguments: Sequence[tuple[str, str, int, object]]) -> None:
        """
        Of each argument its name, where it comes from, the ordinal of the parameter, and what belongs to its source: see python_call.hpp.
        """

    def unbind(self) -> None: ...

class Acquisition:
    """A function that measures, at each point or as a baseline."""

    def __init__(self, kind: str, name: str, samples: int, retries: int, backoff: float, skip: bool, interval: float | None, trigger: object | None, poll: float | None) -> None:
        """The trigger is a Call, an Instrument or None."""

    def unbind(self) -> None: ...

    def bind(self, function: object, arguments: Sequence[tuple[str, str, int, object]], retry_on: tuple, uses: Sequence[str]) -> None:
        """
        See Call.bind(); `uses` has the aliases of the instruments that it uses, for parallel runs.
        """

class Derivation:
    """A function that makes columns of a row."""

    def __init__(self, name: str, unit: str) -> None: ...

    def unbind(self) -> None: ...

    def bind(self, function: object, arguments: Sequence[tuple[str, str, int, object]]) -> None:
        """See Call.bind()."""

class Stability:
    """The rest that one parameter waits for."""

    def __init__(self, band: float | None, unit: str, over: float, limit: float, every: float | None, of: str, reading: Call | None) -> None: ...

class StreamedValues:
    """Values of a parameter, pulled when they are needed."""

    def __init__(self, name: str) -> None: ...

    def bind(self, source: object) -> None: ...

    def unbind(self) -> None: ...

class DependentValues:
    """Values of a parameter, made from those of outer ones."""

    def __init__(self, name: str) -> None: ...

    def bind(self, function: object, arguments: Sequence[tuple[str, str, int, object]], listed: object) -> None: ...

    def unbind(self) -> None: ...

    def __getitem__(self, i: int) -> object: ...

class AdaptivePlan:
    """Proposes a point, is told its row, and proposes the next."""

    @property
    def description(self) -> str:
        """How it was made."""

    def __repr__(self) -> str: ...

class Bisection(AdaptivePlan):
    """The search for where a result crosses a threshold."""

    @property
    def crossing(self) -> float | None:
        """
        The parameter's value there, to half the tolerance; None before it is found.
        """

def refine(parameter: str, *, of: str, between: tuple[float, float], points: int = 50) -> AdaptivePlan:
    """
    An order that takes `points` points of the curve of a result over a parameter, most where it bends.
    """

def bisect(parameter: str, *, of: str, threshold: float, between: tuple[float, float], tolerance: float = 0.001) -> Bisection:
    """
    An order that searches for where a result crosses a threshold, until it is known to `tolerance`.
    """

class Preview:
    """What a run would do."""

    def __init__(self) -> None: ...

    @property
    def points(self) -> int | None: ...

    @property
    def parameters(self) -> list[str]: ...

    @property
    def first(self) -> list: ...

    @property
    def last(self) -> list: ...

    @property
    def seconds(self) -> float | None: ...

    @property
    def time_is(self) -> list[str]: ...

    @property
    def refused(self) -> list[str]: ...

    @refused.setter
    def refused(self, arg: Sequence[str], /) -> None: ...

    def __str__(self) -> str: ...

class Task:
    """A function that runs beside the acquisitions."""

    def __init__(self, takes_stop_event: bool) -> None: ...

    def unbind(self) -> None: ...

    def bind(self, function: object, arguments: dict) -> None: ...

class StopEvent:
    """Tells a task to end. Its waits are on the session's clock."""

    def is_set(self) -> bool:
        """Whether the task has to end."""

    def wait(self, timeout: float | None = None) -> bool:
        """True where the stop came within `timeout` seconds."""

    def __bool__(self) -> bool: ...

class Session:
    """The native part of wheatstone.measurements.MeasurementSession."""

    def __init__(self, name: str, description: str, store: str | os.PathLike, bench: Bench | None, seed: int, pace: str, on_close: str, read_settings: bool = True) -> None: ...

    def connect(self, alias: str, profile: str, simulate: bool | None = None, address: str = '', timeout: float = 5.0, shared: bool = False, serial_number: str = '') -> Instrument: ...

    def instrument(self, alias: str) -> Instrument: ...

    @property
    def instrument_names(self) -> list[str]: ...

    def attach(self, alias: str, description: str, safe: Callable[[], None] | None = None) -> None: ...

    def add_parameter(self, name: str, values: object | None, unit: str, notes: str, settle: float, rest: Stability | None) -> int: ...

    def remove_parameter(self, name: str) -> None: ...

    def add_constraint(self, name: str, constraint: Call, replace: bool) -> None: ...

    def add_acquisition(self, acquisition: Acquisition, replace: bool) -> None: ...

    def add_derivation(self, derivation: Derivation, replace: bool) -> None: ...

    def add_baseline(self, baseline: Acquisition, replace: bool) -> None: ...

    def add_hook(self, before: bool, parameter: str, name: str, call: Call, replace: bool) -> None: ...

    def add_task(self, name: str, task: Task, every: float, replace: bool) -> None: ...

    def set_details(self, json: str) -> None: ...

    def add_observer(self, name: str, queue: int, observer: Observer) -> ObserverHandle: ...

    def add_condition(self, condition: Call, reason: str, every: float) -> None: ...

    def run(self, duration: float | None, interval: float | None, count: int | None, cycle: bool, overrun: str, precise: bool | None, durability: str, handle_interrupt: bool, grace: float, order: object, order_seed: int | None, repeat: int, until: object | None, timestamp_as_seconds: bool, parallel: bool, resume: str) -> Experiment: ...

    def preview(self, duration: float | None, interval: float | None, count: int | None, cycle: bool, order: object, order_seed: int | None, repeat: int, rows: int, seconds_per_point: float | None) -> Preview: ...

    def ask(self, action: str, thread: str) -> None: ...

    def on_signal(self, number: int, action: str) -> None: ...

    def was_interrupted(self) -> bool: ...

    def take_warnings(self) -> list[str]: ...

    def progress(self) -> Progress: ...

    def data(self) -> Experiment | None: ...

    def sleep(self, seconds: float) -> bool: ...

    def close(self) -> None: ...

    @property
    def name(self) -> str: ...

class DryRunStep:
    """One point of a dry run, or what is done before or after all of them."""

    @property
    def kind(self) -> str:
        """"connect", "prepare", "point", "leave" or "close"."""

    @property
    def index(self) -> int:
        """Of a point."""

    @property
    def parameters(self) -> dict:
        """Of a point, by name."""

    @property
    def seconds(self) -> float:
        """In simulated time, since the start."""

    @property
    def messages(self) -> list:
        """Pairs of an instrument's alias and a message, in order."""

class DryRun:
    """What a run would do, message by message; printed, it tells all of it."""

    @property
    def steps(self) -> list[DryRunStep]: ...

    @property
    def points(self) -> int:
        """How many were taken."""

    @property
    def complete(self) -> bool:
        """False where there are more points than were asked for."""

    def __str__(self) -> str: ...

class PreparedProcedure:
    """A procedure that is bound to connected instruments."""

    def run(self) -> Experiment: ...

    def close(self) -> None: ...

    def progress(self) -> Progress: ...

    def data(self) -> Experiment | None: ...

    def was_interrupted(self) -> bool: ...

class Procedure:
    """A measurement in a file."""

    @staticmethod
    def read(file: str | os.PathLike) -> Procedure: ...

    @staticmethod
    def parse(yaml: str, file: str | os.PathLike) -> Procedure: ...

    def copy(self) -> Procedure:
        """Another with the same values."""

    @property
    def file(self) -> pathlib.Path: ...

    @property
    def text(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def parameters(self) -> list[str]: ...

    def set(self, assignment: str) -> None: ...

    def preview(self, bench: str | os.PathLike, rows: int) -> Preview: ...

    def dry_run(self, bench: str | os.PathLike, points: int, allow_long: bool) -> DryRun: ...

    def prepare(self, bench: str | os.PathLike, simulate: bool, store: str | os.PathLike, name: str, resume: str, handle_interrupt: bool, allow_long: bool) -> PreparedProcedure: ...

class RunInstrument:
    """An instrument of a run."""

    @property
    def alias(self) -> str: ...

    @property
    def model(self) -> str: ...

    @property
    def serial(self) -> str: ...

    @property
    def maker(self) -> str: ...

    @property
    def profile(self) -> str: ...

    @property
    def address(self) -> str: ...

    def __repr__(self) -> str: ...

class RunParameter:
    """A parameter of a run."""

    @property
    def name(self) -> str: ...

    @property
    def unit(self) -> str: ...

    @property
    def count(self) -> int:
        """Of its values; 0 where the plan did not list them."""

    @property
    def least(self) -> float | None:
        """Of the listed values that are numbers; None where there are none."""

    @property
    def greatest(self) -> float | None: ...

    def __repr__(self) -> str: ...

class RunNote:
    """What somebody noted of a run after it had begun."""

    @property
    def at(self) -> datetime.datetime: ...

    @property
    def by(self) -> str:
        """The account's name."""

    @property
    def text(self) -> str: ...

    def __repr__(self) -> str: ...

class RunSummary:
    """What a listing says of a run."""

    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def kind(self) -> str:
        """"sweep" or "timed"."""

    @property
    def description(self) -> str: ...

    @property
    def error(self) -> str:
        """What ended it, where something did."""

    @property
    def script(self) -> str:
        """The file that made it."""

    @property
    def user(self) -> str: ...

    @property
    def host(self) -> str: ...

    @property
    def trouble(self) -> str:
        """Why it cannot be read; empty where it can."""

    @property
    def state(self) -> str: ...

    @property
    def started_ns(self) -> int:
        """Nanoseconds since 1970, UTC."""

    @property
    def started(self) -> datetime.datetime:
        """In UTC."""

    @property
    def ended(self) -> datetime.datetime | None:
        """In UTC; None where it has not, or nobody wrote it down."""

    @property
    def row_count(self) -> int: ...

    @property
    def size_bytes(self) -> int:
        """Of the files in its folder."""

    @property
    def folder(self) -> pathlib.Path: ...

    @property
    def tags(self) -> list[str]: ...

    @property
    def notes(self) -> list[RunNote]:
        """What was noted of it after it had begun."""

    @property
    def parameters(self) -> list[RunParameter]: ...

    @property
    def instruments(self) -> list[RunInstrument]: ...

    @property
    def is_copy(self) -> bool:
        """Whether it is a copy of another run of its store, whose id it has."""

    def __repr__(self) -> str: ...

class Difference:
    """Something that two runs have otherwise."""

    @property
    def part(self) -> str:
        """
        "plan", "instruments", "settings", "versions", "script", "host" or "outcome".
        """

    @property
    def what(self) -> str: ...

    @property
    def first(self) -> str: ...

    @property
    def second(self) -> str: ...

    def __repr__(self) -> str: ...

class ColumnDifference:
    """A column that two runs have otherwise."""

    @property
    def name(self) -> str: ...

    @property
    def trouble(self) -> str:
        """Why it was not compared; empty where it was."""

    @property
    def unit(self) -> str: ...

    @property
    def compared(self) -> int:
        """Rows: those that both runs have."""

    @property
    def different(self) -> int:
        """Of these."""

    @property
    def largest(self) -> float | None:
        """Of numbers, the largest difference, second minus first."""

    @property
    def largest_row(self) -> int: ...

    def __repr__(self) -> str: ...

class RunComparison:
    """What distinguishes two runs. As text, all of it in lines."""

    @property
    def first(self) -> RunSummary: ...

    @property
    def second(self) -> RunSummary: ...

    @property
    def differences(self) -> list[Difference]:
        """How they were made and how they ended."""

    @property
    def columns(self) -> list[ColumnDifference]:
        """Those that differ; timestamps and timing are not compared."""

    @property
    def same(self) -> bool: ...

    def __str__(self) -> str: ...

class FileTrouble:
    """A file of a run that is damaged or missing."""

    @property
    def file(self) -> str: ...

    @property
    def trouble(self) -> str: ...

    @property
    def rows(self) -> tuple[int, int]:
        """That it holds or should hold: the first one, and how many."""

    def __repr__(self) -> str: ...

class Verification:
    """What was found when a run's files were checked. As text, in lines."""

    @property
    def folder(self) -> pathlib.Path: ...

    @property
    def file_count(self) -> int: ...

    @property
    def byte_count(self) -> int: ...

    @property
    def row_count(self) -> int:
        """That the run has, or would have were nothing damaged."""

    @property
    def readable_count(self) -> int: ...

    @property
    def readable(self) -> list[tuple[int, int]]:
        """Rows, ascending: the first one, and how many."""

    @property
    def troubles(self) -> list[FileTrouble]: ...

    @property
    def whole(self) -> bool: ...

    def __str__(self) -> str: ...

class Compaction:
    """What compacting did to a run's files of rows."""

    @property
    def files_before(self) -> int: ...

    @property
    def files_after(self) -> int: ...

    @property
    def bytes_before(self) -> int: ...

    @property
    def bytes_after(self) -> int: ...

class Recovery:
    """What recovering left of a run that was killed."""

    @property
    def row_count(self) -> int: ...

    @property
    def set_aside(self) -> list[str]:
        """Files kept under another name."""

class RunFilter:
    """Which runs to list."""

    def __init__(self, name: str = '', from_ns: int | None = None, until_ns: int | None = None, states: Sequence[str] = [], instrument: str = '', parameters: list = [], tags: Sequence[str] = []) -> None: ...

class SearchHit:
    """A run that a search found."""

    @property
    def run(self) -> RunSummary: ...

    @property
    def excerpt(self) -> str:
        """Where the words stand, the words between « and »."""

    def __repr__(self) -> str: ...

class Store:
    """A folder of runs."""

    def __init__(self, folder: str | os.PathLike = ...) -> None: ...

    @staticmethod
    def default_folder() -> pathlib.Path: ...

    @staticmethod
    def known() -> list[pathlib.Path]:
        """Stores that runs were written to from this account, latest first."""

    @property
    def folder(self) -> pathlib.Path: ...

    def runs(self, filter: RunFilter = ...) -> list[RunSummary]:
        """The runs in it that fit, oldest first."""

    def search(self, words: str, limit: int | None = None, filter: RunFilter = ...) -> list[SearchHit]:
        """The runs that have all of these words, best first."""

    def rebuild(self) -> int: ...

    def take_notices(self) -> list[str]: ...

    def find(self, which: str) -> pathlib.Path:
        """The folder of the run that `which` means."""

    def open_readable(self, which: str) -> Experiment: ...

    def summary(self, which: str) -> RunSummary: ...

    def tag(self, which: str, tags: Sequence[str]) -> None: ...

    def untag(self, which: str, tags: Sequence[str]) -> None: ...

    def annotate(self, which: str, text: str) -> None: ...

    def compare(self, first: str, second: str) -> RunComparison: ...

    def trash(self, which: str) -> pathlib.Path: ...

    def trashed(self) -> list[RunSummary]: ...

    def restore(self, which: str) -> pathlib.Path: ...

    def empty_trash(self) -> int: ...

    def verify(self, which: str) -> Verification: ...

    def compact(self, which: str) -> Compaction: ...

    def recover(self, which: str) -> Recovery: ...

class TableWriter:
    """Writes a table that no session measured into a store, as a run."""

    def __init__(self, store: str | os.PathLike, name: str, description: str = '', notes: str = '', started_ns: int | None = None, details: str = '') -> None: ...

    def add_column(self, name: str, type: str = '', unit: str = '', role: str = '', notes: str = '') -> int: ...

    def append_columns(self, columns: list[tuple[int, list[object], bool]]) -> None:
        """
        Rows, column by column: its number, its cells, and whether these are nanoseconds since 1970.
        """

    def finish(self, details: str = '') -> Experiment:
        """Seals the table and returns it."""

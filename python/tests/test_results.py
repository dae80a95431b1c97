"""Quantities, results and readings."""

import math
import numbers
import pickle

import numpy as np
import polars as pl
import pytest

from wheatstone import _native
from wheatstone.errors import DataError
from wheatstone.quantity import Quantity
from wheatstone.results import MeasurementResult, Reading


def test_a_quantity_is_a_float_with_unit_and_deviation():
    volts = Quantity(5.0012, "V", 0.0025)
    assert volts == 5.0012
    assert f"{volts:.2f}" == "5.00"
    assert str(volts) == "5.0012"
    assert (volts.unit, volts.nominal_value, volts.std_dev) == ("V", 5.0012, 0.0025)
    assert type(volts * 2) is float
    assert repr(volts) == "Quantity(5.0012, unit='V', std_dev=0.0025)"
    back = pickle.loads(pickle.dumps(volts))
    assert (back, back.unit, back.std_dev) == (5.0012, "V", 0.0025)
    assert math.isnan(Quantity(1).std_dev)


def test_a_quantity_gives_the_object_of_the_uncertainties_package():
    uncertain = Quantity(2.0, "V", 0.5).to_ufloat() * 2
    assert (uncertain.nominal_value, uncertain.std_dev) == (4.0, 1.0)


def test_a_reading_is_a_result():
    reading = Reading(_native.Reading(1.5, "V", 0.01, "dmm", "voltage dc"))
    assert isinstance(reading, MeasurementResult)
    assert reading.values == 1.5
    assert (reading.units, reading.nominal, reading.sigma) == ("V", 1.5, 0.01)
    assert (reading.instrument, reading.measurement_type, reading.status) == ("dmm", "voltage dc", "ok")
    assert float(reading) == 1.5
    assert reading["values"] == 1.5
    assert list(reading) == [1.5]
    assert str(reading) == "1.5 ± 0.01 V"


def test_a_reading_is_a_number_where_one_is_asked_for():
    reading = Reading(_native.Reading(1.5, "V", 0.01))
    other = Reading(_native.Reading(0.5, "V"))
    assert (reading + 1, 1 + reading, reading - other, reading * 2, 3 / reading) == (2.5, 2.5, 1.0, 3.0, 2.0)
    assert type(reading + 1) is float
    assert reading > 1 and reading >= other and not reading < 1
    assert reading == 1.5 and reading != 2
    assert (abs(-other), round(reading), f"{reading:.3f}") == (0.5, 2, "1.500")
    assert np.asarray(reading) == 1.5
    assert reading != "1.5"
    assert isinstance(reading, numbers.Real)


def test_a_reading_survives_pickling():
    reading = Reading(_native.Reading(1.5, "V", 0.01, "dmm", "voltage dc", 123, "overload", "+1.5E+00"))
    back = pickle.loads(pickle.dumps(reading))
    assert (back.value, back.unit, back.uncertainty, back.status, back.text) == (1.5, "V", 0.01, "overload", "+1.5E+00")
    assert back.timestamp == 123e-9


def test_a_result_is_a_sequence_and_a_mapping():
    result = MeasurementResult(np.array([1.0, 2.0, 3.0]), "scope", "V", "trace", sampling_rate=10.0, probe=10)
    assert len(result) == 3
    assert result[1] == 2.0
    assert result["units"] == "V"
    assert result.probe == 10
    assert set(result.keys()) == set(result.to_dict())
    with pytest.raises(KeyError):
        result["unknown"]
    result.add(4.0)
    del result[0]
    assert result.get_all().tolist() == [2.0, 3.0, 4.0]


@pytest.mark.parametrize(
    ("values", "saved"),
    [(2.5, 2.5), (Quantity(2.5, "V", 0.5), [2.5, 0.5]), ([1.0, 2.0], [1.0, 2.0]), (np.eye(2), np.eye(2))],
)
def test_numbers_are_saved_as_numpy_files(tmp_path, values, saved):
    MeasurementResult(values).save(tmp_path / "result")
    assert np.array_equal(np.load(tmp_path / "result.npy"), np.asarray(saved))


def test_frames_are_saved_as_parquet(tmp_path):
    frame = pl.DataFrame({"Time (s)": [0.0, 1.0], "Channel 1 (V)": [1.0, 2.0]})
    MeasurementResult(frame).save(tmp_path / "trace.parquet")
    assert pl.read_parquet(tmp_path / "trace.parquet").equals(frame)


def test_the_spectrum_of_a_sine_peaks_at_its_frequency():
    rate = 1000.0
    signal = np.sin(2 * np.pi * 50.0 * np.arange(1000) / rate)
    for result in (
        MeasurementResult(signal, sampling_rate=rate),
        MeasurementResult(pl.DataFrame({"Time (s)": np.arange(1000) / rate, "Channel 1 (V)": signal})),
    ):
        spectrum = result.perform_fft().values
        assert spectrum["frequency"][int(spectrum["magnitude"].arg_max())] == pytest.approx(50.0)


def test_the_times_of_a_frame_count_before_a_rate_of_something_else():
    rate = 1000.0
    times = np.arange(1000) / rate
    frame = pl.DataFrame({"Time (s)": times, "Channel 1 (V)": np.sin(2 * np.pi * 50.0 * times)})
    spectrum = MeasurementResult(frame, sampling_rate=2e9).perform_fft()
    assert spectrum.sampling_rate == pytest.approx(rate)
    assert spectrum.values["frequency"][int(spectrum.values["magnitude"].arg_max())] == pytest.approx(50.0)


def test_a_spectrum_without_sampling_rate_is_refused():
    with pytest.raises(DataError, match="sampling rate"):
        MeasurementResult(np.zeros(8)).perform_fft()
    with pytest.raises(DataError, match="at least two"):
        MeasurementResult(1.0, sampling_rate=1.0).perform_fft()


def test_sigma_of_uncertain_lists_is_an_array():
    result = MeasurementResult([Quantity(1, "V", 0.1), Quantity(2, "V", 0.2)])
    assert result.nominal.tolist() == [1, 2]
    assert result.sigma.tolist() == [0.1, 0.2]
    assert MeasurementResult(1.0).sigma is None

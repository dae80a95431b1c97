"""What a database keeps of a measurement's values, and gives back as it was."""

import datetime
import math

import numpy as np
import pandas as pd
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from uncertainties import ufloat

from wheatstone import MeasurementDatabase, MeasurementSession, Quantity
from wheatstone.errors import DataError
from wheatstone.experiments import Experiment, MeasurementResult, Reading


@pytest.fixture
def db():
    with MeasurementDatabase("my_lab_data") as db:
        yield db


def result(values, **more):
    return MeasurementResult(values, "DMM", "V", "Volt Dc", timestamp=1_700_000_000.25, **more)


def restored(db, values, **more):
    codename = db.store_measurement(None, result(values, **more))
    assert codename.startswith("MEAS_")
    found = db.retrieve_measurement(codename)
    assert (found.instrument, found.units, found.measurement_type) == ("DMM", "V", "Volt Dc")
    assert found.timestamp == 1_700_000_000.25
    return found.values


@pytest.mark.parametrize("value", [1.5, -0.0, math.inf, 3, True, "text", "", b"\0bytes", 1 + 2j, None, 2**62])
def test_a_scalar_comes_back_as_it_was(db, value):
    found = restored(db, value)
    assert type(found) is type(value) and found == value


def test_an_instant_comes_back(db):
    instant = datetime.datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=datetime.UTC)
    assert restored(db, instant) == instant


def test_a_number_that_is_none_comes_back(db):
    assert math.isnan(restored(db, math.nan))


@pytest.mark.parametrize("dtype", ["float32", "float64", "int16", "uint8", "bool", "complex64", "datetime64[ns]"])
def test_a_numpy_scalar_keeps_its_type(db, dtype):
    value = np.array([1]).astype(dtype)[0]
    found = restored(db, value)
    assert type(found) is type(value) and found == value


def test_uncertain_values_keep_their_uncertainty(db):
    found = restored(db, ufloat(5.0012, 0.0025))
    assert (found.nominal_value, found.std_dev, str(found)) == (5.0012, 0.0025, "5.0012+/-0.0025")
    found = restored(db, Quantity(1.5, "mV", 0.25))
    assert isinstance(found, Quantity) and (found, found.unit, found.std_dev) == (1.5, "mV", 0.25)
    found = restored(db, [ufloat(1, 0.1), ufloat(2, 0.2)])
    assert [(item.n, item.s) for item in found] == [(1, 0.1), (2, 0.2)]
    found = restored(db, np.array([[ufloat(1, 0.1)], [ufloat(2, 0.2)]]))
    assert found.shape == (2, 1) and found[1, 0].s == 0.2


def test_a_reading_comes_back_as_one(db):
    with MeasurementSession("readings") as session:
        dmm = session.instrument("dmm", "keysight/34470A", simulate=True)
        reading = dmm.measure_voltage_dc()
    found = db.retrieve_measurement(db.store_measurement("offset", reading, notes="inputs open"))
    assert isinstance(found, Reading)
    for name in ("value", "unit", "uncertainty", "status", "text", "instrument", "measurement_type", "timestamp"):
        assert getattr(found, name) == getattr(reading, name)


@pytest.mark.parametrize(
    "array",
    [
        np.linspace(0, 1, 1001),
        np.arange(24, dtype=np.int16).reshape(2, 3, 4),
        np.array([], dtype=np.float32),
        np.zeros((0, 3)),
        np.array(2.5),
        np.array([True, False]),
        np.array([1 + 2j, 3]),
        np.array(["a", "üß"]),
        np.array([2**63], dtype=np.uint64),
        np.array(["2026-01-01", "2026-01-02"], dtype="datetime64[D]"),
        np.array([1, 2], dtype=">i4"),
        np.array([0.5, 1.5], dtype=np.float16),
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    ],
    ids=lambda array: f"{array.dtype}{array.shape}",
)
def test_an_array_comes_back_with_type_and_shape(db, array):
    found = restored(db, array)
    assert isinstance(found, np.ndarray) and found.flags.writeable
    assert (found.dtype, found.shape) == (array.dtype, array.shape)
    assert np.array_equal(found, array)


@pytest.mark.parametrize("values", [[1, 2, 3], [1.5, 2.0], ["a", "b"], (1.0, 2.0), [[1, 2], [3, 4]], []])
def test_a_list_comes_back(db, values):
    found = restored(db, values)
    assert type(found) is type(values) and list(found) == list(values)


FRAME = pl.DataFrame(
    {
        "i8": pl.Series([1, None], dtype=pl.Int8),
        "u64": pl.Series([1, 2**63 - 1], dtype=pl.UInt64),
        "f32": pl.Series([1.5, None], dtype=pl.Float32),
        "text": ["ä", None],
        "word": pl.Series(["a", "b"], dtype=pl.Categorical),
        "enum": pl.Series(["on", None], dtype=pl.Enum(["off", "on"])),
        "flag": [True, None],
        "bytes": [b"\0", b""],
        "when": pl.Series([datetime.datetime(2026, 1, 2), None], dtype=pl.Datetime("us")),
        "zoned": pl.Series([datetime.datetime(2026, 1, 2), None]).dt.replace_time_zone("Europe/Berlin"),
        "day": [datetime.date(1969, 7, 20), None],
        "span": pl.Series([datetime.timedelta(milliseconds=5), None], dtype=pl.Duration("ms")),
        "clock": [datetime.time(1, 2, 3, 4), None],
        "list": [[1.0, 2.0], [3.0]],
        "pair": pl.Series([[1, 2], [3, 4]], dtype=pl.Array(pl.Int64, 2)),
        "none": pl.Series([None, None], dtype=pl.Null),
    }
)


def test_a_frame_of_polars_comes_back_with_its_columns_types_and_missing_values(db):
    found = restored(db, FRAME)
    assert found.schema == FRAME.schema
    assert_frame_equal(found, FRAME)


def test_a_frame_without_rows_keeps_its_columns(db):
    found = restored(db, FRAME.clear())
    assert found.schema == FRAME.schema and len(found) == 0
    assert restored(db, pl.DataFrame()).is_empty()


def test_a_frame_of_pandas_comes_back_as_one(db):
    frame = pd.DataFrame(
        {
            "n": np.array([1, 2], dtype=np.int32),
            "x": [1.5, math.nan],
            "text": ["a", None],
            "when": pd.to_datetime(["2026-01-01", "2026-01-02"]),
            "zoned": pd.to_datetime(["2026-01-01", "2026-01-02"]).tz_localize("Europe/Berlin"),
            "nullable": pd.array([1, None], dtype="Int64"),
            "word": pd.Categorical(["a", "b"]),
        },
        index=pd.Index(["first", "second"], name="row"),
    )
    pd.testing.assert_frame_equal(restored(db, frame), frame)


def test_what_a_scope_read_comes_back(db):
    with MeasurementSession("scope") as session:
        scope = session.instrument("scope", "keysight/DSOX1204G", simulate=True)
        reading = scope.read_channels(1)
    found = db.retrieve_measurement(db.store_measurement(None, reading))
    assert type(found) is type(reading) and found.sampling_rate == reading.sampling_rate
    assert_frame_equal(found.values, reading.values)
    assert len(found.perform_fft()) == len(reading.perform_fft())


def test_what_else_is_known_of_a_measurement_comes_back(db):
    codename = db.store_measurement(None, result(1.0, sampling_rate=1e6, envelope={"sha": "00"}, operator="me"))
    found = db.retrieve_measurement(codename)
    assert (found.sampling_rate, found.envelope, found.operator) == (1e6, {"sha": "00"}, "me")


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (np.array([object(), 1]), "array of object"),
        ({"a": 1}, "a value of type dict"),
        ([1, "a"], "a list of"),
        (object(), "a value of type object"),
        (pl.DataFrame({"big": pl.Series([2**64 - 1], dtype=pl.UInt64)}), "'big' holds 18446744073709551615"),
        (pl.DataFrame({"s": [{"a": 1, "b": 2}]}), "'s' holds structs"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_cannot_be_kept_whole_is_refused_and_leaves_nothing(db, values, reason):
    with pytest.raises(DataError, match=reason):
        db.store_measurement("never", result(values))
    assert db.list_measurements() == [] and "never" not in db


def test_nothing_is_pickled(db, monkeypatch):
    import pickle

    def refuse(*_, **__):
        raise AssertionError("something was pickled")

    for name in ("dump", "dumps", "load", "loads", "Pickler", "Unpickler"):
        monkeypatch.setattr(pickle, name, refuse)
    for values in (1.5, np.arange(3), FRAME, ufloat(1, 0.1), [1, 2]):
        restored(db, values)
    experiment = Experiment("table")
    experiment.data = FRAME
    db.retrieve_experiment(db.store_experiment(None, experiment))


def test_an_experiment_of_any_columns_comes_back(db):
    experiment = Experiment("wide")
    experiment.data = FRAME
    assert_frame_equal(db.retrieve_experiment(db.store_experiment("w", experiment)).data, FRAME)
    db.store_experiment("empty", Experiment("nothing"))
    assert len(db.retrieve_experiment("empty")) == 0


def test_lists_with_missing_elements_are_refused_by_column(db):
    experiment = Experiment("x")
    experiment.data = pl.DataFrame({"l": [[1, None], [2, 3]]})
    with pytest.raises(DataError, match="'l' holds lists with missing elements"):
        db.store_experiment("x", experiment)

"""What a cell keeps of a Python object, and what comes back."""

import datetime
import decimal
import enum
import fractions
import math
import subprocess
import sys

import numpy as np
import pandas as pd
import polars as pl
import pytest
import uncertainties
from hypothesis import given
from hypothesis import strategies as st

from wheatstone import _native
from wheatstone.errors import DataError
from wheatstone.quantity import Quantity
from wheatstone.results import MeasurementResult, Reading


def cell(item):
    return _native.Value(item)


def content(item):
    return cell(item).content


@pytest.mark.parametrize(
    ("item", "kind"),
    [
        (None, "null"),
        (True, "bool"),
        (3, "int64"),
        (2.5, "float64"),
        (1 + 2j, "complex"),
        ("ohm Ω", "text"),
        (b"\x00\xff", "bytes"),
        (-(2**63), "int64"),
        (2**63 - 1, "int64"),
    ],
)
def test_scalars_come_back_as_they_went(item, kind):
    assert cell(item).kind == kind
    assert content(item) == item
    assert type(content(item)) is type(item)


@given(st.floats(allow_nan=False))
def test_every_float_comes_back_with_its_bits(number):
    assert content(number).hex() == number.hex()


@given(st.text())
def test_every_text_comes_back(text):
    assert content(text) == text


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**30])
def test_an_integer_beyond_int64_is_refused(number):
    with pytest.raises(DataError, match=f"integer {number}.*int64"):
        cell(number)


def test_numpy_scalars_become_the_kind_that_they_are():
    assert content(np.float64(2.5)) == 2.5
    assert content(np.float32(0.1)) == float(np.float32(0.1))
    assert cell(np.bool_(True)).kind == "bool"
    assert cell(np.int16(-7)).kind == "int64"
    assert cell(np.str_("a")).kind == "text"
    assert cell(np.complex64(1j)).kind == "complex"
    with pytest.raises(DataError, match="int64"):
        cell(np.uint64(2**64 - 1))


@pytest.mark.parametrize(
    "dtype", ["bool", "int8", "uint16", "int32", "uint64", "float32", "float64", "complex64", "complex128"]
)
def test_arrays_keep_dtype_and_shape(dtype):
    array = np.arange(6).reshape(2, 3).astype(dtype)
    back = content(array)
    assert back.dtype == array.dtype
    assert back.shape == (2, 3)
    assert (back == array).all()


def test_an_array_is_copied_so_that_its_buffer_can_be_used_again():
    array = np.zeros(3)
    kept = cell(array)
    array[:] = 7
    assert kept.content.tolist() == [0, 0, 0]


def test_arrays_in_other_memory_orders_come_back_equal():
    array = np.arange(24, dtype=">i4").reshape(4, 6)[::2, ::3].T
    back = content(array)
    assert back.tolist() == array.tolist()
    assert back.dtype == np.int32
    assert content(np.array(3.5)) == 3.5
    assert type(content(np.array(3))) is int
    assert content(np.zeros((0, 4))).shape == (0, 4)
    assert content(np.array([["a", "bc"]])).tolist() == [["a", "bc"]]


def test_lists_of_one_kind_become_arrays():
    assert content([1, 2]).dtype == np.int64
    assert content((1.5, 2)).tolist() == [1.5, 2.0]
    assert content([[1, 2], [3, 4]]).shape == (2, 2)
    assert content([True, False]).dtype == np.bool_
    assert content(["a", "b"]).tolist() == ["a", "b"]
    assert content([]).shape == (0,)
    assert content([np.float64(1), np.float64(2)]).tolist() == [1, 2]
    assert cell([Quantity(1, "V"), Quantity(2, "V")]).unit == "V"


@pytest.mark.parametrize(
    ("items", "reason"),
    [
        ([1, "a"], "int64 and text"),
        ([True, 2], "bool and int64"),
        ([1.0, None], "null and float64"),
        ([[1], [1, 2]], "lengths 1 and 2"),
        ([1, [2]], "both numbers and lists"),
        ([[1], 2], "both numbers and lists"),
        ([2**60 + 1, 0.5], "no float of the same value"),
    ],
)
def test_lists_that_are_no_array_are_refused(items, reason):
    with pytest.raises(DataError, match=reason):
        cell(items)


def test_instants_are_kept_in_utc():
    zone = datetime.timezone(datetime.timedelta(hours=2))
    instant = datetime.datetime(2026, 11, 23, 12, 30, 15, 123456, tzinfo=zone)
    assert content(instant) == instant
    assert content(instant).tzinfo is datetime.UTC
    assert cell(np.datetime64("2026-11-23T10:30:15.123456789")).kind == "time"
    naive = datetime.datetime(2026, 11, 23, 12, 30)
    assert content(naive) == naive.astimezone()
    before = datetime.datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.UTC)
    assert content(before) == before
    with pytest.raises(DataError, match="1677 to 2262"):
        cell(datetime.datetime(2300, 1, 1, tzinfo=datetime.UTC))


class Mode(enum.Enum):
    CC = "CURR"


class Level(enum.IntEnum):
    HIGH = 1


def test_enumerations_are_kept_by_name():
    assert content(Mode.CC) == "CC"
    assert content(Level.HIGH) == "HIGH"


def test_a_quantity_keeps_its_unit():
    kept = cell(Quantity(2.5, "V", 0.1))
    assert (kept.kind, kept.unit) == ("float64", "V")
    assert isinstance(kept.content, Quantity)
    assert kept.content == 2.5


def test_a_result_with_a_quantity_keeps_its_uncertainty_too():
    kept = cell(MeasurementResult(Quantity(2.5, "V", 0.1)))
    assert (kept.content, kept.unit, kept.uncertainty) == (2.5, "V", 0.1)


def test_uncertain_numbers_of_the_uncertainties_package_keep_their_deviation():
    kept = cell(uncertainties.ufloat(5.0, 0.25) * 2)
    assert kept.content == 10.0
    assert kept.uncertainty == 0.5


def test_results_keep_their_unit():
    reading = Reading(_native.Reading(1.5, "V", 0.01))
    assert (cell(reading).unit, cell(reading).uncertainty) == ("V", 0.01)
    array = cell(MeasurementResult(np.zeros(2), units="A"))
    assert (array.kind, array.unit) == ("array", "A")


def test_data_frames_keep_their_columns():
    frame = pl.DataFrame({"t": [0.0, 1.0], "n": [1, 2], "s": ["a", "b"], "b": [True, False]})
    assert content(frame).equals(frame)
    pandas_frame = pd.DataFrame({"t": [0.0, 1.0], "s": ["a", "b"]})
    assert content(pandas_frame).equals(frame.select("t", "s"))
    indexed = pd.DataFrame({"v": [1.0]}, index=pd.Index([7], name="k"))
    assert content(indexed).columns == ["k", "v"]
    assert content(pl.Series([1, 2])).tolist() == [1, 2]
    assert content(pd.Series([1.5])).tolist() == [1.5]


def test_missing_values_of_a_frame_stay_missing_whatever_their_type():
    when = datetime.datetime(2026, 1, 2)
    frame = pl.DataFrame(
        {
            "whole": pl.Series([None, 2**62, -1], dtype=pl.Int64),
            "small": pl.Series([7, None, None], dtype=pl.UInt8),
            "flag": [True, None, False],
            "text": ["a", None, ""],
            "real": [math.nan, None, 1.5],
            "at": pl.Series([when, None, when], dtype=pl.Datetime("ns")),
            "for": pl.Series([None, datetime.timedelta(1), None], dtype=pl.Duration("ns")),
            "all": pl.Series([1, 2, 3], dtype=pl.Int16),
        }
    )
    back = content(frame)
    assert back.schema == frame.schema
    assert back.rows()[1:] == frame.rows()[1:]
    assert math.isnan(back["real"][0]) and back["real"][1] is None


def test_a_frame_of_nothing_but_missing_values_is_kept():
    frame = pl.DataFrame(
        {
            "none": pl.Series([None, None], dtype=pl.Null),
            "text": pl.Series([None, None], dtype=pl.String),
            "whole": pl.Series([None, None], dtype=pl.Int8),
        }
    )
    back = content(frame)
    assert back.rows() == [(None, None, None)] * 2
    assert back.dtypes == [pl.Float64, pl.String, pl.Int8]


def test_missing_values_of_pandas_frames_are_what_pandas_calls_missing():
    frame = pd.DataFrame(
        {
            "whole": pd.array([1, None], dtype="Int64"),
            "flag": pd.array([None, True], dtype="boolean"),
            "text": ["a", None],
            "word": pd.array([None, "b"], dtype="string"),
            "class": pd.Categorical(["x", None]),
            "at": pd.to_datetime(["2026-01-01", None]),
            "real": [math.nan, 1.5],
            "real_or_missing": pd.array([None, 1.5], dtype="Float64"),
        }
    )
    back = content(frame)
    assert back.select("whole", "flag", "text", "word", "class").rows() == [
        (1, None, "a", None, "x"),
        (None, True, None, "b", None),
    ]
    assert back["at"].null_count() == 1
    assert math.isnan(back["real"][0]) and back["real_or_missing"][0] is None


def test_missing_values_of_an_arrow_table_stay_missing():
    pa = pytest.importorskip("pyarrow")
    back = content(
        pa.table({"whole": pa.array([1, None]), "text": pa.array([None, "b"]), "flag": pa.array([True, None])})
    )
    assert back.rows() == [(1, None, True), (None, "b", None)]


def test_waveforms_come_back_as_they_went():
    wave = _native.Waveform(-1e-3, 1e-6, np.array([0.0, 1.0]), "V")
    back = content(wave)
    assert (back.t0, back.dt, back.unit, back.samples.tolist()) == (-1e-3, 1e-6, "V", [0.0, 1.0])


@pytest.mark.parametrize("item", [object(), {"a": 1}, {1, 2}, (1.5).hex, datetime.time(1), np.longdouble(1) / 3])
def test_what_no_cell_keeps_is_refused_by_type(item):
    with pytest.raises(DataError, match=type(item).__name__):
        cell(item)


@pytest.mark.parametrize(
    ("duration", "seconds"),
    [
        (datetime.timedelta(minutes=1, microseconds=3), 60.000003),
        (np.timedelta64(1500, "us"), 0.0015),
        (np.timedelta64(-2, "h"), -7200.0),
        (pd.Timedelta("1ns"), 1e-9),
    ],
)
def test_a_duration_is_a_number_of_seconds(duration, seconds):
    assert content(duration) == seconds
    assert cell(duration).unit == "s"


def test_a_decimal_is_a_float_where_that_gives_its_digits_back():
    for text in ("0.1", "-1.23456789012345", "1E+30", "0", "5.00"):
        assert content(decimal.Decimal(text)) == float(text)
    assert math.isnan(content(decimal.Decimal("NaN")))
    assert content(decimal.Decimal("-Infinity")) == -math.inf
    for text in ("0.1234567890123456789", "9007199254740993", "1E+400"):
        with pytest.raises(DataError, match=r"more digits .*str\(\.\.\.\)"):
            content(decimal.Decimal(text))


def test_a_fraction_is_a_float_where_that_gives_it_back():
    for exact in (fractions.Fraction(1, 3), fractions.Fraction(-7, 4), fractions.Fraction(0.1), fractions.Fraction(10)):
        assert content(exact) == float(exact)
    for lost in (fractions.Fraction(2**60 + 1, 2**60), fractions.Fraction(10**400)):
        with pytest.raises(DataError, match=r"more digits .*str\(\.\.\.\)"):
            content(lost)
    assert content([fractions.Fraction(1, 2), 2.0]).tolist() == [0.5, 2.0]


@pytest.mark.parametrize("nothing", [np.datetime64("NaT"), np.datetime64("NaT", "ns"), pd.NaT])
def test_an_instant_that_is_none_is_null(nothing):
    assert cell(nothing).kind == "null"


def test_an_array_without_dimensions_keeps_its_instant():
    instant = np.array("2026-11-23T10:30:15.123456789", dtype="datetime64[ns]")
    assert cell(instant).kind == "time"
    assert content(instant) == content(instant[()])
    assert cell(np.array(1500, dtype="timedelta64[ns]")).unit == "s"


def test_naive_instants_of_pandas_are_local_as_those_of_python():
    naive = datetime.datetime(2026, 11, 23, 12, 30)
    assert content(pd.Timestamp(naive)) == content(naive)


def test_a_day_is_refused_with_what_to_return_instead():
    with pytest.raises(DataError, match="a day is no instant.*isoformat"):
        content(datetime.date(2026, 11, 23))


def test_text_with_half_a_surrogate_pair_is_refused():
    with pytest.raises(DataError, match="surrogate"):
        cell("\ud800")


def test_nan_and_infinities_are_numbers():
    assert math.isnan(content(math.nan))
    assert content(-math.inf) == -math.inf


def test_a_cell_of_plain_numbers_needs_neither_numpy_nor_polars():
    code = (
        "import sys; from wheatstone import _native; _native.Value(1.5); _native.Value('a'); _native.Value(b'a')\n"
        "assert 'numpy' not in sys.modules and 'polars' not in sys.modules, sorted(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_masked_values_and_mappings_are_refused_with_what_to_return():
    whole = np.ma.array([1, 2], mask=[False, False])
    assert content(whole).tolist() == [1, 2]
    with pytest.raises(DataError, match="masked values.*filled"):
        content(np.ma.array([1, 2], mask=[False, True]))
    with pytest.raises(DataError, match="give each of its entries a name of its own"):
        content({"a": 1})


@pytest.mark.parametrize("unit", ["ns", "us", "s", "D"])
@pytest.mark.parametrize("kind", ["datetime64", "timedelta64"])
def test_arrays_of_instants_and_durations_come_back_in_nanoseconds(kind, unit):
    array = np.array([[0, 1], [-5, 20000]]).astype(f"{kind}[{unit}]")
    array[1, 0] = "NaT"
    back = content(array)
    assert back.dtype == f"{kind}[ns]"
    np.testing.assert_array_equal(back, array.astype(f"{kind}[ns]"))


def test_an_instant_that_nanoseconds_cannot_keep_is_refused_in_an_array():
    with pytest.raises(DataError, match="cannot keep exactly"):
        cell(np.array(["2000-01-01", "9999-01-01"], dtype="datetime64[D]"))


def test_a_frame_keeps_its_column_of_instants():
    frame = pl.DataFrame({"at": [datetime.datetime(2026, 11, 23, 10, 15, 2, 7)], "v": [1.5]})
    back = content(frame)
    assert back["at"].to_list() == frame["at"].to_list()

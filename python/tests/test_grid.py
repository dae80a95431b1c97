"""Experiments as arrays over their parameters, as xarray Datasets and as pandas DataFrames."""

import math

import numpy as np
import pandas as pd
import polars as pl
import pytest
import xarray as xr
from kinds import NUMBERS, run_of_all_kinds

import wheatstone
from wheatstone import MeasurementSession
from wheatstone.errors import ConfigurationError, DataError
from wheatstone.experiments import Experiment


def swept(order="grid", stop_after=None, inner=(1.0, 2.0, 3.0, 4.0), **options):
    """10 * gate + drain over 3 gates and 4 drains, in some order."""
    with MeasurementSession("transistor") as session:
        session.parameter("gate", [0.0, 1.0, 2.0], unit="V")
        session.parameter("drain", list(inner), unit="V", notes="drain to source")
        taken = []

        @session.acquire
        def measure(gate, drain):
            taken.append(gate)
            if len(taken) == stop_after:
                session.stop()
            return {"i": 10 * gate + drain, "n": len(taken)}

        return session.run(order=order, show_progress=False, **options)


WHOLE = [[10 * gate + drain for drain in (1, 2, 3, 4)] for gate in (0, 1, 2)]


@pytest.mark.parametrize("order", ["grid", "snake", "random"])
def test_a_grid_is_the_same_array_in_whichever_order_its_points_came(order):
    options = {"order_seed": 5} if order == "random" else {}
    grid = swept(order, **options).grid("i")
    assert grid.values.tolist() == WHOLE
    assert grid.dims == ("gate", "drain")
    assert grid.axes["drain"].tolist() == [1, 2, 3, 4]
    assert grid.units == {"gate": "V", "drain": "V"}
    assert np.asarray(grid).sum() == np.sum(WHOLE)
    assert repr(grid) == "Grid('i', gate: 3 × drain: 4)"


def test_values_that_were_drawn_rise_whichever_came_first():
    for seed in range(12):
        grid = swept("random", order_seed=seed, inner=(1.0, 2.0)).grid("i")
        assert grid.axes["drain"].tolist() == [1, 2]
        assert grid.axes["gate"].tolist() == [0, 1, 2]


def test_values_that_fall_keep_their_direction():
    grid = swept(inner=(4.0, 3.0, 2.0, 1.0)).grid("i")
    assert grid.axes["drain"].tolist() == [4, 3, 2, 1]
    assert grid.values[0].tolist() == [4, 3, 2, 1]


def test_points_that_are_missing_are_nan():
    stopped = swept("snake", stop_after=6)
    assert stopped.state == "stopped"
    values = stopped.grid("i").values
    assert values[0].tolist() == WHOLE[0]
    assert np.isnan(values[1]).tolist() == [True, True, False, False]
    assert stopped.grid("n").values.dtype == float
    data = stopped.to_xarray()
    assert np.isnat(data.timestamp.values[1, 0])
    assert data.i.sel(gate=1.0, drain=4.0) == 14


def test_repetitions_are_a_dimension():
    grid = swept(repeat=2).grid("n")
    assert grid.dims == ("gate", "drain", "repeat")
    assert grid.shape == (3, 4, 2)
    assert (grid.values[..., 1] > grid.values[..., 0]).all()
    data = swept("up_down").to_xarray()
    assert data.i.dims == ("gate", "drain", "repeat")
    assert data["repeat"].values.tolist() == [0, 1]
    assert data.i.sel(gate=2.0, drain=3.0, repeat=0) == 23


def test_what_is_no_grid_says_why_and_has_one_dimension():
    with MeasurementSession("diagonal") as session:
        session.parameter("a", [1.0, 2.0, 3.0], unit="V")
        session.parameter("b", [10.0, 20.0, 30.0])
        session.acquire(lambda a, b: {"y": a + b}, name="measure")
        experiment = session.run(order="zip", show_progress=False)
    with pytest.raises(DataError, match="'diagonal' is no grid: its rows do not fill a grid .* to_xarray"):
        experiment.grid("y")
    data = experiment.to_xarray()
    assert data.y.dims == ("point",)
    assert set(data.coords) == {"a", "b", "timestamp"}
    assert data.a.attrs["units"] == "V"


def test_timed_runs_stand_along_their_timestamps():
    with MeasurementSession("drift") as session:
        session.acquire(lambda: {"t": 1.0}, name="measure")
        experiment = session.run(count=5, interval=0.01, show_progress=False)
    with pytest.raises(DataError, match="no parameters"):
        experiment.grid("t")
    data = experiment.to_xarray()
    assert data.t.dims == ("timestamp",)
    assert data.timestamp.values.astype("int64").tolist() == experiment.data["timestamp"].cast(pl.Int64).to_list()


def test_uncertainties_are_linked_to_their_values():
    with MeasurementSession("measured") as session:
        dmm = session.instrument("dmm", "keysight/34470A", simulate=True)
        session.parameter("i", [1, 2])
        session.acquire(lambda i: {"v": dmm.measure_voltage_dc()}, name="measure")
        data = session.run(show_progress=False).to_xarray()
    assert data.v.attrs == {"units": "V", "ancillary_variables": "v_uncertainty"}
    assert data.v_uncertainty.attrs == {"units": "V", "long_name": "standard uncertainty of v"}
    assert "ancillary_variables" not in data[["v_uncertainty"]].v_uncertainty.attrs


def test_waveforms_share_a_time_axis_or_carry_their_own():
    def recorded(second):
        with MeasurementSession("traces") as session:
            session.parameter("k", [0, 1])
            session.acquire(
                lambda k: {"w": wheatstone.Waveform(0.0, (1e-6, second)[k], np.arange(3.0 + k), "V")}, name="measure"
            )
            return session.run(show_progress=False).to_xarray()

    shared = recorded(1e-6)
    assert shared.w.dims == ("k", "w_time")
    np.testing.assert_allclose(shared.w_time, [0, 1e-6, 2e-6, 3e-6], rtol=1e-12)
    assert math.isnan(shared.w.values[0, 3])
    own = recorded(2e-6)
    assert own.w.dims == ("k", "w_sample")
    assert own.w_dt.values.tolist() == [1e-6, 2e-6]
    assert own.w_dt.attrs["units"] == "s"


def test_chosen_columns_bring_their_coordinates():
    data = swept().to_xarray(["n"])
    assert set(data.data_vars) == {"n"}
    assert set(data.coords) == {"gate", "drain", "timestamp"}


def test_a_grid_is_of_a_result_of_scalars():
    with pytest.raises(DataError, match="'gate' is a parameter"):
        swept().grid("gate")
    with pytest.raises(DataError, match="no column 'nothing'"):
        swept().grid("nothing")
    kinds = run_of_all_kinds()
    with pytest.raises(DataError, match="'trace' holds cells of kind waveform"):
        kinds.grid("trace")
    assert kinds.grid("z").values[2, 1] == 5 - 1.5j
    assert kinds.grid("text").values[0, 1] is None


def test_whole_numbers_that_no_float_holds_are_not_rounded():
    by_hand = Experiment("by hand")
    by_hand.add_parameter("x")
    for x, n in ((1, 2**53 + 1), (2, None)):
        by_hand.add_trial(pl.DataFrame({"n": [n]}, schema={"n": pl.Int64}), x=x)
    with pytest.raises(DataError, match=r"column 'n': whole numbers beyond 2\*\*53 and missing ones"):
        by_hand.to_xarray()


def test_pandas_has_its_own_types_units_and_instants():
    experiment = run_of_all_kinds()
    frame = experiment.to_pandas()
    assert frame.attrs["units"] == {"voltage": "V", "trace": "V"}
    assert frame.attrs["id"] == experiment.id
    assert isinstance(frame.index, pd.RangeIndex)
    assert [None if np.isnan(v) else v for v in frame["number"]] == NUMBERS
    assert str(frame["timestamp"].dtype) == "datetime64[ns, UTC]"
    assert frame["timestamp"].astype("int64").to_list() == experiment.data["timestamp"].cast(pl.Int64).to_list()
    assert frame["count"].to_list()[1] is pd.NA
    assert frame["flag"].to_list()[2] is pd.NA
    assert frame["z"].dtype == complex
    assert frame["text"].isna().to_list() == [False, True, False, False, False, False]
    assert frame["matrix"][2].tolist() == [[0, 2, 4], [6, 8, 10]]
    assert frame["spectrum"][2].dtype == complex
    assert frame["trace"][1]["samples"] == [1.0, float("inf"), 3.0]


def test_pandas_may_have_the_parameters_as_its_index():
    frame = swept().to_pandas(index=True)
    assert frame.index.names == ["gate", "drain"]
    assert frame.loc[(1.0, 4.0), "i"] == 14
    assert frame["i"].unstack().to_numpy().tolist() == WHOLE


def test_packages_that_are_missing_are_named(monkeypatch):
    experiment = swept()
    for name in ("xarray", "pandas"):
        monkeypatch.setitem(__import__("sys").modules, name, None)
    with pytest.raises(ImportError, match=r"pip install 'wheatstone\[netcdf\]'"):
        experiment.to_xarray()
    with pytest.raises(ImportError, match="pip install pandas"):
        experiment.to_pandas()


def test_datasets_are_xarray_s_own():
    assert isinstance(swept().to_xarray(), xr.Dataset)
    with pytest.raises(ConfigurationError):
        swept().export("x.nc", columns="i")

"""Plots, looked at through Matplotlib's own objects."""

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import polars as pl
import pytest

from wheatstone.errors import ConfigurationError, DataError
from wheatstone.experiments import Experiment
from wheatstone.plotting import PlotSpec, plot_dataframe, plot_ndarray
from wheatstone.results import MeasurementResult


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def swept():
    experiment = Experiment("IV")
    experiment.add_parameter("load", "Ohm")
    experiment.add_parameter("voltage", "V")
    for load in (1.0, 2.0):
        for voltage in (1.0, 2.0, 3.0):
            experiment.add_trial({"current": voltage / load}, load=load, voltage=voltage)
    return experiment


def test_results_are_drawn_over_the_last_parameter_one_line_for_each_value_of_the_others():
    axes = swept().plot()
    assert axes.get_xlabel() == "voltage (V)"
    assert axes.get_ylabel() == "current"
    assert axes.get_title() == "IV"
    assert [line.get_label() for line in axes.lines] == ["load = 1", "load = 2"]
    assert axes.lines[1].get_ydata().tolist() == [0.5, 1.0, 1.5]


def test_a_run_in_time_is_drawn_over_seconds():
    experiment = Experiment("timed")
    times = pl.Series("timestamp", [1_000_000_000, 1_250_000_000], dtype=pl.Datetime("ns", "UTC"))
    experiment.add_trial(pl.DataFrame({"timestamp": times, "v": [1.0, 2.0]}))
    axes = experiment.plot()
    assert axes.get_xlabel() == "time (s)"
    assert axes.lines[0].get_xdata().tolist() == [0.0, 0.25]


def test_columns_and_labels_can_be_chosen():
    axes = swept().plot(PlotSpec(kind="scatter"), x="load", y="current", ylabel="amperes")
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("load (Ohm)", "amperes")
    with pytest.raises(DataError, match="no column 'nothing'"):
        swept().plot(y="nothing")
    with pytest.raises(ConfigurationError, match="no 'colour'"):
        swept().plot(colour="red")
    with pytest.raises(ConfigurationError, match="'pie'"):
        swept().plot(kind="pie")


def test_without_rows_there_is_nothing_to_plot():
    with pytest.raises(DataError, match="no rows"):
        Experiment("empty").plot()
    with pytest.raises(DataError, match="no line"):
        plot_ndarray(np.zeros((2, 2)))


def test_waveforms_are_drawn_over_their_time_axis():
    axes = plot_dataframe(
        pl.DataFrame({"Time (s)": [0.0, 1.0], "Channel 1 (V)": [0.0, 5.0], "Channel 2 (V)": [1.0, 1.0]})
    )
    assert axes.get_xlabel() == "Time (s)"
    assert len(axes.lines) == 2
    axes = MeasurementResult(np.arange(4.0), units="V", sampling_rate=2.0).plot()
    assert axes.lines[0].get_xdata().tolist() == [0, 0.5, 1.0, 1.5]
    assert axes.get_ylabel() == "value (V)"


def test_what_cannot_be_drawn_is_refused_with_what_to_give():
    with pytest.raises(ConfigurationError, match="takes a PlotSpec, not 'current'; .* give y='current'"):
        swept().plot("current")
    records = Experiment("records")
    records.add_trial(pl.DataFrame({"n": [1], "trace": [{"Time (s)": [0.0], "V": [1.0]}]}))
    with pytest.raises(DataError, match="'trace' has a whole record in each cell"):
        records.plot(y="trace")


def test_trials_of_whole_and_broken_values_go_together():
    experiment = Experiment("by hand")
    experiment.add_parameter("v", "V")
    experiment.add_trial({"a": [1, 2]}, v=3)
    experiment.add_trial({"a": [5.5]}, v=3.5)
    assert experiment.data.rows() == [(1.0, 3.0), (2.0, 3.0), (5.5, 3.5)]

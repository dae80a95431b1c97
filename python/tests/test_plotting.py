"""Plots, looked at through Matplotlib's own objects."""

import math

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import polars as pl
import pytest

from wheatstone import MeasurementSession, Waveform, _native
from wheatstone.errors import ConfigurationError, DataError
from wheatstone.experiments import Experiment
from wheatstone.plotting import PlotSpec, plot_dataframe, plot_ndarray
from wheatstone.plotting.__main__ import main as draw_run
from wheatstone.results import MeasurementResult, Reading


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
    assert [line.get_label() for line in axes.lines] == ["load = 1 Ohm", "load = 2 Ohm"]
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


def reading(value, unit, uncertainty=math.nan):
    return Reading(_native.Reading(float(value), unit, uncertainty))


def run_over(gates, result, drains=(1.0, 2.0, 3.0), where=None, **options):
    with MeasurementSession("curves") as session:
        if where is not None:
            session.constrain(where)
        session.parameter("gate", list(gates), unit="V")
        session.parameter("drain", list(drains), unit="V")
        session.acquire(lambda gate, drain: result(gate, drain), name="measure")
        return session.run(show_progress=False, **options)


def current(gate, drain):
    return {"i": reading(gate + drain, "A")}


def color_bar_of(axes):
    return [other for other in axes.figure.axes if other is not axes and other.get_label() == "<colorbar>"]


def test_few_lines_have_a_legend_and_many_a_colour_bar():
    few = run_over(range(10), current).plot()
    assert len(few.get_legend().get_texts()) == 10
    assert few.get_legend().get_texts()[3].get_text() == "gate = 3 V"
    assert len({line.get_color() for line in few.lines}) == 10
    many = run_over(range(11), current).plot(kind="line")
    assert many.get_legend() is None
    assert len(many.lines) == 11
    assert color_bar_of(many)[0].get_ylabel() == "gate (V)"
    assert not color_bar_of(run_over(range(11), current).plot(kind="line", legend=False))


@pytest.mark.parametrize("order", ["grid", "snake", "random"])
def test_a_grid_with_many_lines_is_a_heat_map_in_whichever_order_it_came(order):
    axes = run_over(range(11), current, order=order).plot()
    mesh = axes.collections[0]
    assert mesh.get_array().reshape(11, 3).tolist() == [[g + d for d in (1, 2, 3)] for g in range(11)]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("drain (V)", "gate (V)")
    assert color_bar_of(axes)[0].get_ylabel() == "i (A)"
    assert axes.get_xlim() == (0.5, 3.5)
    turned = run_over(range(11), current, order=order).plot(x="gate", kind="heatmap")
    assert turned.get_xlabel() == "gate (V)"
    assert turned.collections[0].get_array().reshape(3, 11)[2, 10] == 13


def test_a_heat_map_leaves_out_what_is_missing_and_marks_an_overload():
    def saturating(gate, drain):
        return {"i": reading(math.inf if (gate, drain) == (2, 3) else gate, "A")}

    axes = run_over(range(3), saturating, where=lambda gate, drain: gate + drain > 1).plot(kind="heatmap")
    mesh, marks = axes.collections
    assert np.ma.getmaskarray(mesh.get_array()).reshape(3, 3).tolist() == [
        [True, False, False],
        [False, False, False],
        [False, False, True],
    ]
    assert marks.get_offsets().tolist() == [[3, 2]]
    assert axes.get_legend().get_texts()[0].get_text() == "overload"


def test_repetitions_are_averaged_in_a_heat_map():
    readings = iter(range(100))
    axes = run_over(range(2), lambda gate, drain: {"i": next(readings)}, repeat=2).plot(kind="heatmap")
    assert color_bar_of(axes)[0].get_ylabel() == "i, mean of 2"
    assert axes.collections[0].get_array().reshape(2, 3).mean() == 5.5


def test_heat_maps_are_refused_where_there_is_none():
    with MeasurementSession("one") as session:
        session.parameter("x", [1.0, 2.0])
        session.acquire(lambda x: {"y": x}, name="measure")
        one = session.run(show_progress=False)
    with pytest.raises(DataError, match="over two parameters, and 'y' is over 'x'; draw lines"):
        one.plot(kind="heatmap")
    with pytest.raises(DataError, match="'y' holds no waveforms"):
        one.plot(kind="waveform", y="y")
    with pytest.raises(DataError, match="no column of waveforms"):
        one.plot(kind="waveform")


def test_an_uncertainty_is_a_bar_for_few_points_and_a_band_for_many():
    def measured(count):
        with MeasurementSession("measured") as session:
            session.parameter("x", [float(i) for i in range(count)])
            session.acquire(lambda x: {"y": reading(x, "V", 0.5)}, name="measure")
            return session.run(show_progress=False)

    few = measured(3).plot()
    bars = few.collections[0].get_segments()
    assert [segment[:, 1].tolist() for segment in bars] == [[-0.5, 0.5], [0.5, 1.5], [1.5, 2.5]]
    band = measured(101).plot().collections[0].get_paths()[0].get_extents()
    assert (band.ymin, band.ymax) == (-0.5, 100.5)
    assert not measured(3).plot(uncertainty=False).collections


def test_an_overload_is_a_triangle_at_its_edge_and_moves_no_axis():
    values = {1.0: 5.0, 2.0: math.inf, 3.0: 6.0, 4.0: -math.inf}
    with MeasurementSession("ranges") as session:
        session.parameter("x", list(values))
        session.acquire(lambda x: {"y": values[x]}, name="measure")
        axes = session.run(show_progress=False).plot()
    line, above, below = axes.lines
    assert np.isnan(line.get_ydata()).tolist() == [False, True, False, True]
    assert (above.get_marker(), above.get_xdata().tolist()) == ("^", [2.0])
    assert (below.get_marker(), below.get_xdata().tolist()) == ("v", [4.0])
    assert 4.9 < axes.get_ylim()[0] < axes.get_ylim()[1] < 6.1
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["y", "overload"]


def test_results_of_several_units_have_axes_of_their_own():
    experiment = run_over((0, 1), lambda gate, drain: {"i": reading(gate, "A"), "p": reading(drain, "W")})
    upper, lower = experiment.plot()
    assert (upper.get_ylabel(), lower.get_ylabel()) == ("i (A)", "p (W)")
    assert (upper.get_xlabel(), lower.get_xlabel()) == ("", "drain (V)")
    assert (upper.get_title(), lower.get_title()) == ("curves", "")
    assert upper.get_legend() is not None and lower.get_legend() is None
    one = experiment.plot(ax=plt.subplots()[1])
    assert one.get_ylabel() == "i (A), p (W)"


@pytest.mark.parametrize(("values", "scale"), [((1.0, 10.0, 100.0), "log"), ((1.0, 50.0, 100.0), "linear")])
def test_a_parameter_that_grows_by_a_factor_has_a_logarithmic_axis(values, scale):
    axes = run_over((1.0,), current, drains=values).plot()
    assert axes.get_xscale() == scale


def test_a_sweep_in_random_order_is_drawn_along_its_axis():
    axes = run_over((1.0,), current, drains=range(20), order="random", order_seed=3).plot()
    assert axes.lines[0].get_xdata().tolist() == list(range(20))


def test_waveforms_of_a_run_are_drawn_over_their_time():
    def recorded(count):
        with MeasurementSession("steps") as session:
            session.parameter("level", [float(i) for i in range(count)], unit="V")
            session.acquire(
                lambda level: {"w": Waveform(-1e-6, 1e-6, np.full(50, level), "V"), "label": "x"}, name="measure"
            )
            return session.run(show_progress=False)

    axes = recorded(2).plot()
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("time (µs)", "w (V)")
    assert [line.get_label() for line in axes.lines] == ["level = 0 V", "level = 1 V"]
    np.testing.assert_allclose(axes.lines[0].get_xdata()[:3], [-1, 0, 1], atol=1e-9)
    many = recorded(150).plot()
    assert len(many.lines) == 100
    assert many.get_title() == "steps: 100 of 150 waveforms"
    assert [many.lines[0].get_ydata()[0], many.lines[-1].get_ydata()[0]] == [0, 149]
    assert color_bar_of(many)[0].get_ylabel() == "level (V)"


def test_a_result_over_a_result_is_a_curve_for_each_value_of_the_outer_parameters():
    def measured(gate, drain):
        return {"v": reading(drain * 0.9, "V"), "i": reading(gate * drain, "A")}

    axes = run_over((1.0, 2.0), measured).plot(x="v", y="i")
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("v (V)", "i (A)")
    assert [line.get_ydata().tolist() for line in axes.lines] == [[1, 2, 3], [2, 4, 6]]
    assert [line.get_label() for line in axes.lines] == ["gate = 1 V", "gate = 2 V"]


def test_a_run_is_drawn_to_a_file_from_the_command_line(tmp_path, capsys):
    folder = str(run_over((0.0, 1.0), current).folder)
    starts = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}
    for ending, start in starts.items():
        assert draw_run([folder, str(tmp_path / f"p.{ending}"), "-x", "drain", "-y", "i"]) == 0
        assert (tmp_path / f"p.{ending}").read_bytes().startswith(start)
    assert "drain (V)" in (tmp_path / "p.svg").read_text()
    assert draw_run([folder, str(tmp_path / "p.png")]) == 1
    assert "is there already" in capsys.readouterr().err
    assert draw_run([folder, str(tmp_path / "p.bmp")]) == 1
    assert "says no kind of picture; end it in .pdf, .png, .svg" in capsys.readouterr().err
    assert draw_run([folder, str(tmp_path / "q.png"), "-y", "nothing"]) == 1
    assert "no column 'nothing'" in capsys.readouterr().err
    assert not (tmp_path / "q.png").exists()

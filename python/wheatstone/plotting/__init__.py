"""Plots with Matplotlib, which is imported on first use."""

from wheatstone.plotting.experiment import plot_experiment
from wheatstone.plotting.frames import plot_dataframe, plot_ndarray, plot_result
from wheatstone.plotting.spec import PlotSpec

__all__ = ["PlotSpec", "plot_dataframe", "plot_experiment", "plot_ndarray", "plot_result"]

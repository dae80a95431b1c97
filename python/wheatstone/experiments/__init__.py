"""Experiments and results: what runs and measurements leave."""

from wheatstone.experiments.database import Database, MeasurementDatabase
from wheatstone.experiments.experiment import Experiment, ExperimentParameter
from wheatstone.experiments.finding import load
from wheatstone.results import ChannelReadingResult, FFTResult, MeasurementResult, Reading

Result = MeasurementResult

__all__ = [
    "ChannelReadingResult",
    "Database",
    "Experiment",
    "ExperimentParameter",
    "FFTResult",
    "MeasurementDatabase",
    "MeasurementResult",
    "Reading",
    "Result",
    "load",
]

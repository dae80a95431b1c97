"""Measurement sessions: what to vary, what to measure, what runs beside it."""

from wheatstone.measurements.control import RemoteRun
from wheatstone.measurements.driven import driven_by
from wheatstone.measurements.session import Measurement, MeasurementSession, Session
from wheatstone.measurements.settling import Stable, stable
from wheatstone.measurements.steps import StepSpec, step

__all__ = [
    "Measurement",
    "MeasurementSession",
    "RemoteRun",
    "Session",
    "Stable",
    "StepSpec",
    "driven_by",
    "stable",
    "step",
]

"""Wheatstone runs measurements: say what to vary, what to measure and what runs beside it.

from wheatstone import MeasurementSession

with MeasurementSession("IV curve") as session:
    psu = session.instrument("psu", "keysight/EDU36311A", simulate=True)
    dmm = session.instrument("dmm", "keysight/34470A", simulate=True)
    session.parameter("voltage", [1.0, 2.0, 3.0], unit="V")

    @session.acquire
    def measure(psu, dmm, voltage):
        psu.channel(1).set(voltage=voltage, current_limit=0.5).on()
        return {"v_measured": dmm.measure_voltage_dc()}

    experiment = session.run()
print(experiment.data)
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from wheatstone._native import __version__  # type: ignore[attr-defined]

if TYPE_CHECKING:
    from wheatstone._native import Waveform as Waveform
    from wheatstone._native import arange as arange
    from wheatstone._native import bisect as bisect
    from wheatstone._native import geomspace as geomspace
    from wheatstone._native import linspace as linspace
    from wheatstone._native import logspace as logspace
    from wheatstone._native import refine as refine
    from wheatstone._native import steps as steps
    from wheatstone.bench import Bench as Bench
    from wheatstone.errors import InstrumentConfigurationError as InstrumentConfigurationError
    from wheatstone.errors import InstrumentParameterError as InstrumentParameterError
    from wheatstone.experiments import Experiment as Experiment
    from wheatstone.experiments import MeasurementDatabase as MeasurementDatabase
    from wheatstone.experiments import MeasurementResult as MeasurementResult
    from wheatstone.experiments import Reading as Reading
    from wheatstone.experiments import load as load
    from wheatstone.instruments import AutoInstrument as AutoInstrument
    from wheatstone.measurements import Measurement as Measurement
    from wheatstone.measurements import MeasurementSession as MeasurementSession
    from wheatstone.measurements import RemoteRun as RemoteRun
    from wheatstone.measurements import Session as Session
    from wheatstone.measurements import Stable as Stable
    from wheatstone.measurements import StepSpec as StepSpec
    from wheatstone.measurements import driven_by as driven_by
    from wheatstone.measurements import stable as stable
    from wheatstone.measurements import step as step
    from wheatstone.procedure import Procedure as Procedure
    from wheatstone.procedure import run_file as run_file
    from wheatstone.quantity import Quantity as Quantity
    from wheatstone.store import Store as Store

# Where each name is defined; its module is imported on first use, so that importing the package stays cheap.
_HOMES = {
    "AutoInstrument": "wheatstone.instruments",
    "Bench": "wheatstone.bench",
    "Experiment": "wheatstone.experiments",
    "InstrumentConfigurationError": "wheatstone.errors",
    "InstrumentParameterError": "wheatstone.errors",
    "Measurement": "wheatstone.measurements",
    "MeasurementDatabase": "wheatstone.experiments",
    "MeasurementResult": "wheatstone.experiments",
    "MeasurementSession": "wheatstone.measurements",
    "Procedure": "wheatstone.procedure",
    "Quantity": "wheatstone.quantity",
    "Reading": "wheatstone.experiments",
    "RemoteRun": "wheatstone.measurements",
    "Session": "wheatstone.measurements",
    "Stable": "wheatstone.measurements",
    "StepSpec": "wheatstone.measurements",
    "Waveform": "wheatstone._native",
    "Store": "wheatstone.store",
    "arange": "wheatstone._native",
    "bisect": "wheatstone._native",
    "driven_by": "wheatstone.measurements",
    "geomspace": "wheatstone._native",
    "linspace": "wheatstone._native",
    "logspace": "wheatstone._native",
    "refine": "wheatstone._native",
    "run_file": "wheatstone.procedure",
    "steps": "wheatstone._native",
    "load": "wheatstone.experiments",
    "stable": "wheatstone.measurements",
    "step": "wheatstone.measurements",
}
_MODULES = ("bench", "config", "errors", "experiments", "instruments", "measurements", "plotting", "store")

__all__ = ["__version__", *_HOMES, *_MODULES]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        value = getattr(importlib.import_module(_HOMES[name]), name)
    elif name in _MODULES:
        value = importlib.import_module(f"wheatstone.{name}")
    else:
        raise AttributeError(f"module 'wheatstone' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})

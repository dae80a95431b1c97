"""Names of settings, for who prefers enumerations to text. Drivers take either."""

from wheatstone.config.enums import (
    AcquisitionType,
    Coupling,
    DMMFunction,
    LoadMode,
    TransientMode,
    TriggerCoupling,
    TriggerSlope,
    TriggerSweep,
)

__all__ = [
    "AcquisitionType",
    "Coupling",
    "DMMFunction",
    "LoadMode",
    "TransientMode",
    "TriggerCoupling",
    "TriggerSlope",
    "TriggerSweep",
]

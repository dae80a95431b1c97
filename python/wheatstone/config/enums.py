"""Enumerations of settings. A member's value is the word that the instrument understands."""

from __future__ import annotations

from enum import StrEnum


class DMMFunction(StrEnum):
    """What a multimeter measures."""

    VOLTAGE_DC = "VOLT:DC"
    VOLTAGE_AC = "VOLT:AC"
    CURRENT_DC = "CURR:DC"
    CURRENT_AC = "CURR:AC"
    RESISTANCE = "RES"
    FRESISTANCE = "FRES"
    FREQUENCY = "FREQ"
    PERIOD = "PER"
    TEMPERATURE = "TEMP"
    DIODE = "DIOD"
    CONTINUITY = "CONT"
    CAPACITANCE = "CAP"
    DC_VOLTAGE = "VOLT:DC"
    AC_VOLTAGE = "VOLT:AC"
    DC_CURRENT = "CURR:DC"
    AC_CURRENT = "CURR:AC"
    RESISTANCE_4W = "FRES"


class TriggerSlope(StrEnum):
    """Which edge triggers."""

    POSITIVE = "POS"
    NEGATIVE = "NEG"
    EITHER = "EITH"
    ALTERNATE = "ALT"


class TriggerSweep(StrEnum):
    """What a scope does without a trigger."""

    AUTOMATIC = "AUTO"
    NORMAL = "NORM"


class TriggerCoupling(StrEnum):
    """How the trigger sees its source."""

    DC = "DC"
    AC = "AC"
    LOW_FREQUENCY_REJECT = "LFR"


class Coupling(StrEnum):
    """How a channel sees its input."""

    DC = "DC"
    AC = "AC"


class AcquisitionType(StrEnum):
    """What a scope makes of its samples."""

    NORMAL = "NORM"
    AVERAGE = "AVER"
    HIGH_RESOLUTION = "HRES"
    HIGH_RES = "HRES"
    PEAK = "PEAK"


class LoadMode(StrEnum):
    """What a load holds constant."""

    CC = "CURR"
    CV = "VOLT"
    CR = "RES"
    CP = "POW"


class TransientMode(StrEnum):
    """How a load changes between its two levels."""

    CONTINUOUS = "CONT"
    PULSE = "PULS"
    TOGGLE = "TOGG"

"""Drivers, by kind of instrument. Each class is also found in a module of its name."""

import sys
import types

from wheatstone._native import (
    ElectronicLoad,
    Instrument,
    InstrumentLock,
    Multimeter,
    Oscilloscope,
    PowerSupply,
    ScopeAcquisition,
    ScopeChannel,
    ScopeTrigger,
    SupplyChannel,
    Waveform,
)
from wheatstone.instruments.auto import AutoInstrument

DCActiveLoad = ElectronicLoad

# `from wheatstone.instruments.PowerSupply import PowerSupply` works, and the name in this package stays the class:
# modules that are there already are not bound to their package again.
for _name, _class in {
    "AutoInstrument": AutoInstrument,
    "DCActiveLoad": DCActiveLoad,
    "ElectronicLoad": ElectronicLoad,
    "Multimeter": Multimeter,
    "Oscilloscope": Oscilloscope,
    "Instrument": Instrument,
    "PowerSupply": PowerSupply,
}.items():
    _module = types.ModuleType(f"{__name__}.{_name}", _class.__doc__)
    setattr(_module, _name, _class)
    _module.__all__ = [_name]  # type: ignore[attr-defined]
    sys.modules[_module.__name__] = _module
sys.modules[f"{__name__}.instrument"] = sys.modules[f"{__name__}.Instrument"]  # the one whose name is not its class's
del _name, _class, _module

__all__ = [
    "AutoInstrument",
    "DCActiveLoad",
    "ElectronicLoad",
    "Instrument",
    "InstrumentLock",
    "Multimeter",
    "Oscilloscope",
    "PowerSupply",
    "ScopeAcquisition",
    "ScopeChannel",
    "ScopeTrigger",
    "SupplyChannel",
    "Waveform",
]

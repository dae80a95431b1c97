"""Units of parameters: labels that convert nothing."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping

_PREFIXED = re.compile(r"(?:[pnumkMG]|\u00b5|\u03bc|[Mm]eg)(V|A|W|Hz|s|F|H|[Oo]hms?|\u03a9|\u2126)")


def warn_of_prefixed_units(what: str, units: Mapping[str, str], known: set[str]) -> set[str]:
    """Warns of each parameter with a unit like "mV" that ``what`` gets beside an instrument: drivers take the
    number as it stands, in volts. Returns the parameters warned of; those ``known`` were before."""
    warned = set()
    for name, unit in units.items():
        match = _PREFIXED.fullmatch(unit)
        if match is None or name in known:
            continue
        warned.add(name)
        warnings.warn(
            f"parameter {name!r} has the unit {unit!r}, and {what} gets it beside an instrument; "
            f"a driver takes the number in {match[1]} and converts nothing, so give values and unit in {match[1]}, or "
            "convert in the function",
            UserWarning,
            stacklevel=7,
        )
    return warned


__all__ = ["warn_of_prefixed_units"]

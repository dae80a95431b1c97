"""A number that knows its unit and how sure it is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from uncertainties.core import Variable


class Quantity(float):
    """A float with a unit label and a standard uncertainty (k = 1; NaN where unknown).

    It is a float in every respect: arithmetic gives plain floats, formats are those of floats. Returned from an
    acquisition it gives its column the unit; returning the reading that it comes from adds a column of uncertainties.
    """

    __slots__ = ("_std_dev", "_unit")

    _unit: str
    _std_dev: float

    def __new__(cls, value: Any, unit: str = "", std_dev: float = math.nan) -> Quantity:
        self = super().__new__(cls, value)
        self._unit = unit
        self._std_dev = std_dev
        return self

    @property
    def unit(self) -> str:
        """The label of the unit, "V" or "Ohm"; empty where there is none."""
        return self._unit

    @property
    def nominal_value(self) -> float:
        """The number alone."""
        return float(self)

    n = nominal_value

    @property
    def std_dev(self) -> float:
        """Standard uncertainty in the unit; NaN where unknown."""
        return self._std_dev

    s = std_dev

    def to_ufloat(self) -> Variable:
        """The same as an object of the package ``uncertainties``, which must be installed."""
        from uncertainties import ufloat

        return ufloat(float(self), 0.0 if math.isnan(self._std_dev) else self._std_dev)

    def __repr__(self) -> str:
        parts = [float.__repr__(self)]
        if self._unit:
            parts.append(f"unit={self._unit!r}")
        if not math.isnan(self._std_dev):
            parts.append(f"std_dev={self._std_dev:.3g}")
        return f"Quantity({', '.join(parts)})"

    def __str__(self) -> str:
        return float.__repr__(self)

    def __getnewargs__(self) -> tuple[float, str, float]:  # type: ignore[override]
        return float(self), self._unit, self._std_dev


__all__ = ["Quantity"]

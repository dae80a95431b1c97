"""Values of a parameter by rule: ``step.linear(0, 5, 11)`` and its kin."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from wheatstone.checking import check_finite, count_of
from wheatstone.errors import ConfigurationError
from wheatstone.refusal import refusing


@dataclass(frozen=True)
class StepSpec:
    """A rule that makes the values of a parameter."""

    generator: Callable[[], Iterable[Any]]
    label: str = "custom"
    metadata: Mapping[str, Any] = field(default_factory=dict)
    unit: str = ""

    def values(self) -> list[Any]:
        """The values, in order."""
        made = self.generator()
        if not isinstance(made, Iterable):
            raise ConfigurationError(f"the function of step.{self.label} gave {made!r}, which is no list of values")
        return list(made)

    def __repr__(self) -> str:
        given = ", ".join(f"{name}={value!r}" for name, value in self.metadata.items())
        return f"step.{self.label}({given})"

    def __iter__(self) -> Any:
        return iter(self.values())


def _positive(start: float, stop: float) -> None:
    check_finite(start, "start")
    check_finite(stop, "stop")
    if start <= 0 or stop <= 0:
        raise ConfigurationError(f"values from {start} to {stop} have no logarithm; give two ends above zero")


class step:
    """Makes the values of a parameter: ``session.parameter("voltage", step.linear(0, 5, 11, unit="V"))``. The unit is
    the parameter's, unless that is given one of its own."""

    @staticmethod
    @refusing
    def linear(start: float, stop: float, count: int, *, endpoint: bool = True, unit: str = "") -> StepSpec:
        """``count`` values in equal steps from start to stop, without stop where ``endpoint`` is False."""
        check_finite(start, "start")
        check_finite(stop, "stop")
        count = count_of(count, "values")

        def values() -> list[float]:
            import numpy as np

            return list(np.linspace(start, stop, count, endpoint=endpoint).tolist())

        return StepSpec(values, "linear", {"start": start, "stop": stop, "count": count, "endpoint": endpoint}, unit)

    @staticmethod
    @refusing
    def log(start: float, stop: float, count: int, *, base: float = 10, unit: str = "") -> StepSpec:
        """``count`` values in equal steps of their logarithm, from start to stop, both above zero."""
        count = count_of(count, "values")
        _positive(start, stop)
        check_finite(base, "base")
        if base <= 0 or base == 1:
            raise ConfigurationError(f"{base} is the base of no logarithm; give one above zero other than 1")

        def values() -> list[float]:
            import numpy as np

            exact: dict[float, Callable[[float], float]] = {2: np.log2, 10: np.log10}
            logarithm = exact.get(base) or (lambda value: math.log(value) / math.log(base))
            exponents = np.linspace(logarithm(start), logarithm(stop), count)
            values = np.power(float(base), exponents)
            values[0], values[-1] = start, stop if count > 1 else start
            return list(values.tolist())

        return StepSpec(values, "log", {"start": start, "stop": stop, "count": count, "base": base}, unit)

    @staticmethod
    @refusing
    def geom(start: float, stop: float, count: int, *, unit: str = "") -> StepSpec:
        """``count`` values, each the same multiple of the one before, from start to stop."""
        count = count_of(count, "values")
        check_finite(start, "start")
        check_finite(stop, "stop")
        if start == 0 or stop == 0 or (start < 0) != (stop < 0):
            raise ConfigurationError(f"no multiple leads from {start} to {stop}; give two ends of one sign, none zero")

        def values() -> list[float]:
            import numpy as np

            return list(np.geomspace(start, stop, count).tolist())

        return StepSpec(values, "geom", {"start": start, "stop": stop, "count": count}, unit)

    @staticmethod
    @refusing
    def exp(exponent_start: float, exponent_stop: float, count: int, *, unit: str = "") -> StepSpec:
        """``count`` powers of ten, their exponents in equal steps."""
        check_finite(exponent_start, "exponent_start")
        check_finite(exponent_stop, "exponent_stop")
        count = count_of(count, "values")

        def values() -> list[float]:
            import numpy as np

            return list(np.logspace(exponent_start, exponent_stop, count).tolist())

        return StepSpec(values, "exp", {"start": exponent_start, "stop": exponent_stop, "count": count}, unit)

    @staticmethod
    @refusing
    def points(values: Iterable[Any], *, unit: str = "") -> StepSpec:
        """These values."""
        if isinstance(values, str) or not isinstance(values, Iterable):
            raise ConfigurationError(f"step.points() takes a list of values, not {values!r}; give [{values!r}]")
        kept = list(values)
        if not kept:
            raise ConfigurationError("step.points() was given no values; give at least one")
        return StepSpec(lambda: kept, "points", {"count": len(kept)}, unit)

    @staticmethod
    @refusing
    def custom(generator: Callable[[], Iterable[Any]], *, label: str = "custom", unit: str = "") -> StepSpec:
        """The values that a function of no arguments gives; pulled one by one where that is a generator."""
        if not callable(generator):
            raise ConfigurationError(f"step.custom() takes a function that gives the values, not {generator!r}")
        return StepSpec(generator, label, unit=unit)


__all__ = ["StepSpec", "step"]

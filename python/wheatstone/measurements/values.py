"""What the values of a parameter may be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from wheatstone.errors import ConfigurationError
from wheatstone.measurements.steps import StepSpec


class Varied(NamedTuple):
    """A registered parameter: its place in the native session, its values and its unit."""

    ordinal: int
    values: Sequence[Any]
    unit: str


def _packed(array: Any) -> memoryview | None:
    """A copy of an array of plain numbers, which is kept as it is; None for an array of anything else."""
    kind, size = getattr(array.dtype, "kind", ""), getattr(array.dtype, "itemsize", 0)
    if kind == "f" and size <= 8:
        return memoryview(array.astype("float64", order="C", copy=True)).toreadonly()
    if kind == "i" or kind == "u" and size < 8:
        return memoryview(array.astype("int64", order="C", copy=True)).toreadonly()
    return None


def _check_series(name: str, values: Any) -> None:
    if isinstance(values, (str, bytes, Mapping, set, frozenset)):
        raise ConfigurationError(
            f"the values of parameter {name!r} are a {type(values).__name__}, which is no series of values; give a list"
        )
    if not isinstance(values, Iterable):
        raise ConfigurationError(f"parameter {name!r} takes a list of values, not {values!r}; give [{values!r}]")
    if getattr(values, "ndim", 1) == 0:
        raise ConfigurationError(f"parameter {name!r} takes a list of values, not one; give [{values!r}]")


def listed(name: str, values: Any) -> Sequence[Any]:
    """The values of parameter ``name``: a range as it is, an array of numbers packed, anything else as a list."""
    if isinstance(values, StepSpec):
        return values.values()
    if callable(values) and not hasattr(values, "__iter__"):
        values = values()
    if isinstance(values, range):
        return values
    _check_series(name, values)
    if type(values).__module__ == "numpy" and getattr(values, "ndim", 0) == 1:
        packed = _packed(values)
        if packed is not None:
            return packed
    for convert in ("tolist", "to_list"):
        if hasattr(values, convert) and getattr(values, "ndim", 1) == 1:
            return list(getattr(values, convert)())
    return list(values)

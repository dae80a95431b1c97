"""The order in which a run takes its points."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

from wheatstone import _native
from wheatstone.checking import whole_or_none
from wheatstone.errors import ConfigurationError
from wheatstone.measurements.values import elements

_NAMES = "'grid', 'zip', 'snake', 'random' or 'up_down', a list of points, or an adaptive plan with ask() and tell()"


def order_from(order: Any) -> Any:
    """What the native session takes: the name of an order, an adaptive plan, or (names, points)."""
    if isinstance(order, (str, _native.AdaptivePlan)):
        return order
    if callable(getattr(order, "ask", None)) and callable(getattr(order, "tell", None)):
        return order
    if hasattr(order, "to_dicts"):  # a Polars DataFrame
        order = order.to_dicts()
    if isinstance(order, (Mapping, bytes)) or not isinstance(order, Iterable):
        raise ConfigurationError(f"order={order!r} is no order; give {_NAMES}")
    points = elements(order) if hasattr(order, "tolist") else list(order)
    if points and isinstance(points[0], Mapping):
        return _named(points)
    return [], [_values(number, point) for number, point in enumerate(points)]


def _named(points: list[Any]) -> tuple[list[str], list[list[Any]]]:
    names = [str(name) for name in points[0]]
    for number, point in enumerate(points):
        if not isinstance(point, Mapping) or set(point) != set(points[0]):
            raise ConfigurationError(
                f"point {number} of the list is {point!r}, but the first names {', '.join(map(repr, names))}; "
                "give each point the same parameters"
            )
    return names, [[point[name] for name in points[0]] for point in points]


def _values(number: int, point: Any) -> list[Any]:
    if isinstance(point, Mapping):
        raise ConfigurationError(f"point {number} of the list names its parameters and the first does not; name all")
    if isinstance(point, (list, tuple)) or hasattr(point, "tolist") and getattr(point, "ndim", 0) == 1:
        return list(point)
    return [point]


def seed_or_none(seed: Any) -> int | None:
    """The seed of a random order, where it is given."""
    if seed is None:
        return None
    whole = whole_or_none(seed, 0)
    if whole is not None:
        return whole
    raise ConfigurationError(f"order_seed={seed!r} draws no order; give a whole number from 0 on")


def repeat_of(repeat: Any) -> int:
    """How often all points are taken."""
    times = whole_or_none(repeat, 1)
    if times is not None:
        return times
    raise ConfigurationError(f"repeat={repeat!r} is no number of times; give a whole number, 1 or more")


def resumed_run(resume: Any) -> str:
    """What the native session takes for ``resume``: "last", a run, or nothing."""
    if isinstance(resume, bool):
        return "last" if resume else ""
    if isinstance(resume, (str, os.PathLike)) and os.fspath(resume):
        return os.fsdecode(resume)
    raise ConfigurationError(f"resume={resume!r} is no run; give True, or a run's id or folder")


__all__ = ["order_from", "repeat_of", "resumed_run", "seed_or_none"]

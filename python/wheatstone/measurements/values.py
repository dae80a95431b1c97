"""What the values of a parameter may be."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from wheatstone import _native
from wheatstone.errors import ConfigurationError
from wheatstone.measurements.steps import StepSpec


class Streamed:
    """Values of an iterator, pulled when they are needed and kept, so that a second run has the same."""

    def __init__(self, name: str, iterator: Iterator[Any]) -> None:
        self.native = _native.StreamedValues(name)
        self._iterator = iterator
        self._pulled: list[Any] = []
        self._ended = False

    def has(self, position: int) -> bool:
        """Whether there is a value of that position; pulls as far."""
        while len(self._pulled) <= position and not self._ended:
            try:
                self._pulled.append(next(self._iterator))
            except StopIteration:
                self._ended = True
        return position < len(self._pulled)

    def __getitem__(self, position: int) -> Any:
        return self._pulled[position]

    def __iter__(self) -> Iterator[Any]:
        position = 0
        while self.has(position):
            yield self._pulled[position]
            position += 1

    def __repr__(self) -> str:
        return f"<stream of values, {len(self._pulled)} pulled{', at its end' if self._ended else ''}>"


class Dependent:
    """Values that a function makes of outer parameters, by name."""

    def __init__(self, name: str, function: Callable[..., Any]) -> None:
        self.native = _native.DependentValues(name)
        self.function = function

    def __repr__(self) -> str:
        return f"<values made by {getattr(self.function, '__name__', self.function)}>"


class Varied(NamedTuple):
    """A registered parameter: its place in the native session, its values (None: an order brings them), its unit, and
    the function that it settles by with what the loop calls in its place."""

    ordinal: int
    values: Sequence[Any] | _native.Series | Streamed | Dependent | None
    unit: str
    settles_by: tuple[_native.Call, Callable[..., Any]] | None = None


def _packed(array: Any) -> memoryview | None:
    """A copy of an array of plain numbers, which is kept as it is; None for an array of anything else."""
    kind, size = getattr(array.dtype, "kind", ""), getattr(array.dtype, "itemsize", 0)
    if kind == "f" and size <= 8:
        return memoryview(array.astype("float64", order="C", copy=True)).toreadonly()
    if kind == "i" or kind == "u" and size < 8:
        return memoryview(array.astype("int64", order="C", copy=True)).toreadonly()
    return None


def elements(array: Any) -> list[Any]:
    """The elements of an array, series or frame column. Of NumPy's instants and durations as they are: ``tolist`` makes
    plain numbers of what has nanoseconds."""
    if getattr(getattr(array, "dtype", None), "kind", "") in ("M", "m") and type(array).__module__ == "numpy":
        return list(array)
    return list(getattr(array, "tolist" if hasattr(array, "tolist") else "to_list")())


def _check_series(name: str, values: Any) -> None:
    if isinstance(values, (str, bytes, Mapping, set, frozenset)):
        raise ConfigurationError(
            f"the values of parameter {name!r} are a {type(values).__name__}, which is no series of values; give a list"
        )
    if not isinstance(values, Iterable):
        raise ConfigurationError(f"parameter {name!r} takes a list of values, not {values!r}; give [{values!r}]")
    if getattr(values, "ndim", 1) == 0:
        raise ConfigurationError(f"parameter {name!r} takes a list of values, not one; give [{values!r}]")


def _asks_for_others(function: Callable[..., Any]) -> bool:
    """Whether a function cannot be called without arguments."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # a built-in that does not tell
        return False
    starred = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return any(each.default is inspect.Parameter.empty and each.kind not in starred for each in parameters)


def taken(name: str, values: Any) -> Sequence[Any] | _native.Series | Streamed | Dependent | None:
    """The values of parameter ``name`` as a session keeps them: a range or a Series as it is, an array of numbers
    packed, an iterator to be pulled, a function of other parameters to be called, anything else as a list."""
    if values is None:
        return None
    if isinstance(values, StepSpec):
        values = values.generator() if values.label == "custom" else values.values()
    if callable(values) and not hasattr(values, "__iter__"):
        if _asks_for_others(values):
            return Dependent(name, values)
        values = values()
    if isinstance(values, Iterator):
        return Streamed(name, values)
    return listed(name, values)


def listed(name: str, values: Any) -> Sequence[Any] | _native.Series:
    """The values of parameter ``name``, all of them: a range or a Series as it is, an array of numbers packed, anything
    else as a list."""
    if isinstance(values, StepSpec):
        return values.values()
    if isinstance(values, (range, _native.Series)):
        return values
    _check_series(name, values)
    if type(values).__module__ == "numpy" and getattr(values, "ndim", 0) == 1:
        packed = _packed(values)
        if packed is not None:
            return packed
    if (hasattr(values, "tolist") or hasattr(values, "to_list")) and getattr(values, "ndim", 1) == 1:
        return elements(values)
    return list(values)


def unit_of(values: Any) -> str:
    """The unit that a rule gives its parameter."""
    return values.unit if isinstance(values, (StepSpec, _native.Series)) else ""


def shown(values: Any) -> Any:
    """Values as a session shows them: lists, but what is computed or pulled as it is."""
    if values is None or isinstance(values, (range, Streamed, Dependent, _native.Series)):
        return values
    return list(values)

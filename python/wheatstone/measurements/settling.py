"""When a parameter that has changed is at rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, overload

from wheatstone import _native
from wheatstone.checking import check_text, is_number, number, number_or_none
from wheatstone.errors import ConfigurationError
from wheatstone.measurements.arguments import check_function
from wheatstone.refusal import refusing


class Stable:
    """What a parameter waits for, as :func:`stable` made it. May be given to any number of parameters."""

    def __init__(self, text: str, function: Callable[..., Any] | None, wanted: dict[str, Any]) -> None:
        self._text = text
        self._wanted = wanted
        self.function = function
        self.native(None if function is None else _native.Call())  # refuses what cannot be waited for

    def native(self, call: _native.Call | None) -> _native.Stability:
        """The same for one parameter, whose loop calls ``call`` in place of the function."""
        return _native.Stability(**self._wanted, reading=call)

    def __repr__(self) -> str:
        return self._text


@overload
def stable(
    band: float,
    unit: str = "",
    /,
    *,
    over: float = 1.0,
    limit: float = 60.0,
    every: float | None = None,
    of: str = "",
    reading: Callable[..., Any] | None = None,
) -> Stable: ...
@overload
def stable(
    condition: Callable[..., Any], /, *, over: float = 1.0, limit: float = 60.0, every: float | None = None
) -> Stable: ...
@refusing
def stable(
    band: Any,
    unit: str = "",
    /,
    *,
    over: float = 1.0,
    limit: float = 60.0,
    every: float | None = None,
    of: str = "",
    reading: Callable[..., Any] | None = None,
) -> Stable:
    """What ``session.parameter(..., settle=stable(0.1, "%", over=5))`` waits for after the value has changed: a reading
    that stays within a band, or a condition that holds. Where neither ``of`` nor ``reading`` is given, all numbers of
    the acquisitions are looked at; what those return meanwhile is not kept.

    Args:
        band: Largest less smallest reading; or a function of instruments and parameters, by name, that has to be true.
        unit: "%" for a band in percent of the mean; else the band is in the reading's own unit.
        over: Seconds that the reading has to stay within the band, or the condition has to hold.
        limit: Seconds after which the run fails with a TimeoutError as the cause.
        every: Seconds between two looks; a tenth of ``over`` where not given.
        of: The result that is looked at.
        reading: A function of instruments and parameters, by name, that returns the number to look at.
    """
    unit, of = check_text(unit, "unit"), check_text(of, "of")
    times = {"over": number(over, "over"), "limit": number(limit, "limit"), "every": number_or_none(every, "every")}
    if callable(band):
        check_function(band, "the condition of stable()")
        if unit or of or reading is not None:
            raise ConfigurationError(
                "stable() takes a condition, or a band with its unit and what to look at; give one of both"
            )
        return Stable(_text_of(band, times), band, {"band": None, "unit": "", "of": "", **times})
    if not is_number(band):
        raise ConfigurationError(f"{band!r} is no band; give a number and its unit, such as 0.1, '%', or a condition")
    if reading is not None:
        check_function(reading, "the reading of stable()")
    wanted = {"band": float(band), "unit": unit, "of": of, **times}
    return Stable(_text_of(f"{band}, {unit!r}", {**times, "of": of or reading}), reading, wanted)


def _text_of(first: Any, options: dict[str, Any]) -> str:
    what = getattr(first, "__name__", first)
    given = [f"{name}={getattr(value, '__name__', value)}" for name, value in options.items() if value is not None]
    return f"stable({', '.join([str(what), *given])})"


def settle_from(settle: Any) -> tuple[float, Stable | None]:
    """The time and the rest that a parameter waits for."""
    if isinstance(settle, Stable):
        return 0.0, settle
    if not isinstance(settle, (tuple, list)):
        return number(settle, "settle"), None
    rests = [each for each in settle if isinstance(each, Stable)]
    if len(settle) != 2 or len(rests) != 1:
        raise ConfigurationError(
            f"settle={settle!r} is neither a time nor a rest; give seconds, stable(...), or both: (0.5, stable(...))"
        )
    return number(settle[0] if settle[1] is rests[0] else settle[1], "settle"), rests[0]


__all__ = ["Stable", "settle_from", "stable"]

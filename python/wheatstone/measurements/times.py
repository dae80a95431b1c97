"""When an acquisition of a timed run is called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from wheatstone import _native
from wheatstone.checking import number_or_none
from wheatstone.errors import ConfigurationError
from wheatstone.measurements.arguments import check_function

Trigger = Callable[..., Any] | _native.Instrument | None


class Times(NamedTuple):
    """The times of an acquisition."""

    interval: float | None = None
    trigger: _native.Call | _native.Instrument | None = None
    poll: float | None = None
    asked: tuple[_native.Call, Callable[..., Any]] | None = None  # where the trigger is a function


def times_from(interval: Any, trigger: Any, poll: Any) -> Times:
    """The times as a caller gave them."""
    seconds, every = number_or_none(interval, "interval"), number_or_none(poll, "poll")
    if trigger is None or isinstance(trigger, _native.Instrument):
        return Times(seconds, trigger, every)
    if not callable(trigger):
        raise ConfigurationError(
            f"trigger={trigger!r} is neither a function nor an instrument; give a function that says when, or an "
            "instrument that requests service"
        )
    check_function(trigger, "a trigger")
    call = _native.Call()
    return Times(seconds, call, every, (call, trigger))


__all__ = ["Times", "Trigger", "times_from"]

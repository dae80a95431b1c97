"""How often an acquisition is called, and what its errors do."""

from __future__ import annotations

import operator
from typing import Any, NamedTuple

from wheatstone import _native
from wheatstone.checking import number
from wheatstone.errors import CommunicationError, ConfigurationError, ConnectionError, TimeoutError
from wheatstone.measurements.times import Times

ErrorClasses = type[Exception] | tuple[type[Exception], ...] | list[type[Exception]] | None

_WORTH_ANOTHER = (ConnectionError, TimeoutError, CommunicationError)


class Attempts(NamedTuple):
    """The options of an acquisition or baseline."""

    samples: int
    retries: int
    backoff: float
    retry_on: tuple[type[Exception], ...]
    skip: bool

    def native(self, kind: str, name: str, times: Times | None = None) -> _native.Acquisition:
        """An acquisition with them."""
        interval, trigger, poll, _ = times or Times()
        return _native.Acquisition(
            kind, name, self.samples, self.retries, self.backoff, self.skip, interval, trigger, poll
        )


def attempts_from(samples: Any, retries: Any, backoff: Any, retry_on: Any, on_error: Any) -> Attempts:
    """The options as a caller gave them."""
    if on_error not in ("fail", "skip"):
        raise ConfigurationError(f"on_error={on_error!r} is not known; give 'fail' or 'skip'")
    seconds = number(backoff, "backoff")
    if not seconds >= 0:
        raise ConfigurationError(f"backoff={backoff!r} is below zero; give seconds")
    further = _whole(retries, "retries", 0)
    classes = _classes(retry_on)
    if further == 0 and (seconds > 0 or retry_on is not None):
        given = "retry_on says after which errors" if retry_on is not None else "backoff says how long before"
        raise ConfigurationError(f"{given} it is tried again, and there are no retries; give them, as with retries=2")
    return Attempts(
        samples=_whole(samples, "samples", 1),
        retries=further,
        backoff=seconds,
        retry_on=classes,
        skip=on_error == "skip",
    )


def _whole(given: Any, what: str, least: int) -> int:
    try:
        count = operator.index(given)
    except TypeError:
        count = -1
    if least <= count < 2**32:
        return count
    raise ConfigurationError(f"{what}={given!r} is no number of {what}; give a whole number from {least} on")


def _classes(given: Any) -> tuple[type[Exception], ...]:
    if given is None:
        return _WORTH_ANOTHER
    classes = tuple(given) if isinstance(given, (tuple, list)) else (given,)
    for each in classes:
        if not isinstance(each, type) or not issubclass(each, Exception):
            raise ConfigurationError(
                f"retry_on takes classes of errors, not {each!r}; give one, such as TimeoutError, or a tuple of them"
            )
    return classes


__all__ = ["Attempts", "ErrorClasses", "attempts_from"]

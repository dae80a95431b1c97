"""What callers give: checked where it is given, and refused with what to give instead."""

from __future__ import annotations

import math
import operator
import os
from typing import Any

from wheatstone.errors import ConfigurationError


def is_number(value: Any) -> bool:
    """Whether it is a number, or becomes one by itself; text does not."""
    try:
        return not isinstance(value, (str, bytes)) and float(value) is not None
    except (TypeError, ValueError, OverflowError):
        return False


def number(value: Any, what: str) -> float:
    """Seconds, as a number; text is none."""
    if is_number(value):
        return float(value)
    raise ConfigurationError(f"{what}={value!r} is no number of seconds; give a number, such as 0.5")


def number_or_none(value: Any, what: str) -> float | None:
    """The same, where it may be left out."""
    return None if value is None else number(value, what)


def check_finite(value: Any, what: str) -> None:
    """Refuses what cannot be the end of a series of values."""
    if not is_number(value) or not math.isfinite(value):
        raise ConfigurationError(f"{what}={value!r} is no finite number; give a number, such as 2.5")


def whole_or_none(value: Any, least: int) -> int | None:
    """A whole number from ``least`` on that fits 64 bits; None for anything else."""
    try:
        whole = operator.index(value)
    except TypeError:
        return None
    return whole if least <= whole < 2**63 else None


def count_of(count: Any, what: str, name: str = "count") -> int:
    """How many of something, 1 or more, as the argument ``name`` says."""
    whole = whole_or_none(count, 1)
    if whole is not None:
        return whole
    raise ConfigurationError(f"{name}={count!r} is no number of {what}; give a whole number, such as 10")


def timeout_from(seconds: Any, milliseconds: Any) -> float:
    """Seconds for each answer, from either; 5 where neither is given."""
    if seconds is not None:
        return number(seconds, "timeout")
    if milliseconds is None:
        return 5.0
    if is_number(milliseconds):
        return float(milliseconds) * 1e-3
    raise ConfigurationError(
        f"timeout_override_ms={milliseconds!r} is no number of milliseconds; give one, such as 500"
    )


def check_name(name: Any, what: str) -> None:
    """Refuses what cannot name a parameter, acquisition, task or instrument."""
    if not isinstance(name, str):
        raise ConfigurationError(f"{name!r} cannot name this {what}; give its name as text, such as 'voltage'")


def check_text(text: Any, what: str) -> str:
    """The text, or "" for None."""
    if text is None or isinstance(text, str):
        return text or ""
    raise ConfigurationError(f"{what}={text!r} is no text; give a str")


def profile_named(profile: Any) -> str | None:
    """The name or path of a profile, where it is given."""
    if profile is None or isinstance(profile, str):
        return profile
    if isinstance(profile, os.PathLike):
        return str(os.fspath(profile))
    raise ConfigurationError(f"{profile!r} names no profile; give one as text, such as 'keysight/34470A', or its path")


def path_given(path: Any, what: str) -> str:
    """The path of a file or folder, or "" for None."""
    if path is None:
        return ""
    if isinstance(path, (str, os.PathLike)):
        return str(os.fspath(path))
    raise ConfigurationError(f"{path!r} is no {what}; give its path as text or pathlib.Path")


__all__ = [
    "check_finite",
    "check_name",
    "check_text",
    "count_of",
    "is_number",
    "number",
    "number_or_none",
    "path_given",
    "profile_named",
    "timeout_from",
]

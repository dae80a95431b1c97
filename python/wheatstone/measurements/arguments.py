"""Arguments of acquisitions and tasks, by name: what they may ask for, found once before a run moves anything."""

from __future__ import annotations

import difflib
import inspect
import operator
import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from wheatstone.errors import ConfigurationError

_BY_NAME = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


def number(value: Any, what: str) -> float:
    """Seconds, as a number; text is none."""
    try:
        if not isinstance(value, (str, bytes)):
            return float(value)
    except (TypeError, ValueError, OverflowError):
        pass
    raise ConfigurationError(f"{what}={value!r} is no number of seconds; give a number, such as 0.5")


def number_or_none(value: Any, what: str) -> float | None:
    """The same, where it may be left out."""
    return None if value is None else number(value, what)


def rows_or_none(count: Any) -> int | None:
    """The number of rows, where it is given."""
    if count is None:
        return None
    try:
        rows = operator.index(count)
    except TypeError:
        rows = -1
    if rows < 0 or rows >= 2**63:
        raise ConfigurationError(f"count={count!r} is no number of rows; give a whole number, such as 10")
    return rows


def check_name(name: Any, what: str) -> None:
    """Refuses what cannot name a parameter, acquisition, task or instrument."""
    if not isinstance(name, str):
        raise ConfigurationError(f"{name!r} cannot name this {what}; give its name as text, such as 'voltage'")


def profile_named(profile: Any) -> str | None:
    """The name or path of a profile, where it is given."""
    if profile is None or isinstance(profile, str):
        return profile
    if isinstance(profile, os.PathLike):
        return os.fspath(profile)
    raise ConfigurationError(f"{profile!r} names no profile; give one as text, such as 'keysight/34470A', or its path")


def name_of(function: Callable[..., Any]) -> str:
    """The name that a callable goes by."""
    name = getattr(function, "__name__", None) or type(getattr(function, "func", function)).__name__
    inner = getattr(function, "func", None)
    return getattr(inner, "__name__", name) if inner is not None and not hasattr(function, "__name__") else name


def check_function(function: Any, what: str) -> None:
    """Refuses what cannot be called by the loop."""
    if not callable(function):
        raise ConfigurationError(f"{what} takes a function, not {function!r}; decorate a function with it")
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        raise ConfigurationError(f"{what} {name_of(function)!r} is async; write it as a plain function (def)")


def asked_by(function: Callable[..., Any], what: str) -> dict[str, bool]:
    """The names that a function asks for, and whether it can do without. ``what`` names it in errors."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError) as error:
        raise ConfigurationError(
            f"the arguments of {what} cannot be read ({error}); wrap it in a plain function"
        ) from error
    names = {}
    for parameter in signature.parameters.values():
        if parameter.kind is inspect.Parameter.VAR_KEYWORD or parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            stars = "**" if parameter.kind is inspect.Parameter.VAR_KEYWORD else "*"
            raise ConfigurationError(
                f"{what} takes {stars}{parameter.name}, and nothing says what that should be; name each argument"
            )
        if parameter.kind not in _BY_NAME:
            raise ConfigurationError(
                f"{what} takes {parameter.name!r} by position only; arguments are given by name, so remove the '/'"
            )
        names[parameter.name] = parameter.default is not inspect.Parameter.empty
    return names


def _listed(names: Iterable[str]) -> str:
    return ", ".join(repr(name) for name in names)


def choose(
    function: Callable[..., Any], what: str, provided: Mapping[str, Any], groups: Mapping[str, Iterable[str]]
) -> list[str]:
    """The names of ``provided`` that the function gets. ``groups`` sorts all names for the error."""
    chosen = []
    for name, optional in asked_by(function, what).items():
        if name in provided:
            chosen.append(name)
        elif not optional:
            near = difflib.get_close_matches(name, list(provided), n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            there = "; ".join(f"{group} {_listed(names)}" for group, names in groups.items() if list(names))
            raise ConfigurationError(f"{what} asks for {name!r}, which nothing provides{hint} (there are {there})")
    return chosen

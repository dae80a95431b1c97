"""Arguments of acquisitions and tasks, by name: what they may ask for, found once before a run moves anything."""

from __future__ import annotations

import difflib
import inspect
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from wheatstone.errors import ConfigurationError

_BY_NAME = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


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


def _hint(name: str, provided: Iterable[str]) -> str:
    """For a name that nothing provides."""
    names = list(provided)
    for each in names:
        if unicodedata.normalize("NFKC", each) == name:
            return (
                f"; Python reads the argument {each!r} as {name!r} ({ascii(name)}), so register it under that name, "
                "or one in plain letters"
            )
    near = difflib.get_close_matches(name, names, n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def choose(
    function: Callable[..., Any], what: str, provided: Mapping[str, Any], groups: Mapping[str, Iterable[str]]
) -> list[str]:
    """The names of ``provided`` that the function gets. ``groups`` sorts all names for the error."""
    chosen = []
    for name, optional in asked_by(function, what).items():
        if name in provided:
            chosen.append(name)
        elif not optional:
            hint = _hint(name, provided)
            there = "; ".join(f"{group} {_listed(names)}" for group, names in groups.items() if list(names))
            shown = f"there are {there}" if there else "there is nothing that it could ask for"
            raise ConfigurationError(f"{what} asks for {name!r}, which nothing provides{hint} ({shown})")
    return chosen

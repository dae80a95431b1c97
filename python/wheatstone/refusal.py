"""What is said of arguments that a function does not take, of the native part or of the package itself."""

from __future__ import annotations

import ast
import difflib
import enum
import functools
import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from wheatstone.errors import ConfigurationError

# Functions behind methods of the package, by the names that users call.
_PUBLIC = {
    "Session": "MeasurementSession",
    "connect": "instrument",
    "add_parameter": "parameter",
    "add_acquisition": "acquire",
    "add_baseline": "baseline",
    "add_derivation": "derive",
    "add_task": "task",
}


class _Argument(NamedTuple):
    name: str
    taken: str
    """Its annotation, as the function's signature has it."""
    needed: bool


class _Signature(NamedTuple):
    name: str
    by_position: list[_Argument]
    by_name: list[_Argument]
    any_further: bool

    @property
    def arguments(self) -> list[_Argument]:
        return self.by_position + self.by_name

    @property
    def listed(self) -> str:
        """The arguments for a sentence."""
        return ", ".join(argument.name for argument in self.arguments) or "none"


def _is_number(value: Any) -> bool:
    try:
        return not isinstance(value, (str, bytes)) and float(value) is not None
    except (TypeError, ValueError, OverflowError):
        return False


# What each annotation takes, in words, and whether a value is one.
_TAKEN: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    "float": ("a number", _is_number),
    "int": ("a whole number", lambda value: hasattr(value, "__index__")),
    "str": ("text", lambda value: isinstance(value, str)),
    "bool": ("True or False", lambda value: isinstance(value, bool)),
    "None": ("None", lambda value: value is None),
    "enum.Enum": ("a member of an enum", lambda value: isinstance(value, enum.Enum)),
    "os.PathLike": ("a path", lambda value: hasattr(value, "__fspath__")),
    "object": ("a value", lambda value: value is not None),
}


def _read(signature: str) -> _Signature:
    """A signature as nanobind writes it: defaults are a backslash and a number, and arrays are no Python."""
    for written, meant in ((r"= \\\d+", "= ..."), (r"ndarray\[[^\]]*\]", "ndarray")):
        signature = re.sub(written, meant, signature)
    (function,) = ast.parse(f"{signature}: ...").body
    assert isinstance(function, ast.FunctionDef)
    given = function.args

    def argument(found: ast.arg, default: ast.expr | None) -> _Argument:
        return _Argument(found.arg, ast.unparse(found.annotation) if found.annotation else "object", default is None)

    positional = [*given.posonlyargs, *given.args]
    defaults = [None] * (len(positional) - len(given.defaults)) + list(given.defaults)
    by_position = [argument(*pair) for pair in zip(positional, defaults, strict=True) if pair[0].arg != "self"]
    by_name = [argument(*pair) for pair in zip(given.kwonlyargs, given.kw_defaults, strict=True)]
    return _Signature(function.name, by_position, by_name, given.vararg is not None)


def _read_python(function: Callable[..., Any]) -> _Signature:
    by_position, by_name, any_further = [], [], False
    for parameter in inspect.signature(function).parameters.values():
        taken = parameter.annotation if isinstance(parameter.annotation, str) else "object"
        argument = _Argument(parameter.name, taken, parameter.default is parameter.empty)
        if parameter.kind is parameter.KEYWORD_ONLY:
            by_name.append(argument)
        elif parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
            if parameter.name not in ("self", "cls"):
                by_position.append(argument)
        else:
            any_further = True
    name = function.__qualname__.removesuffix(".__init__").rsplit(".", 1)[-1]
    return _Signature(name, by_position, by_name, any_further)


def _words(taken: str) -> str:
    """What an annotation takes, in words."""
    words = [_TAKEN[part][0] if part in _TAKEN else _plain(part) for part in taken.split(" | ") if part != "None"]
    return " or ".join(dict.fromkeys(words)) or "None"


def _members(annotation: str) -> list[str]:
    """Of a tuple, what each of its members is; none for anything else."""
    inner = re.fullmatch(r"tuple\[(\w+(?:, \w+)*)\]", annotation)
    return inner[1].split(", ") if inner else []


def _plain(annotation: str) -> str:
    members = _members(annotation)
    if len(members) == 2 and set(members) == {"float"}:
        return "a pair of numbers"
    name = re.sub(r"\[.*", "", annotation).rsplit(".", 1)[-1]
    return {"ndarray": "an array of numbers", "Sequence": "a list", "Callable": "a function", "dict": "a dict"}.get(
        name, f"a {name}"
    )


def _fits(value: Any, taken: str) -> bool | None:
    """Whether a value is of an annotation; None where that cannot be told from here."""
    told: bool | None = False
    for part in taken.split(" | "):
        members = _members(part)
        if members and isinstance(value, (tuple, list)):
            if len(value) == len(members) and all(map(_fits, value, members)):
                return True
        elif members:
            continue
        elif part not in _TAKEN:
            told = False if value is None else None
        elif _TAKEN[part][1](value):
            return True
    return told


def _shown(value: Any) -> str:
    text = repr(value)
    is_short = len(text) <= 60 and "\n" not in text and "<" not in text
    return text if is_short else f"a value of type {type(value).__name__}"


def _hint(value: Any) -> str:
    """For numbers in text, which often have a unit with a prefix."""
    is_number = isinstance(value, str) and re.match(r"\s*[-+]?\.?\d", value)
    return "; give a number, in the unit without a prefix (V, A, s)" if is_number else ""


def _unknown(name: str, signature: _Signature, what: str) -> str:
    near = difflib.get_close_matches(name, [argument.name for argument in signature.arguments], n=1)
    if not signature.arguments:
        return f"{what} takes no {name!r}; it takes no arguments"
    hint = f"did you mean {near[0]!r}? (it takes {signature.listed})" if near else f"it takes {signature.listed}"
    return f"{what} takes no {name!r}; {hint}"


def _sentence(signature: _Signature, what: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
    known = {argument.name: argument for argument in signature.arguments}
    for name in kwargs:
        if name not in known:
            return _unknown(name, signature, what)
    if len(args) > len(signature.by_position) and not signature.any_further:
        most = len(signature.by_position)
        return f"{what} takes {'no arguments' if most == 0 else 'at most ' + str(most)}, not {len(args)}" + (
            f" ({signature.listed})" if most else ""
        )
    given = dict(zip((argument.name for argument in signature.by_position), args, strict=False))
    for name in kwargs:
        if name in given:
            return f"{what} was given {name!r} twice, by position and by name; give it once"
    given.update(kwargs)
    for argument in signature.arguments:
        if argument.needed and argument.name not in given:
            return f"{what} needs {argument.name!r}, {_words(argument.taken)}; it takes {signature.listed}"
    doubtful = [name for name, value in given.items() if not _fits(value, known[name].taken)]
    wrong = [name for name in doubtful if _fits(given[name], known[name].taken) is False] or doubtful
    if wrong:
        name = wrong[0]
        return f"{what} takes {_words(known[name].taken)} for {name!r}, not {_shown(given[name])}{_hint(given[name])}"
    suspects = {name: value for name, value in given.items() if not isinstance(value, bool) and value is not None}
    numbers = {name: value for name, value in suspects.items() if isinstance(value, int)}
    far = {name: value for name, value in numbers.items() if not 0 <= value < 2**31}
    values = ", ".join(f"{name}={_shown(value)}" for name, value in (far or numbers or suspects).items())
    return f"{what} cannot take {values}, which is {'out of range' if numbers else 'no valid text'}"


def refusal(
    signature: str, owner: Any, instance: Any, args: Sequence[Any], kwargs: Mapping[str, Any]
) -> ConfigurationError:
    """The error for a call of a function of ``owner``, a class or module, that took none of its overloads."""
    read = _read(signature)
    name = owner.__name__ if read.name == "__init__" else read.name
    what = f"{_PUBLIC.get(name, name)}()"
    if isinstance(owner, type) and not isinstance(instance, owner) and instance is not None:
        return ConfigurationError(f"{what} is a method of a {owner.__name__}, not of {_shown(instance)}")
    return ConfigurationError(_sentence(read, what, args, kwargs))


Function = TypeVar("Function", bound=Callable[..., Any])


def refusing(function: Function) -> Function:
    """Gives a method of the package the same sentences for names and numbers of arguments that it does not have."""

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except TypeError as error:
            if error.__traceback__ is None or error.__traceback__.tb_next is not None:
                raise  # it came from within
            read = _read_python(function)
            given = args[1:] if next(iter(inspect.signature(function).parameters), "") in ("self", "cls") else args
            raise ConfigurationError(_sentence(read, f"{read.name}()", given, kwargs)) from None

    return call  # type: ignore[return-value]


__all__ = ["refusal", "refusing"]

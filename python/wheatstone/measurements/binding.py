"""The arguments of the functions that a session calls: found before a run moves anything, let go after it."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from wheatstone import _native
from wheatstone.errors import ConfigurationError
from wheatstone.experiments import experiment as experiments
from wheatstone.measurements.acquiring import Acquiring, Level
from wheatstone.measurements.arguments import asked_by, choose
from wheatstone.measurements.registration import Registration
from wheatstone.measurements.units import warn_of_prefixed_units
from wheatstone.measurements.values import Dependent, Streamed, listed

# Where the native loop takes an argument from: its name, the source, the ordinal of a parameter, and what belongs to
# the source (see python_call.hpp).
_Source = tuple[str, str, int, Any]


def bind(session: Acquiring) -> None:
    """Gives every function what it asks for, or says which name nothing provides."""
    binds = [each for find in _BINDS for each in find(session)]
    bind_plan(session)
    for called, acquired in session._acquisitions.items():
        _warn_of_units(session, f"acquisition {called!r}", acquired.function)
    for level, (_, function) in session._hooks.items():
        _warn_of_units(session, repr(level.name), function)
    for give in binds:
        give()
    if any(isinstance(instrument, _native.Oscilloscope) for instrument in session._instruments.values()):
        from wheatstone import frames

        frames.prepare()


def refusals_of_binding(session: Acquiring) -> list[str]:
    """What bind() would refuse."""
    refused = []
    for find in (*_BINDS, _names_for_values, _names_for_constraints):
        try:
            list(find(session))
        except ConfigurationError as error:
            refused.append(str(error))
    return refused


def unbind(session: Acquiring) -> None:
    """Lets go of what bind() gave."""
    for acquired in (*session._acquisitions.values(), *session._baselines.values()):
        acquired.native.unbind()
        if acquired.asked is not None:
            acquired.asked[0].unbind()
    for derivation, _ in session._derivations.values():
        derivation.unbind()
    for call, _ in (*session._hooks.values(), *_rests(session).values()):
        call.unbind()
    for task, _ in session._tasks.values():
        task.unbind()
    unbind_plan(session)


def bind_plan(session: Registration) -> None:
    """Gives what makes the points what it asks for: values that depend on others, streams, constraints."""
    dependent = _names_for_values(session)
    constraints = _names_for_constraints(session)
    for name, varied in session._parameters.items():
        if isinstance(varied.values, Streamed):
            varied.values.native.bind(varied.values)
        elif isinstance(varied.values, Dependent):
            sources = [_source(session, each) for each in dependent[name]]
            varied.values.native.bind(varied.values.function, sources, listed)
    for called, names in constraints.items():
        constraint, condition = session._constraints[called]
        constraint.bind(condition, [_source(session, name) for name in names])


def unbind_plan(session: Registration) -> None:
    """Lets go of what bind_plan() gave."""
    for varied in session._parameters.values():
        if isinstance(varied.values, (Streamed, Dependent)):
            varied.values.native.unbind()
    for constraint, _ in session._constraints.values():
        constraint.unbind()


def _binds_of_acquisitions(session: Acquiring) -> Iterator[Callable[[], None]]:
    for called, (native, function, retry_on, asked) in session._acquisitions.items():
        names = _chosen(session, function, f"acquisition {called!r}", "ctx", "first_after_resume")
        # In parallel runs, whatever looks at the row waits for all before it, as if it used every instrument.
        uses = [] if "ctx" in names else [name for name in names if name in session._instruments]
        yield partial(native.bind, function, [_source(session, name) for name in names], retry_on, uses)
        if asked is not None:
            call, trigger = asked
            names = _chosen(session, trigger, f"the trigger of acquisition {called!r}", at_point=False)
            yield partial(call.bind, trigger, [_source(session, name) for name in names])
    for called, (native, function, retry_on, _) in session._baselines.items():
        names = _chosen(session, function, f"baseline {called!r}", "ctx", at_point=False)
        yield partial(native.bind, function, [_source(session, name) for name in names], retry_on, [])


def _binds_of_derivations(session: Acquiring) -> Iterator[Callable[[], None]]:
    for called, (native, function) in session._derivations.items():
        asked = asked_by(function, f"derived column {called!r}")
        yield partial(native.bind, function, [_source_in_row(session, function, name) for name in asked])


def _binds_of_hooks(session: Acquiring) -> Iterator[Callable[[], None]]:
    for level, (native, function) in session._hooks.items():
        _check_level(session, level)
        names = _chosen(session, function, f"{level.name!r}, called {level.place},", "first_after_resume")
        yield partial(native.bind, function, [_source_at_level(session, name) for name in names])


def _binds_of_rests(session: Registration) -> Iterator[Callable[[], None]]:
    for parameter, (native, function) in _rests(session).items():
        names = _chosen(session, function, f"what parameter {parameter!r} settles by", "first_after_resume")
        yield partial(native.bind, function, [_source(session, name) for name in names])


def _binds_of_tasks(session: Acquiring) -> Iterator[Callable[[], None]]:
    for called, (native, function) in session._tasks.items():
        names = _chosen(session, function, f"task {called!r}", "stop_event", at_point=False)
        instruments = {name: session._instruments[name] for name in names if name != "stop_event"}
        yield partial(native.bind, function, instruments)


_BINDS: tuple[Callable[[Acquiring], Iterator[Callable[[], None]]], ...] = (
    _binds_of_acquisitions,
    _binds_of_derivations,
    _binds_of_hooks,
    _binds_of_rests,
    _binds_of_tasks,
)


def _chosen(
    session: Registration, function: Callable[..., Any], what: str, *words: str, at_point: bool = True
) -> list[str]:
    """What a function asks for of instruments, parameters where it is called at a point, and ``words``."""
    parameters = session._parameters if at_point else {}
    provided = {**session._instruments, **parameters, **dict.fromkeys(words)}
    groups = {"instruments": session._instruments, "parameters": parameters, "names": words}
    return choose(function, what, provided, groups)


def _check_level(session: Registration, level: Level) -> None:
    if not level.parameter or level.parameter in session._parameters:
        return
    near = difflib.get_close_matches(level.parameter, list(session._parameters), n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    known = ", ".join(map(repr, session._parameters)) or "none"
    raise ConfigurationError(
        f"{level.name!r} is to be called {level.place}, which is no parameter of session {session.name!r}{hint} "
        f"(it has {known})"
    )


def _rests(session: Registration) -> dict[str, tuple[_native.Call, Callable[..., Any]]]:
    """The functions that parameters settle by, by parameter."""
    return {name: varied.settles_by for name, varied in session._parameters.items() if varied.settles_by is not None}


def _names_for_values(session: Registration) -> dict[str, list[str]]:
    """What the functions ask for that make the values of parameters: parameters registered before."""
    before: dict[str, Any] = {}
    names = {}
    for name, varied in session._parameters.items():
        if isinstance(varied.values, Dependent):
            what = f"the function for the values of parameter {name!r}"
            names[name] = choose(varied.values.function, what, before, {"parameters registered before": before})
        before[name] = varied
    return names


def _names_for_constraints(session: Registration) -> dict[str, list[str]]:
    provided = session._parameters
    return {
        called: choose(condition, f"constraint {called!r}", provided, {"parameters": provided})
        for called, (_, condition) in session._constraints.items()
    }


def _source(session: Registration, name: str) -> _Source:
    """Where an argument comes from, of what is called at the loop's point."""
    if name == "ctx":
        return name, "row", 0, experiments.timestamps_as_seconds
    if name == "first_after_resume":
        return name, "resumed", 0, None
    if name in session._parameters:
        varied = session._parameters[name]
        values = varied.values.native if isinstance(varied.values, Dependent) else varied.values
        return name, "parameter", varied.ordinal, values
    return name, "constant", 0, session._instruments[name]


def _source_at_level(session: Registration, name: str) -> _Source:
    """The same of a hook, which is called when the plan may be further on: values that it has made anew meanwhile are
    taken from the level's point."""
    varied = session._parameters.get(name)
    if varied is not None and isinstance(varied.values, Dependent):
        return name, "cell", varied.ordinal, None
    return _source(session, name)


def _source_in_row(session: Registration, function: Callable[..., Any], name: str) -> _Source:
    """The same of a derived column."""
    if name in session._parameters or name in ("ctx", "first_after_resume"):
        return _source(session, name)
    if name == "timestamp":
        return name, "timestamp", 0, experiments.timestamps_as_seconds
    default = inspect.signature(function).parameters[name].default
    return name, "result", 0, None if default is inspect.Parameter.empty else (default,)


def _warn_of_units(session: Registration, what: str, function: Callable[..., Any]) -> None:
    names = asked_by(function, what)
    if any(name in session._instruments for name in names):
        units = {name: session._parameters[name].unit for name in names if name in session._parameters}
        session._warned_of_units |= warn_of_prefixed_units(what, units, session._warned_of_units)


__all__ = ["bind", "bind_plan", "refusals_of_binding", "unbind", "unbind_plan"]

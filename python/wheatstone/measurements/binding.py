"""The arguments of a session's acquisitions and tasks: found before a run moves anything, let go after it."""

from __future__ import annotations

from typing import Any

from wheatstone import _native
from wheatstone.errors import ConfigurationError
from wheatstone.experiments import experiment as experiments
from wheatstone.measurements.arguments import choose
from wheatstone.measurements.registration import Registration
from wheatstone.measurements.units import warn_of_prefixed_units
from wheatstone.measurements.values import Dependent, Streamed, listed


def bind(session: Registration) -> None:
    """Gives every acquisition and task what it asks for, or says which name nothing provides."""
    acquisitions = _names_for_acquisitions(session)
    tasks = _names_for_tasks(session)
    bind_plan(session)
    for called, names in acquisitions.items():
        _warn_of_units(session, called, names)
    for called, names in acquisitions.items():
        acquisition, function = session._acquisitions[called]
        acquisition.bind(function, [_source(session, name) for name in names])
    for called, names in tasks.items():
        task, function = session._tasks[called]
        task.bind(function, {name: session._instruments[name] for name in names if name != "stop_event"})
    if any(isinstance(instrument, _native.Oscilloscope) for instrument in session._instruments.values()):
        from wheatstone import frames

        frames.prepare()


def refusals_of_binding(session: Registration) -> list[str]:
    """What bind() would refuse."""
    refused = []
    for find in (_names_for_acquisitions, _names_for_tasks, _names_for_values, _names_for_constraints):
        try:
            find(session)
        except ConfigurationError as error:
            refused.append(str(error))
    return refused


def unbind(session: Registration) -> None:
    """Lets go of what bind() gave."""
    for acquisition, _ in session._acquisitions.values():
        acquisition.unbind()
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


def _names_for_acquisitions(session: Registration) -> dict[str, list[str]]:
    provided = {**session._instruments, **session._parameters, "ctx": None}
    groups = {"instruments": session._instruments, "parameters": session._parameters, "names": ["ctx"]}
    return {
        called: choose(function, f"acquisition {called!r}", provided, groups)
        for called, (_, function) in session._acquisitions.items()
    }


def _names_for_tasks(session: Registration) -> dict[str, list[str]]:
    provided = {**session._instruments, "stop_event": None}
    groups = {"instruments": session._instruments, "names": ["stop_event"]}
    return {
        called: choose(function, f"task {called!r}", provided, groups)
        for called, (_, function) in session._tasks.items()
    }


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


def _source(session: Registration, name: str) -> tuple[str, str, int, Any]:
    """Where the native loop takes an argument of an acquisition from."""
    if name == "ctx":
        return name, "row", 0, experiments.timestamps_as_seconds
    if name in session._parameters:
        varied = session._parameters[name]
        values = varied.values.native if isinstance(varied.values, Dependent) else varied.values
        return name, "parameter", varied.ordinal, values
    return name, "constant", 0, session._instruments[name]


def _warn_of_units(session: Registration, called: str, names: list[str]) -> None:
    if any(name in session._instruments for name in names):
        units = {name: session._parameters[name].unit for name in names if name in session._parameters}
        session._warned_of_units |= warn_of_prefixed_units(called, units, session._warned_of_units)


__all__ = ["bind", "bind_plan", "refusals_of_binding", "unbind", "unbind_plan"]

"""What a session is made of besides functions that it calls: instruments and parameters, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, overload

from wheatstone import _native
from wheatstone.checking import check_name, check_text, profile_named, timeout_from
from wheatstone.errors import ConfigurationError
from wheatstone.measurements.arguments import check_function, name_of
from wheatstone.measurements.drivers import Attached, LockedDriver
from wheatstone.measurements.progress import is_interactive
from wheatstone.measurements.settling import settle_from
from wheatstone.measurements.values import Varied, shown, taken, unit_of
from wheatstone.named import Named
from wheatstone.refusal import refusing

if TYPE_CHECKING:
    from wheatstone.bench import Bench

Function = TypeVar("Function", bound=Callable[..., Any])

_RESERVED = ("ctx", "first_after_resume", "stop_event", "timestamp")


class Registration:
    """The part of a session that collects what it is made of. At a prompt and in a notebook a name that is registered
    again replaces what had it; in a script it is refused."""

    def __init__(self, native: _native.Session, bench: Bench | None) -> None:
        self._native = native
        self.bench = bench
        self._instruments: dict[str, Any] = dict(bench.instruments) if bench is not None else {}
        self._connected: dict[str, tuple[str, str]] = {}
        self._attached: dict[str, Attached] = {}
        self._parameters: dict[str, Varied] = {}
        self._constraints: dict[str, tuple[_native.Call, Callable[..., Any]]] = {}
        self._warned_of_units: set[str] = set()

    @property
    def name(self) -> str:
        """Names its runs."""
        return self._native.name

    @property
    def instruments(self) -> dict[str, Any]:
        """Connected and attached instruments by alias."""
        return Named(f"session {self.name!r}", self._instruments)

    @property
    def parameters(self) -> dict[str, Any]:
        """Values of the parameters by name, in the order of registration: lists, but ranges, series, streams and values
        that depend on others as they are, and None where there are none."""
        return {name: shown(varied.values) for name, varied in self._parameters.items()}

    # Instruments

    @refusing
    def instrument(
        self,
        alias: str,
        config_key: str | None = None,
        /,
        *,
        simulate: bool | None = None,
        address: str | None = None,
        address_override: str | None = None,
        timeout: float | None = None,
        timeout_override_ms: float | None = None,
        serial_number: str | None = None,
        shared: bool = False,
    ) -> Any:
        """Connects an instrument and gives it a name.

        ``config_key`` is a profile, "keysight/EDU36311A", or the path of one; with an address alone the instrument says
        what it is. ``simulate=True`` puts it on this session's simulated bench. An alias of the bench, or one that is
        connected already, is handed out again.
        """
        check_name(alias, "instrument")
        config_key = profile_named(config_key)
        address = address or address_override or ""
        wanted = (config_key or "", address)
        if self._has(alias, wanted):
            return self._instruments[alias]
        if config_key is None and not address:
            known = ", ".join(map(repr, self._instruments)) or "none yet"
            raise ConfigurationError(
                f"session {self.name!r} has no instrument {alias!r} (it has {known}); "
                "to connect it, give its profile and simulate=True, or its address"
            )
        self._refuse_taken(alias, "instrument")
        made = self._native.connect(
            alias,
            config_key or "",
            simulate=simulate,
            address=address,
            timeout=timeout_from(timeout, timeout_override_ms),
            shared=shared,
            serial_number=serial_number or "",
        )
        self._instruments[alias] = made
        self._connected[alias] = wanted
        return made

    def _has(self, alias: str, wanted: tuple[str, str]) -> bool:
        if alias not in self._instruments:
            return False
        if alias not in self._connected and self.bench is not None:
            return True
        return wanted == ("", "") or is_interactive() and self._connected.get(alias) == wanted

    @refusing
    def attach(self, alias: str, driver: Any, *, safe: Callable[[], Any] | None = None) -> Any:
        """Brings a driver of another package: locked, given to acquisitions and tasks by name, and made safe by calling
        ``safe`` after an abnormal end and on closing. Returns what they get."""
        check_name(alias, "attached driver")
        if safe is not None and not callable(safe):
            raise ConfigurationError(
                f"safe={safe!r} is no function; give one that makes {alias!r} safe, or leave it out"
            )
        description = f"{type(driver).__module__}.{type(driver).__qualname__}"
        again = self._attached.get(alias)
        if again is not None and again.description == description and is_interactive():
            again.safe = safe
        else:
            self._refuse_taken(alias, "attached driver")
            made = Attached(description, safe)
            self._native.attach(alias, description, made.make_safe if safe is not None or is_interactive() else None)
            self._attached[alias] = made
        locked = LockedDriver(driver)
        self._instruments[alias] = locked
        return locked

    # Parameters

    @refusing
    def parameter(
        self, name: str, values: Any = None, unit: str | None = None, notes: str = "", *, settle: Any = 0.0
    ) -> None:
        """Registers what is varied.

        Args:
            name: Names the column, and the argument of functions that ask for it.
            values: Any iterable, a NumPy array, a ``step``, ``linspace`` and its kin, or a function that gives one. An
                iterator is pulled when its values are needed, and may be endless where it is the first parameter. A
                function that asks for parameters registered before, by name, makes the values from those. None: the
                order of the run brings the values, as points or from an adaptive plan.
            unit: A label; else that of a ``step`` or series.
            notes: Kept with each run.
            settle: Waited after the value has changed, before the acquisitions: seconds, ``stable(...)`` for a reading
                that comes to rest or a condition that holds, or a pair of both.
        """
        check_name(name, "parameter")
        if name in self._parameters and is_interactive():
            self._native.remove_parameter(name)
            del self._parameters[name]
        self._refuse_taken(name, "parameter")
        seconds, rest = settle_from(settle)
        call = None if rest is None or rest.function is None else _native.Call()
        unit = check_text(unit, "unit") or unit_of(values)
        values = taken(name, values)
        ordinal = self._native.add_parameter(
            name,
            getattr(values, "native", values),
            unit,
            check_text(notes, "notes"),
            seconds,
            None if rest is None else rest.native(call),
        )
        settles_by = None if call is None or rest is None or rest.function is None else (call, rest.function)
        self._parameters[name] = Varied(ordinal, values, unit, settles_by)
        self._warned_of_units.discard(name)
        self._renumber()

    def _renumber(self) -> None:
        for ordinal, (name, varied) in enumerate(self._parameters.items()):
            self._parameters[name] = varied._replace(ordinal=ordinal)

    @overload
    def constrain(self, condition: Function, /, *, name: str | None = None) -> Function: ...
    @overload
    def constrain(self, condition: None = None, /, *, name: str | None = None) -> Callable[[Function], Function]: ...
    @refusing
    def constrain(self, condition: Any = None, /, *, name: str | None = None) -> Any:
        """Registers a condition on parameters, which it is given by name: points where it is false are passed over,
        before anything moves to them. A decorator too."""
        if condition is None:
            return lambda decorated: self.constrain(decorated, name=name)
        check_function(condition, "a constraint")
        called = name or name_of(condition)
        if called == "<lambda>":
            called = f"constraint {len(self._constraints) + 1}"
        check_name(called, "constraint")
        constraint = _native.Call()
        self._native.add_constraint(called, constraint, is_interactive() and called in self._constraints)
        self._constraints[called] = (constraint, condition)
        return condition

    def _refuse_taken(self, name: str, what: str) -> None:
        if name in _RESERVED:
            raise ConfigurationError(f"the name {name!r} of this {what} has a meaning of its own; choose another")
        kind = "an instrument" if name in self._instruments else "a parameter" if name in self._parameters else None
        if kind is not None:
            raise ConfigurationError(f"{name!r} is {kind} of this session already; choose another name for the {what}")

    def _parts(self) -> dict[str, list[str]]:
        """The names of what is registered, by kind."""
        return {
            "instruments": list(self._instruments),
            "parameters": list(self._parameters),
        }


__all__ = ["Registration"]

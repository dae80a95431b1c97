"""Instruments by profile, without a session."""

from __future__ import annotations

import atexit
import os
from collections.abc import Mapping
from typing import Any

from wheatstone import _native
from wheatstone.checking import profile_named, timeout_from
from wheatstone.errors import ConfigurationError
from wheatstone.refusal import refusing

_KEYS = ("profile", "address", "simulate", "serial_number")

_bench: _native.Session | None = None


def _shared_bench() -> _native.Session:
    """Holds the instruments that belong to no session; simulated ones share its circuit."""
    global _bench
    if _bench is None:
        _bench = _native.Session(
            name="instruments", description="", store="", bench=None, seed=1, pace="fast", on_close="off"
        )
        atexit.register(_bench.close)
    return _bench


def _entry(given: Mapping[str, Any]) -> Mapping[str, Any]:
    for key in given:
        if key not in _KEYS:
            raise ConfigurationError(f"an instrument has no key {key!r}; give {', '.join(_KEYS)}")
    if "profile" not in given:
        raise ConfigurationError("the mapping names no profile; give {'profile': 'keysight/34470A'}")
    return given


class AutoInstrument:
    """Makes the driver that a profile asks for."""

    @staticmethod
    @refusing
    def from_config(
        config_source: str | os.PathLike[str] | Mapping[str, Any],
        serial_number: str | None = None,
        *,
        simulate: bool | None = None,
        address: str | None = None,
        address_override: str | None = None,
        timeout_override_ms: float | None = None,
        backend: str | None = None,
        backend_override: Any = None,
        alias: str | None = None,
    ) -> Any:
        """Connects an instrument: ``config_source`` is a profile, "keysight/EDU36311A", or the path of one; or what a
        bench file says of an instrument, a mapping with ``profile`` and, if need be, ``address``, ``simulate`` and
        ``serial_number``. ``backend="sim"`` is ``simulate=True``.

        Simulated instruments made here share one bench: the meter reads what the supply gives. They belong to no
        session; ``session.attach`` brings one into a run.
        """
        if backend_override is not None:
            raise ConfigurationError(
                "backend_override takes transports of another system; give address= or simulate=True"
            )
        if backend is not None:
            if backend.lower() not in ("sim", "simulated"):
                raise ConfigurationError(f'backend={backend!r} is not known; give "sim", or address= alone')
            if simulate is False:
                raise ConfigurationError('backend="sim" and simulate=False contradict each other')
            simulate = True
        if isinstance(config_source, Mapping):
            entry = _entry(config_source)
            config_source = entry["profile"]
            address = address or address_override or entry.get("address")
            simulate = entry.get("simulate") if simulate is None else simulate
            serial_number = serial_number or entry.get("serial_number")
        profile = profile_named(config_source) or ""
        bench = _shared_bench()
        wanted = alias or profile.rsplit("/", 1)[-1].removesuffix(".yaml")
        taken = set(bench.instrument_names)
        name, number = wanted, 2
        while name in taken:
            name, number = f"{wanted}_{number}", number + 1
        return bench.connect(
            name,
            profile,
            simulate=simulate,
            address=address or address_override or "",
            timeout=timeout_from(None, timeout_override_ms),
            serial_number=serial_number or "",
        )


__all__ = ["AutoInstrument"]

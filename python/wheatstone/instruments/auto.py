"""Instruments by profile, without a session."""

from __future__ import annotations

import atexit
from typing import Any

from wheatstone import _native
from wheatstone.errors import ConfigurationError

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


class AutoInstrument:
    """Makes the driver that a profile asks for."""

    @staticmethod
    def from_config(
        config_source: str,
        serial_number: str | None = None,
        *,
        simulate: bool | None = None,
        address: str | None = None,
        address_override: str | None = None,
        timeout_override_ms: float | None = None,
        backend_override: Any = None,
        alias: str | None = None,
    ) -> Any:
        """Connects an instrument: ``config_source`` is a profile, "keysight/EDU36311A", or the path of one.

        Simulated instruments made here share one bench: the meter reads what the supply gives. They belong to no
        session; ``session.attach`` brings one into a run.
        """
        if backend_override is not None:
            raise ConfigurationError(
                "backend_override takes transports of another system; give address= or simulate=True"
            )
        bench = _shared_bench()
        wanted = alias or config_source.rsplit("/", 1)[-1].removesuffix(".yaml")
        taken = set(bench.instrument_names)
        name, number = wanted, 2
        while name in taken:
            name, number = f"{wanted}_{number}", number + 1
        return bench.connect(
            name,
            config_source,
            simulate=simulate,
            address=address or address_override or "",
            timeout=5.0 if timeout_override_ms is None else timeout_override_ms * 1e-3,
            serial_number=serial_number or "",
        )


__all__ = ["AutoInstrument"]

"""Instruments by alias."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wheatstone.errors import InstrumentNotFoundError


class Named(dict[str, Any]):
    """What a bench or session has by alias; an alias that it does not have is an error that says which it has."""

    def __init__(self, owner: str, entries: Mapping[str, Any]) -> None:
        super().__init__(entries)
        self._owner = owner

    def __missing__(self, alias: str) -> Any:
        known = ", ".join(map(repr, self)) or "none yet"
        raise InstrumentNotFoundError(f"{self._owner} has no instrument {alias!r}; it has {known}")


__all__ = ["Named"]

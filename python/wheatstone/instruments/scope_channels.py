"""The channels of a scope: their numbers, and several at once."""

from __future__ import annotations

from collections.abc import Iterable

from wheatstone import _native
from wheatstone.refusal import refusing


class ChannelNumbers(list[int]):
    """The numbers of a scope's channels. Called with some of them, ``scope.channels([1, 2])`` or
    ``scope.channels(1, 2)``, it gives those channels, to be set up alike and read at once."""

    def __init__(self, scope: _native.Oscilloscope, numbers: Iterable[int]) -> None:
        super().__init__(numbers)
        self._scope = scope

    @refusing
    def __call__(self, *channels: int | str | list[int | str]) -> _native.ScopeChannels:
        """Those channels; all where none is named."""
        return self._scope.several_channels(list(channels) if channels else list(self))


__all__ = ["ChannelNumbers"]

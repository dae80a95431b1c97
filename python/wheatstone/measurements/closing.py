"""Sessions that nobody closed: the end of the interpreter closes them, and garbage collection warns of them."""

from __future__ import annotations

import atexit
import sys
import warnings
import weakref
from typing import Protocol

from wheatstone.errors import Error


class _Closed(Protocol):
    @property
    def name(self) -> str: ...
    def close(self) -> None: ...


_open: weakref.WeakSet[_Closed] = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    for session in list(_open):
        try:
            session.close()
        except Error as error:
            print(f"wheatstone: session {session.name!r} could not be closed: {error}", file=sys.stderr)


def opened(session: _Closed) -> None:
    """Closes the session at the interpreter's end, unless it was before."""
    _open.add(session)


def closed(session: _Closed) -> None:
    """Takes it off the list."""
    _open.discard(session)


def warn_where_open(session: _Closed) -> None:
    """Warns where the session is about to vanish without having been closed."""
    if session in _open:
        warnings.warn(
            f"session {session.name!r} was never closed; use 'with MeasurementSession(...)'",
            ResourceWarning,
            stacklevel=3,
        )

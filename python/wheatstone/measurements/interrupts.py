"""Ctrl-C during a run."""

from __future__ import annotations

import json
import signal
import threading
from typing import TYPE_CHECKING

from wheatstone.errors import Interrupted

if TYPE_CHECKING:
    from wheatstone import _native


def takes_interrupts() -> bool:
    """Whether a run that starts here and now ends on Ctrl-C: on the main thread, unless the program handles it."""
    return (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    )


def as_keyboard_interrupt(error: Interrupted, stored: _native.Experiment | None = None) -> KeyboardInterrupt:
    """What Python's users expect after Ctrl-C, with the error's sentence and notes, and how to go on with what is
    ``stored``."""
    raised = KeyboardInterrupt(str(error))
    for note in getattr(error, "__notes__", ()):
        raised.add_note(note)
    if stored is not None and stored.state != "finished" and "script" in json.loads(stored.metadata):
        raised.add_note(f"'wheatstone runs resume {stored.id[-6:]} --run' goes on with it")
    return raised


__all__ = ["as_keyboard_interrupt", "takes_interrupts"]

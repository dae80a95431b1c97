"""Ctrl-C during a run."""

from __future__ import annotations

import signal
import threading

from wheatstone.errors import Interrupted


def takes_interrupts() -> bool:
    """Whether a run that starts here and now ends on Ctrl-C: on the main thread, unless the program handles it."""
    return (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    )


def as_keyboard_interrupt(error: Interrupted) -> KeyboardInterrupt:
    """What Python's users expect after Ctrl-C, with the error's sentence and notes."""
    raised = KeyboardInterrupt(str(error))
    for note in getattr(error, "__notes__", ()):
        raised.add_note(note)
    return raised


__all__ = ["as_keyboard_interrupt", "takes_interrupts"]

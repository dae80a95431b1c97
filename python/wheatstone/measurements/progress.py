"""The progress bar of a run: on standard error, where that is a terminal, or in a notebook."""

from __future__ import annotations

import sys
import threading
from types import TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wheatstone import _native

_PERIOD = 0.1


def in_notebook() -> bool:
    """Whether a Jupyter kernel runs this process."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None and hasattr(ipython, "get_ipython") else None
    return shell is not None and type(shell).__name__ == "ZMQInteractiveShell"


def is_interactive() -> bool:
    """Whether a person types at a prompt or in a notebook."""
    if hasattr(sys, "ps1") or sys.flags.interactive:
        return True
    ipython = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython, "get_ipython") and ipython.get_ipython() is not None


def wants_bar() -> bool:
    """Whether anybody would see a bar."""
    return in_notebook() or (sys.stderr is not None and sys.stderr.isatty())


def shown_beside(progress: _native.Progress) -> str:
    """What stands beside a bar: the parameters of the point in hand, or why none is in hand."""
    if progress.reason:
        return f"held: {progress.reason}" if progress.state == "paused" else str(progress.reason)
    if progress.state != "running":
        return progress.state
    numbers = progress.parameters.items()
    return ", ".join(f"{name}={value:.4g}" for name, value in numbers if isinstance(value, float))


class ProgressBar:
    """Looks ten times a second how far a run is, from a thread of its own, and shows it. It can neither fail nor slow
    the run: what goes wrong with the display ends the display."""

    def __init__(self, session: _native.Session | _native.PreparedProcedure, name: str) -> None:
        self._session = session
        self._name = name
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._show, name="wheatstone progress", daemon=True)

    def __enter__(self) -> ProgressBar:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _show(self) -> None:
        bar: Any = None
        try:
            while not self._ended.wait(_PERIOD):
                bar = self._update(bar)
            if bar is not None:
                self._update(bar)
        except OSError:
            pass  # the terminal has gone; the run has not
        finally:
            if bar is not None:
                bar.close()

    def _update(self, bar: Any) -> Any:
        progress = self._session.progress()
        if bar is None:
            if progress.state in ("preparing", "finished"):
                return None
            bar = self._make(progress.total, progress.done)
        bar.n = progress.done
        bar.set_postfix_str(shown_beside(progress), refresh=False)
        bar.refresh()
        return bar

    def _make(self, total: int | None, done: int) -> Any:
        if in_notebook():
            from tqdm.auto import tqdm
        else:
            from tqdm import tqdm
        # Rows from before the bar, as of a run that is gone on with, say nothing about how fast they come.
        return tqdm(
            total=total,
            initial=done,
            desc=self._name,
            unit="pt",
            file=sys.stderr,
            leave=True,
            dynamic_ncols=True,
            delay=0,
        )

"""The errors of Wheatstone: one hierarchy, each also a kind of the built-in error that fits it.

Every error says in one sentence what failed and what to do, and carries where it happened, as far as that is known:
``alias``, ``model``, ``address``, ``command`` and ``answer``, empty where unknown. Errors that happened while one was
being handled are its notes (``__notes__``).
"""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wheatstone.experiments import Experiment


class Error(Exception):
    """Base of all errors of this library."""

    alias: str = ""
    model: str = ""
    address: str = ""
    command: str = ""
    answer: str = ""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class ConfigurationError(Error, ValueError, TypeError):
    """A wrong set-up: unknown profile or key, clash of names, a value that no run could use, an argument of the wrong
    type. Nothing has moved."""


class InstrumentNotFoundError(ConfigurationError, AttributeError, KeyError):
    """A bench or session has no instrument of that alias."""


class ConnectionError(Error, builtins.ConnectionError):
    """An instrument that cannot be reached, or is held by somebody else."""


class InstrumentCommunicationError(Error):
    """Base of what goes wrong in the traffic with an instrument."""


class TimeoutError(InstrumentCommunicationError, builtins.TimeoutError):
    """No answer within the time-out."""


class CommunicationError(InstrumentCommunicationError, OSError):
    """An answer that cannot be understood, or a link that broke in the middle of one."""


class InstrumentError(InstrumentCommunicationError, RuntimeError):
    """The instrument itself reported an error. ``queue`` holds (number, text) of every entry, the first one first."""

    queue: list[tuple[int, str]] = []

    @property
    def number(self) -> int:
        """The number of the first entry."""
        return self.queue[0][0] if self.queue else 0

    @property
    def text(self) -> str:
        """The text of the first entry."""
        return self.queue[0][1] if self.queue else ""


class LimitError(Error, ValueError):
    """A set-point that may not be sent. Nothing was sent."""


class _WithRows(Error):
    """Base of what run() raises once it has begun."""

    _stored: Any = None

    @property
    def experiment(self) -> Experiment | None:
        """The rows so far; None where the error was not raised by a run that had begun."""
        if self._stored is None:
            return None
        from wheatstone.experiments import Experiment

        return Experiment._of(self._stored)


class DataError(_WithRows, ValueError, TypeError):
    """A value that cannot be kept without loss."""


class StorageError(_WithRows, OSError):
    """The store cannot be written or read."""


class CodenameError(StorageError, ValueError, KeyError):
    """A database has nothing under a codename, or something already."""


class MeasurementError(_WithRows, RuntimeError):
    """An acquisition or task failed. The rows before it are in ``experiment``; the first error is ``__cause__``, and
    ``errors`` has what the others said. ``point`` is the failed point, counted from 0, and ``parameters`` has its
    values by name; None and empty where a task failed."""

    point: int | None = None
    parameters: Mapping[str, Any] = MappingProxyType({})
    errors: Sequence[str] = ()


class ReplayMismatchError(Error, RuntimeError):
    """Replayed traffic differs from what was recorded."""


class Interrupted(Error):
    """The wait was cut short by an abort."""


# Names of the seed's system.
InstrumentConnectionError = ConnectionError
InstrumentConnectionBusy = ConnectionError
InstrumentConfigurationError = ConfigurationError
InstrumentParameterError = LimitError
InstrumentDataError = DataError
SafetyLimitError = LimitError
DatabaseError = StorageError
ExperimentError = MeasurementError
FormulationError = ConfigurationError
InstrumentMacroError = ConfigurationError
ProfileError = ConfigurationError
ParseError = CommunicationError
SCPIError = InstrumentError
SCPIEngineError = Error
SimulationError = Error
ValidationError = LimitError

__all__ = [
    "CodenameError",
    "CommunicationError",
    "ConfigurationError",
    "ConnectionError",
    "DataError",
    "DatabaseError",
    "Error",
    "ExperimentError",
    "FormulationError",
    "InstrumentCommunicationError",
    "InstrumentConfigurationError",
    "InstrumentConnectionBusy",
    "InstrumentConnectionError",
    "InstrumentDataError",
    "InstrumentError",
    "InstrumentMacroError",
    "InstrumentNotFoundError",
    "InstrumentParameterError",
    "Interrupted",
    "LimitError",
    "MeasurementError",
    "ParseError",
    "ProfileError",
    "ReplayMismatchError",
    "SCPIEngineError",
    "SCPIError",
    "SafetyLimitError",
    "SimulationError",
    "StorageError",
    "TimeoutError",
    "ValidationError",
]

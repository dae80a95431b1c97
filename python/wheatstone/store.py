"""A folder of runs: listed, searched, opened, tagged, compared, thrown away and mended."""

from __future__ import annotations

import datetime as dt
import html
import os
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from wheatstone import _native
from wheatstone._native import RunComparison, RunSummary, SearchHit, Verification
from wheatstone.checking import check_text, count_of, is_number, path_given
from wheatstone.errors import ConfigurationError, StorageError
from wheatstone.experiments.experiment import Experiment
from wheatstone.experiments.keeping import keep_experiment
from wheatstone.refusal import refusing

_STATES = ("preparing", "running", "paused", "stopping", "finished", "stopped", "failed", "aborted", "killed")
_SHOWN_ROWS = 20
_Answer = TypeVar("_Answer")

Instant = str | dt.datetime | dt.date
"""A point in time: a datetime (local where it names no zone), a day, or either as ISO 8601 text."""

Run = str | os.PathLike[str] | RunSummary | Experiment
"""A run as :class:`Store` takes one: by words, by its folder, what a listing says of it, or opened."""


class Store:
    """A folder of runs, each a folder of its own; it need not exist yet.

    ``store["last"]`` opens a run; iterating gives what a listing says of each, oldest first. What is asked is answered
    by looking at the folders: runs that other programs write, copy, move or delete meanwhile are seen.

    A run is named by ``"last"``, its identifier or the beginning of it, its folder's name or the six characters at its
    end, its name (the latest of that name), its folder, what a listing says of it, or the experiment that it left.

    Args:
        folder: Where it is; ``WHEATSTONE_STORE``, else ``./wheatstone-runs``, where left out.
    """

    @refusing
    def __init__(self, folder: str | os.PathLike[str] | None = None) -> None:
        self._native = _native.Store(path_given(folder, "folder of runs"))

    @staticmethod
    def known() -> list[Path]:
        """Stores that runs were written to from this account, latest first."""
        return _native.Store.known()

    @property
    def folder(self) -> Path:
        """Where it is."""
        return self._native.folder

    # Finding

    @refusing
    def runs(
        self,
        name: str | None = None,
        *,
        since: Instant | None = None,
        until: Instant | None = None,
        state: str | Sequence[str] | None = None,
        instrument: str | None = None,
        parameter: str | Sequence[str] | Mapping[str, Any] | None = None,
        tag: str | Sequence[str] | None = None,
    ) -> list[RunSummary]:
        """What there is to say of each run that fits everything given, oldest first.

        Args:
            name: In the run's name, whatever the case; with ``*`` or ``?`` in it, the whole name.
            since: Begun then or later.
            until: Begun before.
            state: "finished", "stopped", "failed", "aborted", "killed", "running", ...; or several of them.
            instrument: In the alias, model, serial number or profile of one of its instruments.
            parameter: Names of parameters, or what each took among its values: ``{"voltage": 5, "device": "D7"}``; a
                tuple is a range, ``{"voltage": (1, None)}``.
            tag: A tag, or several that it must all have.

        Raises:
            StorageError: The folder cannot be listed.
        """
        return self._told(self._native.runs(_filter(name, since, until, state, instrument, parameter, tag)))

    @refusing
    def search(
        self,
        words: str,
        *,
        limit: int | None = None,
        name: str | None = None,
        since: Instant | None = None,
        until: Instant | None = None,
        state: str | Sequence[str] | None = None,
        instrument: str | None = None,
        parameter: str | Sequence[str] | Mapping[str, Any] | None = None,
        tag: str | Sequence[str] | None = None,
    ) -> list[SearchHit]:
        """The runs in which all of these words stand, best first: in name, description, tags, notes, parameters,
        columns, instruments, script, user, host or error. Words may be cut short; words between quotes follow one
        another. Any text is taken. Each hit has the ``run`` and an ``excerpt``. With a ``limit`` only the best so
        many, which is faster for a word that thousands of runs have. The other arguments are those of :meth:`runs`."""
        wanted = _filter(name, since, until, state, instrument, parameter, tag)
        # Surrogates, which stand for bytes of a file's name that are no text, are nothing to search for.
        text = check_text(words, "words").encode(errors="replace").decode()
        return self._told(
            self._native.search(text, None if limit is None else count_of(limit, "hits", "limit"), wanted)
        )

    @refusing
    def open(self, which: Run = "last") -> Experiment:
        """A run's rows and all that is known of it; a running one's too."""
        folder = self._told(self._native.find(_which(which)))
        return Experiment._of(_native.Experiment.open(folder))

    @refusing
    def open_readable(self, which: Run = "last") -> Experiment:
        """The rows of a damaged run that can be read: those of whole files. ``timing["index"]`` tells which they are,
        :meth:`verify` which are not."""
        return Experiment._of(self._native.open_readable(_which(which)))

    def __getitem__(self, which: Run) -> Experiment:
        return self.open(which)

    @refusing
    def summary(self, which: Run = "last") -> RunSummary:
        """What a listing says of one run."""
        return self._told(self._native.summary(_which(which)))

    def __iter__(self) -> Iterator[RunSummary]:
        return iter(self.runs())

    def __len__(self) -> int:
        return len(self.runs())

    def __bool__(self) -> bool:
        return True

    def __contains__(self, which: object) -> bool:
        if not isinstance(which, (str, os.PathLike, RunSummary, Experiment)):
            return False
        try:
            found = self._native.find(_which(which))
        except StorageError:
            return False
        return found.absolute().parent == self.folder.absolute()

    # Saying something of a run

    @refusing
    def tag(self, which: Run, *tags: str) -> None:
        """Adds tags; kept in the run's folder, with who and when."""
        self._native.tag(_which(which), [check_text(each, "tag") for each in tags])

    @refusing
    def untag(self, which: Run, *tags: str) -> None:
        """Takes tags away."""
        self._native.untag(_which(which), [check_text(each, "tag") for each in tags])

    @refusing
    def annotate(self, which: Run, text: str) -> None:
        """Notes something of a run; kept in the run's folder, with who and when."""
        self._native.annotate(_which(which), check_text(text, "text"))

    @refusing
    def compare(self, first: Run, second: Run) -> RunComparison:
        """What distinguishes two runs: plan, instruments, their settings, versions, script, outcome and rows. As text,
        ``print`` it."""
        return self._native.compare(_which(first), _which(second))

    # Keeping

    @refusing
    def keep(self, experiment: Experiment, *, notes: str = "", tags: Sequence[str] = ()) -> Experiment:
        """Writes an experiment that was put together by hand into the store, as a run, and returns it as it is kept
        there. One that a run left is copied with all that the run kept; in its own store it stays where it is.

        Raises:
            DataError: A column that cannot be kept without loss.
        """
        if not isinstance(experiment, Experiment):
            raise ConfigurationError(f"keep() takes an Experiment, not {type(experiment).__name__}")
        by_hand = experiment._stored is None or bool(experiment._trials)
        kept = keep_experiment(self.folder, experiment, notes=check_text(notes, "notes") if by_hand else "")
        if notes and not by_hand:
            self._native.annotate(str(kept.folder), notes)
        if tags:
            self._native.tag(str(kept.folder), _several(tags, "tags"))
        return Experiment._of(kept)

    # Keeping it in order

    @refusing
    def trash(self, which: Run) -> Path:
        """Moves a run to the store's folder ``trash``; returns where it is."""
        return self._native.trash(_which(which))

    @property
    def trashed(self) -> list[RunSummary]:
        """The runs in the trash."""
        return self._native.trashed()

    @refusing
    def restore(self, which: Run = "last") -> Path:
        """Moves a run in the trash back; returns where it is."""
        return self._native.restore(_which(which))

    def empty_trash(self) -> int:
        """Deletes the runs in the trash for good; returns how many there were."""
        return self._native.empty_trash()

    @refusing
    def verify(self, which: Run = "last") -> Verification:
        """Reads every byte of a run that has a check: ``troubles`` names what is damaged, ``readable`` the rows that
        can be read all the same. As text, ``print`` it."""
        return self._native.verify(_which(which))

    @refusing
    def compact(self, which: Run = "last") -> _native.Compaction:
        """Unites a run's small parts; of a killed one, what it left unsealed too."""
        return self._native.compact(_which(which))

    @refusing
    def recover(self, which: Run = "last") -> _native.Recovery:
        """Makes a killed run one that has ended: sealed, and saying so."""
        return self._native.recover(_which(which))

    def rebuild(self) -> int:
        """Forgets what was remembered of the runs and reads them all anew; returns how many there are."""
        return self._told(self._native.rebuild())

    def _told(self, answer: _Answer) -> _Answer:
        """The answer, once it was said what happened to the catalogue on the way."""
        for sentence in self._native.take_notices():
            warnings.warn(sentence, RuntimeWarning, stacklevel=4)
        return answer

    def __repr__(self) -> str:
        return f"Store({str(self.folder)!r})"

    def _repr_html_(self) -> str:
        runs = self.runs()
        head = "".join(f"<th>{title}</th>" for title in ("run", "started (UTC)", "state", "rows", "name", "tags"))
        body = "".join(_row(run) for run in reversed(runs[-_SHOWN_ROWS:]))
        more = f"<caption>the latest {_SHOWN_ROWS} of {len(runs)} runs</caption>" if len(runs) > _SHOWN_ROWS else ""
        return f"<table>{more}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _row(run: RunSummary) -> str:
    started = f"{run.started:%Y-%m-%d %H:%M:%S}" if not run.trouble or run.id else ""
    name = run.name or run.folder.name
    cells = (run.id[-6:], started, run.trouble or run.state, str(run.row_count), name, ", ".join(run.tags))
    return "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + "</tr>"


def _which(which: Run) -> str:
    if isinstance(which, (RunSummary, Experiment)):
        return str(which.folder)
    return path_given(which, "run")


def _filter(
    name: str | None,
    since: Instant | None,
    until: Instant | None,
    state: str | Sequence[str] | None,
    instrument: str | None,
    parameter: str | Sequence[str] | Mapping[str, Any] | None,
    tag: str | Sequence[str] | None,
) -> _native.RunFilter:
    return _native.RunFilter(
        name=check_text(name, "name"),
        from_ns=_nanoseconds(since, "since"),
        until_ns=_nanoseconds(until, "until"),
        states=[_state(each) for each in _several(state, "state")],
        instrument=check_text(instrument, "instrument"),
        parameters=_parameters(parameter),
        tags=_several(tag, "tag"),
    )


def _several(given: str | Sequence[str] | None, what: str) -> list[str]:
    if given is None:
        return []
    several = [given] if isinstance(given, str) else given
    if isinstance(several, Iterable) and all(isinstance(each, str) for each in several):
        return list(several)
    raise ConfigurationError(f"{what}={given!r} is no text, nor several; give a str or a list of them")


def _state(state: str) -> str:
    if state in _STATES:
        return state
    raise ConfigurationError(f"state={state!r} is no state of a run; these are {', '.join(_STATES)}")


def _parameters(
    given: str | Sequence[str] | Mapping[str, Any] | None,
) -> list[tuple[str, Any, float | None, float | None]]:
    if not isinstance(given, Mapping):
        return [(name, None, None, None) for name in _several(given, "parameter")]
    return [(check_text(name, "parameter"), *_value(name, wanted)) for name, wanted in given.items()]


def _value(name: str, wanted: Any) -> tuple[Any, float | None, float | None]:
    if not isinstance(wanted, tuple):
        return wanted, None, None
    if len(wanted) == 2 and all(each is None or is_number(each) for each in wanted):
        least, most = (None if each is None else float(each) for each in wanted)
        return None, least, most
    raise ConfigurationError(f"parameter {name!r}: {wanted!r} is no range; give (least, most), None for no bound")


def _nanoseconds(instant: Instant | None, what: str) -> int | None:
    if instant is None:
        return None
    try:
        if isinstance(instant, str):
            instant = dt.datetime.fromisoformat(instant)
        if not isinstance(instant, dt.datetime):
            instant = dt.datetime.combine(instant, dt.time())
        since_1970 = instant.astimezone(dt.UTC) - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    except (TypeError, ValueError, OverflowError):
        raise ConfigurationError(
            f"{what}={instant!r} is no time; give a datetime, a date, or text such as '2026-11-23 14:30'"
        ) from None
    return (since_1970 // dt.timedelta(microseconds=1)) * 1000


__all__ = ["RunComparison", "RunSummary", "SearchHit", "Store", "Verification"]

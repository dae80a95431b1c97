"""Runs of the past."""

from __future__ import annotations

import os

from wheatstone import _native
from wheatstone.checking import path_given
from wheatstone.experiments.experiment import Experiment
from wheatstone.refusal import refusing


@refusing
def load(which: str | os.PathLike[str] = "last", store: str | os.PathLike[str] | None = None) -> Experiment:
    """Opens a run: "last", its identifier or the beginning of it, its name (the latest of that name), or its folder.

    Looks in ``store`` (else ``WHEATSTONE_STORE`` or ``./wheatstone-runs``), then in every store that runs of this user
    went to. Running and killed runs open too, with the rows that they have.
    """
    folder = _native.Store(path_given(store, "folder of runs")).find(path_given(which, "run"))
    return Experiment._of(_native.Experiment.open(folder))


__all__ = ["load"]

"""A session as a notebook shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wheatstone.experiments import Experiment


def html_of_session(
    name: str, description: str, parts: Mapping[str, Iterable[str]], experiment: Experiment | None
) -> str:
    """Its name, the names of its parts by kind, and the first rows of its last run."""
    named = {kind: ", ".join(names) for kind, names in parts.items()}
    lines = "".join(
        f"<tr><th style='text-align:left'>{kind}</th><td>{escape(names)}</td></tr>"
        for kind, names in named.items()
        if names
    )
    table = "" if experiment is None else experiment.data.head(5)._repr_html_()
    return f"<h4>{escape(name)}</h4><p>{escape(description)}</p><table>{lines}</table>{table}"

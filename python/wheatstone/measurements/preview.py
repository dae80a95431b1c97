"""What a run would do, before it does it."""

from __future__ import annotations

import html
from typing import Any

from wheatstone import _native


class Preview:
    """What ``session.preview()`` returns; printed, it tells all of it."""

    def __init__(self, native: _native.Preview, refused: list[str]) -> None:
        self._native = native
        native.refused = [*refused, *native.refused]

    @property
    def points(self) -> int | None:
        """How many points there are; None where that is not known beforehand."""
        return self._native.points

    @property
    def first(self) -> list[dict[str, Any]]:
        """Parameters of the first points."""
        return list(self._native.first)

    @property
    def last(self) -> list[dict[str, Any]]:
        """Parameters of the last points, where they are known and not among the first."""
        return list(self._native.last)

    @property
    def seconds(self) -> float | None:
        """How long it takes, at least, unless a measured point was given; None where that is not known."""
        return self._native.seconds

    @property
    def seconds_are(self) -> list[str]:
        """What that time is made of, a line each."""
        return list(self._native.time_is)

    @property
    def refused(self) -> list[str]:
        """What run() would refuse, a sentence each."""
        return list(self._native.refused)

    def __repr__(self) -> str:
        return str(self._native)

    def _repr_html_(self) -> str:
        head, *_ = str(self._native).split("\n")
        names = self._native.parameters
        cells = "".join(f"<th>{html.escape(name)}</th>" for name in names)
        gap = self.first and (self.last or self.points is None or self.points > len(self.first))
        rows = [*self.first, *([dict.fromkeys(names, "…")] if gap else []), *self.last]
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(str(row[name]))}</td>" for name in names) + "</tr>" for row in rows
        )
        refused = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in self.refused)
        made = "".join(f"<br>{html.escape(line)}" for line in self.seconds_are)
        return (
            f"<p>{html.escape(head)}{made}</p><table><tr>{cells}</tr>{body}</table>"
            + f"<p>refused:</p><ul>{refused}</ul>" * bool(refused)
        )


__all__ = ["Preview"]

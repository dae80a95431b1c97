"""What a run's progress bar shows."""

import re
from types import SimpleNamespace

from wheatstone.measurements.progress import ProgressBar


class Looks:
    """A run as the bar sees it, look by look."""

    def __init__(self, *done):
        self._done = list(done)

    def progress(self):
        done = self._done.pop(0)
        return SimpleNamespace(state="running", total=1000, done=done, reason="", parameters={"v": 1.5})


def test_the_rate_counts_what_came_since_the_bar_and_no_row_from_before(capsys):
    bar = ProgressBar(Looks(900, 900), "resumed")
    shown = bar._update(bar._update(None))
    shown.close()
    last = capsys.readouterr().err.replace("\r", "\n").strip().splitlines()[-1]
    assert "900/1000" in last and "v=1.5" in last
    assert re.search(r"\[.*(\?|0\.00)\s*pt/s", last), last

"""What people see of runs, approved: in three widths, and with colours."""

import re

import pytest
from stored_runs import listed, make_runs

INSTANT = re.compile(r"\d{4}-\d\d(-\d\d)?([T ]\d\d:\d\d:\d\d(\.\d+)?)?(?=[\s…])")


@pytest.fixture
def steady(terminal):
    """Hides what differs by run, in as many characters as it has, and what is this machine's."""
    runs = make_runs(
        terminal, ("IV diode", [1.0, 1.5, 2.0]), ("a long name of a run with Ümläuts, 測定 and 🔥", [1.0, 7.5])
    )
    terminal.run("runs", "tag", runs[0], "good", "sample 7")
    terminal.run("runs", "note", runs[0], "the fan was off")

    def see(*words: str, status: int = 0, on_terminal: bool = False, **environment: str) -> str:
        words = tuple(runs[int(word)] if word in ("0", "1") else word for word in words)
        if on_terminal:
            text = terminal.on_terminal(*words, **environment)
        else:
            done = terminal.run(*words, status=status, **environment)
            text = done.stdout + done.stderr
        for run in listed(terminal):
            number = run["name"] != "IV diode"
            text = text.replace(run["folder"], "<folder>").replace(run["id"], "<id>")
            text = text.replace(run["handle"], f"run-{number:02}")
        text = text.replace(str(terminal.store), "<store>")
        text = INSTANT.sub(lambda found: re.sub(r"\d", "0", found[0]), text)
        text = re.sub(r"[\d.]+ [k]?B\b", "<size>", text)
        return f"$ wheatstone {' '.join(words)}\n{text}\n".replace(runs[0], "run-00").replace(runs[1], "run-01")

    return see


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_runs_as_people_see_them(steady, approve, columns):
    seen = [
        steady("runs", *words, status=status, COLUMNS=str(columns))
        for words, status in (
            (("ls",), 0),
            (("search", "fan"), 0),
            (("diff", "0", "1"), 1),
            (("verify", "0"), 0),
            (("tail", "0", "-n", "2"), 0),
            (("trash", "ls"), 0),
            (("status", "0"), 0),
        )
    ]
    approve(f"runs_{columns}.txt", "".join(seen))


def test_runs_with_colours(steady, approve):
    seen = [steady("runs", *words, on_terminal=True, COLUMNS="80") for words in (("ls",), ("status", "0"))]
    assert "\x1b[" in seen[0]
    approve("runs_colours.txt", "".join(seen).replace("\x1b", "<esc>"))

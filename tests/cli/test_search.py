"""wheatstone runs search: runs found by words."""

import json

import pytest
from stored_runs import make_runs


@pytest.fixture
def runs(terminal):
    handles = make_runs(terminal, ("IV-curve of a diode", [1.0]), ("Störspannung", [1.0]), ("noise", [1.0]))
    terminal.run("runs", "note", handles[2], "the fan was off")
    terminal.run("runs", "tag", handles[2], "sample 7")
    return handles


@pytest.mark.parametrize(
    "words, which",
    [
        (("IV-curve",), [0]),
        (("iv", "diode"), [0]),
        (('"of a diode"',), [0, 1, 2]),  # the description, too
        (("storspannung",), [1]),
        (("STÖR",), [1]),
        (("fan", "off"), [2]),
        (("sample",), [2]),
        (("34470A",), [0, 1, 2]),
        (('"', "(", "*"), []),
        (("nowhere",), []),
    ],
)
def test_runs_are_found_by_words(terminal, runs, words, which):
    found = json.loads(terminal.run("runs", "search", "--json", "--", *words).stdout)
    assert sorted(run["handle"] for run in found) == sorted(runs[i] for i in which)


def test_a_search_shows_where_the_words_stand_and_takes_the_filters_of_a_listing(terminal, runs):
    for columns in ("40", "80"):
        lines = terminal.run("runs", "search", "fan", COLUMNS=columns).stdout.splitlines()
        assert lines[1].startswith(runs[2])
        assert "fan" in lines[1]
        assert all(len(line) <= int(columns) for line in lines)
    assert "no run has 'fan'" in terminal.run("runs", "search", "fan", "--name", "diode").stderr
    text = terminal.run("runs", "search", "diode", "--limit", "1")
    assert len(text.stdout.splitlines()) == 2
    assert text.stderr == "2 more; --limit shows them\n"
    terminal.run("runs", "search", status=2)

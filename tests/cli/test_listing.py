"""wheatstone runs ls: which runs, in which order, for people and for programs."""

import pytest
from stored_runs import listed, make_runs

HARD_NAMES = [
    "with spaces",
    "a/b\\c",
    "hot 🔥 測定",
    "x" * 300,
    "line\nbreak\x1b[31mred",
    "--json",
]


@pytest.fixture
def runs(terminal):
    handles = make_runs(terminal, ("IV diode", [1.0, 1.5]), ("IV diode", [1.0, 3.0]), ("noise of the meter", [0.0]))
    terminal.run("runs", "tag", handles[0], "good", "sample 7")
    terminal.run("runs", "tag", handles[1], "good")
    return handles


@pytest.mark.parametrize(
    "words, which",
    [
        ((), [0, 1, 2]),
        (("--reverse",), [2, 1, 0]),
        (("--limit", "2"), [1, 2]),
        (("--limit", "2", "--reverse"), [2, 1]),
        (("--name", "diode"), [0, 1]),
        (("--name", "NOISE*"), [2]),
        (("--name", "noise"), [2]),
        (("--tag", "good"), [0, 1]),
        (("--tag", "good", "--tag", "sample 7"), [0]),
        (("--param", "voltage=1.5"), [0]),
        (("--param", "voltage=2..5"), [1]),
        (("--param", "voltage=..0.5"), [2]),
        (("--param", "voltage"), [0, 1, 2]),
        (("--param", "current"), []),
        (("--state", "finished"), [0, 1, 2]),
        (("--state", "killed", "--state", "running"), []),
        (("--instrument", "34470A"), [0, 1, 2]),
        (("--instrument", "psu"), []),
        (("--since", "today"), [0, 1, 2]),
        (("--since", "1min"), [0, 1, 2]),
        (("--until", "yesterday"), []),
        (("--since", "2000-01-01", "--until", "2001-01-01 00:00"), []),
    ],
)
def test_a_listing_has_the_runs_that_fit(terminal, runs, words, which):
    assert [run["handle"] for run in listed(terminal, *words)] == [runs[i] for i in which]
    lines = terminal.run("runs", "ls", *words).stdout.splitlines()[1:]
    assert [line.split()[0] for line in lines] == [runs[i] for i in which]


def test_nothing_that_fits_is_told_from_nothing_at_all(terminal, runs):
    assert "; 3 are there in all" in terminal.run("runs", "ls", "--tag", "none").stderr
    assert terminal.run("runs", "ls", "--store", "nowhere").stderr.startswith("no runs in nowhere (")
    assert terminal.run("runs", "ls", "--store", "nowhere", "--json").stdout == "[]\n"


@pytest.mark.parametrize(
    "words", [("--since", "soon"), ("--param", "=1"), ("--param", "v=a..b"), ("--until", "31.12.")]
)
def test_what_cannot_be_understood_is_answered_with_what_would_be(terminal, words):
    assert words[1] in terminal.run("runs", "ls", *words, status=1).stderr


@pytest.mark.parametrize("name", HARD_NAMES, ids=range(len(HARD_NAMES)))
def test_any_name_is_listed_found_and_shown_on_one_line(terminal, name):
    (handle,) = make_runs(terminal, (name, [1.0]))
    for columns in ("40", "80", "200"):
        text = terminal.run("runs", "ls", COLUMNS=columns).stdout
        assert len(text.splitlines()) == 2
        assert "\x1b" not in text
        assert all(width_of(line) <= int(columns) for line in text.splitlines())
    assert listed(terminal)[0]["name"] == name
    if len(name) < 200 and "\n" not in name:
        terminal.run("runs", "show", "--", name)
    assert "\x1b" not in terminal.run("runs", "show", handle).stdout
    terminal.run("runs", "verify", handle)


def width_of(line: str) -> int:
    """Columns on a terminal, of the characters that these tests use."""
    return sum(2 if ord(c) > 0x2E7F else 1 for c in line)


def test_tables_in_a_pipe_are_whole_unless_columns_says_how_wide(terminal, runs):
    whole = terminal.run("runs", "ls").stdout.splitlines()
    assert "noise of the meter" in whole[3]
    assert max(map(len, whole)) > 60
    narrow = terminal.run("runs", "ls", COLUMNS="40").stdout.splitlines()
    assert max(map(len, narrow)) <= 40
    assert [line.split()[0] for line in narrow] == ["run", *runs]


def test_every_store_is_listed_with_its_place_and_for_programs_in_one_list(terminal):
    for store in ("one", "two"):
        terminal.run("demo", "--pace", "virtual", "--points", "3", "--store", store)
    folders = {run["folder"].split("/")[-2] for run in listed(terminal, "--all")}
    assert folders == {"one", "two"}
    assert [run["state"] for run in listed(terminal, "--all", "--limit", "1")] == ["finished", "finished"]


def test_colour_is_for_terminals(terminal, runs):
    assert "\x1b[32mfinished\x1b[0m" in terminal.on_terminal("runs", "ls")
    assert "\x1b" not in terminal.on_terminal("runs", "ls", NO_COLOR="1")
    assert "\x1b" not in terminal.on_terminal("runs", "ls", TERM="dumb")
    assert "\x1b" not in terminal.run("runs", "ls").stdout

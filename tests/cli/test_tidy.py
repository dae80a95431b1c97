"""Runs tagged, noted, thrown away, compared, verified, recovered and compacted."""

import json
import os
import pty
import re
import shlex
import signal
import subprocess
import sys

import pytest
from running_program import find_program
from stored_runs import SLOW_RUN, listed, make_runs, rows_of


@pytest.fixture
def run(terminal):
    (handle,) = make_runs(terminal, ("IV diode", [1.0, 1.5, 2.0]))
    return handle


def folder_of(terminal, handle: str):
    return next(terminal.store.glob(f"*_{handle}"))


def test_tags_are_given_shown_and_taken_away(terminal, run):
    assert terminal.run("runs", "tag", run).stdout == f"IV diode ({run}): no tags\n"
    assert terminal.run("runs", "tag", run, "good", "sample 7").stdout == f"IV diode ({run}): good, sample 7\n"
    assert terminal.run("runs", "tag", run, "good", "--remove").stdout == f"IV diode ({run}): sample 7\n"
    assert listed(terminal)[0]["tags"] == ["sample 7"]
    assert "sample 7" in terminal.run("runs", "show", run).stdout
    assert "tag" in terminal.run("runs", "tag", run, "two\nlines", status=1).stderr


def test_notes_are_kept_with_who_and_when(terminal, run):
    terminal.run("runs", "note", run, "the", "fan", "was off")
    terminal.run("runs", "note", run, "measured again")
    notes = listed(terminal)[0]["notes"]
    assert [note["text"] for note in notes] == ["the fan was off", "measured again"]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", note["at"]) for note in notes)
    assert "  the fan was off\n" in terminal.run("runs", "note", run).stdout


def test_what_a_process_left_that_was_killed_before_its_run_began_is_named_and_thrown_away(terminal, run):
    left = terminal.store / "2026-01-02T03-04-05Z_iv-curve_01a9c4"
    left.mkdir()
    for name in ("events.jsonl", "run.lock", "first_room.tmp", "run.json.tmp"):
        (left / name).touch()
    assert "ended before the first point" in terminal.run("runs", "ls").stdout
    for which in ("01a9c4", left.name, str(left)):
        assert "ended before the first point" in terminal.run("runs", "show", which, status=1).stdout
    assert "IV diode" in terminal.run("runs", "show", "last").stdout
    terminal.run("runs", "rm", "01a9c4")
    assert not left.exists()
    assert [each["name"] for each in listed(terminal)] == ["IV diode"]


def test_a_run_goes_to_the_trash_and_comes_back(terminal, run):
    said = terminal.run("runs", "rm", run).stdout
    assert f"wheatstone runs trash restore {run}" in said
    assert listed(terminal) == []
    trashed = json.loads(terminal.run("runs", "trash", "ls", "--json").stdout)
    assert [one["handle"] for one in trashed] == [run]
    terminal.run("runs", "trash", "restore", run)
    assert [one["handle"] for one in listed(terminal)] == [run]
    assert "is empty" in terminal.run("runs", "trash", "ls").stderr


def test_a_run_of_a_store_that_was_named_comes_back_as_it_is_said(terminal, run):
    place = terminal.store.with_name("other place")
    terminal.store.rename(place)
    said = terminal.run("runs", "rm", run, "--store", str(place)).stdout
    command = re.search(r"'wheatstone (.*)' brings it back", said)
    assert command is not None, said
    terminal.run(*shlex.split(command[1]))
    assert len(list(place.glob(f"*_{run}"))) == 1


@pytest.mark.parametrize(
    "words", [["tag", "RUN", "x"], ["note", "RUN", "x"], ["compact", "RUN"], ["recover", "RUN"], ["rm", "RUN"]], ids=str
)
def test_a_verb_that_changes_a_run_stays_in_the_store_that_was_named(terminal, run, words):
    verb = [run if word == "RUN" else word for word in words]
    said = terminal.run("runs", *verb, "--store", "elsewhere", status=1)
    assert "is in another store" in said.stderr
    shown = json.loads(terminal.run("runs", "tag", run, "--store", "elsewhere", "--json").stdout)
    assert shown["tags"] == [] and shown["notes"] == [], "showing changes nothing, and may look further"


def test_no_run_of_another_store_is_thrown_away_where_a_store_is_named(terminal, run):
    said = terminal.run("runs", "rm", run, "--store", "elsewhere", status=1)
    assert "is in another store" in said.stderr
    assert len(listed(terminal)) == 1
    terminal.run("runs", "rm", run, "--store", str(terminal.store))
    assert listed(terminal) == []


def test_the_last_run_is_thrown_away_once(terminal):
    make_runs(terminal, ("a", [1.0]), ("b", [1.0]))
    terminal.run("runs", "rm", "last", "last", status=1)
    assert [one["name"] for one in listed(terminal)] == ["a"]


def test_the_trash_is_emptied_only_by_who_means_it(terminal, run):
    terminal.run("runs", "rm", run)
    refused = terminal.run("runs", "trash", "empty", status=1)
    assert "--yes" in refused.stderr
    assert answered(terminal, "n").returncode == 1
    assert len(json.loads(terminal.run("runs", "trash", "ls", "--json").stdout)) == 1
    assert answered(terminal, "y").returncode == 0
    assert json.loads(terminal.run("runs", "trash", "ls", "--json").stdout) == []
    make_runs(terminal, ("a", [1.0]), ("b", [1.0]))
    terminal.run("runs", "rm", "a", "b")
    assert terminal.run("runs", "trash", "empty", "--yes").stdout == "2 runs deleted\n"


def answered(terminal, answer: str) -> subprocess.CompletedProcess:
    """What becomes of emptying the trash where somebody answers on a terminal."""
    reader, writer = pty.openpty()
    os.write(reader, f"{answer}\n".encode())
    command = [find_program(), "runs", "trash", "empty"]
    try:
        return subprocess.run(command, stdin=writer, env=terminal.environment, capture_output=True, timeout=60)
    finally:
        os.close(reader)
        os.close(writer)


def test_equal_runs_are_the_same_and_others_differ_in_what_they_differ(terminal):
    first, second, third = make_runs(terminal, ("a", [1.0, 2.0]), ("a", [1.0, 2.0]), ("a", [1.0, 2.5]))
    assert terminal.run("runs", "diff", first, second).stdout.startswith("the same: ")
    text = terminal.run("runs", "diff", first, third, status=1).stdout
    assert first in text.splitlines()[0]
    assert third in text.splitlines()[0]
    assert "plan" in text
    different = json.loads(terminal.run("runs", "diff", first, third, "--json", status=1).stdout)
    assert not different["same"]
    columns = {column["name"]: column for column in different["columns"]}
    assert columns["voltage"]["different"] == 1
    assert columns["y"]["largest"] == 1.0
    assert columns["y"]["largest_row"] == 1


def test_verify_names_the_corrupt_part(terminal, run):
    assert "whole, 3 rows" in terminal.run("runs", "verify", run).stdout
    part = next(folder_of(terminal, run).glob("*.arrow"))
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 0xFF
    part.write_bytes(bytes(content))
    said = terminal.run("runs", "verify", run, status=1).stdout
    assert part.name in said
    found = json.loads(terminal.run("runs", "verify", run, "--json", status=1).stdout)[0]
    assert not found["whole"]
    assert found["troubles"][0]["file"] == part.name
    make_runs(terminal, ("whole", [1.0]))
    both = json.loads(terminal.run("runs", "verify", "--all", "--json", status=1).stdout)
    assert [one["whole"] for one in both] == [False, True]


def test_verifying_all_goes_on_behind_a_run_that_cannot_be_read(terminal, run):
    description = folder_of(terminal, run) / "run.json"
    description.write_text(description.read_text().replace('"format": 2', '"format": 99'))
    (whole,) = make_runs(terminal, ("whole", [1.0]))
    said = terminal.run("runs", "verify", "--all", status=1)
    assert f"whole ({whole}): whole, 1 row" in said.stdout
    assert "format 99" in said.stderr
    found = json.loads(terminal.run("runs", "verify", "--all", "--json", status=1).stdout)
    assert sorted(one["whole"] for one in found) == [False, True]
    assert "format 99" in next(one for one in found if not one["whole"])["troubles"][0]["trouble"]


@pytest.mark.parametrize("verb", ["verify", "compact"])
def test_all_of_a_store_without_runs_says_so(terminal, verb):
    done = terminal.run("runs", verb, "--all", "--store", "misspelt")
    assert (done.stdout, done.stderr) == ("", "no runs in misspelt\n")


def test_a_killed_run_is_recovered_with_every_row(terminal):
    with subprocess.Popen([sys.executable, "-c", SLOW_RUN], cwd=terminal.folder, env=terminal.environment) as process:
        while rows_of(terminal) < 3:
            assert process.poll() is None
        assert str(process.pid) in terminal.run("runs", "recover", "last", status=1).stderr
        process.send_signal(signal.SIGKILL)
    rows = listed(terminal)[0]["rows"]
    assert rows >= 3
    said = terminal.run("runs", "recover", "last").stdout
    assert f"{rows} rows kept" in said
    assert "runs resume" in said
    now = listed(terminal)[0]
    assert (now["state"], now["rows"]) == ("killed", rows)
    assert not list(folder_of(terminal, now["handle"]).glob("*.chunk"))
    assert "whole" in terminal.run("runs", "verify", "last").stdout


def test_a_run_that_has_ended_needs_no_recovery(terminal, run):
    assert terminal.run("runs", "recover", run, status=1).stderr.startswith("wheatstone: ")


def test_compacting_keeps_every_row(terminal, run):
    before = terminal.run("runs", "tail", run, "-n", "100", "--format", "csv").stdout
    assert "1 file of rows" in terminal.run("runs", "compact", run).stdout
    assert terminal.run("runs", "tail", run, "-n", "100", "--format", "csv").stdout == before
    terminal.run("runs", "compact", "--all")
    refused = terminal.run("runs", "compact", run, "--all", status=1)
    assert "--all" in refused.stderr

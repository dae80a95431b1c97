"""What the program says of itself, and of what it does not understand."""

import re
import subprocess
import sys

import pytest
from running_program import ROOT, find_program

sys.path.insert(0, str(ROOT / "tools"))

import write_docs


def test_version_is_that_of_the_project(terminal):
    assert re.fullmatch(r"wheatstone \d+\.\d+\.\d+\n", terminal.run("--version").stdout)


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("nonsense",),
        ("runs",),
        ("runs", "export"),
        ("runs", "export", "--to", "exe"),
        ("runs", "show", "one", "two"),
        ("demo", "--points", "1"),
    ],
)
def test_a_wrong_command_line_is_status_2_and_changes_nothing(terminal, words):
    done = terminal.run(*words, status=2)
    assert done.stdout == ""
    assert done.stderr
    assert not terminal.store.exists()


@pytest.mark.parametrize(
    "words, said",
    [
        (("rns",), "did you mean 'wheatstone runs'?"),
        (("runs", "shw"), "did you mean 'wheatstone runs show'?"),
        (("runs", "show", "--row", "3"), "did you mean --rows?"),
        (("runs", "show", "--rows", "-1"), "--rows takes a whole number from 0, not '-1'"),
        (("runs", "show", "one", "two"), "'two' is one word too many"),
        (("runs", "pause"), "RUN is missing"),
        (("runs", "export", "--to", "exe"), "--to takes arrow, csv, jsonl, netcdf, parquet, xlsx, not 'exe'"),
    ],
)
def test_a_slip_is_answered_with_what_may_have_been_meant(terminal, words, said):
    assert said in terminal.run(*words, status=2).stderr


def test_help_fits_its_terminal(terminal):
    for words, _ in write_docs.helps(find_program()):
        for columns in (40, 80):
            text = terminal.run(*words, "--help", COLUMNS=str(columns)).stdout.split("\nExample")[0]
            assert max(map(len, text.splitlines())) <= columns, text


def test_every_verb_shows_an_example():
    for words, text in write_docs.helps(find_program()):
        assert re.search(r"^Examples?:\n  .*wheatstone ", text, re.MULTILINE), words


def test_output_that_cannot_be_written_is_an_error(terminal):
    with open("/dev/full", "w") as full:
        command = [find_program(), "profile", "list"]
        done = subprocess.run(command, env=terminal.environment, stdout=full, stderr=subprocess.PIPE, timeout=60)
    assert done.returncode == 1
    assert done.stderr == b"wheatstone: the output cannot be written: No space left on device\n"


def test_profiles_are_listed_shown_and_validated(terminal):
    assert "keysight/EDU36311A" in terminal.run("profile", "list").stdout
    shown = terminal.run("profile", "show", "KEYSIGHT/edu36311a").stdout
    assert shown.startswith("# keysight/EDU36311A\n")
    (terminal.folder / "mine.yaml").write_text("maker: Me\nmodel: [\n")
    refused = terminal.run("profile", "validate", "mine.yaml", status=1)
    assert "mine.yaml" in refused.stdout
    assert re.search(r"line \d+|:\d+", refused.stdout)
    nearest = terminal.run("profile", "show", "keysight/EDU36311B", status=1)
    assert "keysight/EDU36311A" in nearest.stderr

"""wheatstone runs tail: the last rows, and those to come."""

import csv
import io
import json
import signal
import subprocess

import pytest
from running_program import find_program
from stored_runs import make_runs


@pytest.fixture
def run(terminal):
    (handle,) = make_runs(terminal, ("IV diode", [1.0, 1.5, 2.0]))
    return handle


def test_the_last_rows_are_printed_in_each_format(terminal, run):
    table = terminal.run("runs", "tail", "-n", "2").stdout.splitlines()
    assert table[0].split() == ["voltage", "[V]", "timestamp", "y", "text"]
    assert [line.split()[0] for line in table[1:]] == ["1.5", "2"]
    rows = list(csv.DictReader(io.StringIO(terminal.run("runs", "tail", run, "-n2", "--format", "csv").stdout)))
    assert [(row["voltage"], row["y"], row["text"]) for row in rows] == [("1.5", "3.0", "a,b"), ("2.0", "4.0", "a,b")]
    lines = terminal.run("runs", "tail", run, "-n", "1", "--format", "jsonl").stdout.splitlines()
    assert json.loads(lines[0])["y"] == 4.0
    assert terminal.run("runs", "tail", run, "-n", "0").stdout.count("\n") == 1


def test_csv_is_that_of_the_export(terminal, run):
    terminal.run("runs", "export", run, "--to", "csv", "-o", "all.csv")
    exported = (terminal.folder / "all.csv").read_bytes().decode()
    tail = subprocess.run(
        [find_program(), "runs", "tail", run, "-n", "100", "--format", "csv"],
        env=terminal.environment,
        capture_output=True,
        check=True,
    )
    assert tail.stdout.decode() == exported


def test_only_the_columns_that_are_asked_for(terminal, run):
    assert terminal.run("runs", "tail", "--column", "y", "--format", "csv").stdout.split() == ["y", "2.0", "3.0", "4.0"]
    assert "voltage, timestamp, y" in terminal.run("runs", "tail", "--column", "z", status=1).stderr


def test_a_run_that_has_ended_is_followed_to_its_end_at_once(terminal, run):
    done = terminal.run("runs", "tail", run, "-f", "--format", "csv")
    assert done.stderr == "IV diode: finished, 3 rows\n"
    assert done.stdout.count("\n") == 4


@pytest.mark.parametrize("how", ["table", "csv", "jsonl"])
def test_rows_of_a_running_run_are_followed_until_it_ends(terminal, running, how):
    command = [find_program(), "runs", "tail", "last", "-f", "-n", "1000", "--format", how]
    with subprocess.Popen(
        command, env=terminal.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as tail:
        heads = 0 if how == "jsonl" else 1
        seen = [tail.stdout.readline() for _ in range(heads + 8)]
        terminal.run("runs", "stop", "last")
        rows = [*seen, *tail.stdout.readlines()][heads:]
        said = tail.stderr.read()
        assert tail.wait(60) == 0
    total = int(said.split()[-2])
    assert said == f"slow ramp: stopped, {total} rows\n"
    assert len(rows) == total
    if how == "jsonl":
        assert [json.loads(row)["x"] for row in rows] == [float(i) for i in range(total)]


def test_following_ends_when_nobody_reads_any_more(terminal, running):
    terminal.run("runs", "pause", "last")
    command = [find_program(), "runs", "tail", "last", "-f"]
    with subprocess.Popen(command, env=terminal.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as tail:
        tail.stdout.readline()
        tail.stdout.close()  # the run is paused: no row comes whose writing could fail
        assert tail.wait(60) == -signal.SIGPIPE
        assert tail.stderr.read() == b""


def test_a_narrow_terminal_gets_the_columns_that_matter_most(terminal):
    terminal.run("demo", "--pace", "virtual", "--points", "3")
    narrow = terminal.run("runs", "tail", COLUMNS="40").stdout.splitlines()
    assert narrow[0].split() == ["voltage", "[V]", "v", "[V]", "i", "[A]"]
    assert all(len(line) <= 40 for line in narrow)
    shown = terminal.run("runs", "show", COLUMNS="40").stdout
    assert "not shown here: timestamp, v_uncertainty" in shown
    assert "not shown here" not in terminal.run("runs", "show").stdout

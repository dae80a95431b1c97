"""wheatstone runs: finished, killed and running runs, from another process."""

import json
import os
import signal
import subprocess
import sys
import time

import polars
import pytest
from stored_runs import rows_of


def listed(terminal) -> list[list[str]]:
    return [line.split() for line in terminal.run("runs", "ls").stdout.splitlines()[1:]]


def exported(terminal, how: str) -> polars.DataFrame:
    read = {"csv": polars.read_csv, "arrow": polars.read_ipc, "parquet": polars.read_parquet}
    file = terminal.folder / f"out.{how}"
    done = terminal.run("runs", "export", "last", "--to", how, "-o", str(file), "--force")
    assert done.stdout == f"{file}\n"
    return read[how](file)


def test_a_running_run_is_listed_shown_and_exported_from_another_process(terminal, running):
    assert listed(terminal)[-1][3] == "running"
    shown = terminal.run("runs", "show", "last").stdout
    assert "slow ramp" in shown
    assert "for the tests" in shown
    assert "x [V], timestamp, y" in shown
    before = len(exported(terminal, "csv"))
    assert before >= 3
    deadline = time.monotonic() + 30
    while len(exported(terminal, "arrow")) <= before:
        assert time.monotonic() < deadline, "no further row was seen"


def test_a_killed_run_keeps_its_rows(terminal, running):
    seen = rows_of(terminal)
    running.send_signal(signal.SIGKILL)
    running.wait(30)
    assert listed(terminal)[-1][3] == "killed"
    for how in ("csv", "arrow", "parquet"):
        table = exported(terminal, how)
        assert len(table) >= seen
        assert table["y"].to_list() == [2.0 * i for i in range(len(table))]
    assert "killed" in terminal.run("runs", "show").stdout


def test_a_finished_run_is_found_by_last_name_id_and_folder(terminal):
    terminal.run("demo", "--pace", "virtual")
    described = json.loads(terminal.run("runs", "show", "last", "--json").stdout)
    folder = next(terminal.store.iterdir())
    handle = listed(terminal)[0][0]
    for which in ("last", "IV curve", described["id"], described["id"][:30], handle, str(folder)):
        assert json.loads(terminal.run("runs", "show", which, "--json").stdout)["id"] == described["id"]


def test_show_prints_timing_and_events_when_asked(terminal):
    terminal.run("demo", "--pace", "virtual")
    assert "lateness" in terminal.run("runs", "show", "--timing").stdout
    plain = terminal.run("runs", "show").stdout
    with_events = terminal.run("runs", "show", "--events").stdout
    assert with_events.startswith(plain.rstrip("\n"))
    assert '"event"' in with_events
    assert '"event"' not in plain


def test_exports_agree_and_are_named_after_the_run(terminal):
    terminal.run("demo", "--pace", "virtual")
    csv = exported(terminal, "csv")
    arrow = exported(terminal, "arrow")
    parquet = exported(terminal, "parquet")
    assert arrow.equals(parquet)
    assert csv["v"].to_list() == arrow["v"].to_list()
    file = terminal.run("runs", "export", "--to", "arrow").stdout.strip()
    assert file == f"{next(terminal.store.iterdir()).name}.arrow"
    assert (terminal.folder / file).exists()


def test_a_dash_exports_to_standard_output(terminal):
    terminal.run("demo", "--pace", "virtual")
    exported(terminal, "csv")
    text = terminal.run("runs", "export", "last", "--to", "csv", "-o", "-").stdout
    assert text == (terminal.folder / "out.csv").read_text()
    command = "wheatstone runs export last --to arrow -o - > piped.arrow"
    subprocess.run(command, shell=True, cwd=terminal.folder, env=terminal.environment, check=True, timeout=60)
    assert polars.read_ipc(terminal.folder / "piped.arrow").equals(exported(terminal, "arrow"))
    assert not (terminal.folder / "-").exists()


def test_rows_are_counted_from_zero(terminal):
    terminal.run("demo", "--pace", "virtual")
    assert "..." in terminal.run("runs", "show", "--rows", "2").stdout
    nothing = terminal.run("runs", "show", "--rows", "0").stdout
    assert "..." not in nothing
    assert nothing.splitlines()[-1].split()[0] == "voltage"
    refused = terminal.run("runs", "show", "--rows", "-1", status=2)
    assert "--rows" in refused.stderr
    assert refused.stdout == ""


def test_a_store_that_is_no_folder_is_an_error(terminal):
    (terminal.folder / "file").write_text("")
    refused = terminal.run("runs", "ls", "--store", "file", status=1)
    assert refused.stderr.startswith("wheatstone: 'file' is no folder")


def test_export_overwrites_only_by_force(terminal):
    terminal.run("demo", "--pace", "virtual")
    (terminal.folder / "mine.csv").write_text("precious")
    refused = terminal.run("runs", "export", "--to", "csv", "-o", "mine.csv", status=1)
    assert "--force" in refused.stderr
    assert (terminal.folder / "mine.csv").read_text() == "precious"
    terminal.run("runs", "export", "--to", "csv", "-o", "mine.csv", "--force")
    assert len(polars.read_csv(terminal.folder / "mine.csv")) == 31


@pytest.mark.parametrize("python", ["no-such-python", "empty"])
def test_export_to_parquet_says_what_is_missing(terminal, python):
    if python == "empty":  # a Python that has no packages
        script = terminal.folder / "empty"
        script.write_text(f'#!/bin/sh\nexec {os.path.realpath(sys.executable)} -I -S "$@"\n')
        script.chmod(0o755)
        python = str(script)
    terminal.run("demo", "--pace", "virtual")
    refused = terminal.run("runs", "export", "--to", "parquet", status=1, WHEATSTONE_PYTHON=python)
    assert "Python package of wheatstone" in refused.stderr
    assert "WHEATSTONE_PYTHON" in refused.stderr
    assert not list(terminal.folder.glob("*.parquet"))


def test_an_empty_and_a_missing_store_are_no_error_to_list(terminal):
    assert "no runs in" in terminal.run("runs", "ls").stderr
    assert not terminal.store.exists()
    terminal.store.mkdir()
    assert "no runs in" in terminal.run("runs", "ls").stderr


def test_a_run_that_does_not_exist_is_one_sentence(terminal):
    for verb in (("show", "nothing"), ("export", "nothing", "--to", "csv")):
        done = terminal.run("runs", *verb, status=1)
        assert done.stdout == ""
        assert done.stderr.startswith("wheatstone: ")
        assert done.stderr.count("\n") == 1


def test_a_damaged_run_is_listed_with_its_trouble_and_hides_no_other(terminal):
    terminal.run("demo", "--pace", "virtual")
    terminal.run("demo", "--pace", "virtual")
    broken = sorted(terminal.store.iterdir())[0]
    (broken / "run.json").write_text("{")
    lines = terminal.run("runs", "ls").stdout.splitlines()[1:]
    assert len(lines) == 2
    assert sum("unreadable" in line for line in lines) == 1
    assert sum("finished" in line for line in lines) == 1


def test_all_stores_of_the_account_are_listed(terminal):
    terminal.run("demo", "--pace", "virtual", "--store", "one")
    terminal.run("demo", "--pace", "virtual", "--store", "two")
    seen = terminal.run("runs", "ls", "--all").stdout
    assert str(terminal.folder / "one") in seen
    assert str(terminal.folder / "two") in seen


def test_output_into_a_closed_pipe_is_no_error(terminal):
    terminal.run("demo", "--pace", "virtual", "--points", "2000")
    command = "wheatstone runs show last --rows 2000 2>errors | head -n 1"
    done = subprocess.run(command, shell=True, cwd=terminal.folder, env=terminal.environment, text=True, timeout=60)
    assert done.returncode == 0
    assert (terminal.folder / "errors").read_text() == ""


def told(terminal, what: str) -> str:
    lines = [line for line in terminal.run("runs", "status", "last").stdout.splitlines() if line.startswith(what)]
    return lines[0].removeprefix(what).strip() if lines else ""


def test_a_running_run_is_controlled_from_another_terminal(terminal, running):
    assert told(terminal, "progress").startswith("running, ")
    assert " of 1000 points, " in told(terminal, "progress")
    assert told(terminal, "point").startswith("x = ")
    paused = terminal.run("runs", "pause", "last").stdout
    assert paused.startswith("slow ramp: paused, ")
    done = int(paused.split(",")[1].split()[0])
    assert terminal.run("runs", "step", "last").stdout == f"slow ramp: paused, {done + 1} of 1000 points\n"
    assert told(terminal, "progress") == f"paused, {done + 1} of 1000 points"
    assert "progress" in terminal.run("runs", "show", "last").stdout
    assert terminal.run("runs", "resume", "slow ramp").stdout.startswith("slow ramp: running, ")
    refused = terminal.run("runs", "step", "last", status=1)
    assert refused.stderr == "wheatstone: a step is for a paused run; pause it first\n"
    assert terminal.run("runs", "stop", "last").stdout.startswith("slow ramp: stopped, ")
    assert running.wait(30) == 0
    assert told(terminal, "state") == "stopped"
    shown = terminal.run("runs", "show", "last", "--events").stdout
    controls = [json.loads(line) for line in shown.splitlines() if '"event":"control"' in line]
    assert [event["action"] for event in controls] == ["pause", "step", "resume", "step", "stop"]
    assert {event["program"] for event in controls} == {"wheatstone"}
    assert {event["uid"] for event in controls} == {os.getuid()}


def test_a_run_that_is_over_cannot_be_controlled(terminal, running):
    running.send_signal(signal.SIGKILL)
    running.wait(30)
    for action in ("pause", "stop", "abort"):
        said = terminal.run("runs", action, "last", status=1).stderr
        assert said.startswith("wheatstone: the run 'slow ramp' (")
        assert said.endswith(") is killed; there is nothing to control any more\n")
    assert told(terminal, "state") == "killed"

"""wheatstone demo: what a new user sees first."""

import re
import signal
import subprocess
import sys
import time

import polars
from running_program import find_program

QUIET = ("demo", "--pace", "virtual")


def without_what_differs(text: str) -> str:
    """Folders, instants and the name by which the program was called are of this run."""
    text = re.sub(r"\d{4}-\d\d-\d\dT?[ T]?\d\d[:-]\d\d[:-]\d\d(\.\d+)?(Z| UTC)?", "<instant>", text)
    text = re.sub(r"is kept in \S+", "is kept in <folder>", text)
    text = re.sub(r"\S*/wheatstone(?= )", "wheatstone", text)
    return re.sub(r"<instant>_iv-curve_\w+", "<run>", text)


def test_demo_sweeps_prints_a_table_a_plot_where_the_run_is_and_what_to_type_next(terminal, approve):
    done = terminal.run(*QUIET)
    assert done.stderr == ""
    approve("demo.txt", without_what_differs(done.stdout))


def test_demo_keeps_its_run(terminal):
    folder = re.search(r"is kept in (\S+)", terminal.run(*QUIET).stdout)[1]
    shown = terminal.run("runs", "show", "last", "--rows", "40").stdout
    assert folder in shown
    assert "finished" in shown


def test_demo_shows_the_current_limit_of_the_supply(terminal):
    terminal.run(*QUIET, "--points", "13")
    terminal.run("runs", "export", "last", "--to", "csv", "-o", "iv.csv")
    table = polars.read_csv(terminal.folder / "iv.csv")
    assert table.columns[:2] == ["voltage", "timestamp"]
    for row in table.iter_rows(named=True):
        expected = min(row["voltage"], 4.0)
        assert abs(row["v"] - expected) < 0.08
        assert abs(row["i"] - expected / 8) < 0.015


def test_demo_shows_progress_on_a_terminal_and_no_line_is_too_wide(terminal):
    for columns in ("20", "40", "80", "200"):
        seen = terminal.on_terminal(*QUIET, COLUMNS=columns, NO_COLOR="1")
        assert "31/31" in seen or int(columns) < 40
        assert "\x1b[1m" not in seen
        table_and_plot = seen.split("A load of")[0]
        for line in re.split(r"[\r\n]", table_and_plot):
            assert len(line.replace("\x1b[K", "")) <= int(columns), line


def test_demo_uses_colour_on_a_terminal_only(terminal):
    assert "\x1b[1m" in terminal.on_terminal(*QUIET)
    assert "\x1b" not in terminal.on_terminal(*QUIET, TERM="dumb")
    assert "\x1b" not in terminal.run(*QUIET).stdout


def test_demo_draws_with_ascii_where_the_locale_has_nothing_else(terminal):
    assert terminal.run(*QUIET, LC_ALL="C").stdout.isascii()
    assert "⠤" in terminal.run(*QUIET).stdout or "⣀" in terminal.run(*QUIET).stdout


def test_demo_in_python_gives_the_same_table(terminal):
    terminal.run("demo", "--pace", "virtual", "--points", "11", "--seed", "7")
    program = terminal.run("demo", "--pace", "virtual", "--points", "11", "--seed", "7", "--python").stdout
    assert len([line for line in program.splitlines() if line.strip()]) == 12
    subprocess.run(
        [sys.executable, "-c", program], cwd=terminal.folder, env=terminal.environment, check=True, timeout=60
    )
    runs = [line.split()[0] for line in terminal.run("runs", "ls").stdout.splitlines()[1:]]
    assert len(runs) == 2
    tables = []
    for run in runs:
        terminal.run("runs", "export", run, "--to", "csv", "-o", f"{run}.csv")
        tables.append(polars.read_csv(terminal.folder / f"{run}.csv").drop("timestamp"))
    assert tables[0].equals(tables[1])


def test_demo_through_the_python_package_is_the_same_program(terminal):
    done = subprocess.run(
        [sys.executable, "-m", "wheatstone", "demo", "--pace", "virtual"],
        cwd=terminal.folder,
        env=terminal.environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("voltage") >= 2


def test_ctrl_c_stops_after_the_point_keeps_the_rows_and_says_so(terminal):
    process = subprocess.Popen(
        [find_program(), "demo", "--pace", "real"],
        cwd=terminal.folder,
        env=terminal.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 30
    while " 1  IV curve" not in terminal.run("runs", "ls").stdout:
        assert time.monotonic() < deadline, "no row was seen within 30 s"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert out == ""
    assert err.startswith("wheatstone: ")
    assert " rows are kept in " in err or " row is kept in " in err
    resume = re.search(r"'\S+ runs resume (\w+-\w+)' says how to go on with it", err)[1]
    assert "WHEATSTONE_RESUME=" in terminal.run("runs", "resume", resume).stdout
    listed = terminal.run("runs", "ls").stdout.splitlines()[-1].split()
    assert listed[3] == "stopped"
    assert 1 <= int(listed[4]) < 31

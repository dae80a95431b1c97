"""wheatstone run: procedures and scripts."""

import json
import os
import re
import shlex
import signal
import subprocess
import time
from pathlib import Path

import pytest
from running_program import find_program

IV = (Path(__file__).parents[1] / "procedures" / "iv_curve.yaml").read_text()
REAL = IV.replace("simulate: true\n", "").replace(
    "dmm: keysight/34470A", 'dmm: {profile: keysight/34470A, address: "TCPIP::192.0.2.1::5025::SOCKET"}'
)


@pytest.fixture
def iv(terminal) -> Path:
    file = terminal.folder / "iv.yaml"
    file.write_text(IV)
    return file


def without_what_differs(text: str) -> str:
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+", "<instant>             ", text)
    return re.sub(r"is kept in \S+", "is kept in <folder>", text)


def run_json(terminal) -> dict:
    """run.json of the run that was written last."""
    return json.loads(max(terminal.store.glob("*/run.json"), key=lambda path: path.stat().st_mtime_ns).read_text())


def test_a_procedure_prints_its_table_and_where_it_is_kept(terminal, iv, approve):
    done = terminal.run("run", "iv.yaml")
    assert done.stderr == "5 points, 1 s or more\n"
    approve("run.txt", without_what_differs(done.stdout))


def test_a_dry_run_prints_points_and_messages_and_keeps_nothing(terminal, iv, approve):
    done = terminal.run("run", "iv.yaml", "--dry-run", "--set", "voltage=1,2")
    approve("dry_run.txt", done.stdout)
    assert not terminal.store.exists()
    assert str(terminal.store) not in terminal.run("runs", "ls", "--all").stdout
    assert not list(Path(os.environ.get("TMPDIR", "/tmp")).glob(".wheatstone-passing-*/*_iv-curve_*"))


def test_a_dry_run_talks_to_no_real_instrument(terminal):
    (terminal.folder / "real.yaml").write_text(REAL)
    started = time.monotonic()
    assert "dmm  READ?" in terminal.run("run", "real.yaml", "--dry-run").stdout
    assert time.monotonic() - started < 20  # 192.0.2.1 would have to be waited for


def test_set_replaces_values_and_run_json_keeps_what_was_run(terminal, iv):
    terminal.run("run", "iv.yaml", "--set", "voltage=0:1:0.25", "--name", "other", "--quiet")
    run = run_json(terminal)
    assert run["name"] == "other"
    assert run["parameters"][0]["values"] == [0, 0.25, 0.5, 0.75, 1]
    assert run["procedure"]["source"] == IV
    assert run["procedure"]["set"] == {"voltage": "0:1:0.25"}
    assert run["procedure"]["file"] == str(iv)


def test_quiet_prints_the_folder_only(terminal, iv):
    done = terminal.run("run", "iv.yaml", "--quiet", "--store", "elsewhere")
    assert done.stderr == ""
    assert (terminal.folder / done.stdout.strip() / "run.json").exists()
    assert "elsewhere" in done.stdout


def test_simulate_takes_the_place_of_real_instruments(terminal):
    (terminal.folder / "real.yaml").write_text(REAL)
    terminal.run("run", "real.yaml", "--simulate")
    assert [each["simulated"] for each in run_json(terminal)["instruments"]] == [True, True]


def test_a_bench_file_takes_the_place_of_the_instruments(terminal, iv):
    bench = "bench_name: lab\nsimulate: true\npace: virtual\nseed: 9\ninstruments:\n  psu: keysight/EDU36311A\n"
    (terminal.folder / "lab.yaml").write_text(bench + "  dmm: keysight/34470A\n")
    terminal.run("run", "iv.yaml", "--bench", "lab.yaml")
    assert run_json(terminal)["bench"]["name"] == "lab"
    assert run_json(terminal)["simulation"]["seed"] == 9


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("missing.yaml",), "missing.yaml cannot be opened: No such file"),
        (("iv.yaml", "--set", "volts=1"), "did you mean 'voltage'?"),
        (("iv.yaml", "--set", "voltage"), "write it as NAME=VALUES"),
        (("iv.yaml", "--set", "voltage=0:9:1"), "is outside 0 to 6.18 V"),
        (("iv.yaml", "--set", "voltage=2 A"), "is set in V, and this is in A"),
        (("iv.yaml", "word"), "'word' is one word too many"),
        (("iv.yaml", "--bench", "no.yaml"), "no.yaml"),
    ],
)
def test_what_cannot_be_meant_is_said_and_nothing_is_run(terminal, iv, words, said):
    makes_no_sense = said in ("did you mean 'voltage'?", "write it as NAME=VALUES")
    done = terminal.run("run", *words, status=2 if makes_no_sense else 1)
    assert said in done.stderr
    assert done.stderr.startswith("wheatstone: ")
    assert done.stderr.count("--set") <= 1
    assert done.stdout == ""
    assert not terminal.store.exists()


def test_ctrl_c_keeps_the_rows_and_resume_goes_on_with_them(terminal):
    slow = IV.replace("pace: virtual", "pace: real").replace(
        "  voltage: 1:3:0.5", "  voltage: {values: 1:3:0.01, settle: 50 ms}"
    )
    (terminal.folder / "slow.yaml").write_text(slow.replace("dmm.voltage_dc", "{from: dmm.voltage_dc, nplc: 0.2}"))
    process = subprocess.Popen(
        [find_program(), "run", "slow.yaml", "--set", "voltage=1:1.4:0.01"],
        cwd=terminal.folder,
        env=terminal.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 30
    while not re.search(r" [1-9]\d*  IV curve", terminal.run("runs", "ls").stdout):
        assert time.monotonic() < deadline, "no row was seen within 30 s"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130, err
    assert out == ""
    command = re.search(r"to go on after \d+ rows? in \S+: wheatstone (.*)$", err, re.MULTILINE)[1]
    assert command == "run slow.yaml --set voltage=1:1.4:0.01 --resume"
    stopped = run_json(terminal)
    terminal.run(*command.split())
    finished = run_json(terminal)
    assert finished["id"] == stopped["id"]
    assert finished["state"] == "finished"
    terminal.run("runs", "export", "last", "--to", "csv", "-o", "iv.csv")
    assert len((terminal.folder / "iv.csv").read_text().splitlines()) == 42


def test_resume_refuses_another_measurement(terminal, iv):
    failing = IV.replace("dmm.voltage_dc", "psu.query('NONSENSE?')")
    iv.write_text(failing)
    terminal.run("run", "iv.yaml", status=1)
    iv.write_text(failing.replace("500 mA", "400 mA"))
    refused = terminal.run("run", "iv.yaml", "--resume", status=1).stderr
    assert "what the procedure sets, reads or does was another" in refused


def test_what_cannot_be_set_is_said_by_a_dry_run_too_and_no_run_begins(terminal, iv):
    iv.write_text(IV.replace("dmm.voltage_dc", "{from: dmm.voltage_dc, nplc: 7}"))
    for words in ((), ("--dry-run",)):
        said = terminal.run("run", "iv.yaml", *words, status=1).stderr
        assert said.startswith("wheatstone: iv.yaml:14:44: dmm: 7 is none of the model's steps of VOLT:NPLC")
    assert not list(terminal.store.glob("*/run.json"))


def test_a_sweep_of_a_lifetime_says_its_size_and_is_begun_only_if_it_is_meant(terminal, iv):
    long = ("--set", "voltage=1:5:1e-12")
    for words in ((), ("--dry-run",)):
        said = terminal.run("run", "iv.yaml", *long, *words, status=1).stderr
        assert "this sweep has 4000000000001 points" in said
        assert "--allow-long" in said
    dry = terminal.run("run", "iv.yaml", *long, "--dry-run", "--allow-long").stdout
    assert dry.endswith("10000 points, and there are more; nothing was sent to a real instrument\n")
    iv.write_text(IV + "until: v_measured > 0.5\n")
    done = terminal.run("run", "iv.yaml", *long, "--allow-long")
    assert done.stderr.startswith("4000000000001 points, ")


def test_an_error_of_a_run_says_how_to_go_on(terminal, iv):
    iv.write_text(
        IV.replace("voltage: 1:3:0.5", "mode: [1, 2]").replace(
            "psu.channel(1).voltage: voltage", "psu.write: '*SRE {300 * (mode - 1)}'"
        )
    )
    said = terminal.run("run", "iv.yaml", status=1).stderr
    assert "Data out of range" in said
    assert "to go on after 1 row in" in said


def test_runs_resume_names_the_procedure_and_how_to_go_on_with_it(terminal, iv):
    failing = IV.replace("voltage: 1:3:0.5", "mode: [1, 2, 3]").replace(
        "psu.channel(1).voltage: voltage", "psu.write: '*SRE {100 * (mode - 1)}'"
    )
    second = terminal.folder / "second try.yaml"
    second.write_text(failing)
    terminal.run("run", second.name, "--set", "mode=1,2,4", status=1)
    stopped = run_json(terminal)
    said = terminal.run("runs", "resume", "last").stdout
    command = re.search(r"^  wheatstone (run .*)$", said, re.MULTILINE)[1]
    words = shlex.split(command)
    assert words[:4] == ["run", str(second), "--set", "mode=1,2,4"]
    assert words[4] == "--resume-run"
    refused = terminal.run("runs", "resume", "last", "--run", status=1).stderr
    assert f"was made by a procedure and not by a script; go on with: wheatstone {command}" in refused
    again = terminal.run(*words, status=1).stderr
    assert "Data out of range" in again
    assert run_json(terminal)["id"] == stopped["id"], "it went on with the run"
    assert len(run_json(terminal)["segments"]) == 2


def test_progress_is_shown_on_a_terminal(terminal, iv):
    assert "5/5" in terminal.on_terminal("run", "iv.yaml", NO_COLOR="1")
    assert "5/5" not in terminal.on_terminal("run", "iv.yaml", "--quiet", NO_COLOR="1")


SCRIPT = """\
import sys
from wheatstone import Bench, MeasurementSession

with MeasurementSession("script") as session:
    session.parameter("voltage", [1.0, 2.0], unit="V")

    @session.acquire
    def measure(psu, dmm, voltage):
        psu.channel(1).set(voltage=voltage, current_limit=0.5).on()
        return {"v": dmm.measure_voltage_dc()}

    session.run()
with Bench.open() as bench:
    print(bench.name, bench.simulate, bench.psu.is_simulated, sys.argv[1:])
"""
BENCH = """\
bench_name: lab
pace: virtual
instruments:
  psu: {profile: keysight/EDU36311A, address: "TCPIP::192.0.2.1::5025::SOCKET", simulate: false}
  dmm: {profile: keysight/34470A, address: "TCPIP::192.0.2.2::5025::SOCKET"}
"""


def test_a_script_runs_with_a_bench_and_simulated(terminal):
    (terminal.folder / "iv.py").write_text(SCRIPT)
    (terminal.folder / "lab.yaml").write_text(BENCH)
    done = terminal.run("run", "iv.py", "--bench", "lab.yaml", "--simulate", "--store", "here", "a", "--", "-b")
    assert done.stdout == "lab True True ['a', '-b']\n", done.stderr
    assert len(list((terminal.folder / "here").glob("*_script_*"))) == 1


def test_a_script_that_fails_gives_its_status(terminal):
    (terminal.folder / "bad.py").write_text("raise SystemExit(7)\n")
    terminal.run("run", "bad.py", status=7)


@pytest.mark.parametrize("option", [("--dry-run",), ("--set", "a=1"), ("--resume",), ("--name", "x"), ("--quiet",)])
def test_options_of_procedures_are_refused_for_scripts(terminal, option):
    (terminal.folder / "iv.py").write_text("print('ran')\n")
    done = terminal.run("run", "iv.py", *option, status=1)
    assert "is for procedures" in done.stderr
    assert done.stdout == ""


def test_every_yaml_example_runs(terminal):
    examples = sorted((Path(__file__).resolve().parent.parent.parent / "examples").glob("*.yaml"))
    assert examples
    for example in examples:
        terminal.run("run", str(example), "--quiet")
        assert run_json(terminal)["state"] == "finished"

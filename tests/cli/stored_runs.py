"""Runs to look at: made by a program of Python's in the terminal's store."""

import json
import subprocess
import sys
import textwrap

SLOW_RUN = textwrap.dedent(
    """
    from wheatstone import MeasurementSession

    session = MeasurementSession("slow ramp", description="for the tests")
    session.parameter("x", [float(i) for i in range(1000)], unit="V")

    @session.acquire
    def measure(x):
        session.sleep(0.02)
        return {"y": 2 * x}

    session.run(show_progress=False)
    """
)


PROGRAM = """
import sys
from wheatstone import MeasurementSession

for name, values in {runs!r}:
    session = MeasurementSession(name, description="of a diode", pace="virtual")
    meter = session.instrument("dmm", "keysight/34470A", simulate=True)
    session.parameter("voltage", values, unit="V")

    @session.acquire
    def measure(voltage):
        return {{"y": 2 * voltage, "text": "a,b"}}

    session.run(show_progress=False)
    session.close()
"""


def make_runs(terminal, *runs: tuple[str, list[float]]) -> list[str]:
    """Runs of these names that take these voltages; returns what is typed for each."""
    program = textwrap.dedent(PROGRAM).format(runs=list(runs))
    subprocess.run(
        [sys.executable, "-c", program], cwd=terminal.folder, env=terminal.environment, check=True, timeout=60
    )
    return [run["handle"] for run in listed(terminal)][-len(runs) :]


def listed(terminal, *words: str) -> list[dict]:
    return json.loads(terminal.run("runs", "ls", "--json", *words).stdout)


def rows_of(terminal) -> int:
    """Rows of the last run; 0 where there is none yet."""
    runs = listed(terminal)
    return runs[-1]["rows"] if runs else 0

"""Every Python program of examples/ runs as a user would run it, and leaves a finished run behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import wheatstone

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "examples"
PROGRAMS = sorted(EXAMPLES.glob("*.py"))


def test_there_are_examples():
    assert len(PROGRAMS) >= 3


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_example_runs_and_its_run_is_kept(program, tmp_path, monkeypatch):
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path / "state")}
    environment.pop("WHEATSTONE_STORE", None)
    done = subprocess.run(
        [sys.executable, program], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("shape: ("), "an example prints its table"
    assert done.stderr == "", "without a terminal, nothing is said beside the results"
    runs = [path for path in (tmp_path / "wheatstone-runs").iterdir() if path.is_dir()]
    assert len(runs) == 1
    assert len(wheatstone.load(runs[0]).data) > 0

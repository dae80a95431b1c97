"""Programs of the founding page, run as their users would: as files, in a process and a folder of their own."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

import wheatstone

PAGE = Path(__file__).parent / "page"
PHYSICS = Path(__file__).parent / "physics"


@dataclass
class Ran:
    """What a program left."""

    stdout: str
    stderr: str
    status: int
    folder: Path

    @property
    def experiment(self):
        return wheatstone.load("last", store=self.folder / "wheatstone-runs")


def run_program(folder, words):
    """Runs Python in a folder, with that folder's own store and state."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WHEATSTONE_S")}
    environment |= {"XDG_STATE_HOME": str(folder / "state"), "XDG_RUNTIME_DIR": str(folder)}
    done = subprocess.run(
        [sys.executable, *words], cwd=folder, env=environment, capture_output=True, text=True, timeout=90
    )
    return Ran(done.stdout, done.stderr, done.returncode, folder)


@pytest.fixture(params=["wheatstone", "compat"])
def page(request, tmp_path):
    """Runs a program of the page: with `pytestlab` replaced by `wheatstone`, or unchanged through wheatstone.compat."""

    def run(program, *files):
        text = (PAGE / program).read_text()
        assert "pytestlab" in text
        words = [program]
        if request.param == "compat":
            words = ["-m", "wheatstone.compat", program]
        else:
            text = text.replace("pytestlab", "wheatstone")
        (tmp_path / program).write_text(text)
        for file in files:
            (tmp_path / file).write_text((PAGE / file).read_text())
        return run_program(tmp_path, words)

    run.compat = request.param == "compat"
    return run


@pytest.fixture
def physics(tmp_path):
    """Runs a program of tests/seed/physics."""
    return lambda program: run_program(tmp_path, [str(PHYSICS / program)])

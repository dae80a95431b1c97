"""Programs of the founding page, run as their users would: as files, in a process and a folder of their own."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

import wheatstone

PAGE = Path(__file__).parent / "page"


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
        environment = {name: value for name, value in os.environ.items() if not name.startswith("WHEATSTONE_S")}
        environment |= {"XDG_STATE_HOME": str(tmp_path / "state"), "XDG_RUNTIME_DIR": str(tmp_path)}
        done = subprocess.run(
            [sys.executable, *words], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=90
        )
        return Ran(done.stdout, done.stderr, done.returncode, tmp_path)

    run.compat = request.param == "compat"
    return run

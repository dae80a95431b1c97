"""What the tests of the command line share."""

import os
import subprocess
import sys
import time

import pytest
from running_program import APPROVED, Terminal
from stored_runs import SLOW_RUN, rows_of


@pytest.fixture
def terminal(tmp_path):
    return Terminal(tmp_path)


@pytest.fixture
def approve():
    """Compares text with a file of tests/approved/cli; WHEATSTONE_APPROVE=1 accepts it instead."""

    def compare(name: str, text: str) -> None:
        path = APPROVED / name
        if os.environ.get("WHEATSTONE_APPROVE"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        assert path.exists(), f"{path} is missing; WHEATSTONE_APPROVE=1 ./dev quick writes it"
        assert text == path.read_text()

    return compare


@pytest.fixture
def running(terminal):
    """A run in another process that has rows already."""
    with subprocess.Popen([sys.executable, "-c", SLOW_RUN], cwd=terminal.folder, env=terminal.environment) as process:
        deadline = time.monotonic() + 30
        while rows_of(terminal) < 3:
            assert process.poll() is None, "the run ended by itself"
            assert time.monotonic() < deadline, "no row was seen within 30 s"
        yield process
        process.kill()

"""What the tests of the command line share."""

import os

import pytest
from running_program import APPROVED, Terminal


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

"""Every test works in a folder of its own, and leaves no trace in the user's state."""

import os
import threading
import time
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv("WHEATSTONE_STORE", raising=False)
    monkeypatch.delenv("WHEATSTONE_SIMULATE", raising=False)
    return tmp_path


@pytest.fixture
def no_new_threads():
    """Asserts that every thread of Python's that a test started has ended."""
    before = set(threading.enumerate())
    yield
    left = [thread.name for thread in threading.enumerate() if thread not in before]
    assert left == []


@pytest.fixture
def as_root():
    """Whether file permissions mean anything."""
    return os.geteuid() == 0


@pytest.fixture
def until():
    """Waits until a condition holds, and fails where it does not within ten seconds."""

    def wait(condition):
        end, pause = time.monotonic() + 10, threading.Event()
        while not condition():
            assert time.monotonic() < end, "the condition never held"
            pause.wait(0.001)

    return wait


@pytest.fixture
def until_they_wait(until):
    """Waits until threads sleep in the kernel, and stay so while they could have the interpreter."""

    def sleeps(thread):
        state = Path(f"/proc/self/task/{thread.native_id}/stat").read_text().rpartition(")")[2].split()[0]
        return state == "S"

    def wait(*threads):
        seen = []

        def asleep():
            seen.append(all(sleeps(thread) for thread in threads))
            return len(seen) >= 10 and all(seen[-10:])

        until(asleep)

    return wait

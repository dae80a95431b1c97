"""Every test works in a folder of its own, and leaves no trace in the user's state."""

import os
import threading

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

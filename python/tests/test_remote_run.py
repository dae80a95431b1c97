"""Control of a run from another process."""

import os
import subprocess
import sys
import textwrap

import pytest
from control_runs import events, until

import wheatstone
from wheatstone import MeasurementSession, RemoteRun
from wheatstone.errors import ConfigurationError, ConnectionError


@pytest.fixture
def session(tmp_path):
    with MeasurementSession("control", store=tmp_path) as made:
        yield made


REMOTE = textwrap.dedent(
    """
    import sys
    from wheatstone import MeasurementSession
    from wheatstone.errors import Interrupted

    session = MeasurementSession("remote", store=sys.argv[1])
    session.parameter("v", range(100000))

    @session.acquire
    def measure(v):
        session.sleep(0.005)
        return {"x": v}

    try:
        session.run(show_progress=False)
    except Interrupted as error:
        print("aborted:", error)
    except KeyboardInterrupt:
        print("keyboard")
    """
)


@pytest.fixture
def elsewhere(tmp_path):
    """A run in another process that has rows."""
    with subprocess.Popen([sys.executable, "-c", REMOTE, str(tmp_path)], stdout=subprocess.PIPE, text=True) as process:
        until(lambda: process.poll() is not None or list(tmp_path.glob("*/rows-*")))
        assert process.poll() is None
        yield process
        process.kill()


def test_a_run_elsewhere_is_watched_and_controlled(elsewhere, tmp_path):
    remote = RemoteRun("last", store=tmp_path)
    until(lambda: remote.progress.done > 3)
    progress = remote.progress
    assert progress.total == 100000
    assert progress.parameters["v"] <= progress.done
    assert remote.pause().done >= progress.done
    until(lambda: remote.progress.state == "paused")
    done = remote.progress.done
    remote.step()
    until(lambda: remote.progress.state == "paused" and remote.progress.done == done + 1)
    remote.resume()
    with pytest.raises(ConfigurationError, match="a step is for a paused run"):
        remote.step()
    remote.stop()
    assert elsewhere.wait(60) == 0
    experiment = wheatstone.load(remote.id, store=tmp_path)
    assert experiment.state == "stopped"
    asked = events(experiment, "control")
    assert [event["action"] for event in asked] == ["pause", "step", "resume", "step", "stop"]
    assert {event["pid"] for event in asked} == {os.getpid()}
    with pytest.raises(ConnectionError, match="has ended meanwhile"):
        remote.pause()
    with pytest.raises(ConnectionError, match="is stopped; there is nothing to control"):
        RemoteRun(remote.id, store=tmp_path)


def test_an_abort_from_elsewhere_is_no_ctrl_c(elsewhere, tmp_path):
    RemoteRun("last", store=tmp_path).abort()
    said, _ = elsewhere.communicate(timeout=60)
    assert said.startswith("aborted: the run was aborted; ")

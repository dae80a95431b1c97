"""What the tests of control share: waiting for what a run does, and reading what it told."""

import json
import threading
import time


def until(happened):
    deadline = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.001)


def events(experiment, kind):
    lines = [json.loads(line) for line in (experiment.folder / "events.jsonl").read_text().splitlines()]
    return [line for line in lines if line["event"] == kind]


def beside(work):
    """Runs it on a thread, which ends before the test does."""
    thread = threading.Thread(target=work, name="controller")
    thread.start()
    return thread


def is_paused(session):
    return session.progress.state == "paused"

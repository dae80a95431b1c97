"""What the tests of plans share: a sweep of two parameters, and what a run kept of its plan and its points."""

import json


def rows_of(experiment, *names):
    return list(experiment.data.select(names).iter_rows())


def plan_of(experiment):
    return json.loads((experiment.folder / "run.json").read_text())["plan"]


def sweep(session, a, b):
    session.parameter("a", a)
    session.parameter("b", b)

    @session.acquire
    def measure(a, b):
        return {"sum": a + b}

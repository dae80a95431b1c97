"""Two readings of 100 ms on two simulated meters at real pace, from Python: in parallel, started together, in turn."""

import tempfile

from wheatstone import MeasurementSession

POINTS = 10


def milliseconds_a_point(session: MeasurementSession, parallel: bool) -> float:
    experiment = session.run(show_progress=False, parallel=parallel)
    assert len(experiment.data) == POINTS, experiment.data
    assert experiment.data["v1"].null_count() == experiment.data["v2"].null_count() == 0, experiment.data
    started = experiment.timing["started"]
    return (started[-1] - started[0]) / 1e6 / (POINTS - 1)


def two_meters(store: str) -> MeasurementSession:
    session = MeasurementSession("parallel", pace="real", store=store)
    for alias in ("first", "second"):
        meter = session.instrument(alias, "keysight/34470A", simulate=True)
        meter.configure("voltage_dc", 10.0)
        meter.set_aperture(0.1)
        meter.set_autozero(False)
    session.parameter("point", range(POINTS))
    return session


def report(what: str, figure: float, serial: float) -> None:
    print(f"{what:<52} {figure:10.4g} ms  | {'one after the other':<44} {serial:10.4g} ms  | x {figure / serial:.3g}")


def main() -> None:
    with tempfile.TemporaryDirectory() as store:
        with two_meters(store) as session:

            @session.acquire
            def one(first):
                return {"v1": first.measure_voltage_dc()}

            @session.acquire
            def other(second):
                return {"v2": second.measure_voltage_dc()}

            serial = milliseconds_a_point(session, parallel=False)
            report("two readings of 100 ms in parallel, Python", milliseconds_a_point(session, parallel=True), serial)
        with two_meters(store) as session:

            @session.acquire
            def both(first, second):
                first.initiate()
                second.initiate()
                return {"v1": first.fetch(), "v2": second.fetch()}

            report("  initiated, then fetched", milliseconds_a_point(session, parallel=False), serial)


if __name__ == "__main__":
    main()

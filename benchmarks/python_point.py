"""What a point, a query and an opened run cost from Python, each beside what one would write without Wheatstone."""

import csv
import tempfile
import time
from pathlib import Path

import polars

import wheatstone
from wheatstone import MeasurementSession

POINTS = 200_000
QUERIES = 50_000


def report(what: str, figure: float, unit: str, beside: str, reference: float) -> None:
    print(
        f"{what:<52} {figure:10.4g} {unit:<3} | {beside:<44} {reference:10.4g} {unit:<3} | x {figure / reference:.3g}"
    )


def point_us(folder: Path) -> tuple[float, Path]:
    with MeasurementSession("point", store=folder) as session:
        for name in ("a", "b", "c"):
            session.parameter(name, [1.0])
        session.parameter("x", [float(i) for i in range(POINTS)])

        @session.acquire
        def measure(a, b, c, x):
            return {"sum": x + a, "product": x * b}

        start = time.perf_counter()
        experiment = session.run(show_progress=False)
        seconds = time.perf_counter() - start
        assert experiment.data["sum"][-1] == POINTS
        return seconds / POINTS * 1e6, Path(experiment.folder)


def point_to_csv_us(folder: Path) -> float:
    def measure(a, b, c, x):
        return {"sum": x + a, "product": x * b}

    start = time.perf_counter()
    with (folder / "rows.csv").open("w") as file:
        writer = csv.writer(file)
        for i in range(POINTS):
            row = measure(a=1.0, b=1.0, c=1.0, x=float(i))
            writer.writerow([1.0, 1.0, 1.0, i, time.time(), row["sum"], row["product"]])
            file.flush()
    return (time.perf_counter() - start) / POINTS * 1e6


def wide_point_us(folder: Path) -> float:
    with MeasurementSession("wide", store=folder) as session:
        for name in "abcdefg":
            session.parameter(name, [1.0])
        session.parameter("x", [float(i) for i in range(POINTS)])

        @session.acquire
        def measure(a, b, c, d, e, f, g, x):
            return {"r0": x, "r1": x + a, "r2": x * b, "r3": c - d, "r4": e + f, "r5": g}

        start = time.perf_counter()
        experiment = session.run(show_progress=False)
        seconds = time.perf_counter() - start
        assert experiment.data["r1"][-1] == POINTS
        return seconds / POINTS * 1e6


def wide_point_to_csv_us(folder: Path) -> float:
    def measure(a, b, c, d, e, f, g, x):
        return {"r0": x, "r1": x + a, "r2": x * b, "r3": c - d, "r4": e + f, "r5": g}

    start = time.perf_counter()
    with (folder / "wide.csv").open("w") as file:
        writer = csv.writer(file)
        for i in range(POINTS):
            row = measure(a=1.0, b=1.0, c=1.0, d=1.0, e=1.0, f=1.0, g=1.0, x=float(i))
            writer.writerow([1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, i, time.time(), *row.values()])
            file.flush()
    return (time.perf_counter() - start) / POINTS * 1e6


def query_us(folder: Path) -> float:
    with MeasurementSession("query", store=folder) as session:
        psu = session.instrument("psu", "keysight/EDU36311A", simulate=True)
        psu.channel(1).set_voltage(1.5)
        start = time.perf_counter()
        for _ in range(QUERIES):
            answer = psu.query("VOLT? (@1)")
        seconds = time.perf_counter() - start
        assert float(answer) == 1.5
        return seconds / QUERIES * 1e6


def format_and_parse_us() -> float:
    value = 1.5
    start = time.perf_counter()
    for _ in range(QUERIES):
        value = float(f"{value:+.8E}\n".strip())
    return (time.perf_counter() - start) / QUERIES * 1e6


def sum_of_column_ms(run: Path) -> float:
    start = time.perf_counter()
    assert wheatstone.load(run).data["sum"].sum() > 0
    return (time.perf_counter() - start) * 1e3


def sum_by_polars_ms(run: Path) -> float:
    start = time.perf_counter()
    assert polars.scan_ipc(str(run / "*.arrow")).select(polars.col("sum").sum()).collect().item() > 0
    return (time.perf_counter() - start) * 1e3


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        each, run = point_us(folder)
        beside = point_to_csv_us(folder)
        report(
            "Python point, 4 arguments and 2 results", each, "us", "csv.writer, flushed a row", point_to_csv_us(folder)
        )
        report(
            "Python point, 8 arguments and 6 results",
            wide_point_us(folder),
            "us",
            "csv.writer, flushed a row",
            wide_point_to_csv_us(folder),
        )
        report("simulated query from Python", query_us(folder), "us", "format and float()", format_and_parse_us())
        opened = min(sum_of_column_ms(run) for _ in range(5))
        beside = min(sum_by_polars_ms(run) for _ in range(5))
        report(f"open {POINTS} rows from Python, sum a column", opened, "ms", "Polars scans the same files", beside)


if __name__ == "__main__":
    main()

"""A run of 10^7 rows × 5 in other programs' hands: one of its columns opened and summed, and the whole exported to
Parquet, with the memory that this takes at its peak. Beside PyArrow's map, and Polars reading and writing Parquet."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROWS = 10_000_000
FEW_ROWS = 1_000_000
REPEATS = 7
SUM = ROWS * (ROWS - 1) / 2

# The peak of a process that another one started counts what that one had; the kernel's own figure begins anew.
PEAK = """
from pathlib import Path
print(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
"""
OURS = """
import sys
from wheatstone import _native
from wheatstone.experiments import Experiment
Experiment._of(_native.Experiment.open(sys.argv[1])).export(sys.argv[2], "parquet")
"""
POLARS = """
import sys
import polars
polars.read_ipc(sys.argv[1]).write_parquet(sys.argv[2])
"""


def measured(folder: str, rows: int) -> Path:
    import wheatstone

    with wheatstone.MeasurementSession(f"{rows} rows", store=folder) as session:
        session.parameter("x", wheatstone.linspace(0.0, rows - 1.0, rows), unit="V")
        session.acquire(lambda x: {"a": x, "b": x + 0.5, "c": 1.5}, name="measure")
        return Path(session.run(show_progress=False).folder)


def milliseconds(work) -> float:
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        found = work()
        times.append((time.perf_counter() - start) * 1e3)
        assert found == SUM, found
    return statistics.median(times)


def export(program: str, source: Path, target: Path) -> tuple[float, float]:
    """Seconds, and the peak of resident memory in MB, of a process of its own."""
    target.unlink(missing_ok=True)
    start = time.perf_counter()
    command = [sys.executable, "-c", program + PEAK, str(source), str(target)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return time.perf_counter() - start, int(done.stdout) / 1024


def report(what: str, ours: str, beside: str, theirs: str) -> None:
    print(f"{what:<52} {ours:>22}  | {beside:<44} {theirs:>22}")


def one_column(run: Path, arrow: Path, parquet: Path) -> None:
    import polars as pl
    import pyarrow as pa
    import pyarrow.compute as pc

    from wheatstone import _native

    def ours() -> float:
        return pl.DataFrame(_native.Experiment.open(run).select(["a"]))["a"].sum()

    def mapped() -> float:
        with pa.memory_map(str(arrow)) as file:
            return pc.sum(pa.ipc.open_file(file).read_all()["a"]).as_py()

    def from_parquet() -> float:
        return pl.read_parquet(parquet, columns=["a"])["a"].sum()

    taken = f"{milliseconds(ours):.4g} ms"
    report("open and sum one column", taken, "PyArrow, one mapped Arrow file", f"{milliseconds(mapped):.4g} ms")
    report("", "", "Polars, Parquet", f"{milliseconds(from_parquet):.4g} ms")


def whole_run(folder: Path, runs: dict[int, Path], arrows: dict[int, Path]) -> None:
    import polars as pl

    for rows in (FEW_ROWS, ROWS):
        seconds, memory = export(OURS, runs[rows], folder / "ours.parquet")
        their_seconds, their_memory = export(POLARS, arrows[rows], folder / "theirs.parquet")
        assert (
            pl.scan_parquet(folder / "ours.parquet").select(pl.col("a").sum()).collect().item() == rows * (rows - 1) / 2
        )
        report(
            f"Parquet of {rows} rows",
            f"{seconds:.3g} s, {memory:.0f} MB",
            "Polars, write_parquet",
            f"{their_seconds:.3g} s, {their_memory:.0f} MB",
        )


def main() -> None:
    from wheatstone import _native

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["XDG_STATE_HOME"] = name
        runs = {rows: measured(name, rows) for rows in (FEW_ROWS, ROWS)}
        arrows = {rows: folder / f"{rows}.arrow" for rows in runs}
        for rows, run in runs.items():
            _native.Experiment.open(run).write_arrow(arrows[rows])
        export(OURS, runs[ROWS], folder / "ours.parquet")
        one_column(runs[ROWS], arrows[ROWS], folder / "ours.parquet")
        whole_run(folder, runs, arrows)


if __name__ == "__main__":
    main()

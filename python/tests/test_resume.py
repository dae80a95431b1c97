"""Runs that ended early are gone on with."""

from __future__ import annotations

import json
import os
import re
import signal
import struct
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import polars as pl
import pytest

import wheatstone
from wheatstone.errors import ConfigurationError
from wheatstone.measurements import MeasurementSession

SCRIPT = textwrap.dedent(
    """
    import os, time
    from wheatstone.measurements import MeasurementSession

    with MeasurementSession("sweep", seed=3, pace="virtual") as session:
        psu = session.instrument("psu", "keysight/EDU36311A", simulate=True)
        dmm = session.instrument("dmm", "keysight/34470A", simulate=True)
        session.parameter("voltage", [1 + 0.004 * n for n in range(500)], unit="V")

        @session.acquire
        def measure(psu, dmm, voltage):
            time.sleep(float(os.environ.get("SLOW", "0")))
            psu.channel(1).set(voltage=voltage, current_limit=0.5).on()
            session.sleep(0.5)
            return {"v_measured": dmm.measure_voltage_dc(10).values}

        print(session.run(show_progress=False).data.height)
    """
)


def killed_run(script: Path, store: Path, rows: int) -> Path:
    """Starts the script, kills it when that many rows are there, and returns its run's folder."""
    environment = {**os.environ, "WHEATSTONE_STORE": str(store), "SLOW": "0.005"}
    process = subprocess.Popen([sys.executable, str(script)], env=environment, stdout=subprocess.DEVNULL)
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up:
        folders = list(store.glob("*/run.json"))
        if folders and wheatstone.load(folders[0].parent).data.height >= rows:
            break
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    return next(store.glob("*/run.json")).parent


def wheatstone_program(*words: str, store: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "WHEATSTONE_STORE": str(store), "WHEATSTONE_PYTHON": sys.executable}
    return subprocess.run(
        [sys.executable, "-m", "wheatstone", *words], env=environment, capture_output=True, text=True, timeout=120
    )


def test_a_killed_script_goes_on_by_the_command_line_and_leaves_the_undisturbed_table(tmp_path: Path) -> None:
    script = tmp_path / "sweep.py"
    script.write_text(SCRIPT)
    run = killed_run(script, tmp_path / "killed", 40)
    assert wheatstone.load(run).state == "killed"
    told = wheatstone_program("runs", "resume", "last", store=tmp_path / "killed")
    assert "killed after" in told.stdout and f"WHEATSTONE_RESUME={run}" in told.stdout and str(script) in told.stdout
    done = wheatstone_program("runs", "resume", "last", "--run", store=tmp_path / "killed")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "500"
    resumed = wheatstone.load(run)
    assert resumed.state == "finished"
    environment = {**os.environ, "WHEATSTONE_STORE": str(tmp_path / "whole")}
    subprocess.run([sys.executable, str(script)], env=environment, check=True, capture_output=True)
    whole = wheatstone.load(next((tmp_path / "whole").glob("*/run.json")).parent)
    assert resumed.data.equals(whole.data)
    assert resumed.timing["index"].to_list() == list(range(500))
    assert len(json.loads((run / "run.json").read_text())["segments"]) == 2
    assert wheatstone_program("runs", "resume", "last", store=tmp_path / "killed").returncode != 0


BENCH_SCRIPT = """
import os, signal, time
from wheatstone import MeasurementSession

with MeasurementSession("on a bench") as session:
    session.parameter("v", [float(v) for v in range(1, 201)])

    @session.acquire
    def measure(dmm, v):
        if v == 2.0 and not os.environ.get("WHEATSTONE_RESUME"):
            os.kill(os.getpid(), signal.SIGINT)
            until = time.monotonic() + 30
            while session.progress.state == "running" and time.monotonic() < until:
                time.sleep(0.001)  # the signal may be taken later than 198 points last
        return {"x": dmm.measure_voltage_dc()}

    session.run()
"""


def test_a_script_that_was_given_a_bench_says_how_to_go_on_and_goes_on_with_that_bench(tmp_path: Path) -> None:
    script, bench, store = tmp_path / "sweep.py", tmp_path / "lab.yaml", tmp_path / "store"
    script.write_text(BENCH_SCRIPT)
    bench.write_text(
        "bench_name: lab\ninstruments:\n"
        "  dmm: {profile: keysight/34470A, address: 'TCPIP::dmm.nowhere.invalid::5025::SOCKET'}\n"
    )
    ended = wheatstone_program("run", str(script), "--bench", str(bench), "--simulate", store=store)
    assert re.search(r"\b[0-9]{1,2} rows are kept", ended.stderr), ended.stderr
    said = re.search(r"'wheatstone (runs resume \w+ --run)' goes on with it", ended.stderr)
    assert said is not None, ended.stderr
    done = wheatstone_program(*said[1].split(), store=store)
    assert done.returncode == 0, done.stderr
    assert wheatstone.load(next(store.glob("*/run.json")).parent).data["v"].to_list() == [
        float(v) for v in range(1, 201)
    ]


def test_the_stored_text_is_run_where_the_script_has_changed(tmp_path: Path) -> None:
    script = tmp_path / "sweep.py"
    script.write_text(SCRIPT)
    run = killed_run(script, tmp_path / "store", 20)
    script.write_text("raise SystemExit('another program')\n")
    done = wheatstone_program("runs", "resume", "last", "--run", store=tmp_path / "store")
    assert done.returncode == 0, done.stderr
    assert "is not what it was" in done.stderr
    assert wheatstone.load(run).data.height == 500


def test_a_second_script_that_goes_on_with_the_same_run_is_told_who_does(tmp_path: Path) -> None:
    script = tmp_path / "sweep.py"
    script.write_text(SCRIPT)
    store = tmp_path / "store"
    run = killed_run(script, store, 20)
    environment = {**os.environ, "WHEATSTONE_STORE": str(store), "WHEATSTONE_RESUME": str(run)}
    words = [sys.executable, str(script)]
    first = subprocess.Popen(words, env={**environment, "SLOW": "0.005"}, stdout=subprocess.PIPE, text=True)
    give_up = time.monotonic() + 60
    while wheatstone.load(run).state != "running" and time.monotonic() < give_up:
        time.sleep(0.01)
    first.send_signal(signal.SIGSTOP)  # so that it goes on with the run for as long as the second tries
    second = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=60)
    first.send_signal(signal.SIGCONT)
    assert second.returncode == 1
    assert f"is being written by process {first.pid} of " in second.stderr and " since 20" in second.stderr
    assert first.communicate(timeout=120)[0].strip() == "500"


def session_of(values: list[float], stop_at: int | None = None) -> MeasurementSession:
    session = MeasurementSession("sweep")
    session.parameter("x", values, unit="V")

    @session.acquire
    def measure(x: float, ctx: dict[str, object]) -> dict[str, float]:
        if stop_at is not None and x == values[stop_at]:
            session.stop()
        return {"square": x * x}

    return session


def test_resume_true_goes_on_with_the_unfinished_run() -> None:
    with session_of([1.0, 2.0, 3.0], stop_at=0) as session:
        stopped = session.run()
    assert stopped.data.height == 1
    with session_of([1.0, 2.0, 3.0]) as session:
        finished = session.run(resume=True)
    assert finished.id == stopped.id
    assert finished.data["square"].to_list() == [1.0, 4.0, 9.0]
    with session_of([1.0, 2.0, 3.0]) as session:
        assert session.run(resume=True).id != stopped.id


def test_first_after_resume_is_true_at_the_first_point_after_going_on_and_in_every_level_s_set_up() -> None:
    seen: list[tuple[str, float, bool]] = []

    def run(stop: bool, **options: object) -> pl.DataFrame:
        with MeasurementSession("levels") as session:
            session.parameter("oven", [300.0, 310.0])
            session.parameter("x", [1.0, 2.0])

            @session.before("oven")
            def heat(oven: float, first_after_resume: bool) -> None:
                seen.append(("heat", oven, first_after_resume))

            @session.acquire
            def measure(x: float, first_after_resume: bool) -> dict[str, bool]:
                if stop:
                    session.stop()
                seen.append(("measure", x, first_after_resume))
                return {"again": first_after_resume}

            return session.run(**options).data

    run(stop=True)
    assert seen == [("heat", 300.0, False), ("measure", 1.0, False)]
    seen.clear()
    data = run(stop=False, resume=True)
    assert seen == [
        ("heat", 300.0, True),
        ("measure", 2.0, True),
        ("heat", 310.0, False),
        ("measure", 1.0, False),
        ("measure", 2.0, False),
    ]
    assert data["again"].to_list() == [False, True, False, False]


@pytest.mark.parametrize("order", ["zip", "snake", "random", "up_down"])
def test_every_order_goes_on(order: str) -> None:
    def run(stop: bool, **options: object) -> pl.DataFrame:
        with MeasurementSession("orders") as session:
            session.parameter("a", [1, 2, 3, 4])
            session.parameter("b", [10, 20, 30, 40])

            @session.acquire
            def measure(a: int, b: int) -> dict[str, int]:
                if stop and len(taken) == 2:
                    session.stop()
                taken.append((a, b))
                return {"sum": a + b}

            return session.run(order=order, **options).data

    taken: list[tuple[int, int]] = []
    run(stop=True)
    data = run(stop=False, resume=True)
    assert list(zip(data["a"], data["b"], strict=True)) == taken
    assert len(set(taken)) == len(taken) - (12 if order == "up_down" else 0)


def test_an_optimiser_is_told_the_stored_rows() -> None:
    class Halving:
        def __init__(self) -> None:
            self.low, self.high, self.told = 0.0, 8.0, 0

        def ask(self) -> dict[str, float] | None:
            return None if self.high - self.low < 0.01 else {"x": (self.low + self.high) / 2}

        def tell(self, point: dict[str, float], row: dict[str, float]) -> None:
            self.told += 1
            if row["y"] > 0:
                self.high = point["x"]
            else:
                self.low = point["x"]

    def run(plan: Halving, stop_at: int, **options: object) -> wheatstone.experiments.Experiment:
        with MeasurementSession("optimise") as session:
            session.parameter("x")

            @session.acquire
            def measure(x: float) -> dict[str, float]:
                if plan.told == stop_at:
                    session.stop()
                return {"y": x - 3.3}

            return session.run(order=plan, **options)

    whole = run(Halving(), -1)
    run(Halving(), 4)
    plan = Halving()
    resumed = run(plan, -1, resume=True)
    assert resumed.data["x"].to_list() == whole.data["x"].to_list()
    assert plan.told == whole.data.height


def test_another_plan_is_refused_with_the_difference() -> None:
    with session_of([1.0, 2.0, 3.0], stop_at=1) as session:
        stopped = session.run()
    with session_of([1.0, 2.0, 4.0]) as session, pytest.raises(ConfigurationError, match="was 3.0 and is 4.0"):
        session.run(resume=stopped.id)
    with session_of([1.0, 2.0, 4.0]) as session, pytest.raises(ConfigurationError, match="was 3.0 and is 4.0"):
        session.run(resume=True)
    with session_of([1.0]) as session, pytest.raises(ConfigurationError, match="no run"):
        session.run(resume=3)  # type: ignore[arg-type]


def crc32c(data: bytes) -> int:
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def without_timing_prefix(chunk: Path) -> None:
    """Makes of a chunk what builds wrote that named timing columns as tables show them."""
    data = bytearray(chunk.read_bytes())
    (length,) = struct.unpack_from("<I", data, 12)
    description = bytes(data[128 : 128 + length])
    renamed = description.replace(b'"timing.', b'"')
    assert renamed.count(b'"timing"') >= 5 and renamed != description
    data[128 : 128 + length] = renamed.ljust(length)
    struct.pack_into("<I", data, 60, crc32c(bytes(data[:60]) + bytes(data[128 : 128 + length])))
    chunk.write_bytes(data)


@pytest.mark.parametrize("options", ["", "count=8, interval=0.01", "repeat=2"])
def test_a_run_whose_timing_columns_have_no_prefix_is_gone_on_with(tmp_path, options):
    script = tmp_path / "sweep.py"
    script.write_text(
        textwrap.dedent(
            f"""
            import os, sys
            from wheatstone.measurements import MeasurementSession

            with MeasurementSession("old", store=sys.argv[1], pace="virtual") as session:
                session.parameter("n", range(8))

                @session.acquire
                def first(n):
                    if n == 5 and sys.argv[2] == "killed":
                        os.kill(os.getpid(), 9)
                    return {{"x": n}}

                @session.acquire
                def second(n):
                    return {{"y": 2 * n}}

                session.run({options or "show_progress=False"}, resume=sys.argv[2] == "resumed")
            """
        )
    )

    def run(how):
        return subprocess.run([sys.executable, str(script), str(tmp_path / "store"), how], timeout=120).returncode

    assert run("killed") == -signal.SIGKILL
    (chunk,) = (tmp_path / "store").glob("*/*.chunk")
    without_timing_prefix(chunk)
    before = wheatstone.load(chunk.parent)
    assert before.timing["slot"].to_list() == list(range(5))
    assert run("resumed") == 0
    after = wheatstone.load(chunk.parent)
    taken = list(range(8)) * (2 if "repeat" in options else 1)
    assert after.data["x"].to_list() == taken
    assert after.timing["slot"].to_list() == list(range(len(taken)))
    assert len(after.timing.columns) == len(set(after.timing.columns)) == len(before.timing.columns)
    assert after.timing["first.finished"].null_count() == 0

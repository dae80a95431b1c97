"""Runs every benchmark of a release build and prints each beside its reference: ./dev bench [WORD...].

A benchmark's name is "what|who". For each "what", the lines that begin with "wheatstone" are ours; a ratio is given
against each other line. A word picks the benchmarks whose "what" contains it.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build/release"


def native(program: Path) -> list[dict]:
    done = subprocess.run([program, "--benchmark_format=json"], stdout=subprocess.PIPE, text=True, check=True)
    results = []
    for entry in json.loads(done.stdout)["benchmarks"]:
        name = (
            entry["name"].split("/")[0]
            if "/iterations" in entry["name"] or "/real_time" in entry["name"]
            else entry["name"]
        )
        if entry.get("error_occurred"):
            sys.exit(f"{name}: {entry['error_message']}")
        known = {"rows", "p50_us", "p99_us", "max_us"}
        counters = {key: value for key, value in entry.items() if key in known}
        rate = entry.get("items_per_second")
        results.append({"name": name, "seconds": 1 / rate if rate else None, "counters": counters})
    return results


def python() -> list[dict]:
    environment = dict(os.environ, PYTHONPATH=str(BUILD / "python/stage"))
    script = ROOT / "benchmarks/python_benchmark.py"
    done = subprocess.run([sys.executable, script], stdout=subprocess.PIPE, text=True, check=True, env=environment)
    return [json.loads(line) for line in done.stdout.splitlines()]


def spelt(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def line(result: dict, ours: float | None) -> str:
    who = result["name"].split("|")[1]
    cells = [f"  {who:<48}"]
    if result["seconds"] is not None:
        cells.append(f"{spelt(result['seconds']):>10}")
        if ours and not who.startswith("wheatstone"):
            cells.append(f"   {result['seconds'] / ours:.2g} x ours")
    if result["counters"]:
        cells.append("  " + "  ".join(f"{key} {value:.4g}" for key, value in result["counters"].items()))
    return "".join(cells)


def main() -> int:
    words = [word.lower() for word in sys.argv[1:]]
    programs = sorted(BUILD.glob("benchmarks/*_benchmark"))
    if not programs:
        print(f"no benchmark in {BUILD}", file=sys.stderr)
        return 1
    results = [result for program in programs for result in native(program)] + python()
    for what in dict.fromkeys(result["name"].split("|")[0] for result in results):
        if words and not any(word in what.lower() for word in words):
            continue
        group = [result for result in results if result["name"].split("|")[0] == what]
        own = [r["seconds"] for r in group if r["name"].split("|")[1].startswith("wheatstone") and r["seconds"]]
        print(what)
        for result in group:
            print(line(result, min(own, default=None)))
    return 0


if __name__ == "__main__":
    sys.exit(main())

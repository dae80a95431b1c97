"""What it takes to start: the package and the program, each beside a process that does nothing."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

from wheatstone import cli

REPEATS = 20
RUNS = 10
NOTHING = [sys.executable, "-c", "pass"]


def milliseconds(words: list[str], expected: str) -> float:
    """The time of one start, whose output has to begin as expected."""
    start = time.perf_counter()
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    took = (time.perf_counter() - start) * 1e3
    assert done.stdout.startswith(expected), done.stdout
    return took


def compare(what: str, words: list[str], expected: str, beside: str, nothing: list[str]) -> None:
    """Takes turns with the reference, so that both meet the same machine."""
    pairs = [(milliseconds(words, expected), milliseconds(nothing, "")) for _ in range(REPEATS)]
    ours, theirs = (statistics.median(times) for times in zip(*pairs, strict=True))
    print(f"{what:<52} {ours:10.4g} ms  | {beside:<44} {theirs:10.4g} ms  | x {ours / theirs:.3g}")


def main() -> None:
    program = str(cli.program())
    for what, code in (
        ("import wheatstone", "import wheatstone"),
        ("import a session", "from wheatstone import MeasurementSession"),
        ("import a session, NumPy and Polars", "import numpy, polars; from wheatstone import MeasurementSession"),
    ):
        compare(what, [sys.executable, "-c", f"{code}; print('done')"], "done", "python -c pass", NOTHING)
    compare("wheatstone --help", [program, "--help"], "Runs measurements", "true", ["true"])
    compare(
        "python -m wheatstone --help",
        [sys.executable, "-m", "wheatstone", "--help"],
        "Runs measurements",
        "python -c pass",
        NOTHING,
    )
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"XDG_STATE_HOME": folder, "WHEATSTONE_STORE": f"{folder}/store"}
        for _ in range(RUNS):
            subprocess.run([program, "demo", "--pace", "virtual"], capture_output=True, check=True)
        listed = subprocess.run([program, "runs", "ls", "--json"], capture_output=True, text=True, check=True)
        assert len(json.loads(listed.stdout)) == RUNS
        compare(f"wheatstone runs ls, {RUNS} runs", [program, "runs", "ls"], "run ", "ls of the folder", ["ls", folder])
        compare(
            "what a shell completes after 'runs show '",
            [program, "completion", "words", "--", "runs", "show", ""],
            "last\t",
            "true",
            ["true"],
        )


if __name__ == "__main__":
    main()

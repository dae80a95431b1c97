"""What it takes to start: the package and the program, each beside a process that does nothing."""

import statistics
import subprocess
import sys
import time

from wheatstone import cli

REPEATS = 20
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
    compare("wheatstone --help", [program, "--help"], "", "true", ["true"])
    compare(
        "python -m wheatstone --help", [sys.executable, "-m", "wheatstone", "--help"], "", "python -c pass", NOTHING
    )


if __name__ == "__main__":
    main()

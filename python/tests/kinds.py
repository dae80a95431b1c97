"""A run with a column of each kind, for tests of what other programs make of it."""

import numpy as np
import polars as pl

from wheatstone import MeasurementSession, Waveform

INSTANT = np.datetime64("2026-01-01T00:00:00.123456789", "ns")
TEXTS = ["", None, 'two\nlines, "quoted"', "ümlaut", "=1+1", "null"]
NUMBERS = [0.1, float("inf"), float("-inf"), None, 1 / 3, 5.0]


def run_of_all_kinds(order="grid"):
    """Six points, 3 voltages × 2 modes, and what each measured by its number."""
    with MeasurementSession("kinds", description="all kinds of cells") as session:
        session.parameter("voltage", [0.0, 1.0, 2.0], unit="V", notes="of the supply")
        session.parameter("mode", ["fast", "slow"])
        points = []

        @session.acquire
        def measure(voltage, mode):
            k = len(points)
            points.append((voltage, mode))
            return {
                "number": NUMBERS[k],
                "count": None if k == 1 else k,
                "whole": 2**53 + k,
                "flag": None if k == 2 else k % 2 == 0,
                "z": complex(k, -1.5),
                "text": TEXTS[k],
                "raw": bytes([0, k, 255]),
                "matrix": np.arange(6, dtype=np.int32).reshape(2, 3) * k,
                "ragged": np.arange(k),
                "spectrum": np.array([1 + 2j, k]),
                "trace": Waveform(-1e-6, 1e-6, np.array([1.0 * k, float("inf"), 3.0]), "V"),
                "table": pl.DataFrame({"Time (s)": [0.0, 1.0], "V": [1.0 * k, 2.0]}),
                "when": INSTANT,
            }

        return session.run(show_progress=False, order=order)

"""What the page's parallel example implies once its supply is on: the bench is one physical world."""

import polars as pl
import pytest

LEADS = 0.025  # Ohm, of the obvious wiring


def test_peak_to_peak_follows_the_ramp_and_the_steps_of_the_load(physics):
    ran = physics("ripple.py")
    assert (ran.status, ran.stderr) == (0, "")
    data = ran.experiment.data

    def seen(phase):
        found = data.filter(pl.col("phase") == phase)["vpp"]
        assert len(found) >= 2, data
        return found

    # The screen holds a ramp of 2 V up or down, or both; the first one has the rise from zero too.
    assert seen("ramp")[1:].is_between(1.5, 2.2).all()
    # 1.9 A more or less through the leads, seen in steps of 0.6 mV with the scope's noise on both sides.
    assert seen("load").to_list() == pytest.approx([1.9 * LEADS] * len(seen("load")), abs=0.006)
    assert seen("quiet").max() < 0.006


def test_a_load_that_draws_more_than_the_limit_puts_the_supply_in_constant_current(physics):
    ran = physics("current_limit.py")
    assert (ran.status, ran.stderr) == (0, "")
    data = ran.experiment.data
    assert len(data) == 20
    steady = data.filter("steady")
    limited = steady.filter(pl.col("drawn") == 1.0)
    regulated = steady.filter(pl.col("drawn") == 0.2)
    assert len(limited) >= 3 and len(regulated) >= 3
    accuracy = 2 * (0.2e-2 * 0.5 + 0.010)  # A, of the set limit and of its reading: data sheet of the EDU36311A
    assert limited["amperes"].to_list() == pytest.approx([0.5] * len(limited), abs=accuracy)
    assert (limited["volts"] < 0.5).all()
    assert limited["status"].unique().to_list() == [1]
    assert regulated["amperes"].to_list() == pytest.approx([0.2] * len(regulated), abs=accuracy)
    assert regulated["volts"].to_list() == pytest.approx([3.0 - 0.2 * LEADS] * len(regulated), abs=0.0066)
    assert regulated["status"].unique().to_list() == [2]

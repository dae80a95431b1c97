"""Every example of the page that the project was founded on."""

import polars as pl
import pytest


def both_accuracies(volts):
    """Limits of what the supply's first output gives and the meter reads: data sheets of EDU36311A and 34470A."""
    supply = 0.1e-2 * volts + 0.005
    meter = 16e-6 * volts + 2e-6 * 10 + 10e-6  # one year, 10 V range, and its noise
    return supply + meter


def assert_quiet(ran, table):
    """The program printed its table and nothing else."""
    assert (ran.status, ran.stderr) == (0, "")
    assert ran.stdout == f"{table}\n"


def printed(ran, page):
    """The table as the program saw it."""
    data = ran.experiment.data
    return data.with_columns(pl.col("timestamp").dt.epoch("ns") / 1e9) if page.compat else data


@pytest.mark.parametrize("program", ["create_session.py", "task.py"])
def test_a_session_can_be_opened_and_closed(page, program):
    ran = page(program)
    assert (ran.status, ran.stdout, ran.stderr) == (0, "", "")
    assert not (ran.folder / "wheatstone-runs").exists()


def test_a_session_takes_its_instruments_from_a_bench(page):
    ran = page("create_session_with_bench.py", "bench.yaml")
    assert (ran.status, ran.stdout, ran.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("program", "files", "result", "name", "units"),
    [
        ("basic_usage.py", [], "measured_voltage", "basic_usage", {"voltage": "V", "current": "A"}),
        ("sweep.py", [], "v_measured", "sweep", {}),
        ("sweep_with_bench.py", ["bench.yaml"], "v_measured", "Supply voltage", {}),
    ],
)
def test_a_sweep_reads_what_the_supply_gives(page, program, files, result, name, units):
    ran = page(program, *files)
    assert_quiet(ran, printed(ran, page))
    experiment = ran.experiment
    data = experiment.data
    assert data.columns == ["voltage", "current", "timestamp", result]
    assert data["voltage"].to_list() == [1.0] * 3 + [2.0] * 3 + [3.0] * 3
    assert data["current"].to_list() == [0.1, 0.5, 1.0] * 3
    assert data["timestamp"].is_sorted()
    assert experiment.units == {**units, result: "V"}
    assert (experiment.name, experiment.state) == (name, "finished")
    for voltage, measured in zip(data["voltage"], data[result], strict=True):
        assert measured == pytest.approx(voltage, abs=both_accuracies(voltage))
    assert len(set(data[result])) > 3  # a meter has noise


def assert_spaced(experiment, interval, count):
    """Rows stand on the grid of their slots, and none was missed."""
    timing = experiment.timing
    assert len(experiment) == count
    assert timing["slot"].to_list() == list(range(count))
    assert timing["missed"].sum() == 0
    assert (timing["scheduled"].diff().drop_nulls() == round(interval * 1e9)).all()
    late = timing["lateness"]
    assert late.min() >= 0
    assert late.max() < interval * 1e9
    assert late.median() < 5e6


def assert_tasks_ended(experiment, tasks):
    """A task that does not end is an error of the run."""
    assert experiment.metadata["tasks"] == tasks
    assert experiment.state == "finished"


def test_an_acquisition_reads_the_scope_while_a_task_ramps_the_supply(page):
    ran = page("task_and_acquisition.py")
    assert_quiet(ran, printed(ran, page))
    experiment = ran.experiment
    assert experiment.data.columns == ["timestamp", "vpp"]
    assert_spaced(experiment, 0.2, 50)
    assert_tasks_ended(experiment, ["psu_ramp"])
    waveform = experiment.data["vpp"][0]
    assert list(waveform) == ["Time (s)", "Channel 1 (V)"]
    assert len(waveform["Time (s)"]) == len(waveform["Channel 1 (V)"]) > 100


PARALLEL = [("parallel.py", []), ("parallel_with_bench.py", ["bench_parallel.yaml"])]


@pytest.mark.parametrize(("program", "files"), PARALLEL)
def test_the_parallel_example_reads_a_supply_that_is_off(page, program, files):
    ran = page(program, *files)
    assert_quiet(ran, printed(ran, page))
    experiment = ran.experiment
    assert experiment.data.columns == ["timestamp", "vpp_ripple"]
    assert_spaced(experiment, 0.25, 20)
    assert_tasks_ended(experiment, ["psu_ramp", "load_pulse"])
    assert experiment.units == {"vpp_ripple": "V"}
    # Its noise and the load's pull on a supply without output; one division is a volt or more.
    assert experiment.data["vpp_ripple"].is_between(0, 0.3).all()

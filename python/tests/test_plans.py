"""What points a run takes: values, orders, constraints, ends, adaptive plans."""

import datetime
import enum
import gc
import itertools
import json
import threading
import weakref

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plan_runs import plan_of, rows_of, sweep

import wheatstone
from wheatstone import MeasurementSession, arange, geomspace, linspace, logspace, refine, step, steps
from wheatstone.errors import ConfigurationError, DataError, MeasurementError


@pytest.fixture
def session():
    with MeasurementSession("plans") as made:
        yield made


def test_orders_by_name(session):
    sweep(session, [1, 2, 3], [10, 20, 30])
    grid = list(itertools.product([1, 2, 3], [10, 20, 30]))
    assert rows_of(session.run(), "a", "b") == grid
    assert rows_of(session.run(order="zip"), "a", "b") == [(1, 10), (2, 20), (3, 30)]
    snake = [(1, 10), (1, 20), (1, 30), (2, 30), (2, 20), (2, 10), (3, 10), (3, 20), (3, 30)]
    assert rows_of(session.run(order="snake"), "a", "b") == snake
    up_down = [(a, b) for a in (1, 2, 3) for b in (10, 20, 30, 20, 10)]
    assert rows_of(session.run(order="up_down"), "a", "b") == up_down
    drawn = session.run(order="random")
    assert sorted(rows_of(drawn, "a", "b")) == grid
    again = session.run(order="random", order_seed=plan_of(drawn)["order_seed"])
    assert rows_of(again, "a", "b") == rows_of(drawn, "a", "b")
    assert plan_of(again) == plan_of(drawn)


@pytest.mark.parametrize("unit", ["ns", "us", "s", "D"])
def test_arrays_of_instants_and_durations_are_kept_as_such(session, unit):
    days = np.array(["2026-11-23", "2026-11-24"], dtype=f"datetime64[{unit}]")
    waits = np.array([0, 86_400], dtype="timedelta64[s]").astype(f"timedelta64[{unit}]")
    instants = [datetime.datetime(2026, 11, day, tzinfo=datetime.UTC) for day in (23, 24)]
    session.parameter("at", days)
    session.parameter("wait", waits)
    seen = []

    @session.acquire
    def measure(at, wait):
        seen.append((at, wait))
        return {"ok": True}

    expected = list(itertools.product(instants, [0.0, 86_400.0]))
    side_by_side = session.run(order="zip")
    assert rows_of(side_by_side, "at", "wait") == [expected[0], expected[3]]
    assert side_by_side.units["wait"] == "s"
    assert seen == [(days[0], waits[0]), (days[1], waits[1])]
    listed = session.run(order=np.stack([days, days], axis=1))
    assert rows_of(listed, "at", "wait") == [(each, each) for each in instants]


def test_a_value_that_no_cell_keeps_is_refused_in_words_that_fit_a_parameter(session):
    with pytest.raises(DataError, match="parameter 'p', value 1: the integer .* make it a float or text$"):
        session.parameter("p", [1, 2**70])


def test_unequal_lengths_side_by_side_are_refused_with_the_lengths(session, own_folder):
    sweep(session, [1, 2, 3], [10, 20])
    with pytest.raises(ConfigurationError, match="'a' has 3, 'b' has 2"):
        session.run(order="zip")
    assert not (own_folder / "wheatstone-runs").exists()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sizes=st.lists(st.integers(1, 4), min_size=1, max_size=3),
    order=st.sampled_from(["grid", "snake", "random", "up_down"]),
    repeat=st.integers(1, 3),
    seed=st.integers(0, 2**63 - 1),
)
def test_every_order_takes_each_combination_as_often_as_it_says(tmp_path_factory, sizes, order, repeat, seed):
    with MeasurementSession("orders", store=tmp_path_factory.mktemp("store")) as session:
        for k, size in enumerate(sizes):
            session.parameter(f"p{k}", range(size))
        session.acquire(lambda: {"x": 1}, name="m")
        experiment = session.run(order=order, repeat=repeat, order_seed=seed if order == "random" else None)
        names = [f"p{k}" for k in range(len(sizes))]
        once = list(itertools.product(*map(range, sizes)))
        if order == "up_down":
            back = [p for p in once if p[-1] != sizes[-1] - 1]
            once = sorted(once + back)
        assert sorted(rows_of(experiment, *names)) == sorted(once * repeat)


@pytest.mark.parametrize(
    "points",
    [
        [{"a": 1.0, "b": 2}, {"b": 3, "a": 4.5}],
        [(1.0, 2), (4.5, 3)],
        np.array([[1.0, 2], [4.5, 3]]),
        [[1.0, 2], (4.5, 3)],
    ],
)
def test_points_one_by_one(session, points):
    session.parameter("a", unit="V")
    session.parameter("b")
    session.acquire(lambda a, b: {"x": a * b}, name="m")
    experiment = session.run(order=points)
    assert rows_of(experiment, "a", "b", "x") == [(1.0, 2, 2.0), (4.5, 3, 13.5)]
    assert plan_of(experiment)["points"] == 2


def test_points_of_one_parameter_need_no_tuples_and_frames_give_points(session):
    import polars as pl

    session.parameter("a")
    session.acquire(lambda a: {"x": a}, name="m")
    assert rows_of(session.run(order=[3, 1, 2]), "x") == [(3,), (1,), (2,)]
    assert rows_of(session.run(order=pl.DataFrame({"a": [5, 6]})), "x") == [(5,), (6,)]


@pytest.mark.parametrize(
    ("order", "sentence"),
    [
        ("spiral", "'spiral' is not known"),
        ([], "empty"),
        ([{"a": 1}, {"b": 1}], "point 1 of the list"),
        ([(1, 2)], "has 2 values for 1 parameter"),
        ([{"z": 1}], "no parameter"),
        (5, "is no order"),
        ({"a": 1}, "is no order"),
        ("grid", "no values of its own"),
        (refine("b", of="x", between=(0, 1)), "varies 'b' alone"),
    ],
)
def test_orders_that_do_not_fit_are_refused(session, order, sentence, own_folder):
    session.parameter("a")
    session.acquire(lambda a: {"x": a}, name="m")
    with pytest.raises(ConfigurationError, match=sentence):
        session.run(order=order)
    assert not (own_folder / "wheatstone-runs").exists()


@pytest.mark.parametrize(
    "options", [{"repeat": 0}, {"repeat": "twice"}, {"order_seed": -1}, {"order_seed": 3}, {"until": 5}]
)
def test_options_that_say_nothing_are_refused(session, options):
    session.parameter("a", [1])
    session.acquire(lambda a: {"x": a}, name="m")
    with pytest.raises(ConfigurationError):
        session.run(**options)


def test_members_of_an_enumeration_stay_members(session):
    class Mode(enum.Enum):
        CC = 1
        CV = 2

    seen = []
    session.parameter("mode", list(Mode))
    session.acquire(lambda mode: seen.append(mode) or {"x": 1}, name="m")
    session.run(order=[("CV",), ("CC",)])
    assert seen == [Mode.CV, Mode.CC]


def test_repetitions_are_told_in_the_timing(session):
    session.parameter("a", [1, 2])
    session.acquire(lambda a: {"x": a}, name="m")
    experiment = session.run(repeat=2)
    assert rows_of(experiment, "a") == [(1,), (2,), (1,), (2,)]
    assert experiment.timing["repetition"].to_list() == [0, 0, 1, 1]
    assert "repetition" not in session.run().timing.columns


def test_a_refinement_goes_on_where_a_point_was_skipped(session):
    def measure(x):
        if x == 0.5:
            raise ValueError("no answer")
        return {"y": x}

    session.parameter("x")
    session.acquire(on_error="skip")(measure)
    experiment = session.run(order=refine("x", of="y", between=(0, 1), points=9))
    assert experiment.data.height == 9
    assert experiment.data["y"].null_count() == 1


# Values


def test_values_that_depend_on_outer_ones_ask_for_them_by_name(session):
    session.parameter("a", [1, 2])
    session.parameter("b", lambda a: range(a))
    session.parameter("c", lambda b, a: [a * 10 + b], unit="V")
    session.acquire(lambda a, b, c: {"x": c}, name="m")
    assert rows_of(session.run(), "a", "b", "x") == [(1, 0, 10), (2, 0, 20), (2, 1, 21)]


def test_values_may_depend_on_earlier_parameters_only(session):
    session.parameter("b", lambda a: range(a))
    session.parameter("a", [1, 2])
    session.acquire(lambda b: {"x": b}, name="m")
    with pytest.raises(
        ConfigurationError,
        match="values of parameter 'b' asks for 'a', which nothing provides .there is nothing that it",
    ):
        session.run()


def test_a_generator_is_pulled_when_needed_and_may_be_endless_outermost(session):
    pulled = []

    def numbers():
        for n in itertools.count():
            pulled.append(n)
            yield n

    session.parameter("n", numbers())
    session.parameter("k", iter([0, 1]))
    session.acquire(lambda n, k: {"x": 10 * n + k}, name="m")
    assert pulled == []
    experiment = session.run(until=lambda row: row["x"] == 21)
    assert rows_of(experiment, "x") == [(0,), (1,), (10,), (11,), (20,), (21,)]
    assert pulled == [0, 1, 2]
    assert session.run(until=lambda row: row["x"] == 21).data["x"].to_list() == [0, 1, 10, 11, 20, 21]
    assert pulled == [0, 1, 2]


def test_a_generator_function_is_called_for_its_values(session):
    def numbers():
        yield from (3, 4)

    session.parameter("n", numbers)
    session.parameter("m", step.custom(numbers, unit="V"))
    session.acquire(lambda n, m: {"x": n * m}, name="m")
    assert session.run().data["x"].to_list() == [9, 12, 12, 16]


def test_an_endless_inner_generator_is_refused_by_name(session):
    session.parameter("a", [1, 2])
    session.parameter("n", itertools.repeat(1))
    session.acquire(lambda n: {"x": n}, name="m")
    with pytest.raises(ConfigurationError, match="parameter 'n' gave 10000000 values and has more"):
        session.run()


def test_a_generator_that_raises_ends_the_run_with_its_name_and_keeps_the_rows(session):
    def numbers():
        yield 1
        yield 2
        raise LookupError("the table is short")

    session.parameter("n", numbers())
    session.acquire(lambda n: {"x": n}, name="m")
    with pytest.raises(MeasurementError, match="values of parameter 'n' failed at n = 2: LookupError") as raised:
        session.run()
    assert isinstance(raised.value.__cause__, LookupError)
    assert raised.value.experiment.data["x"].to_list() == [1, 2]


def test_a_stream_of_what_no_cell_holds_names_the_value(session):
    session.parameter("n", iter([1, object()]))
    session.acquire(lambda n: {"x": 1}, name="m")
    with pytest.raises(MeasurementError, match="parameter 'n', value 1"):
        session.run()


def test_ranges_and_series_of_a_billion_cost_nothing(session):
    session.parameter("n", range(10**9))
    session.parameter("v", linspace(0, 1, 10**9))
    session.acquire(lambda n, v: {"x": v}, name="m")
    experiment = session.run(order="random", order_seed=1, until=lambda row: True)
    assert experiment.data.height == 1
    assert session.parameters["n"] == range(10**9)


def test_series_are_sequences_with_a_unit(session):
    series = linspace(0, 1, 5, unit="V")
    assert (len(series), series[0], series[-1], series[1:3]) == (5, 0.0, 1.0, [0.25, 0.5])
    assert series == [0, 0.25, 0.5, 0.75, 1]
    assert np.asarray(series).tolist() == list(series)
    assert repr(series) == "linspace(0, 1, 5, unit='V')"
    assert list(steps(0, 1, 0.5)) == [0, 0.5, 1]
    assert list(arange(0, 1, 0.5)) == [0, 0.5]
    assert list(logspace(0, 2, 3)) == [1, 10, 100]
    assert list(geomspace(1, 4, 3)) == pytest.approx([1, 2, 4])
    with pytest.raises(IndexError):
        series[5]
    session.parameter("v", series)
    session.parameter("i", step.linear(0, 1, 2, unit="A"))
    session.parameter("r", step.points([1], unit="Ohm"), unit="kOhm")
    session.acquire(lambda v: {"x": v}, name="m")
    parameters = json.loads((session.run().folder / "run.json").read_text())["parameters"]
    assert [p["unit"] for p in parameters] == ["V", "A", "kOhm"]


# Constraints and ends


def test_constraints_pass_over_points_by_name(session):
    sweep(session, [1, 2, 3], [1, 2, 3])

    @session.constrain
    def power(a, b):
        return a * b <= 3

    session.constrain(lambda a: a != 2)
    experiment = session.run()
    assert rows_of(experiment, "a", "b") == [(1, 1), (1, 2), (1, 3), (3, 1)]
    assert plan_of(experiment)["constraints"] == ["power", "constraint 2"]


def test_constraints_that_ask_for_what_is_no_parameter_are_refused(session):
    sweep(session, [1], [1])
    session.constrain(lambda voltage: True)
    with pytest.raises(ConfigurationError, match="constraint 'constraint 1' asks for 'voltage'"):
        session.run()


def test_a_constraint_that_raises_names_itself(session):
    sweep(session, [1, 0], [1])
    session.constrain(lambda a: 1 / a, name="inverse")
    with pytest.raises(
        MeasurementError, match="constraint 'inverse' failed at a = 0, b = 1: ZeroDivisionError"
    ) as raised:
        session.run()
    assert raised.value.experiment.data.height == 1


def test_constraints_that_leave_no_point_are_refused_before_anything_moves(session, own_folder):
    sweep(session, [1, 2, 3], [4, 5])
    session.constrain(lambda a: a > 2, name="large")
    session.constrain(lambda b: b > 5)
    with pytest.raises(
        ConfigurationError,
        match="no point is left: constraint 'large' refused 4 and constraint 'constraint 2' refused 2;",
    ):
        session.run()
    assert not (own_folder / "wheatstone-runs").exists()
    preview = session.preview()
    assert preview.points == 0
    assert [sentence.split(":")[0] for sentence in preview.refused] == ["no point is left"]


def test_a_run_that_finishes_without_a_row_warns(session):
    session.parameter("n", iter(range(10)))  # is not pulled before the run
    session.acquire(lambda n: {"n": n}, name="measure")
    session.constrain(lambda n: n > 10, name="large")
    with pytest.warns(RuntimeWarning, match="finished without a row: constraint 'large' left no point"):
        empty = session.run()
    assert empty.data.height == 0


def test_a_run_whose_constraint_never_holds_can_be_stopped(session):
    passed = threading.Event()
    session.parameter("n", itertools.count())
    session.constrain(lambda n: passed.set() if n > 100_000 else False)
    session.acquire(lambda n: {"x": n}, name="m")
    stopper = threading.Thread(target=lambda: passed.wait(60) and session.stop())
    stopper.start()
    assert session.run().data.height == 0
    stopper.join()


def test_until_sees_the_row_and_errors_in_it_name_it(session):
    session.parameter("a", range(100))
    session.acquire(lambda a: {"x": a * a}, name="m")
    rows = []
    experiment = session.run(until=lambda row: rows.append(row) or row["x"] > 10)
    assert experiment.data["x"].to_list() == [0, 1, 4, 9, 16]
    assert list(rows[0]) == ["a", "timestamp", "x"]
    with pytest.raises(MeasurementError, match="condition of until failed at a = 0: KeyError"):
        session.run(until=lambda row: row["y"])


# Adaptive plans


def test_a_session_whose_functions_know_it_is_collected():
    def ran():
        session = MeasurementSession("cycle")
        session.parameter("a", (n for n in [1, 2] if session))
        session.parameter("b", lambda a: [session and a])
        session.constrain(lambda b: bool(session))
        session.acquire(lambda a: {"x": 1}, name="m")
        session.run()
        session.close()
        return weakref.ref(session)

    gone = ran()
    gc.collect()
    assert gone() is None


def test_the_words_are_in_the_package():
    for name in ("linspace", "logspace", "geomspace", "arange", "steps", "refine", "bisect", "step"):
        assert name in dir(wheatstone) and getattr(wheatstone, name)


# Previews


# Functions that measure

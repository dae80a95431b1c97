"""Plans that are told each row and propose the next point."""

import gc
import re
import threading

import numpy as np
import pytest
from plan_runs import plan_of, rows_of, sweep

import wheatstone
from wheatstone import MeasurementSession, bisect, refine
from wheatstone.errors import ConfigurationError, MeasurementError


@pytest.fixture
def session():
    with MeasurementSession("plans") as made:
        yield made


class Halving:
    """Proposes half of what it was told, down to 1."""

    def __init__(self):
        self.next = 8.0
        self.told = []

    def ask(self):
        return {"v": self.next} if self.next >= 1 else None

    def tell(self, point, row):
        self.told.append((point, row["y"]))
        self.next = point["v"] / 2


def test_any_object_that_asks_and_tells_is_a_plan(session):
    session.parameter("v", unit="V")
    session.acquire(lambda v: {"y": v * v}, name="m")
    plan = Halving()
    experiment = session.run(order=plan)
    assert experiment.data["v"].to_list() == [8, 4, 2, 1]
    assert plan.told == [({"v": 8.0}, 64.0), ({"v": 4.0}, 16.0), ({"v": 2.0}, 4.0), ({"v": 1.0}, 1.0)]
    assert plan_of(experiment)["adaptive"] == "Halving"


@pytest.mark.parametrize("proposal", [(2, 3), [2, 3], {"b": 3, "a": 2}])
def test_proposals_are_dicts_or_in_the_order_of_the_parameters(session, proposal):
    class Once:
        left = 1

        def ask(self):
            self.left -= 1
            return proposal if self.left >= 0 else None

        def tell(self, point, row):
            pass

    sweep(session, None, None)
    assert rows_of(session.run(order=Once()), "a", "b") == [(2, 3)]


def test_an_adaptive_plan_that_never_ends_can_be_stopped(session):
    class Endless(Halving):
        def tell(self, point, row):
            if row["y"] == 50:
                session.stop()
            self.next = point["v"] + 1

    session.parameter("v")
    session.acquire(lambda v: {"y": v}, name="m")
    assert session.run(order=Endless()).data["v"].to_list()[-1] == 50


def test_an_adaptive_plan_that_raises_ends_the_run_with_its_name(session):
    class Broken(Halving):
        def ask(self):
            if self.told:
                raise ValueError("singular matrix")
            return super().ask()

    session.parameter("v")
    session.acquire(lambda v: {"y": v}, name="m")
    with pytest.raises(
        MeasurementError, match="asking .*Broken for the next point failed at v = 8: ValueError"
    ) as raised:
        session.run(order=Broken())
    assert isinstance(raised.value.__cause__, ValueError)
    assert raised.value.experiment.data.height == 1


def test_refine_takes_most_points_where_the_curve_bends(session):
    session.parameter("v", unit="V")
    session.acquire(lambda v: {"i": float(np.exp(8 * (v - 1)))}, name="m")
    experiment = session.run(order=refine("v", of="i", between=(0, 1), points=30))
    taken = experiment.data["v"]
    assert len(taken) == 30 and taken.n_unique() == 30
    assert (taken > 0.5).sum() > 18
    assert plan_of(experiment)["adaptive"] == "refine('v', of='i', between=(0, 1), points=30)"


def test_bisect_finds_the_threshold(session):
    session.parameter("v", unit="V")
    session.acquire(lambda v: {"i": v**2}, name="m")
    search = bisect("v", of="i", threshold=2, between=(0, 4), tolerance=1e-6)
    session.run(order=search)
    assert search.crossing == pytest.approx(2**0.5, abs=1e-6)
    with pytest.raises(MeasurementError, match="both on one side of the threshold"):
        session.run(order=bisect("v", of="i", threshold=99, between=(0, 4)))


def test_a_function_that_measures_drives_a_run_and_its_result_is_kept(session):
    session.parameter("v")
    session.acquire(lambda v: {"y": (v - 3) ** 2}, name="m")
    plan = wheatstone.driven_by(lambda measure: [measure(v=v)["y"] for v in (1, 2, 3)])
    assert session.run(order=plan).data["y"].to_list() == [4, 1, 0]
    assert plan.result == [4, 1, 0]
    assert session.run(order=plan).data.height == 3


def test_a_function_that_measures_may_raise_or_ask_for_what_is_no_point(session):
    session.parameter("v")
    session.acquire(lambda v: {"y": v}, name="m")

    def search(measure):
        measure(v=1)
        measure(w=2)

    with pytest.raises(MeasurementError, match=r"asking driven_by\(search\) .*measure\(\) was given \['w'\]") as raised:
        session.run(order=wheatstone.driven_by(search))
    assert raised.value.experiment.data.height == 1


def test_a_run_that_ends_before_the_function_that_drives_it_unwinds_it(session):
    unwound = threading.Event()

    def search(measure):
        try:
            while True:
                measure(v=1)
        finally:
            unwound.set()

    session.parameter("v")
    session.acquire(lambda v: {"y": v}, name="m")
    plan = wheatstone.driven_by(search)
    assert session.run(order=plan, until=lambda row: True).data.height == 1
    del plan
    gc.collect()
    assert unwound.wait(30)


def test_a_search_is_made_anew_at_each_point_of_the_outer_parameters(session):
    session.parameter("gain", [1, 2], unit="dB")
    session.parameter("v", unit="V")
    session.acquire(lambda gain, v: {"i": gain * v}, name="m")
    data = session.run(order=bisect("v", of="i", threshold=1, between=(0, 4), tolerance=0.01)).data
    assert data["gain"].to_list() == sorted(data["gain"])
    for gain in (1, 2):
        of_it = data.filter(data["gain"] == gain)["v"]
        assert of_it.to_list()[:2] == [0, 4]
        assert of_it[-1] == pytest.approx(1 / gain, abs=0.01)


def test_a_plan_of_ones_own_that_varies_one_parameter_alone_leaves_the_outer_ones_to_the_session(session):
    class Twice:
        along = "v"

        def begin(self, parameters):
            assert parameters == ["v"]
            self.left = 2

        def ask(self):
            self.left -= 1
            return self.left if self.left >= 0 else None

        def tell(self, point, row):
            assert list(point) == ["v"]
            assert row["a"] in (10, 20)

    session.parameter("a", [10, 20])
    session.parameter("v")
    session.acquire(lambda a, v: {"sum": a + v}, name="m")
    assert rows_of(session.run(order=Twice()), "a", "v") == [(10, 1), (10, 0), (20, 1), (20, 0)]


def test_a_search_whose_parameter_is_not_the_innermost_is_refused(session, own_folder):
    sweep(session, [1.0, 2.0], [3.0])
    with pytest.raises(ConfigurationError, match="register 'a' last"):
        session.run(order=refine("a", of="sum", between=(0, 1)))
    assert not list(own_folder.glob("wheatstone-runs/*"))


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"points": -1}, "refine() cannot take points=-1, which is out of range"),
        ({"points": 2.5}, "refine() takes a whole number for 'points', not 2.5"),
        ({"between": (0, "1")}, "refine() takes a pair of numbers for 'between', not (0, '1')"),
        ({"between": (0, 1, 2)}, "refine() takes a pair of numbers for 'between', not (0, 1, 2)"),
        ({"points": 1}, "refine needs at least two points"),
    ],
)
def test_a_refinement_names_the_argument_that_it_cannot_take(options, sentence):
    with pytest.raises(ConfigurationError, match=re.escape(sentence)):
        refine("a", **{"of": "y", "between": (0, 1), **options})

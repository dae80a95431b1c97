"""Values of parameters by rule."""

import math

import numpy as np
import pytest

from wheatstone import linspace, step
from wheatstone.errors import ConfigurationError
from wheatstone.measurements.values import taken


def test_linear_steps_include_both_ends():
    assert step.linear(0, 1, 5).values() == [0, 0.25, 0.5, 0.75, 1]
    assert step.linear(0, 1, 4, endpoint=False).values() == [0, 0.25, 0.5, 0.75]


def test_logarithmic_steps_begin_and_end_exactly():
    assert step.log(1, 1000, 4).values() == pytest.approx([1, 10, 100, 1000])
    assert step.log(0.1, 0.7, 3).values()[-1] == 0.7
    assert step.log(1, 8, 4, base=2).values() == [1, 2, 4, 8]
    assert step.log(1, 1000, 4).values() == [1, 10, 100, 1000]
    assert step.log(1, 9, 3, base=3).values() == pytest.approx([1, 3, 9])
    assert step.geom(-1, -8, 4).values() == pytest.approx([-1, -2, -4, -8])
    assert step.exp(0, 2, 3).values() == pytest.approx([1, 10, 100])
    assert step.log(5, 50, 1).values() == [5]


def test_a_rule_is_shown_as_it_was_written():
    assert repr(step.linear(0, 1, 3)) == "step.linear(start=0, stop=1, count=3, endpoint=True)"


def test_points_and_custom_rules_give_what_they_were_given():
    assert step.points(x for x in "ab").values() == ["a", "b"]
    spec = step.custom(lambda: range(3), label="three")
    assert (spec.values(), spec.values(), spec.label) == ([0, 1, 2], [0, 1, 2], "three")


@pytest.mark.parametrize(
    "make",
    [
        lambda: step.linear(0, 1, 0),
        lambda: step.log(0, 1, 3),
        lambda: step.log(1, 2, 3, base=1),
        lambda: step.geom(-1, 1, 3),
        lambda: step.points([]),
    ],
)
def test_rules_without_values_are_refused(make):
    with pytest.raises(ValueError):
        make()


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: step.linear("a", 1, 3), "start='a' is no finite number"),
        (lambda: step.linear(0, math.nan, 3), "stop=nan is no finite number"),
        (lambda: step.linear(0, 1, 2.5), "count=2.5 is no number of values"),
        (lambda: step.log(1, None, 3), "stop=None is no finite number"),
        (lambda: step.log(1, 2, 3, base="e"), "base='e' is no finite number"),
        (lambda: step.geom("1", 2, 3), "start='1' is no finite number"),
        (lambda: step.exp(0, math.inf, 3), "exponent_stop=inf is no finite number"),
        (lambda: step.points(5), r"a list of values, not 5; give \[5\]"),
        (lambda: step.custom(5), "a function that gives the values, not 5"),
        (lambda: step.custom(lambda: 5).values(), "gave 5, which is no list of values"),
    ],
)
def test_rules_of_the_wrong_kind_are_refused_with_what_to_give(make, sentence):
    with pytest.raises(ConfigurationError, match=sentence):
        make()


def test_linspace_is_that_of_the_library():
    assert linspace(0, 6, 31) == pytest.approx(np.linspace(0, 6, 31))
    with pytest.raises(ValueError, match="count"):
        linspace(0, 1, 0)


@pytest.mark.parametrize(
    ("values", "listed"),
    [
        ([1, 2], [1, 2]),
        ((1.5,), [1.5]),
        (range(3), [0, 1, 2]),
        (np.array([1.0, 2.0]), [1.0, 2.0]),
        ((x * x for x in (1, 2)), [1, 4]),
        (lambda: [7], [7]),
        (step.linear(0, 1, 2), [0.0, 1.0]),
    ],
)
def test_any_series_of_values_is_taken(values, listed):
    assert list(taken("v", values)) == listed


def test_a_numpy_series_gives_plain_numbers():
    assert type(taken("v", np.array([1.0]))[0]) is float


@pytest.mark.parametrize("values", ["abc", {1: 2}, {1, 2}, 5, np.float64(1), np.array(1.0)])
def test_what_is_no_series_is_refused(values):
    with pytest.raises(ValueError, match="'v'"):
        taken("v", values)

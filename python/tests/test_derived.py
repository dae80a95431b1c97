"""Columns that are computed from the row."""

import sys

import pytest

from wheatstone import MeasurementSession, Quantity
from wheatstone.errors import ConfigurationError, MeasurementError


@pytest.fixture
def session():
    with MeasurementSession() as session:
        session.parameter("v", [1.0, 2.0, 4.0], unit="V")

        @session.acquire
        def measure(v):
            return {"i": Quantity(v / 2, "A"), "label": f"at {v}"}

        @session.acquire
        def other(v):
            return {"t": 300 + v, "v": -v}

        yield session


def test_a_function_of_parameters_and_results_is_a_column_of_its_name(session):
    @session.derive
    def power(v, i):
        return v * i

    @session.derive(unit="Ohm", name="resistance")
    def r(v, i, scale=1):
        return scale * v / i

    @session.derive
    def again(resistance):
        return resistance

    experiment = session.run()
    assert experiment.data.columns[-3:] == ["power", "resistance", "again"]
    assert experiment.data["power"].to_list() == [0.5, 2.0, 8.0]
    assert experiment.data["resistance"].to_list() == [2.0, 2.0, 2.0]
    assert experiment.data["again"].to_list() == [2.0, 2.0, 2.0]
    assert experiment.units == {"v": "V", "i": "A", "resistance": "Ohm", "again": "Ohm"}
    assert power(2, 3) == 6


def test_it_gets_what_ctx_gives(session):
    seen = []

    @session.derive
    def check(v, i, label, timestamp, ctx, first_after_resume):
        seen.append((v, ctx["i"] is not i and ctx["i"] == i, i.unit, label, ctx["timestamp"] == timestamp))
        return first_after_resume

    session.run()
    assert seen == [(v, True, "A", f"at {v}", True) for v in (1.0, 2.0, 4.0)]


def test_one_of_a_derived_column_that_has_no_value_yet_is_none_too(session):
    session.derive(lambda i: None if i < 0.6 else 2 * i, name="above")
    session.derive(lambda above: above + 1, name="more")
    experiment = session.run()
    assert experiment.data["above"].to_list() == [None, 2.0, 4.0]
    assert experiment.data["more"].to_list() == [None, 3.0, 5.0]


def test_a_mapping_is_columns_by_its_keys(session):
    session.derive(lambda v: {"double": 2 * v, "half": Quantity(v / 2, "V")}, name="both")
    experiment = session.run()
    assert experiment.data["double"].to_list() == [2.0, 4.0, 8.0]
    assert experiment.units["half"] == "V"
    assert "both" not in experiment.columns


def test_where_an_input_is_none_the_result_is_none_without_a_call():
    seen = []
    with MeasurementSession() as session:
        session.parameter("a", [1, 2, 3, 4])

        @session.acquire(on_error="skip")
        def measure(a):
            if a == 1:
                raise ValueError("no")
            return {"x": None if a == 2 else a} if a != 4 else {"other": 1}

        @session.derive(unit="m")
        def twice(x, factor=2):
            seen.append(x)
            return factor * x

        experiment = session.run()
    assert experiment.data["twice"].to_list() == [None, None, 6, None]
    assert experiment.units["twice"] == "m"
    assert seen == [3]


def test_a_mapping_whose_first_inputs_are_missing_is_columns_by_its_keys_all_the_same():
    with MeasurementSession() as session:
        session.parameter("a", [1, 2, 3])
        session.acquire(lambda a: {"x": None if a == 1 else a} | ({"late": 1} if a == 2 else {}), name="measure")
        session.derive(lambda x: {"double": 2 * x, "half": x / 2}, name="both")
        data = session.run().data
    assert data.columns == ["a", "timestamp", "x", "double", "half", "late"]
    assert data["double"].to_list() == [None, 4, 6]
    assert data["half"].to_list() == [None, 1.0, 1.5]


def test_a_default_stays_where_no_row_has_the_name_even_none(session):
    session.derive(lambda i, offset=None: offset is None, name="bare")
    assert session.run().data["bare"].to_list() == [True] * 3


def test_a_result_takes_the_place_of_a_default(session):
    session.derive(lambda t=0: t, name="shown")
    assert session.run().data["shown"].to_list() == [301.0, 302.0, 304.0]


def test_a_name_that_the_row_does_not_have_is_an_error_at_the_first_point(session):
    session.derive(lambda i, current: i, name="bad")
    with pytest.raises(
        MeasurementError, match="'bad' failed at .*asks for 'current'.* has 'v', 'i', 'label', 't'"
    ) as e:
        session.run()
    assert e.value.point == 0


@pytest.mark.parametrize(
    ("register", "sentence"),
    [
        (lambda s: s.derive(5), "a derived column takes a function, not 5"),
        (lambda s: s.derive(unit=5), "unit=5 is no text"),
        (lambda s: s.derive(lambda v: v, name=5), "5 cannot name this derived column"),
        (lambda s: s.derive(lambda v: v, units="V"), r"derive\(\) .*'units'.*'unit'"),
    ],
)
def test_what_makes_no_column_is_refused_at_once(session, register, sentence):
    with pytest.raises(ConfigurationError, match=sentence):
        register(session)


def test_the_same_again_is_refused_in_a_script_and_replaced_at_a_prompt(session, monkeypatch):
    session.derive(lambda v: 1, name="d")
    with pytest.raises(ConfigurationError, match="derived column called 'd' is registered already"):
        session.derive(lambda v: 2, name="d")
    monkeypatch.setattr(sys, "ps1", ">>> ", raising=False)
    session.derive(lambda v: 2, name="d")
    assert session.run().data["d"].to_list() == [2, 2, 2]


def test_an_error_names_it_and_the_point(session):
    session.derive(lambda v: 1 / (v - 2), name="pole")
    with pytest.raises(MeasurementError, match="derived column 'pole' failed at .*v = 2.*ZeroDivisionError") as caught:
        session.run()
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    assert len(caught.value.experiment) == 1


def test_ctrl_c_in_it_aborts_the_run(session):
    def interrupted(v):
        raise KeyboardInterrupt

    session.derive(interrupted)
    with pytest.raises(KeyboardInterrupt):
        session.run()
    assert session.experiment.state == "aborted"

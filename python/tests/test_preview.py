"""What a run would do, without it."""

import itertools

import pytest

from wheatstone import MeasurementSession, linspace
from wheatstone.errors import ConfigurationError


@pytest.fixture
def session():
    with MeasurementSession("plans") as made:
        yield made


def test_a_preview_counts_shows_and_estimates_without_touching_anything(session):
    calls = []
    session.parameter("v", linspace(0, 1, 3, unit="V"), settle=2)
    session.parameter("i", lambda v: [v, v + 1])
    session.acquire(lambda v, i: calls.append(v) or {"x": v}, name="m")
    preview = session.preview(rows=2)
    assert (preview.points, preview.seconds) == (6, 6.0)
    assert preview.first == [{"v": 0.0, "i": 0.0}, {"v": 0.0, "i": 1.0}]
    assert preview.last == [{"v": 1.0, "i": 1.0}, {"v": 1.0, "i": 2.0}]
    assert preview.refused == [] and calls == []
    assert repr(preview).startswith("6 points, 6 s\n  settling of 'v': 3 times 2 s")
    assert "<th>v</th>" in preview._repr_html_()
    assert session.preview(seconds_per_point=0.5).seconds == 3.0


def test_a_preview_tells_what_run_would_refuse(session):
    session.parameter("v", [1, 2])
    session.parameter("i", [1])
    session.acquire(lambda voltage: {"x": 1}, name="m")
    refused = session.preview(order="zip").refused
    assert "asks for 'voltage'" in refused[0]
    assert "'v' has 2, 'i' has 1" in refused[1]
    with pytest.raises(ConfigurationError):
        session.run(order="zip")


def test_a_preview_does_not_ask_an_adaptive_plan_and_pulls_few_of_a_stream(session):
    session.parameter("v", itertools.count())
    session.acquire(lambda v: {"x": v}, name="m")
    preview = session.preview(rows=2)
    assert (preview.points, preview.seconds, preview.first) == (None, None, [{"v": 0}, {"v": 1}])

    class Asked:
        def ask(self):
            raise AssertionError("asked")

        def tell(self, point, row):
            raise AssertionError("told")

    assert session.preview(order=Asked()).points is None


def test_a_preview_knows_what_a_meter_was_configured_for(session):
    dmm = session.instrument("dmm", "keysight/34470A", simulate=True)
    session.parameter("v", [1.0, 2.0])
    session.acquire(lambda dmm, v: {"v": v}, name="m")
    assert session.preview().seconds == pytest.approx(2 * 0.2)
    dmm.set_nplc(1)
    assert session.preview().seconds == pytest.approx(2 * 0.02)

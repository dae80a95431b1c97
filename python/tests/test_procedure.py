"""Procedures from Python."""

import os
import re
from pathlib import Path

import pytest

import wheatstone
from wheatstone import Bench, MeasurementSession, Procedure, run_file
from wheatstone.errors import ConfigurationError, LimitError, MeasurementError

IV = (Path(__file__).parents[2] / "tests" / "procedures" / "iv_curve.yaml").read_text()


@pytest.fixture
def iv(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WHEATSTONE_STORE", raising=False)
    file = tmp_path / "iv.yaml"
    file.write_text(IV)
    return file


def test_a_file_is_run(iv):
    experiment = run_file(iv, set=["voltage=1,2"], show_progress=False)
    assert experiment.data.columns[:3] == ["voltage", "timestamp", "v_measured"]
    assert experiment.data["voltage"].to_list() == [1, 2]
    assert experiment.name == "IV curve"


def test_a_procedure_tells_what_it_is(iv):
    procedure = Procedure.read(iv)
    assert (procedure.name, procedure.file, procedure.text) == ("IV curve", iv, IV)
    assert procedure.parameters == ["voltage"]
    assert repr(procedure) == "<Procedure 'IV curve': voltage>"


def test_set_gives_a_copy(iv):
    procedure = Procedure.read(iv)
    assert procedure.set("voltage=1:2:0.1").preview().points == 11
    assert procedure.preview().points == 5


def test_a_dry_run_has_every_message_and_keeps_nothing(iv):
    run = Procedure.parse(IV).dry_run()
    points = [step for step in run.steps if step.kind == "point"]
    assert [step.parameters for step in points] == [{"voltage": v} for v in (1.0, 1.5, 2.0, 2.5, 3.0)]
    assert points[1].messages == [("psu", "VOLT 1.5,(@1);:SYST:ERR?"), ("dmm", "READ?")]
    assert run.complete
    assert points[1].seconds > points[0].seconds
    assert "nothing was sent to a real instrument" in str(run)
    assert sorted(path.name for path in iv.parent.iterdir()) == ["iv.yaml"]


def test_a_dry_run_says_its_times_in_as_many_digits_as_they_have(iv):
    times = re.findall(
        r"^point \d+ at (\S+) s", str(Procedure.parse(IV).set("voltage=0:3:0.25").dry_run()), re.MULTILINE
    )
    assert len(times) == 13
    assert max(len(time) for time in times) <= 6, times


def test_a_dry_run_ends_after_as_many_points_as_asked_for(iv):
    run = Procedure.parse(IV).dry_run(points=2)
    assert (run.points, run.complete) == (2, False)


def test_errors_name_the_place(iv):
    with pytest.raises(ConfigurationError, match=r"iv.yaml:8:16: .*give each its unit"):
        Procedure.parse(IV.replace("1:3:0.5", "1 V:3:0.5"), "iv.yaml").preview()
    with pytest.raises(ConfigurationError, match=r"procedure.yaml:7:1: unknown key 'swep'; did you mean 'sweep'\?"):
        Procedure.parse(IV.replace("sweep", "swep"))
    with pytest.raises(LimitError, match="outside 0 to 6.18 V"):
        Procedure.parse(IV).set("voltage=7").run()
    with pytest.raises(ConfigurationError, match="cannot be opened"):
        Procedure.read("missing.yaml")
    with pytest.raises(ConfigurationError):
        Procedure.read(3)


def test_what_a_model_has_no_step_for_is_refused_before_anything_moves(iv):
    fixed = IV.replace("dmm.voltage_dc", "{from: dmm.voltage_dc, nplc: 7}")
    for act in (Procedure.run, Procedure.dry_run, Procedure.preview):
        with pytest.raises(LimitError, match=r"iv.yaml:14:44: dmm: 7 is none of the model's steps"):
            act(Procedure.parse(fixed, "iv.yaml"))
    assert sorted(path.name for path in iv.parent.iterdir()) == ["iv.yaml"], "no run was begun"


def test_a_sweep_of_a_lifetime_is_refused_unless_it_is_meant(iv):
    long = Procedure.parse(IV).set("voltage=1:5:1e-12")
    for act in (long.run, long.dry_run):
        with pytest.raises(ConfigurationError, match=r"4000000000001 points, .* years or more.*allow_long"):
            act()
    assert "allow_long" in long.preview().refused[0]
    begun = long.dry_run(points=2, allow_long=True)
    assert (begun.points, begun.complete) == (2, False)
    meant = Procedure.parse(IV + "allow_long: true\nuntil: voltage > 1\n").set("voltage=1:5:1e-12")
    assert meant.run(show_progress=False).data["voltage"].len() == 2


def test_a_session_is_said_in_a_file(iv):
    """Tasks, a baseline and a search: the rest of a session's words, as MeasurementSession has them."""
    searched = IV.replace(
        "sweep:\n  voltage: 1:3:0.5",
        "order: {bisect: voltage, of: v_measured, threshold: 1.25 V, between: [0, 4], tolerance: 0.5}\n"
        "baseline: {v_off: dmm.voltage_dc}\n"
        "tasks: {other: {every: 100 ms, steps: [psu.channel(2).voltage: 1]}}",
    )
    experiment = Procedure.parse(searched).run(show_progress=False)
    assert experiment.data["voltage"].to_list() == [0, 4, 2, 1, 1.5]
    assert experiment.baseline["when"].to_list() == ["start", "end"]


def test_a_run_that_fails_leaves_its_rows(iv):
    failing = IV.replace("voltage: 1:3:0.5", "level: [1, 2]").replace(
        "psu.channel(1).voltage: voltage", "psu.write: '*SRE {300 * (level - 1)}'"
    )
    with pytest.raises(MeasurementError, match="Data out of range") as failed:
        Procedure.parse(failing).run(show_progress=False)
    assert failed.value.experiment.data["level"].to_list() == [1]


def test_resume_begins_anew_where_nothing_is_left(iv):
    first = run_file(iv, show_progress=False)
    again = run_file(iv, resume=True, show_progress=False)
    assert first.id != again.id
    assert first.data["v_measured"].to_list() == again.data["v_measured"].to_list()


BENCH = """\
bench_name: lab
pace: virtual
simulate: true
instruments: {psu: keysight/EDU36311A, dmm: keysight/34470A}
"""


def test_a_session_and_a_bench_without_arguments_take_the_bench_of_the_environment(tmp_path, monkeypatch):
    (tmp_path / "lab.yaml").write_text(BENCH)
    monkeypatch.setenv("WHEATSTONE_BENCH", str(tmp_path / "lab.yaml"))
    with Bench.open() as bench:
        assert bench.name == "lab"
    with MeasurementSession("s", store=tmp_path / "store") as session:
        dmm = session.instrument("dmm")
        assert dmm.is_simulated
    with pytest.raises(wheatstone.errors.ConnectionError):
        dmm.measure_voltage_dc()
    monkeypatch.delenv("WHEATSTONE_BENCH")
    with pytest.raises(ConfigurationError, match="no bench is named"):
        Bench.open()


def test_all_instruments_are_simulated_where_the_environment_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("WHEATSTONE_SIMULATE", "all")
    with MeasurementSession("s", store=os.fspath(tmp_path)) as session:
        psu = session.instrument("psu", "keysight/EDU36311A", address="TCPIP::192.0.2.1::5025::SOCKET", simulate=False)
        assert psu.is_simulated

"""Benches from files."""

import pytest

from wheatstone import Bench, MeasurementSession
from wheatstone.bench import HealthReport
from wheatstone.errors import ConfigurationError, InstrumentNotFoundError, LimitError

BENCH = """\
bench_name: "My bench"
description: "Two of them"
experiment:
  title: "Voltage"
  description: "what it is about"
  database_path: "data.db"
simulate: true
instruments:
  psu:
    profile: keysight/EDU36311A
  dmm:
    profile: keysight/34470A
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "bench.yaml"
    path.write_text(BENCH)
    return path


def test_a_bench_gives_its_instruments_by_alias(file):
    with Bench.open(file) as bench:
        assert bench.psu is bench.instruments["psu"] is bench["psu"]
        assert list(bench) == ["psu", "dmm"]
        assert (bench.name, bench.config.bench_name, bench.description) == ("My bench", "My bench", "Two of them")
        assert bench.config.experiment.title == "Voltage"
        assert bench.config.instruments["dmm"].profile == "keysight/34470A"
        assert "psu" in dir(bench)
        bench.psu.channel(1).set(voltage=2.0, current_limit=0.5).on()
        assert bench.dmm.measure_voltage_dc() == pytest.approx(2.0, abs=0.0062)
        with pytest.raises(LimitError):
            bench.psu.set_voltage(1, 60.0)


def test_an_unknown_alias_is_an_error_of_every_kind_that_scripts_expect(file):
    with Bench.open(file) as bench:
        for kind in (InstrumentNotFoundError, AttributeError, KeyError, ConfigurationError):
            with pytest.raises(kind, match="'scope'.*'psu', 'dmm'"):
                bench.scope  # noqa: B018
        assert not hasattr(bench, "scope")
        for instruments in (bench.instruments, bench.config.instruments):
            with pytest.raises(InstrumentNotFoundError, match="'scope'.*'psu', 'dmm'"):
                instruments["scope"]
            assert instruments.get("scope") is None


def test_a_session_takes_name_instruments_and_store_from_its_bench(file, tmp_path):
    with Bench.open(file) as bench, MeasurementSession(bench=bench) as session:
        assert session.instrument("psu") is bench.psu
        session.parameter("voltage", [1.0])
        session.acquire(lambda psu, dmm, voltage: {"v": dmm.measure_voltage_dc()}, name="measure")
        experiment = session.run()
        assert experiment.name == "Voltage"
        assert experiment.folder.parent == tmp_path / "data.wheatstone"
        session.close()
        assert bench.psu.id()


def test_a_bench_tells_its_health_and_what_its_file_says_of_experiments(file):
    with Bench.open(file) as bench:
        assert bench.experiment.title == "Voltage"
        assert bench.db.db_path == file.parent / "data.wheatstone"
        expected = "BenchExperiment(title='Voltage', description='what it is about', database_path='data.db')"
        assert repr(bench.experiment) == expected
        bench.dmm._send_command("NONSENSE", skip_check=True)
        health = bench.health_check()
        assert health["psu"] == HealthReport("OK", bench.psu.identity)
        assert (health["dmm"].status, health["dmm"].errors) == ("WARNING", [])
        assert "-113" in health["dmm"].warnings[0]
        bench.dmm.close()
        broken = bench.health_check()["dmm"]
        assert broken.status == "ERROR" and "dmm" in broken.errors[0]


@pytest.mark.parametrize(
    "alias", [*(name for name in dir(Bench) if not name.startswith("_")), "ctx", "stop_event", "timestamp"]
)
def test_an_alias_with_a_meaning_of_its_own_is_refused_before_anything_is_connected(file, alias):
    """Attributes of every bench, and what acquisitions and tasks are given by name."""
    nobody = "{profile: keysight/34470A, address: 'TCPIP::127.0.0.1::9::SOCKET', simulate: false}"
    file.write_text(BENCH + f"  nobody: {nobody}\n  {alias}: {{profile: keysight/34470A}}\n")
    with pytest.raises(ConfigurationError, match=f"bench.yaml.*'{alias}'.*choose another"):
        Bench.open(file)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("bench_name: [", r"bench\.yaml"),
        (BENCH.replace("simulate:", "simulat:"), "simulat.*simulate"),
        (BENCH.replace("profile: keysight/34470A", "profil: keysight/34470A"), "profil"),
        (BENCH.replace("keysight/34470A", "keysight/34471A"), "34470A"),
        (BENCH.replace("simulate: true", "simulate: perhaps"), r"bench\.yaml:7:11: true or false"),
        (BENCH + "automation: {pre_experiment: []}\n", "automation"),
        ("bench_name: empty\n", "instruments"),
        *(
            (BENCH.replace("  dmm:", f"  {alias}:"), rf"bench\.yaml:11:3: .*'{alias}'")
            for alias in ("timestamp", "ctx", "stop_event", "close_all")
        ),
    ],
)
def test_a_malformed_file_is_refused_with_its_place(file, text, reason):
    file.write_text(text)
    with pytest.raises(ConfigurationError, match=reason):
        Bench.open(file)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ConfigurationError, match=r"missing\.yaml"):
        Bench.open(tmp_path / "missing.yaml")


def test_an_instrument_that_has_nothing_to_connect_to_is_named_with_its_place(file):
    file.write_text("bench_name: b\ninstruments:\n  dmm:\n    profile: keysight/34470A\n")
    with pytest.raises(ConfigurationError, match=r"bench\.yaml:4:5: 'dmm' has nothing to connect to; give its address"):
        Bench.open(file)
    Bench.open(file, simulate=True).close_all()


def test_a_bench_without_a_file_is_asked_for_one():
    with pytest.raises(ConfigurationError, match=r"no bench is named: give its file, .*WHEATSTONE_BENCH=bench\.yaml"):
        Bench.open(None)

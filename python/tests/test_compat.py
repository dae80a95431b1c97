"""Scripts of the seed's system find our modules, in their process only."""

import subprocess
import sys
import textwrap

import pytest


def run(tmp_path, *words, script=None):
    if script is not None:
        (tmp_path / "script.py").write_text(textwrap.dedent(script))
    return subprocess.run(
        [sys.executable, "-m", "wheatstone.compat", *words], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )


SCRIPT = """
import sys
import pytestlab
import pytestlab.instruments as instruments
from pytestlab import Bench, MeasurementSession, step
from pytestlab.config.multimeter_config import DMMFunction
from pytestlab.errors import InstrumentCommunicationError, SafetyLimitError
from pytestlab.experiments import Experiment, MeasurementResult
from pytestlab.instruments import AutoInstrument
from pytestlab.instruments.AutoInstrument import AutoInstrument as Again
from pytestlab.instruments.DCActiveLoad import DCActiveLoad
from pytestlab.instruments.instrument import Instrument
from pytestlab.instruments.PowerSupply import PowerSupply
from pytestlab.measurements import *
import wheatstone

assert pytestlab.Bench is wheatstone.Bench
assert AutoInstrument is Again is instruments.AutoInstrument is pytestlab.AutoInstrument
assert isinstance(PowerSupply, type) and instruments.PowerSupply is PowerSupply
assert issubclass(DCActiveLoad, Instrument)
assert MeasurementSession is wheatstone.MeasurementSession
assert DMMFunction.VOLTAGE_DC.value == "VOLT:DC"
print(__name__, sys.argv[1:])
"""


def test_a_script_imports_the_names_that_it_knows(tmp_path):
    done = run(tmp_path, "script.py", "a", "-b", script=SCRIPT)
    assert done.stderr == ""
    assert done.stdout == "__main__ ['a', '-b']\n"


def test_a_module_is_run_with_m(tmp_path):
    done = run(tmp_path, "-m", "script", "a", script=SCRIPT)
    assert (done.stdout, done.stderr) == ("__main__ ['a']\n", "")


def test_modules_beside_the_script_are_found(tmp_path):
    (tmp_path / "rig.py").write_text("from pytestlab import step\nname = 'rig'\n")
    assert run(tmp_path, "script.py", script="import rig; print(rig.name)").stdout == "rig\n"


def test_what_neither_system_has_is_no_module(tmp_path):
    done = run(tmp_path, "script.py", script="import pytestlab.nothing")
    assert done.returncode == 1
    assert "No module named 'pytestlab.nothing'" in done.stderr


def test_a_missing_script_and_missing_words_are_said_in_a_line(tmp_path):
    done = run(tmp_path, "missing.py")
    assert (done.returncode, done.stdout) == (2, "")
    assert "missing.py" in done.stderr
    assert run(tmp_path).returncode == 2
    assert run(tmp_path, "-m").returncode == 2
    assert run(tmp_path, "--help").stdout.startswith("usage:")


def test_the_exit_status_is_the_scripts(tmp_path):
    assert run(tmp_path, "script.py", script="raise SystemExit(7)").returncode == 7


def test_pytest_loads_it_as_a_plugin(tmp_path):
    (tmp_path / "conftest.py").write_text("from pytestlab import step\n")
    (tmp_path / "test_it.py").write_text(
        "from pytestlab.measurements import step\ndef test_it(): assert step.linear(0, 1, 2)\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "wheatstone.compat", "-p", "no:cacheprovider", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_timestamps_are_seconds_in_ctx_as_in_the_table(tmp_path):
    script = """
    from pytestlab.measurements import MeasurementSession
    with MeasurementSession("seconds") as session:
        session.parameter("a", [1])
        session.acquire(lambda ctx: {"seen": ctx["timestamp"]}, name="m")
        data = session.run(show_progress=False).data
    print(abs(data["seen"][0] - data["timestamp"][0]) < 1e-6, isinstance(data["seen"][0], float))
    """
    done = run(tmp_path, "script.py", script=script)
    assert done.stdout.split() == ["True", "True"], done.stderr


def test_nothing_is_found_without_it():
    with pytest.raises(ModuleNotFoundError):
        import pytestlab  # noqa: F401

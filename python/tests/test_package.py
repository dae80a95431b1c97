"""The package as a whole: its names, its stubs, its start."""

import difflib
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import wheatstone
from wheatstone import _native


def test_every_name_of_the_package_is_there():
    for name in wheatstone.__all__:
        assert getattr(wheatstone, name) is not None
    assert set(wheatstone.__all__) <= set(dir(wheatstone))
    with pytest.raises(AttributeError, match="nothing"):
        wheatstone.nothing  # noqa: B018


def test_every_module_can_be_imported_and_keeps_its_promises():
    names = [found.name for found in pkgutil.walk_packages(wheatstone.__path__, "wheatstone.")]
    assert "wheatstone.measurements.session" in names
    for name in names:
        if name.endswith("__main__"):
            continue
        module = importlib.import_module(name)
        for public in getattr(module, "__all__", ()):
            assert hasattr(module, public), f"{name}.{public}"


def test_type_stubs_stand_beside_the_native_module():
    folder = Path(_native.__file__).parent
    assert (folder / "py.typed").exists()
    stub = (folder / "_native.pyi").read_text()
    for name in ("PowerSupply", "Multimeter", "Oscilloscope", "ElectronicLoad", "Session", "Experiment"):
        assert f"class {name}" in stub
    assert "def set(self, voltage: float | None = None, current_limit: float | None = None) -> SupplyChannel" in stub
    assert "std::" not in stub


def test_the_type_stub_is_the_approved_one():
    """What Python sees of the native module changes on purpose only, and a review sees how."""
    approved = Path(__file__).resolve().parent.parent.parent / "tests/approved/python/_native.pyi"
    made = Path(_native.__file__).with_name("_native.pyi").read_text()
    lines = difflib.unified_diff(approved.read_text().splitlines(), made.splitlines(), "approved", "built", lineterm="")
    difference = "\n".join(lines)
    assert difference == "", f"`./dev docs` accepts this:\n{difference}"


def test_a_bare_import_loads_nothing_heavy():
    code = "import sys, wheatstone; print(sorted({'numpy', 'polars', 'tqdm', 'matplotlib'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_a_process_that_forgets_to_close_still_ends_quietly():
    code = (
        "from wheatstone import MeasurementSession\n"
        "session = MeasurementSession('open')\n"
        "psu = session.instrument('psu', 'keysight/EDU36311A', simulate=True)\n"
        "psu.channel(1).set(voltage=1.0, current_limit=0.1).on()\n"
        "import threading\n"
        "threading.Thread(target=lambda: session.sleep(60), daemon=True).start()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

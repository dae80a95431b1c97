"""Checks that C++ sources are as clang-format leaves them and Python sources as ruff does; --write makes them so."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

CPP_FOLDERS = ("include", "src", "cli", "python/src", "examples", "benchmarks", "fuzz", "tests")
PYTHON_FOLDERS = ("tools", "python", "examples", "tests", "benchmarks")


class MissingProgram(Exception):
    """A program that formats is nowhere to be found; says what to install."""


def find_program(*names: str) -> str:
    """Beside the Python of the environment, whose versions are pinned, else on PATH; the first name that is there."""
    for folders in (str(Path(sys.executable).parent), None):
        for name in names:
            if found := shutil.which(name, path=folders):
                return found
    raise MissingProgram(
        f"{' or '.join(names)} is neither beside {sys.executable} nor on PATH; "
        "./dev setup installs both formatters, as does: pip install -r tools/requirements.txt"
    )


def clang_format() -> str:
    return find_program("clang-format-19", "clang-format")


def ruff() -> str:
    return find_program("ruff")


def cpp_sources(root: Path) -> list[str]:
    found = []
    for folder in CPP_FOLDERS:
        for suffix in ("*.hpp", "*.cpp", "*.h", "*.c"):
            found += sorted(str(path.relative_to(root)) for path in (root / folder).rglob(suffix))
    return found


def python_folders(root: Path) -> list[str]:
    return [folder for folder in PYTHON_FOLDERS if (root / folder).exists()]


def run(root: Path, *command: str) -> list[str]:
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    if done.returncode == 0:
        return []
    return [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]


def misformatted_cpp(root: Path) -> list[str]:
    """One problem a file: clang-format's own report has one a line of it."""
    report = run(root, clang_format(), "--dry-run", "-Werror", *cpp_sources(root))
    names = sorted({line.split(":")[0] for line in report if "error:" in line})
    if report and not names:
        return report
    return [f"{name}: is not formatted; ./dev format mends it" for name in names]


def misformatted_python(root: Path) -> list[str]:
    report = run(root, ruff(), "format", "--check", *python_folders(root))
    names = sorted({name for line in report for name in re.findall(r"(?:--> |reformat: )([^:\s]+\.py)", line)})
    if report and not names:
        return report
    return [f"{name}: is not formatted; ./dev format mends it" for name in names]


def unsound_python(root: Path) -> list[str]:
    return run(root, ruff(), "check", "--quiet", "--output-format=concise", *python_folders(root))


def check(root: Path) -> list[str]:
    problems = []
    for look in (misformatted_cpp, misformatted_python, unsound_python):
        try:
            problems += look(root)
        except MissingProgram as missing:
            problems.append(str(missing))
    return list(dict.fromkeys(problems))


def write(root: Path) -> int:
    """Mends what can be mended; 1 where something is left for a person, which is then printed."""
    subprocess.run([clang_format(), "-i", *cpp_sources(root)], cwd=root, check=True)
    subprocess.run([ruff(), "format", "--quiet", *python_folders(root)], cwd=root, check=True)
    left = subprocess.run([ruff(), "check", "--quiet", "--fix", *python_folders(root)], cwd=root, check=False)
    return left.returncode


if __name__ == "__main__":
    top = Path(__file__).parent.parent
    if "--write" in sys.argv:
        try:
            sys.exit(write(top))
        except MissingProgram as missing:
            sys.exit(str(missing))
    complaints = check(top)
    print("\n".join(complaints))
    sys.exit(bool(complaints))

"""Checks the types of the Python package, of its native part's approved stub and of the examples with mypy."""

import subprocess
import sys
from pathlib import Path

STUB = "tests/approved/python/_native.pyi"


def stage(root: Path) -> Path:
    """The package as users' type checkers see it, without a build: its files beside the approved stub."""
    package = root / "build/types/wheatstone"
    package.mkdir(parents=True, exist_ok=True)
    wanted = {path.name: path for path in (root / "python/wheatstone").iterdir() if path.name != "__pycache__"}
    wanted["_native.pyi"] = root / STUB
    for link in package.iterdir():
        if link.name not in wanted:
            link.unlink()
    for name, target in wanted.items():
        if not (package / name).exists():
            (package / name).unlink(missing_ok=True)
            (package / name).symlink_to(target.resolve())
    return package.parent


def check(root: Path) -> list[str]:
    try:
        import mypy  # noqa: F401
    except ImportError:
        return ["mypy is not installed: ./dev setup, or pip install -r tools/requirements.txt"]
    folder = stage(root)
    command = [sys.executable, "-m", "mypy", "--config-file", "mypy.ini", "--no-error-summary"]
    done = subprocess.run(
        [*command, str(folder / "wheatstone"), "examples"], cwd=root, capture_output=True, text=True, timeout=300
    )
    return (done.stdout + done.stderr).splitlines() if done.returncode else []


if __name__ == "__main__":
    found = check(Path(__file__).parent.parent)
    print("\n".join(found))
    sys.exit(bool(found))

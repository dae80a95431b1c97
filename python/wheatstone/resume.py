"""Runs the script that is stored with a run, so that it goes on: ``python -m wheatstone.resume FOLDER``.

The file that run.json names is run where it still says what it said then; else the stored text, under the same name,
so that a run goes on with the program it was begun with.
"""

from __future__ import annotations

import json
import os
import runpy
import sys
import tempfile
from pathlib import Path

from wheatstone.errors import ConfigurationError


def stored_script(folder: Path) -> tuple[Path, str]:
    """File and text of the script that made a run. Raises ConfigurationError where there is none."""
    script = json.loads((folder / "run.json").read_text(encoding="utf-8")).get("script", {})
    if "file" not in script or "source" not in script:
        raise ConfigurationError(f"the run in {folder} keeps no script; start its program again with resume=True")
    return Path(script["file"]), script["source"]


def stored_environment(folder: Path) -> dict[str, str]:
    """What ``wheatstone run SCRIPT --bench FILE --simulate`` told the script that made a run, as far as nothing else is
    said now: its bench file, and that every instrument was simulated, so that no real one goes on with its rows."""
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    found = {}
    bench = run.get("bench", {}).get("file", "")
    if bench and not os.environ.get("WHEATSTONE_BENCH") and Path(bench).is_file():
        found["WHEATSTONE_BENCH"] = bench
    instruments = run.get("instruments", [])
    if instruments and all(each.get("simulated") for each in instruments):
        found["WHEATSTONE_SIMULATE"] = "all"
    return found


def run_stored_script(folder: Path) -> None:
    """Runs it as ``__main__``, with WHEATSTONE_RESUME naming the run, and on the bench that the run was made with."""
    file, source = stored_script(folder)
    os.environ.update(stored_environment(folder))
    os.environ["WHEATSTONE_RESUME"] = os.fspath(folder)
    sys.argv = [os.fspath(file)]
    sys.path.insert(0, os.fspath(file.parent))
    try:
        unchanged = file.read_text(encoding="utf-8") == source
    except (OSError, UnicodeDecodeError):
        unchanged = False
    if unchanged:
        runpy.run_path(os.fspath(file), run_name="__main__")
        return
    print(f"wheatstone: {file} is not what it was; running the text that is stored with the run", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="wheatstone-resume-") as place:
        copy = Path(place) / file.name
        copy.write_text(source, encoding="utf-8")
        runpy.run_path(os.fspath(copy), run_name="__main__")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m wheatstone.resume FOLDER")
    try:
        run_stored_script(Path(sys.argv[1]))
    except ConfigurationError as error:
        sys.exit(f"wheatstone: {error}")

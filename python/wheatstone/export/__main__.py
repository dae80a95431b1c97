"""``python -m wheatstone.export FOLDER FILE --to FORMAT``: a run as a file, for ``wheatstone runs export``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from wheatstone import _native
from wheatstone.errors import Error
from wheatstone.experiments import Experiment
from wheatstone.export import FORMATS, export


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m wheatstone.export", description="Writes a run as a file.")
    parser.add_argument("folder", help="the run's folder")
    parser.add_argument("file")
    parser.add_argument("--to", choices=FORMATS, required=True)
    parser.add_argument("--column", action="append", help="to be written, in this order; all where none is given")
    parser.add_argument("--force", action="store_true", help="replace the file")
    given = parser.parse_args(words)
    try:
        experiment = Experiment._of(_native.Experiment.open(Path(given.folder)))
        export(experiment, given.file, given.to, columns=given.column, force=given.force)
    except (Error, ImportError, OSError) as error:
        print(f"wheatstone: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

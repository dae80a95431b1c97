"""``python -m wheatstone.plotting FOLDER FILE``: a run as a picture, for ``wheatstone runs plot``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from wheatstone import _native
from wheatstone.errors import ConfigurationError, Error
from wheatstone.experiments import Experiment
from wheatstone.export.files import final_path, whole_file
from wheatstone.plotting import plot_experiment
from wheatstone.plotting.spec import KINDS

PICTURES = (".pdf", ".png", ".svg")


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m wheatstone.plotting", description="Draws a run as a picture.")
    parser.add_argument("folder", help="the run's folder")
    parser.add_argument("file", help="ends in .png, .svg or .pdf")
    parser.add_argument("-x", help="the column across")
    parser.add_argument("-y", action="append", help="a column to draw; all that fit where none is given")
    parser.add_argument("--kind", choices=KINDS, default="auto")
    parser.add_argument("--force", action="store_true", help="replace the file")
    given = parser.parse_args(words)
    try:
        draw(given)
    except (Error, ImportError, OSError) as error:
        print(f"wheatstone: {error}", file=sys.stderr)
        return 1
    return 0


def draw(given: Any) -> None:
    file = final_path(given.file, given.force)
    format = file.suffix.lower()
    if format not in PICTURES:
        raise ConfigurationError(f"the name {file.name!r} says no kind of picture; end it in {', '.join(PICTURES)}")
    try:
        import matplotlib as mpl
    except ImportError as error:
        raise ImportError(
            "pictures need Matplotlib, which is not installed: pip install 'wheatstone[plot]', or pip install "
            "matplotlib"
        ) from error
    mpl.use("Agg")
    experiment = Experiment._of(_native.Experiment.open(Path(given.folder)))
    axes = plot_experiment(experiment, x=given.x, y=given.y, kind=given.kind)
    figure = getattr(axes, "figure", None) or axes[0].figure
    with whole_file(file) as unfinished:
        figure.savefig(unfinished, format=format[1:], dpi=150)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

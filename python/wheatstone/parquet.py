"""``python -m wheatstone.parquet RUN-FOLDER FILE``: writes a run as a Parquet file."""

from __future__ import annotations

import sys
from pathlib import Path

from wheatstone import _native
from wheatstone.errors import Error
from wheatstone.experiments import Experiment


def main(words: list[str]) -> int:
    if len(words) != 2:
        print("usage: python -m wheatstone.parquet RUN-FOLDER FILE", file=sys.stderr)
        return 2
    try:
        Experiment._of(_native.Experiment.open(Path(words[0]))).save_parquet(words[1])
    except (Error, OSError) as error:
        print(f"wheatstone: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""``python -m wheatstone``: the same as the command ``wheatstone``."""

import sys

from wheatstone.cli import main

if __name__ == "__main__":
    sys.exit(main())

"""Runs every check of the tree and says each one's result; exits 1 where one found something."""

import sys
import time
from pathlib import Path

import check_docs
import check_format
import check_headers
import check_layers
import check_profiles
import check_types
import report_sizes

CHECKS = {
    "layers": check_layers.check,
    "public headers": check_headers.check,
    "paths in the docs": check_docs.check,
    "profiles": check_profiles.check,
    "format": check_format.check,
    "types": check_types.check,
}


def main() -> int:
    root = Path(__file__).parent.parent
    failed = 0
    for name, check in CHECKS.items():
        start = time.monotonic()
        problems = check(root)
        failed += bool(problems)
        print(f"{'FAILED' if problems else 'ok':6}  {name} ({time.monotonic() - start:.1f} s)")
        for problem in problems:
            print(f"        {problem}")
    print("        " + "\n        ".join(report_sizes.report(root)))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

"""Reports how long files are. Style: a median of 100 lines, nine in ten under 300; past 500, a file is two nouns."""

import statistics
import sys
from pathlib import Path

FOLDERS = ("include", "src", "cli", "python", "tools", "examples", "benchmarks", "tests")
SUFFIXES = {".hpp", ".cpp", ".py", ".sh"}
LONG = 500


def lengths(root: Path) -> dict[str, int]:
    found = {}
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in SUFFIXES and path.is_file():
                found[str(path.relative_to(root))] = len(path.read_text(errors="replace").splitlines())
    return found


def report(root: Path) -> list[str]:
    found = lengths(root)
    if not found:
        return ["no source files"]
    ordered = sorted(found.values())
    tenth = ordered[min(len(ordered) - 1, len(ordered) * 9 // 10)]
    lines = [
        f"{len(found)} files, {sum(ordered)} lines, "
        f"median {statistics.median(ordered):.0f}, nine in ten under {tenth + 1}"
    ]
    for name, length in sorted(found.items(), key=lambda item: -item[1]):
        if length > LONG:
            lines.append(f"{name}: {length} lines; is it still one noun?")
    return lines


if __name__ == "__main__":
    print("\n".join(report(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent)))

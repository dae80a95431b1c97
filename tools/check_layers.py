"""Checks that every include in src/ goes down the levels of src/layers.txt, and that nobody outside reaches inside.

A folder of src/ includes itself and folders of lower levels. cli/, python/, examples/ and include/ know
<wheatstone/...> only; tests/, benchmarks/ and fuzz/ may include anything of src/.
"""

import re
import sys
from pathlib import Path

INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)
OUTSIDE = ("cli", "python", "examples", "include")


def read_levels(text: str) -> dict[str, int]:
    levels: dict[str, int] = {}
    for line in text.splitlines():
        words = line.split("#")[0].split()
        for folder in words[1:]:
            levels[folder] = int(words[0])
    return levels


def sources(folder: Path):
    for suffix in ("*.hpp", "*.cpp", "*.h", "*.inc"):
        yield from sorted(folder.rglob(suffix))


def check_inside(root: Path, levels: dict[str, int]) -> list[str]:
    problems = []
    for path in sources(root / "src"):
        name = path.relative_to(root)
        own = name.parts[1]
        if len(name.parts) != 3:
            problems.append(f"{name}: src/ is one level deep")
        elif own not in levels:
            problems.append(f"{name}: folder '{own}' has no level in src/layers.txt")
        else:
            for target in INCLUDE.findall(path.read_text()):
                folder = target.split("/")[0]
                if folder not in levels or "/" not in target:
                    problems.append(f'{name}: "{target}" names no folder of src/layers.txt')
                elif folder != own and levels[folder] >= levels[own]:
                    problems.append(
                        f'{name}: includes "{target}", but {folder} (level {levels[folder]}) '
                        f"is not below {own} (level {levels[own]})"
                    )
    return problems


def check_outside(root: Path, levels: dict[str, int]) -> list[str]:
    problems = []
    for folder in OUTSIDE:
        for path in sources(root / folder):
            for target in INCLUDE.findall(path.read_text()):
                if target.split("/")[0] in levels and not (path.parent / target).exists():
                    problems.append(f'{path.relative_to(root)}: includes "{target}"; only <wheatstone/...> is for it')
    return problems


def check(root: Path) -> list[str]:
    levels = read_levels((root / "src/layers.txt").read_text())
    return check_inside(root, levels) + check_outside(root, levels)


if __name__ == "__main__":
    found = check(Path(__file__).parent.parent)
    print("\n".join(found))
    sys.exit(bool(found))

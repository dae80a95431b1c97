"""Checks that public headers include themselves and the standard library only, and start as headers should.

That each of them compiles alone is built as tests/headers.
"""

import re
import sys
from pathlib import Path

INCLUDE = re.compile(r"^\s*#\s*include\s+([<\"])([^>\"]+)", re.MULTILINE)
# The headers of the C++20 standard library have no suffix and no folder.
STANDARD = re.compile(r"[a-z_0-9]+")
# Names that look standard and are not.
FOREIGN = {"curses", "expat", "zlib"}


def problems_of(name: str, text: str, public: set[str]) -> list[str]:
    problems = []
    if "#pragma once" not in text:
        problems.append(f"{name}: has no '#pragma once'")
    lines = text.splitlines()
    if len(lines) < 2 or not any(line.startswith("//") for line in lines[:3]):
        problems.append(f"{name}: does not begin by saying what it is (a comment within its first three lines)")
    for bracket, target in INCLUDE.findall(text):
        if bracket == '"':
            problems.append(f'{name}: includes "{target}"; public headers are included as <wheatstone/...>')
        elif target.startswith("wheatstone/"):
            if target not in public:
                problems.append(f"{name}: includes <{target}>, which is no public header")
        elif not STANDARD.fullmatch(target) or target in FOREIGN:
            problems.append(f"{name}: includes <{target}>, which is neither ours nor the standard library's")
    return problems


def missing_from_the_whole(root: Path, public: set[str]) -> list[str]:
    """wheatstone.hpp is all of them, but for what only other languages' bindings need."""
    whole = root / "include/wheatstone/wheatstone.hpp"
    if not whole.exists():
        return []
    included = {target for _, target in INCLUDE.findall(whole.read_text())}
    apart = {"wheatstone/wheatstone.hpp", "wheatstone/binding.hpp", "wheatstone/export.hpp"}
    return [
        f"include/wheatstone/wheatstone.hpp: does not include <{name}>" for name in sorted(public - included - apart)
    ]


def check(root: Path) -> list[str]:
    headers = sorted((root / "include").rglob("*.hpp"))
    public = {str(path.relative_to(root / "include")) for path in headers}
    if not public:
        return ["include/: no public header was found"]
    problems = []
    for path in headers:
        problems += problems_of(str(path.relative_to(root)), path.read_text(), public)
    return problems + missing_from_the_whole(root, public)


if __name__ == "__main__":
    found = check(Path(__file__).parent.parent)
    print("\n".join(found))
    sys.exit(bool(found))

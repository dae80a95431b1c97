"""Checks that what the documentation points at exists: relative links, and paths named in `code`.

A word in backticks counts as a path where its first part is a folder or file at the top of the tree. A trailing
`:name`, as in `src/session/engine.cpp:run`, must be found in the file. In docs/architecture.md and docs/decisions, a
path such as `session/engine.cpp` is looked up below src/ too.
"""

import re
import sys
from pathlib import Path

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
PATH = re.compile(r"(?:\./)?([A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.*-]+)*/?)(?::([A-Za-z_]\w*))?")


def documents(root: Path):
    yield from sorted(root.glob("*.md"))
    yield from sorted((root / "docs").rglob("*.md"))


def exists(root: Path, path: str) -> list[Path]:
    return sorted(root.glob(path.rstrip("/"))) if "*" in path else [p for p in [root / path] if p.exists()]


def problem_of_path(root: Path, name: str, text: str, tops: set[str], folders: set[str]) -> str | None:
    match = PATH.fullmatch(text)
    if not match:
        return None
    path, symbol = match.groups()
    first = path.split("/")[0]
    if first in folders and first not in tops:
        path = "src/" + path
    elif first not in tops or ("/" not in path and "." not in path):
        return None
    found = exists(root, path)
    if not found:
        return f"{name}: names `{text}`, which does not exist"
    if symbol and not any(p.is_file() and symbol in p.read_text(errors="replace") for p in found):
        return f"{name}: names `{text}`, but {path} has no {symbol}"
    return None


def check_document(root: Path, document: Path, tops: set[str], folders: set[str]) -> list[str]:
    name = str(document.relative_to(root))
    text = document.read_text()
    problems = []
    for target in LINK.findall(FENCE.sub("", text)):
        if "://" not in target and not target.startswith("mailto:") and not (document.parent / target).exists():
            problems.append(f"{name}: links to {target}, which does not exist")
    for code in CODE.findall(FENCE.sub("", text)):
        problem = problem_of_path(root, name, code, tops, folders)
        if problem:
            problems.append(problem)
    return problems


def check(root: Path) -> list[str]:
    tops = {path.name for path in root.iterdir()} | {"src", "include", "tests", "docs"}
    folders = {path.name for path in (root / "src").iterdir() if path.is_dir()} if (root / "src").exists() else set()
    problems = []
    for document in documents(root):
        problems += check_document(root, document, tops, folders)
    return problems


if __name__ == "__main__":
    found = check(Path(__file__).parent.parent)
    print("\n".join(found))
    sys.exit(bool(found))

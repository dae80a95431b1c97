"""Writes what is made from the product itself: the reference pages, and the approved type stub.

--check writes nothing and names the pages that differ.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

STUB = "tests/approved/python/_native.pyi"

STATUSES = """
| status | meaning |
|---|---|
| 0 | done |
| 1 | an error, which standard error says in a sentence: what failed and what to do |
| 2 | the command line made no sense, and nothing was done |
| 130 | ended by Ctrl-C; what was kept has been said |
| 141 | the reader of the output was gone, as in `wheatstone runs ls \\| head -1`; nothing is said |
"""


def run(program: str, *words: str) -> str:
    environment = {**os.environ, "COLUMNS": "100", "LC_ALL": "C.UTF-8"}
    done = subprocess.run([program, *words], capture_output=True, text=True, check=True, env=environment)
    return done.stdout


def verbs_of(help_text: str) -> list[str]:
    """The verbs that a help text lists, in its order."""
    listed = re.search(r"^Verbs:\n((?:  .*\n)+)", help_text, re.MULTILINE)
    return re.findall(r"^  ([a-z][a-z-]*)", listed[1], re.MULTILINE) if listed else []


def helps(program: str, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every verb with its help, each noun before its verbs."""
    text = run(program, *words, "--help")
    yield words, text
    for verb in verbs_of(text):
        yield from helps(program, (*words, verb))


def command_line_page(program: str) -> str:
    parts = [f"# The command line\n\nWritten by `./dev docs` from the program's own help.\n{STATUSES}"]
    for words, text in helps(program):
        parts.append(f"## {' '.join(('wheatstone', *words))}\n\n```text\n{text.strip()}\n```\n")
    return "\n".join(parts)


def stub() -> str:
    """The type stub of the native module, as its build wrote it beside the module."""
    return Path(importlib.util.find_spec("wheatstone._native").origin).with_name("_native.pyi").read_text()


def pages(program: str) -> dict[str, str]:
    made = {"docs/reference/command_line.md": command_line_page(program), STUB: stub()}
    models = [line.split()[0] for line in run(program, "profile", "ls").splitlines()[1:]]
    for model in models:
        made[f"docs/reference/profiles/{model.lower()}.md"] = run(program, "profile", "show", model)
    return made


def differing(root: Path, program: str) -> list[str]:
    made = pages(program)
    stale = [name for name, text in made.items() if not (root / name).exists() or (root / name).read_text() != text]
    kept = {str(path.relative_to(root)) for path in (root / "docs/reference/profiles").rglob("*.md")}
    return stale + sorted(kept - made.keys())


def main() -> int:
    root = Path(__file__).resolve().parent.parent
    program = shutil.which("wheatstone")
    if program is None:
        print("the wheatstone program is not on PATH; ./dev docs builds it", file=sys.stderr)
        return 1
    if "--check" in sys.argv:
        stale = differing(root, program)
        for name in stale:
            print(f"{name}: differs from the product; ./dev docs writes it anew")
        return 1 if stale else 0
    for name, text in pages(program).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        print(name)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Writes what is made from the product itself: the reference pages, and the approved type stub.

--check writes nothing and names the pages that differ.
"""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

STUB = "tests/approved/python/_native.pyi"

VERBS = (
    (),
    ("demo",),
    ("runs",),
    ("runs", "ls"),
    ("runs", "show"),
    ("runs", "export"),
    ("profile",),
    ("profile", "list"),
    ("profile", "show"),
    ("profile", "validate"),
)


def run(program: str, *words: str) -> str:
    done = subprocess.run([program, *words], capture_output=True, text=True, check=True)
    return done.stdout


def command_line_page(program: str) -> str:
    parts = [
        "# The command line\n\nWritten by `./dev docs` from the program's own help. Exit statuses: 0 done, 1 an error",
        "said on standard error, 2 a command line that made no sense, 130 Ctrl-C.\n",
    ]
    parts = [" ".join(parts)]
    for words in VERBS:
        title = " ".join(("wheatstone", *words))
        parts.append(f"## {title}\n\n```text\n{run(program, *words, '--help').strip()}\n```\n")
    return "\n".join(parts)


def stub() -> str:
    """The type stub of the native module, as its build wrote it beside the module."""
    return Path(importlib.util.find_spec("wheatstone._native").origin).with_name("_native.pyi").read_text()


def pages(program: str) -> dict[str, str]:
    made = {"docs/reference/command_line.md": command_line_page(program), STUB: stub()}
    models = [line.split()[0] for line in run(program, "profile", "list").splitlines()[1:]]
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

"""Checks that no two profiles are the same instrument: by file name in any case, and by the model they name inside."""

import re
import sys
from pathlib import Path

FIELD = re.compile(r"^(?:manufacturer|maker|model|key|name):[ \t]*(.+?)[ \t]*(?:#.*)?$", re.MULTILINE)


def identity_of(text: str) -> str:
    """What the head of a profile says of itself, however it is spelt."""
    return " / ".join(field.strip("\"' ").casefold() for field in FIELD.findall(text))


def check(root: Path) -> list[str]:
    problems: list[str] = []
    by_name: dict[str, str] = {}
    by_identity: dict[str, str] = {}
    for path in sorted((root / "profiles").rglob("*.y*ml")):
        name = str(path.relative_to(root))
        key = str(path.relative_to(root).with_suffix("")).casefold()
        if key in by_name:
            problems.append(f"{name}: is the same model as {by_name[key]}, but for its case or suffix")
        by_name.setdefault(key, name)
        identity = identity_of(path.read_text())
        if not identity:
            problems.append(f"{name}: names no model")
        elif identity in by_identity:
            problems.append(f"{name}: describes '{identity}', as {by_identity[identity]} does")
        by_identity.setdefault(identity, name)
    return problems


if __name__ == "__main__":
    found = check(Path(__file__).parent.parent)
    print("\n".join(found))
    sys.exit(bool(found))

"""A page of docs/how-to as one program, its blocks in the order in which a reader meets them.

- ```python blocks are the program itself.
- ```sh blocks are commands, each as it stands; the first that fails ends the program.
- ```console blocks are what a terminal shows: the commands are the lines that begin with "$ ". What they print may
  stand below, and is not compared. A command that is meant to fail begins with "$ !".
- ```yaml NAME blocks (any language, then a file's name) are files of the present folder.

Each block stands on the lines that it has in the page, so that a traceback points into the page.
"""

import re
from pathlib import Path

BLOCK = re.compile(r"^```(\w+)(?: +(\S+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
RUN = "__import__('subprocess').run(['bash', '-euo', 'pipefail', '-c', {!r}], check=True)"
WRITE = "__import__('pathlib').Path({!r}).write_text({!r}, encoding='utf-8')"


def commands_in(shown: str) -> str:
    """The commands of what a terminal shows, with the lines that continue them."""
    commands, goes_on = [], False
    for line in shown.splitlines():
        if goes_on or line.startswith("$ "):
            commands.append(line if goes_on else line[2:])
            goes_on = line.endswith("\\")
    return "\n".join(commands)


def lines_of(language: str, file: str | None, text: str) -> list[str]:
    """What a block says, in Python: as many lines as the block at most."""
    if file:
        return [WRITE.format(file, text)]
    if language == "python":
        return text.splitlines()
    if language == "sh":
        return [RUN.format(text)]
    if language == "console" and commands_in(text):
        return [RUN.format(commands_in(text))]
    return []


def program_of(page: Path) -> str:
    text = page.read_text(encoding="utf-8")
    lines = [""] * (text.count("\n") + 1)
    for block in BLOCK.finditer(text):
        first = text.count("\n", 0, block.start(3))
        for number, line in enumerate(lines_of(*block.groups())):
            lines[first + number] = line
    return "\n".join(lines)

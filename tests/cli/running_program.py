"""The program as people run it: by name, in a folder of its own, with a store of its own."""

import os
import pty
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
APPROVED = ROOT / "tests/approved/cli"


def find_program() -> str:
    program = os.environ.get("WHEATSTONE_PROGRAM") or shutil.which("wheatstone")
    assert program, "the wheatstone program is not on PATH; run the tests through ./dev"
    return program


class Terminal:
    """Runs the program in a folder, into pipes or on a terminal."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.store = folder / "store"
        self.environment = {
            **os.environ,
            "WHEATSTONE_STORE": str(self.store),
            "XDG_STATE_HOME": str(folder / "state"),
            "LC_ALL": "C.UTF-8",
        }
        for name in ("COLUMNS", "NO_COLOR", "TERM"):
            self.environment.pop(name, None)

    def run(self, *words: str, status: int = 0, **environment: str) -> subprocess.CompletedProcess:
        done = subprocess.run(
            [find_program(), *words],
            cwd=self.folder,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == status, f"{words}: status {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def on_terminal(self, *words: str, **environment: str) -> str:
        """What a person sees, standard output and error together."""
        reader, writer = pty.openpty()
        with subprocess.Popen(
            [find_program(), *words],
            cwd=self.folder,
            env={**self.environment, "TERM": "xterm", **environment},
            stdin=writer,
            stdout=writer,
            stderr=writer,
        ) as process:
            os.close(writer)
            seen = b""
            while True:
                try:
                    part = os.read(reader, 65536)
                except OSError:  # the other end is closed
                    break
                if not part:
                    break
                seen += part
            assert process.wait(60) == 0, seen.decode()
        os.close(reader)
        return seen.decode().replace("\r\n", "\n")

"""wheatstone completion: what shells offer, asked of the program and of the shells themselves."""

import os
import pty
import select
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from running_program import find_program
from stored_runs import make_runs


def offered(terminal, *words: str) -> list[str]:
    lines = terminal.run("completion", "words", "--", *words).stdout.splitlines()
    return [line.split("\t")[0] for line in lines]


@pytest.fixture
def run(terminal):
    (handle,) = make_runs(terminal, ("IV curve", [1.0]))
    terminal.run("runs", "tag", handle, "sample 7", "good")
    (terminal.folder / "bench.yaml").write_text("")
    (terminal.folder / "a folder").mkdir()
    return handle


def test_verbs_are_offered_by_their_beginnings(terminal):
    assert offered(terminal, "ru") == ["run", "runs"]
    assert offered(terminal, "runs", "re") == ["resume", "recover"]
    assert offered(terminal, "runs", "trash", "") == ["ls", "restore", "empty"]
    assert offered(terminal, "runs", "nonsense", "") == []
    assert "--version" in offered(terminal, "--")


def test_options_are_offered_with_their_meaning(terminal):
    text = terminal.run("completion", "words", "--", "runs", "export", "--fo").stdout
    assert text == "--force\tOverwrite the file\n"
    assert offered(terminal, "runs", "tail", "--format", "") == ["table", "csv", "jsonl"]
    assert offered(terminal, "runs", "ls", "--state", "k") == ["killed"]


def test_runs_names_tags_and_models_are_offered(terminal, run):
    assert offered(terminal, "runs", "show", "") == ["last", run]
    assert offered(terminal, "runs", "show", "IV") == ["IV curve"]
    assert offered(terminal, "runs", "rm", run, run[:2]) == [run]
    assert offered(terminal, "runs", "ls", "--name", "") == ["IV curve"]
    assert offered(terminal, "runs", "ls", "--tag", "") == ["good", "sample 7"]
    assert offered(terminal, "runs", "tag", run, "s") == ["sample 7"]
    assert "keysight/34470A" in offered(terminal, "profile", "show", "key")
    assert offered(terminal, "runs", "show", run, "") == []


def test_the_store_that_was_typed_is_looked_into(terminal, run):
    store = terminal.store.rename(terminal.folder / "elsewhere")
    assert offered(terminal, "runs", "show", "") == ["last"]
    assert offered(terminal, "runs", "show", "--store", str(store), "") == ["last", run]
    assert offered(terminal, "runs", "show", f"--store={store}", "") == ["last", run]


def test_files_and_folders_are_left_to_the_shell(terminal):
    assert offered(terminal, "bench", "ls", "") == [":file"]
    assert offered(terminal, "runs", "ls", "--store", "") == [":folder"]


def test_a_store_that_cannot_be_read_offers_nothing_and_says_nothing(terminal):
    terminal.store.write_text("no folder")
    done = terminal.run("completion", "words", "--", "runs", "show", "")
    assert done.stderr == ""


def shell_offers(terminal, shell: str, line: str) -> list[str]:
    """What the shell itself makes of its script, for a line that ends at the cursor."""
    programs = terminal.folder / "programs"
    programs.mkdir(exist_ok=True)
    if not (programs / "wheatstone").exists():
        (programs / "wheatstone").symlink_to(Path(find_program()).resolve())
    environment = {**terminal.environment, "PATH": f"{programs}:{terminal.environment['PATH']}", "LINE": line}
    drivers = {
        "bash": """
            source <(wheatstone completion bash)
            COMP_LINE=$LINE COMP_POINT=${#LINE}
            eval "COMP_WORDS=($LINE)"; [[ $LINE == *' ' ]] && COMP_WORDS+=('')
            COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
            compopt() { :; }
            _wheatstone
            printf '%s\\n' "${COMPREPLY[@]}"
        """,
        "fish": """
            wheatstone completion fish | source
            complete -C "$LINE" | string split -f1 \\t
        """,
    }
    command = [shutil.which(shell), *(["--no-config"] if shell == "fish" else ["--norc"]), "-c", drivers[shell]]
    done = subprocess.run(command, cwd=terminal.folder, env=environment, capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    return done.stdout.split("\n")[:-1]


@pytest.mark.parametrize("shell", ["bash", "fish"])
def test_a_shell_completes_verbs_options_runs_and_files(terminal, run, shell):
    assert shell_offers(terminal, shell, "wheatstone runs sh") == ["show"]
    assert shell_offers(terminal, shell, "wheatstone runs export --fo") == ["--force"]
    assert shell_offers(terminal, shell, f"wheatstone runs show {run[:3]}") == [run]
    assert shell_offers(terminal, shell, "wheatstone bench ls be") == ["bench.yaml"]
    with_a_space = shell_offers(terminal, shell, "wheatstone runs show IV")
    assert [word.replace("\\", "") for word in with_a_space] == ["IV curve"]


class Zsh:
    """An interactive zsh that has read its script; its completion works at a prompt only."""

    def __init__(self, terminal):
        programs = terminal.folder / "programs"
        programs.mkdir()
        (programs / "wheatstone").symlink_to(Path(find_program()).resolve())
        environment = {**terminal.environment, "PATH": f"{programs}:{terminal.environment['PATH']}", "TERM": "dumb"}
        self.reader, writer = pty.openpty()
        self.process = subprocess.Popen(
            ["zsh", "-f", "-i"],
            cwd=terminal.folder,
            env={**environment, "PS1": "> "},
            stdin=writer,
            stdout=writer,
            stderr=writer,
            start_new_session=True,
        )
        os.close(writer)
        self.types(
            "autoload -Uz compinit; compinit -u -D; source <(wheatstone completion zsh); echo re''ady\n", "ready"
        )

    def types(self, keys: str, expected: str) -> None:
        """Reads what appears until the expected text does."""
        os.write(self.reader, keys.encode())
        seen, deadline = b"", time.monotonic() + 30
        while expected.encode() not in seen:
            assert time.monotonic() < deadline, seen.decode(errors="replace")
            if select.select([self.reader], [], [], 1)[0]:
                seen += os.read(self.reader, 65536)

    def close(self) -> None:
        self.process.kill()
        self.process.wait(30)
        os.close(self.reader)


def test_zsh_completes_verbs_options_runs_and_files(terminal, run):
    zsh = Zsh(terminal)
    try:
        for typed, completed in (
            ("wheatstone runs sho\t", "runs show "),
            ("wheatstone runs export --fo\t", "export --force "),
            ("wheatstone runs show IV\t", "show IV\\ curve "),
            ("wheatstone bench ls be\t", "ls bench.yaml "),
        ):
            zsh.types(typed, completed)
            zsh.types("\x15echo re''ady\n", "ready")
    finally:
        zsh.close()

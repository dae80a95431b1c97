"""The command: which native program it starts."""

import os
import subprocess
import sys

import wheatstone
from wheatstone import cli


def place(folder, text="#!/bin/sh\n"):
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "wheatstone"
    program.write_text(text)
    program.chmod(0o755)
    return program


def test_the_module_runs_with_nothing_on_the_path(tmp_path):
    environment = {**os.environ, "PATH": str(tmp_path)}
    words = [sys.executable, "-m", "wheatstone", "--version"]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"wheatstone {wheatstone.__version__}\n", "")


def test_the_program_is_looked_for_in_the_package_beside_python_and_on_the_path_in_this_order(tmp_path, monkeypatch):
    monkeypatch.setattr(wheatstone, "__path__", [str(tmp_path / "package")])
    monkeypatch.setattr(sys, "executable", str(tmp_path / "environment" / "python"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'empty'}{os.pathsep}{tmp_path / 'system'}")
    assert cli.program() is None
    for folder in ("system", "environment", "package/bin"):
        expected = place(tmp_path / folder)
        assert cli.program() == expected


def test_the_command_that_pip_writes_is_not_taken_for_the_program(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(wheatstone, "__path__", [str(tmp_path / "package")])
    monkeypatch.setattr(sys, "executable", str(tmp_path / "environment" / "python"))
    monkeypatch.setenv("PATH", str(tmp_path / "environment"))
    place(tmp_path / "environment", "#!/usr/bin/python3\nimport sys\nfrom wheatstone.__main__ import main\n")
    assert cli.program() is None
    assert cli.main() == 1
    assert "without the native program" in capsys.readouterr().err

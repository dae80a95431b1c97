"""What the program says of itself, and of what it does not understand."""

import re

import pytest


def test_version_is_that_of_the_project(terminal):
    assert re.fullmatch(r"wheatstone \d+\.\d+\.\d+\n", terminal.run("--version").stdout)


def test_help_is_approved(terminal, approve):
    words = [(), ("demo",), ("runs",), ("runs", "ls"), ("runs", "show"), ("runs", "export")]
    words += [
        ("runs", "status"),
        ("runs", "pause"),
        ("runs", "resume"),
        ("runs", "step"),
        ("runs", "stop"),
        ("runs", "abort"),
    ]
    words += [("profile",), ("profile", "list"), ("profile", "show"), ("profile", "validate")]
    texts = [f"$ {' '.join(('wheatstone', *w, '--help'))}\n{terminal.run(*w, '--help').stdout}" for w in words]
    approve("help.txt", "\n".join(texts))


@pytest.mark.parametrize(
    "words",
    [(), ("nonsense",), ("runs",), ("runs", "export"), ("runs", "export", "--to", "exe"), ("demo", "--points", "1")],
)
def test_a_wrong_command_line_is_status_2_and_changes_nothing(terminal, words):
    done = terminal.run(*words, status=2)
    assert done.stdout == ""
    assert done.stderr
    assert not terminal.store.exists()


def test_profiles_are_listed_shown_and_validated(terminal):
    assert "keysight/EDU36311A" in terminal.run("profile", "list").stdout
    shown = terminal.run("profile", "show", "KEYSIGHT/edu36311a").stdout
    assert shown.startswith("# keysight/EDU36311A\n")
    (terminal.folder / "mine.yaml").write_text("maker: Me\nmodel: [\n")
    refused = terminal.run("profile", "validate", "mine.yaml", status=1)
    assert "mine.yaml" in refused.stderr
    assert re.search(r"line \d+|:\d+", refused.stderr)
    nearest = terminal.run("profile", "show", "keysight/EDU36311B", status=1)
    assert "keysight/EDU36311A" in nearest.stderr

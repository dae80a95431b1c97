"""The blocks of each page of docs/how-to run as a reader would run them: in order, in one folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from page_program import program_of

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/cli"))

from running_program import find_program  # noqa: E402

PAGES = sorted((ROOT / "docs/how-to").glob("*.md"))


def run(program: str, folder: Path) -> subprocess.CompletedProcess:
    """Runs a page's program in a folder of its own, with the wheatstone program on PATH."""
    programs = folder / "programs"
    programs.mkdir()
    (programs / "wheatstone").symlink_to(find_program())
    (programs / "python").symlink_to(sys.executable)
    place = folder / "page"
    place.mkdir()
    file = folder / "page.py"
    file.write_text(program, encoding="utf-8")
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{programs}:{os.environ['PATH']}",
        "WHEATSTONE_PYTHON": sys.executable,
        "XDG_STATE_HOME": str(folder / "state"),
        "LC_ALL": "C.UTF-8",
    }
    environment.pop("WHEATSTONE_STORE", None)
    return subprocess.run(
        [sys.executable, file], cwd=place, env=environment, capture_output=True, text=True, timeout=170
    )


def page_of(text: str, folder: Path) -> str:
    page = folder / "page.md"
    page.write_text(text, encoding="utf-8")
    return program_of(page)


def test_there_are_pages():
    assert {"sweeps", "optimise_with_scipy", "optimise_with_optuna"} <= {page.stem for page in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_the_code_of_a_page_runs(page, tmp_path):
    done = run(program_of(page), tmp_path)
    assert done.returncode == 0, done.stderr + done.stdout


def test_a_block_that_fails_is_seen(tmp_path):
    program = page_of("# A page\n\n```python\nx = 1\n```\n\ntext\n\n```python\nassert x == 2\n```\n", tmp_path)
    assert program.splitlines()[3] == "x = 1"
    with pytest.raises(AssertionError):
        exec(compile(program, "page", "exec"), {})


def test_a_command_that_fails_is_seen(tmp_path):
    done = run(page_of("```sh\nfalse\necho not reached\n```\n", tmp_path), tmp_path)
    assert done.returncode != 0
    assert "not reached" not in done.stdout


def test_files_commands_and_python_follow_each_other(tmp_path):
    done = run(
        page_of(
            "```yaml a.yaml\nx: 1\n```\n\n"
            "```console\n$ cat a.yaml \\\n    a.yaml > b.yaml\nnot a command\n$ ! false\n```\n\n"
            "```python\nassert open('b.yaml').read() == 'x: 1\\n' * 2\nprint('seen')\n```\n",
            tmp_path,
        ),
        tmp_path,
    )
    assert done.stdout == "seen\n", done.stderr


def test_the_program_is_the_one_that_was_built(tmp_path):
    done = run(page_of("```console\n$ wheatstone --version\n```\n", tmp_path), tmp_path)
    assert done.stdout.startswith("wheatstone "), done.stderr

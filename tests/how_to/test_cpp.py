"""The C++ blocks of docs/how-to compile with warnings as errors against the library that was built, and run."""

import os
import subprocess
from pathlib import Path

import pytest
from cpp_program import program_of
from test_how_to import PAGES, ROOT

import wheatstone


def library_folder() -> Path:
    """Where the library is that was built with the package."""
    for folder in Path(wheatstone._native.__file__).resolve().parents:
        if (folder / "libwheatstone.so").exists():
            return folder
    pytest.fail("there is no libwheatstone.so above the wheatstone package; run the tests through ./dev")


def built(program: str, folder: Path) -> subprocess.CompletedProcess:
    source = folder / "pages.cpp"
    source.write_text(program, encoding="utf-8")
    libraries = library_folder()
    words = [os.environ.get("CXX", "c++"), "-std=c++20", "-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Werror"]
    words += [f"-I{ROOT / 'include'}", str(source), "-o", str(folder / "pages"), "-pthread"]
    words += [f"-L{libraries}", "-lwheatstone", f"-Wl,-rpath,{libraries}"]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=300)


def test_the_blocks_of_all_pages_compile_and_run(tmp_path):
    done = built(program_of(PAGES), tmp_path)
    assert done.returncode == 0, done.stderr
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path / "state")}
    environment.pop("WHEATSTONE_STORE", None)
    ran = subprocess.run(
        [tmp_path / "pages"], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=100
    )
    assert ran.returncode == 0, ran.stderr + ran.stdout


def test_a_block_that_does_not_compile_is_seen_at_its_line(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# A page\n\n```cpp\nint x = 1;\n```\n\ntext\n\n```cpp\nint y = x + z;\n```\n", encoding="utf-8")
    done = built(program_of([page]), tmp_path)
    assert done.returncode != 0
    assert "page.md:10:" in done.stderr

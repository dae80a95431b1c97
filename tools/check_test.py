"""Each check finds what it is for, and leaves a sound tree alone."""

from pathlib import Path

import check_docs
import check_format
import check_headers
import check_layers
import check_profiles
import pytest
import report_sizes

LAYERS = "# levels\n1 base\n2 io scpi\n3 storage\n"


def tree(root: Path, **files: str) -> Path:
    """Makes a tree whose file names have `__` for `/` and `_dot_` for the dot."""
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('#include "base/clock.hpp"\n#include <vector>\n#include "storage/part.hpp"\n', None),
        ('#include "session/engine.hpp"\n', "names no folder"),
        ('#include "clock.hpp"\n', "names no folder"),
    ],
)
def test_layers_accepts_own_and_lower_folders_and_refuses_unknown_ones(tmp_path, text, expected):
    problems = check_layers.check(tree(tmp_path, src__layers_dot_txt=LAYERS, src__storage__part_dot_cpp=text))
    assert [expected in problem for problem in problems] == ([True] if expected else [])


def test_layers_refuses_an_include_of_the_same_level_and_of_a_higher_one(tmp_path):
    tree(tmp_path, src__layers_dot_txt=LAYERS, src__io__a_dot_hpp='#include "scpi/b.hpp"\n')
    tree(tmp_path, src__base__a_dot_cpp='#include "storage/b.hpp"\n')
    problems = check_layers.check(tmp_path)
    assert len(problems) == 2
    assert "storage (level 3) is not below base (level 1)" in problems[1]
    assert "scpi (level 2) is not below io (level 2)" in problems[0]


def test_layers_refuses_a_program_that_reaches_inside(tmp_path):
    tree(tmp_path, src__layers_dot_txt=LAYERS, cli__main_dot_cpp='#include "storage/part.hpp"\n#include "verbs.hpp"\n')
    assert check_layers.check(tmp_path) == [
        'cli/main.cpp: includes "storage/part.hpp"; only <wheatstone/...> is for it'
    ]


@pytest.mark.parametrize(
    ("include", "wrong"),
    [
        ("<vector>", False),
        ("<wheatstone/value.hpp>", False),
        ("<wheatstone/gone.hpp>", True),
        ("<fmt/core.h>", True),
        ("<sys/mman.h>", True),
        ("<unistd.h>", True),
        ('"base/clock.hpp"', True),
        ('"value.hpp"', True),
    ],
)
def test_headers_allows_own_headers_and_the_standard_library_only(tmp_path, include, wrong):
    text = f"#pragma once\n// What it is.\n#include {include}\n"
    tree(tmp_path, include__wheatstone__value_dot_hpp=text)
    assert len(check_headers.check(tmp_path)) == wrong


def test_headers_wants_a_guard_and_a_first_sentence(tmp_path):
    tree(tmp_path, include__wheatstone__value_dot_hpp="#include <vector>\nint x;\n")
    assert len(check_headers.check(tmp_path)) == 2


def test_headers_wants_the_whole_to_be_whole(tmp_path):
    tree(tmp_path, include__wheatstone__value_dot_hpp="#pragma once\n// What it is.\n")
    whole = tree(tmp_path, include__wheatstone__wheatstone_dot_hpp="#pragma once\n// All.\n")
    assert len(check_headers.check(whole)) == 1


def test_headers_wants_at_least_one_header(tmp_path):
    assert check_headers.check(tmp_path)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("`src/base/clock.hpp` and `base/clock.hpp` and [it](src/base/clock.hpp)", 0),
        ("`src/base/clock.hpp:now` and `src/base/*.hpp`", 0),
        ("`docs/gone.md`", 1),
        ("`base/gone.hpp`", 1),
        ("[it](docs/gone.md#there)", 1),
        ("`src/base/clock.hpp:later`", 1),
        ("`src/base/*.cpp`", 1),
        ("`psu.channel(1)` and `voltage` and `a/b` and <https://example.org/x>", 0),
    ],
)
def test_docs_finds_paths_that_do_not_exist(tmp_path, text, wrong):
    tree(tmp_path, README_dot_md=text, src__base__clock_dot_hpp="Time now();\n")
    (tmp_path / "docs").mkdir()
    assert len(check_docs.check(tmp_path)) == wrong


def test_profiles_refuses_two_of_the_same_model(tmp_path):
    tree(tmp_path, profiles__a__x1_dot_yaml="maker: A\nmodel: X1\n", profiles__a__x2_dot_yaml="maker: a\nmodel: 'x1'\n")
    assert len(check_profiles.check(tmp_path)) == 1


def test_profiles_refuses_two_names_that_differ_in_case(tmp_path):
    tree(tmp_path, profiles__a__x1_dot_yaml="model: X1\n", profiles__A__X1_dot_yaml="model: X2\n")
    assert len(check_profiles.check(tmp_path)) == 1


def test_profiles_refuses_one_without_a_model(tmp_path):
    tree(tmp_path, profiles__a__x1_dot_yaml="channels: 3\n")
    assert len(check_profiles.check(tmp_path)) == 1


def test_format_names_cpp_and_python_files_that_are_not_formatted(tmp_path):
    tree(tmp_path, src__base__a_dot_cpp="int   x ;\n", src__base__b_dot_cpp="int x;\n", tools__a_dot_py="x  =  1\n")
    (tmp_path / ".clang-format").write_text("BasedOnStyle: Google\n")
    problems = "\n".join(check_format.check(tmp_path))
    assert "src/base/a.cpp" in problems
    assert "b.cpp" not in problems
    assert "a.py" in problems
    check_format.write(tmp_path)
    assert check_format.check(tmp_path) == []


def test_format_finds_a_program_of_either_name_on_the_path(tmp_path, monkeypatch):
    monkeypatch.setattr(check_format.sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    problems = check_format.check(tmp_path)
    assert len(problems) == 2
    assert problems[0].startswith("clang-format-19 or clang-format is neither")
    assert "./dev setup" in problems[0]
    for name in ("clang-format", "clang-format-19"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
        assert check_format.clang_format() == str(tmp_path / name)


def test_sizes_names_files_that_are_too_long(tmp_path):
    tree(tmp_path, src__base__a_dot_cpp="int x;\n" * 501, src__base__b_dot_cpp="int x;\n")
    lines = report_sizes.report(tmp_path)
    assert lines[0].startswith("2 files, 502 lines")
    assert lines[1:] == ["src/base/a.cpp: 501 lines; is it still one noun?"]

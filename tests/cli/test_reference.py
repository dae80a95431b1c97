"""The reference pages are those that the product writes."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "tools"))

import write_docs
from running_program import ROOT, find_program


def test_reference_pages_are_what_dev_docs_writes():
    assert write_docs.differing(ROOT, find_program()) == []


def test_a_page_that_differs_or_is_missing_is_named(tmp_path):
    for name, text in write_docs.pages(find_program()).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert write_docs.differing(tmp_path, find_program()) == []
    page = tmp_path / "docs/reference/command_line.md"
    page.write_text(page.read_text() + "\n")
    (tmp_path / "docs/reference/profiles/keysight/edu36311a.md").unlink()
    assert len(write_docs.differing(tmp_path, find_program())) == 2

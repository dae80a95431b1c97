"""Every verb on stores as they are found: empty, missing, read-only, damaged, newer; and into a closed pipe."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from running_program import ROOT, find_program
from stored_runs import listed, make_runs

sys.path.insert(0, str(ROOT / "tools"))

import write_docs

# What is typed after a verb to try it; RUN stands for a run. A verb without a line here fails the tests.
WORDS = {
    "run": ["iv.yaml"],
    "demo": ["--pace", "virtual", "--points", "3"],
    "bench ls": ["bench.yaml"],
    "bench show": ["bench.yaml"],
    "bench validate": ["bench.yaml"],
    "bench id": ["bench.yaml", "--simulate"],
    "instrument idn": ["TCPIP::127.0.0.1::1::SOCKET"],
    "profile ls": [],
    "profile show": ["keysight/34470A"],
    "profile validate": ["mine.yaml"],
    "profile schema": [],
    "completion bash": [],
    "completion zsh": [],
    "completion fish": [],
    "completion words": ["--", "runs", ""],
    "runs ls": [],
    "runs search": ["diode"],
    "runs show": ["RUN"],
    "runs tail": ["RUN"],
    "runs diff": ["RUN", "RUN"],
    "runs export": ["RUN", "--to", "csv", "-o", "-"],
    "runs import": ["nothing.db"],
    "runs plot": ["RUN"],
    "runs tag": ["RUN", "good"],
    "runs note": ["RUN", "a note"],
    "runs status": ["RUN"],
    "runs pause": ["RUN"],
    "runs step": ["RUN"],
    "runs stop": ["RUN"],
    "runs abort": ["RUN"],
    "runs resume": ["RUN"],
    "runs verify": ["RUN"],
    "runs recover": ["RUN"],
    "runs compact": ["RUN"],
    "runs rm": ["RUN"],
    "runs trash ls": [],
    "runs trash restore": ["RUN"],
    "runs trash empty": ["--yes"],
}
ABOUT_RUNS = [verb for verb, words in WORDS.items() if "RUN" in words]
OF_STORES = ["runs ls", "runs search", "runs trash ls", "runs trash empty"]
READING = ["runs show", "runs tail", "runs diff", "runs export", "runs plot", "runs status", "runs verify"]
WRITING = ["runs tag", "runs note", "runs compact", "runs rm"]
# Root may write everywhere; with these words in front it may not.
AS_ANYBODY = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
# These start a Python, which takes a second.
SLOW = ["runs import"]


@pytest.fixture
def place(terminal):
    (terminal.folder / "bench.yaml").write_text("instruments: {dmm: {profile: keysight/34470A}}\n")
    (terminal.folder / "mine.yaml").write_text("maker: A\nmodel: B\nkind: generic\nextends: generic/scpi\n")
    (terminal.folder / "iv.yaml").write_text(
        "pace: virtual\nsimulate: true\ninstruments: {dmm: keysight/34470A}\nsweep: {x: 0:1:0.5}\n"
        "read: {v: dmm.voltage_dc}\n"
    )
    return terminal


def words_of(verb: str, run: str = "last") -> list[str]:
    return [*verb.split(), *(run if word == "RUN" else word for word in WORDS[verb])]


def said(terminal, verb: str, run: str = "last", **environment: str) -> subprocess.CompletedProcess:
    """The verb as it ends, in its time, by itself and without a trace of a program's innards."""
    done = subprocess.run(
        [*AS_ANYBODY, find_program(), *words_of(verb, run)],
        cwd=terminal.folder,
        env={**terminal.environment, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode in (0, 1), (verb, done.returncode, done.stderr)
    assert "Traceback" not in done.stderr
    assert "terminate called" not in done.stderr
    return done


def refused(done: subprocess.CompletedProcess) -> str:
    assert done.returncode == 1, done.stdout
    assert done.stderr.startswith("wheatstone: "), done.stderr
    return done.stderr


def test_every_verb_of_the_program_is_tried_here():
    verbs = {" ".join(words) for words, text in write_docs.helps(find_program()) if not write_docs.verbs_of(text)}
    assert verbs - WORDS.keys() == set()


@pytest.mark.parametrize("verb", ABOUT_RUNS)
def test_without_a_run_each_verb_says_that_there_is_none(place, verb):
    place.store.mkdir()
    for store in (place.store, place.folder / "missing"):
        assert "no run" in refused(said(place, verb, WHEATSTONE_STORE=str(store)))
    assert not (place.folder / "missing").exists()


@pytest.mark.parametrize("verb", OF_STORES)
def test_an_empty_store_and_a_missing_one_are_told_quietly(place, verb):
    place.store.mkdir()
    for store in (place.store, place.folder / "missing"):
        done = said(place, verb, WHEATSTONE_STORE=str(store))
        assert (done.returncode, done.stdout) == (0, "")
        assert done.stderr.count("\n") == 1
    assert not (place.folder / "missing").exists()


@pytest.mark.parametrize("verb", ABOUT_RUNS)
def test_a_run_that_is_not_there_is_named_with_the_nearest(place, verb):
    make_runs(place, ("IV diode", [1.0]))
    assert "IV dioed" in refused(said(place, verb, "IV dioed"))


@pytest.mark.parametrize("verb", [*READING, *OF_STORES[:2]])
def test_a_damaged_run_is_named_and_harms_no_other(place, verb):
    damaged, whole = make_runs(place, ("damaged", [1.0, 2.0]), ("whole", [1.0, 2.0]))
    part = next(next(place.store.glob(f"*_{damaged}")).glob("*.arrow"))
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 0xFF
    part.write_bytes(bytes(content))
    done = said(place, verb, damaged)
    if verb not in ("runs ls", "runs search", "runs status", "runs verify"):
        assert part.name in refused(done)
    assert said(place, verb, whole).returncode == 0


@pytest.mark.parametrize("verb", [verb for verb in ABOUT_RUNS if verb != "runs trash restore"])
def test_a_run_of_a_newer_format_is_refused_with_a_sentence(place, verb):
    (newer,) = make_runs(place, ("newer", [1.0]))
    folder = next(place.store.glob(f"*_{newer}"))
    described = json.loads((folder / "run.json").read_text())
    (folder / "run.json").write_text(json.dumps({**described, "format": 999}))
    done = said(place, verb, str(folder))
    if verb not in ("runs rm", "runs tag", "runs note", "runs verify"):
        assert "999" in refused(done) or "newer" in refused(done)


@pytest.mark.parametrize("verb", [*READING, *WRITING, *OF_STORES])
def test_a_half_copied_run_ends_no_verb_badly(place, verb):
    (half,) = make_runs(place, ("half", [1.0, 2.0]))
    folder = next(place.store.glob(f"*_{half}"))
    part = next(folder.glob("*.arrow"))
    part.write_bytes(part.read_bytes()[:100])
    (folder / "events.jsonl").unlink()
    said(place, verb, half)


@pytest.mark.parametrize("verb", [*READING, *WRITING, *OF_STORES])
def test_a_read_only_store_is_read_and_a_write_refused(place, verb):
    (handle,) = make_runs(place, ("IV diode", [1.0, 2.0]))
    for path in (place.store, *place.store.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        done = said(place, verb, handle)
        assert done.returncode == (1 if verb in WRITING else 0), done.stderr
        if verb in WRITING:
            refused(done)
    finally:
        for path in (place.store, *place.store.rglob("*")):
            path.chmod(0o755)


@pytest.mark.parametrize("verb", [verb for verb in WORDS if verb not in SLOW])
def test_a_closed_pipe_ends_each_verb_quietly(place, verb):
    if verb.startswith("runs"):
        make_runs(place, ("IV diode", [1.0, 2.0]))
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [find_program(), *words_of(verb)],
        cwd=place.folder,
        env=place.environment,
        stdout=writer,
        stderr=subprocess.PIPE,
        timeout=60,
    )
    os.close(writer)
    assert b"roken pipe" not in done.stderr
    # Whoever had something to print ends by the signal, as other programs do; who had an error says so.
    assert done.returncode in (-signal.SIGPIPE, 0, 1), done.stderr
    if done.returncode == 1:
        assert done.stderr.startswith(b"wheatstone: ") or verb == "bench id"
    if done.returncode == 0:
        assert said(place, verb).stdout == ""


@pytest.mark.parametrize("name", ["with spaces", "a/b", "hot 🔥", "x" * 300, "-n", "tab\tand\nline"])
@pytest.mark.parametrize("verb", READING)
def test_runs_of_any_name_are_shown(place, verb, name):
    (handle,) = make_runs(place, (name, [1.0, 2.0]))
    done = said(place, verb, handle, COLUMNS="60")
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout


def test_a_folder_is_a_run_wherever_it_lies(place):
    (handle,) = make_runs(place, ("IV diode", [1.0]))
    elsewhere = Path(shutil.copytree(next(place.store.glob(f"*_{handle}")), place.folder / "copy of 🔥"))
    for verb in READING:
        assert said(place, verb, str(elsewhere), WHEATSTONE_STORE=str(place.folder / "missing")).returncode == 0


def test_a_store_in_the_place_of_a_file_is_refused_by_each_listing(place):
    place.store.write_text("")
    for verb in OF_STORES:
        assert "is no folder" in refused(said(place, verb))


def test_a_hundred_runs_are_listed_in_the_order_of_their_making(place):
    make_runs(place, *((f"run {i}", [1.0]) for i in range(100)))
    assert [run["name"] for run in listed(place)] == [f"run {i}" for i in range(100)]

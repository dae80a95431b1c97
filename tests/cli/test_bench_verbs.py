"""wheatstone bench, wheatstone instrument, wheatstone profile: files that people write, and instruments by address."""

import json
import socket
import threading

import pytest
from running_program import ROOT

BENCH = """\
bench_name: IV bench
description: a supply and a meter
simulate: true
seed: 7
instruments:
  psu: {profile: keysight/EDU36311A, serial_number: CN00000001}
  dmm: {profile: keysight/34470A, timeout: 2.5, shared: true}
"""
FAULTY = """\
simulate: maybe
wiring: {}
instruments:
  psu: {profile: keysight/EDU36311A, adress: x}
  2nd: {profile: generic/scpi}
"""


@pytest.fixture
def bench(terminal):
    (terminal.folder / "bench.yaml").write_text(BENCH)
    (terminal.folder / "faulty.yaml").write_text(FAULTY)
    return terminal


@pytest.fixture
def nobody():
    """An address where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"TCPIP::127.0.0.1::{taken.getsockname()[1]}::SOCKET"


@pytest.fixture
def meter():
    """The address of an instrument that answers *IDN? and an empty error queue."""
    answers = {"*IDN?": "Keysight Technologies,34470A,MY57700000,A.03.03", "SYST:ERR?": '+0,"No error"'}
    server = socket.create_server(("127.0.0.1", 0))

    def serve():
        link, _ = server.accept()
        with link, link.makefile("rwb", buffering=0) as lines:
            for line in lines:
                for word in line.decode().strip().split(";"):
                    answer = answers.get(word.lstrip(":").replace("SYSTem:ERRor", "SYST:ERR"))
                    if answer:
                        lines.write(f"{answer}\n".encode())

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"TCPIP::127.0.0.1::{server.getsockname()[1]}::SOCKET"
    server.close()


def test_a_bench_is_listed_and_shown_without_being_connected(bench, approve):
    seen = [
        bench.run("bench", verb, "bench.yaml", COLUMNS=columns).stdout
        for columns in ("40", "80")
        for verb in ("ls", "show")
    ]
    approve("bench.txt", "\n".join(seen))
    shown = json.loads(bench.run("bench", "show", "bench.yaml", "--json").stdout)
    assert (shown["name"], shown["seed"], shown["pace"]) == ("IV bench", 7, "fast")
    assert shown["instruments"] == json.loads(bench.run("bench", "ls", "bench.yaml", "--json").stdout)
    assert shown["instruments"][1]["timeout"] == 2.5


def test_every_fault_of_a_bench_is_told_with_line_and_column(bench, approve):
    said = bench.run("bench", "validate", "faulty.yaml", "bench.yaml", status=1).stdout
    approve("bench_faults.txt", said)
    read = json.loads(bench.run("bench", "validate", "faulty.yaml", "bench.yaml", "--json", status=1).stdout)
    assert [file["sound"] for file in read] == [False, True]
    assert [(fault["line"], fault["column"]) for fault in read[0]["faults"]] == [(1, 11), (2, 1), (4, 38), (5, 3)]
    bench.run("bench", "validate", "bench.yaml")


def test_each_instrument_of_a_bench_is_asked_who_it_is(bench):
    seen = json.loads(bench.run("bench", "id", "bench.yaml", "--json").stdout)
    assert [one["identity"].split(",")[1] for one in seen] == ["EDU36311A", "34470A"]
    assert "Keysight Technologies,34470A" in bench.run("bench", "id", "bench.yaml").stdout


def test_an_instrument_that_does_not_answer_is_named_and_the_others_are_asked(bench, nobody):
    with (bench.folder / "bench.yaml").open("a") as file:
        file.write(f'  load: {{profile: keysight/EL33133A, simulate: false, address: "{nobody}"}}\n')
    done = bench.run("bench", "id", "bench.yaml", "--json", status=1)
    assert "load" in done.stderr
    seen = json.loads(done.stdout)
    assert [one["identity"] is None for one in seen] == [False, False, True]
    assert nobody in seen[2]["trouble"]
    bench.run("bench", "id", "bench.yaml", "--simulate")


def test_an_instrument_is_asked_by_its_address(terminal, meter):
    seen = json.loads(terminal.run("instrument", "idn", meter, "--json").stdout)
    assert seen["identity"] == "Keysight Technologies,34470A,MY57700000,A.03.03"
    assert seen["profile"] == "keysight/34470A"
    assert seen["address"] == meter
    assert not terminal.store.exists()


def test_an_address_where_nobody_answers_is_status_1(terminal, nobody):
    assert "cannot be reached" in terminal.run("instrument", "idn", nobody, "--timeout", "1", status=1).stderr
    assert "'nonsense'" in terminal.run("instrument", "idn", "nonsense", status=1).stderr


def test_models_are_listed_and_shown_for_programs(terminal):
    listed = json.loads(terminal.run("profile", "ls", "--json").stdout)
    assert "keysight/34470A" in [model["name"] for model in listed]
    shown = json.loads(terminal.run("profile", "show", "keysight/34470a", "--json").stdout)
    assert shown["kind"] == "multimeter"
    assert shown["text"] == terminal.run("profile", "show", "keysight/34470a").stdout


def test_every_fault_of_a_profile_is_told(terminal):
    (terminal.folder / "mine.yaml").write_text("maker: A\nmodel: B\nkind: toaster\nfigures: {a: {value: x}}\n")
    read = json.loads(terminal.run("profile", "validate", "mine.yaml", "--json", status=1).stdout)
    assert [fault["line"] for fault in read[0]["faults"]] == [3, 4]
    for line in terminal.run("profile", "validate", "mine.yaml", status=1).stdout.splitlines():
        assert line.startswith("mine.yaml:")


def test_the_schema_of_profiles_is_that_of_the_repository(terminal):
    assert terminal.run("profile", "schema").stdout == (ROOT / "profiles/profile.schema.json").read_text()


def test_a_file_with_control_characters_in_its_name_harms_no_terminal(terminal):
    seen = terminal.run("bench", "validate", "\x1b[31mred.yaml", status=1)
    assert "\x1b" not in seen.stdout + seen.stderr

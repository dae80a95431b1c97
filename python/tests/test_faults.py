"""What goes wrong outside: links, media, terminals. Each gives one clear error and loses nothing."""

import json
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import termios
import textwrap
import threading
import time

import pytest

import wheatstone
from wheatstone import MeasurementSession
from wheatstone.errors import (
    CommunicationError,
    ConnectionError,
    Error,
    InstrumentCommunicationError,
    StorageError,
    TimeoutError,
)

HANGS_UP = b"<hangs up>"
IDENTITY = b"Keysight Technologies,EDU36311A,CN00000001,1.0.2-1.0.1\n"


class Instrument:
    """Answers each line on a loopback socket with what `answer` makes of it; None is silence."""

    def __init__(self, answer):
        self._answer = answer
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address = f"TCPIP::127.0.0.1::{self._server.getsockname()[1]}::SOCKET"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        try:
            while True:
                link, _ = self._server.accept()
                with link, link.makefile("rwb") as lines:
                    for line in lines:
                        answer = self._answer(line.strip())
                        if answer is not None:
                            lines.write(answer.removesuffix(HANGS_UP))
                            lines.flush()
                        if answer is not None and answer.endswith(HANGS_UP):
                            break
        except OSError:
            pass  # the test is over, or the client has gone

    def close(self):
        self._server.close()


def usual(line):
    if line == b"*IDN?":
        return IDENTITY
    if line.endswith(b"SYST:ERR?"):
        return b'+0,"No error"\n'
    return b"+1.00000000E+00\n" if line.endswith(b"?") or b"?" in line else None


@pytest.fixture
def instrument():
    made = []

    def make(answer):
        made.append(Instrument(answer))
        return made[-1].address

    yield make
    for one in made:
        one.close()


def test_an_instrument_at_an_address_says_what_it_is(instrument):
    with MeasurementSession() as session:
        psu = session.instrument("psu", address=instrument(usual))
        assert type(psu).__name__ == "PowerSupply"
        assert psu.query("VOLT? (@1)") == "+1.00000000E+00"


def test_an_answer_that_is_garbage_is_an_error_with_the_answer(instrument):
    def answer(line):
        return b"\x00\xff garbage\n" if b"MEAS" in line else usual(line)

    with MeasurementSession() as session:
        psu = session.instrument("psu", "keysight/EDU36311A", address=instrument(answer))
        with pytest.raises(CommunicationError) as caught:
            psu.read_voltage(1)
        assert caught.value.alias == "psu"
        assert "garbage" in caught.value.answer or "garbage" in str(caught.value)
        assert "MEAS" in caught.value.command


def test_an_answer_that_is_no_utf_8_is_text_all_the_same(instrument):
    def answer(line):
        return {b"X?": b"\xfe\xb5\n", b"Y?": "\u00b5\n".encode()}.get(line) or usual(line)

    with MeasurementSession() as session:
        psu = session.instrument("psu", "keysight/EDU36311A", address=instrument(answer))
        assert psu.query("X?") == "\u00fe\u00b5"
        assert psu.query("Y?") == "\u00b5"


def test_silence_is_an_error_within_the_time_out(instrument):
    def answer(line):
        return None if b"MEAS" in line else usual(line)

    with MeasurementSession() as session:
        psu = session.instrument("psu", "keysight/EDU36311A", address=instrument(answer), timeout=0.3)
        begin = time.monotonic()
        with pytest.raises(TimeoutError) as caught:
            psu.read_voltage(1)
        assert time.monotonic() - begin < 3
        assert isinstance(caught.value, InstrumentCommunicationError)


FAULTS = {
    "silent": None,
    "closes at once": HANGS_UP,
    "closes in the middle": b"+1.00" + HANGS_UP,
    "breaks off": b"+1.00",
    "garbage": b"\x1b[2J\x00;;,\n",
    "too long": b"x" * 200_000 + b"\n",
    "no ASCII": b"\xff\xfeV\xb5\n",
    "a block that is none": b"#9abc\n",
    "empty": b"\n",
}


def told_well(error, address, within, begin):
    """One sentence that names who and where, short enough to read, nothing in it twice, in good time."""
    said = str(error)
    assert said.startswith("psu: "), said
    assert address.replace("TCPIP::", "TCPIP0::") in (error.address, said) or address == error.address, error.address
    assert error.alias == "psu"
    assert len(said) < 400, said
    assert said.isprintable(), repr(said)
    parts = [part.strip() for part in re.split(r"[;:.] ", said.removeprefix("psu: ")) if len(part) > 12]
    assert len(parts) == len(set(parts)), said
    assert not set(getattr(error, "__notes__", ())) & {said, *parts}, error.__notes__
    assert time.monotonic() - begin < within


@pytest.mark.parametrize("profile", ["keysight/EDU36311A", None])
@pytest.mark.parametrize("fault", FAULTS)
def test_who_answers_wrongly_to_a_connection_is_told_well(instrument, fault, profile):
    address = instrument(lambda line: FAULTS[fault] if line == b"*IDN?" else usual(line))
    begin = time.monotonic()
    with MeasurementSession() as session, pytest.raises(Error) as caught:
        session.instrument("psu", profile, address=address, timeout=0.4)
    told_well(caught.value, address, 0.4 + 0.35, begin)
    assert address.replace("TCPIP::", "TCPIP0::") in str(caught.value)


@pytest.mark.parametrize("fault", FAULTS)
def test_who_answers_a_reading_wrongly_is_told_well_and_heard_again(instrument, fault):
    address = instrument(lambda line: FAULTS[fault] if b"MEAS" in line else usual(line))
    with MeasurementSession() as session:
        psu = session.instrument("psu", "keysight/EDU36311A", address=address, timeout=0.4)
        begin = time.monotonic()
        with pytest.raises(Error) as caught:
            psu.read_voltage(1)
        told_well(caught.value, address, 0.4 + 0.85, begin)
        assert "MEAS:VOLT? (@1)" in str(caught.value)
        psu.clear()
        assert psu.query("VOLT? (@1)") == "+1.00000000E+00"


def test_nobody_at_an_address_is_told_well():
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"TCPIP::127.0.0.1::{server.getsockname()[1]}::SOCKET"
    begin = time.monotonic()
    with MeasurementSession() as session, pytest.raises(ConnectionError) as caught:
        session.instrument("psu", "keysight/EDU36311A", address=address, timeout=0.4)
    told_well(caught.value, address, 0.75, begin)


def test_an_instrument_that_went_away_is_told_well(instrument):
    gone = []
    address = instrument(lambda line: HANGS_UP if gone else usual(line))
    with MeasurementSession() as session:
        psu = session.instrument("psu", "keysight/EDU36311A", address=address, timeout=0.4)
        gone.append(True)
        for _ in range(2):
            begin = time.monotonic()
            with pytest.raises(Error) as caught:
                psu.set_voltage(1, 1.0)
            told_well(caught.value, address, 1.25, begin)


def test_what_answers_as_another_model_is_refused(instrument):
    with MeasurementSession() as session, pytest.raises(Error, match="34470A"):
        session.instrument("dmm", "keysight/34470A", address=instrument(usual))


def test_an_address_is_taken_once(instrument):
    address = instrument(usual)
    with MeasurementSession() as one, MeasurementSession() as other:
        one.instrument("psu", "keysight/EDU36311A", address=address)
        with pytest.raises(ConnectionError, match=str(os.getpid())):
            other.instrument("psu", "keysight/EDU36311A", address=address)


def test_ctrl_c_ends_a_wait_for_an_answer_at_once(instrument, tmp_path):
    asked = threading.Event()
    address = instrument(lambda line: asked.set() if b"MEAS" in line else usual(line))
    script = f"""
    from wheatstone import MeasurementSession
    with MeasurementSession() as session:
        psu = session.instrument("psu", "keysight/EDU36311A", address="{address}", timeout=60)
        try:
            psu.read_voltage(1)
        except KeyboardInterrupt:
            print("interrupted", flush=True)
    """
    (tmp_path / "script.py").write_text(textwrap.dedent(script))
    child = subprocess.Popen([sys.executable, "script.py"], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    assert asked.wait(30)
    begin = time.monotonic()
    child.send_signal(signal.SIGINT)
    assert child.stdout.readline() == "interrupted\n"
    assert time.monotonic() - begin < 1
    child.communicate(timeout=30)


def test_a_full_medium_ends_the_run_with_its_rows_kept(tmp_path):
    script = """
    import resource, signal
    from wheatstone import MeasurementSession
    from wheatstone.errors import StorageError
    with MeasurementSession("full") as session:
        session.parameter("n", range(200_000))
        def measure(n):
            if n == 30_000:  # no further file of rows from here on
                resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, 4_000))
            return {"v": n * 0.5, "pad": b"x" * 200}
        session.acquire(measure)
        try:
            session.run()
        except StorageError as error:
            print(len(session.data), session.data["v"].to_list() == [n * 0.5 for n in range(len(session.data))])
            print(len(error.experiment), error.experiment.folder == session.experiment.folder)
    """
    (tmp_path / "script.py").write_text(textwrap.dedent(script))
    done = subprocess.run([sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    rows, whole, rows_of_error, same_run = done.stdout.split()
    assert int(rows) > 1000
    assert (whole, rows_of_error, same_run) == ("True", rows, "True")
    assert len(wheatstone.load("full")) >= int(rows) - 1


def test_a_run_of_a_newer_format_is_refused(tmp_path):
    with MeasurementSession("newer") as session:
        session.parameter("a", [1])
        session.acquire(lambda a: {"b": a}, name="measure")
        folder = session.run().folder
    document = json.loads((folder / "run.json").read_text())
    versions = [key for key in document if "format" in key]
    assert versions
    document[versions[0]] = 999
    (folder / "run.json").write_text(json.dumps(document))
    with pytest.raises(StorageError, match="999|newer"):
        wheatstone.load(folder)


def test_what_is_no_run_is_refused(tmp_path):
    with pytest.raises(StorageError):
        wheatstone.load("last")
    with pytest.raises(StorageError, match="nothing"):
        wheatstone.load("nothing")


def run_in_terminal(tmp_path, script):
    """The script's standard output, and what its terminal showed on standard error; the file "seen" is there as soon as
    that is anything."""
    (tmp_path / "script.py").write_text(textwrap.dedent(script))
    terminal, inner = pty.openpty()
    termios.tcsetwinsize(inner, (24, 100))
    child = subprocess.Popen([sys.executable, "script.py"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=inner)
    os.close(inner)
    shown = b""
    while True:
        try:
            read = os.read(terminal, 65536)
        except OSError:
            break
        if not read:
            break
        shown += read
        (tmp_path / "seen").touch()
    out, _ = child.communicate(timeout=30)
    os.close(terminal)
    return out.decode(), shown.decode()


BAR = """
import pathlib, time
from wheatstone import MeasurementSession

def measure(a):
    end = time.monotonic() + {seconds}
    while a == 7 and time.monotonic() < end and not pathlib.Path("seen").exists():
        time.sleep(0.01)
    return {{"b": a}}

with MeasurementSession("sweep") as session:
    session.parameter("a", range(8))
    session.acquire(measure)
    session.run({options})
print("end")
"""


def test_a_terminal_sees_a_progress_bar_on_standard_error(tmp_path):
    out, shown = run_in_terminal(tmp_path, BAR.format(options="", seconds=30))
    assert out == "end\n"
    assert "sweep: 100%" in shown
    assert "8/8" in shown


def test_no_bar_where_none_is_wanted(tmp_path):
    assert run_in_terminal(tmp_path, BAR.format(options="show_progress=False", seconds=0.5)) == ("end\n", "")

"""wheatstone runs plot: in the terminal, and as a picture."""

import subprocess
import sys

import pytest

PROGRAM = """if True:
    import math
    from wheatstone import MeasurementSession, Waveform

    with MeasurementSession("curves") as session:
        session.parameter("gate", [1.0, 2.0], unit="V")
        session.parameter("drain", [float(i) for i in range(11)], unit="V")

        @session.acquire
        def measure(gate, drain):
            return {"i": math.inf if gate * drain > 18 else gate * drain, "label": "x"}

        session.run(show_progress=False, order=ORDER)
"""


@pytest.fixture
def curves(terminal):
    run(terminal, PROGRAM.replace("ORDER", "'grid'"))
    return terminal


def run(terminal, program):
    subprocess.run(
        [sys.executable, "-c", program], cwd=terminal.folder, env=terminal.environment, check=True, timeout=60
    )


def test_curves_in_the_terminal_are_approved(curves, approve):
    plain = curves.run("runs", "plot", "last", "-x", "drain", "-y", "i", "--height", "10", COLUMNS="60").stdout
    ascii = curves.run("runs", "plot", "--height", "10", COLUMNS="60", LC_ALL="C").stdout
    approve("plot.txt", plain + "\n" + ascii)
    assert max(map(len, plain.splitlines())) <= 60
    assert "▲" in plain
    assert ascii.isascii()


def test_the_results_of_numbers_are_drawn_over_the_last_parameter_or_time(curves):
    assert curves.run("runs", "plot").stdout == curves.run("runs", "plot", "-x", "drain", "-y", "i").stdout
    over_time = curves.run("runs", "plot", "-x", "timestamp").stdout
    assert "time [s]" in over_time
    twice = curves.run("runs", "plot", "-y", "i", "-y", "gate").stdout
    assert "i\n" in twice
    assert "gate [V]\n" in twice


def test_points_in_random_order_are_not_joined(curves):
    joined = curves.run("runs", "plot").stdout
    run(curves, PROGRAM.replace("ORDER", "'random', order_seed=1"))
    dots = curves.run("runs", "plot").stdout
    count = lambda text: sum(0x2800 < ord(c) < 0x2900 for c in text)  # noqa: E731
    assert 10 <= count(dots) <= 22
    assert count(joined) > 60


def test_a_picture_is_written_and_drawn_in_the_terminal_too_when_asked(curves):
    assert curves.run("runs", "plot", "-y", "i", "-o", "i.png").stdout == "i.png\n"
    assert (curves.folder / "i.png").read_bytes().startswith(b"\x89PNG")
    both = curves.run("runs", "plot", "-o", "i.svg", "--terminal").stdout
    assert "▲" in both
    assert both.endswith("i.svg\n")
    assert "drain (V)" in (curves.folder / "i.svg").read_text()
    refused = curves.run("runs", "plot", "-o", "i.png", status=1)
    assert "--force" in refused.stderr
    curves.run("runs", "plot", "-o", "i.png", "--force", "--kind", "heatmap")


def test_a_kind_is_of_a_picture(curves):
    refused = curves.run("runs", "plot", "--kind", "heatmap", status=2)
    assert refused.stderr == "wheatstone: --kind is of a picture; name one with --output\n"


def test_what_cannot_be_drawn_is_one_sentence(curves, terminal):
    for words, said in {
        ("-y", "j"): "there is no column 'j'",
        ("-x", "drian"): "did you mean 'drain'?",
        ("-y", "label"): "label",
        ("-o", "i.bmp"): "says no kind of picture",
        ("-o", "i.png", "-y", "label"): "no numbers to plot",
        ("-o", "missing/i.png"): "there is no folder",
    }.items():
        refused = curves.run("runs", "plot", *words, status=1)
        assert refused.stderr.startswith("wheatstone: ") and refused.stderr.count("\n") == 1, refused.stderr
        assert said in refused.stderr, refused.stderr
    assert not list(curves.folder.glob("*i.*"))


def test_waveforms_are_for_pictures(terminal):
    program = """if True:
        import numpy
        from wheatstone import MeasurementSession, Waveform
        with MeasurementSession("traces") as session:
            session.parameter("x", [1.0, 2.0])
            session.acquire(lambda x: {"w": Waveform(0.0, 1e-6, numpy.arange(5.0))}, name="measure")
            session.run(show_progress=False)
    """
    run(terminal, program)
    refused = terminal.run("runs", "plot", status=1)
    assert "has no column of numbers to draw in a terminal; a picture (-o FILE.png)" in refused.stderr
    assert terminal.run("runs", "plot", "-o", "w.png").stdout == "w.png\n"


def test_without_python_the_terminal_still_draws(curves):
    assert "▲" in curves.run("runs", "plot", WHEATSTONE_PYTHON="no-such-python").stdout
    refused = curves.run("runs", "plot", "-o", "i.png", status=1, WHEATSTONE_PYTHON="no-such-python")
    assert "Pictures" in refused.stderr and "WHEATSTONE_PYTHON" in refused.stderr

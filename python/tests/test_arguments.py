"""Arguments by name, found before anything moves."""

import functools

import pytest

from wheatstone.errors import ConfigurationError
from wheatstone.measurements.arguments import check_function, choose, name_of

PROVIDED = {"psu": 1, "dmm": 2, "voltage": 3, "ctx": 4}
GROUPS = {"instruments": ["psu", "dmm"], "parameters": ["voltage"], "names": ["ctx"]}


def chosen(function):
    return choose(function, "acquisition 'f'", PROVIDED, GROUPS)


def test_a_function_gets_the_names_that_it_asks_for():
    def f(dmm, voltage, *, ctx): ...

    assert chosen(f) == ["dmm", "voltage", "ctx"]
    assert chosen(lambda: {}) == []


def test_an_argument_with_a_default_that_nothing_provides_keeps_it():
    def f(psu, delay=0.5): ...

    assert chosen(f) == ["psu"]


def test_methods_partials_and_wrapped_functions_are_read_as_their_callers_see_them():
    class Rig:
        def measure(self, psu): ...

    def f(psu, gain, voltage): ...

    @functools.wraps(f)
    def wrapper(*args, **kwargs): ...

    wrapper.__wrapped__ = lambda psu, voltage: None
    assert chosen(Rig().measure) == ["psu"]
    assert chosen(functools.partial(f, gain=2)) == ["psu", "voltage"]
    assert chosen(wrapper) == ["psu", "voltage"]
    assert name_of(functools.partial(f, gain=2)) == "f"


def test_a_name_that_nothing_provides_is_refused_with_the_names_that_fit():
    with pytest.raises(ConfigurationError) as caught:
        chosen(lambda dnm: {})
    assert str(caught.value) == (
        "acquisition 'f' asks for 'dnm', which nothing provides; did you mean 'dmm'? "
        "(there are instruments 'psu', 'dmm'; parameters 'voltage'; names 'ctx')"
    )


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (lambda **rest: {}, r"takes \*\*rest"),
        (lambda *rest: {}, r"takes \*rest"),
        (eval("lambda psu, /: {}"), "by position only"),
    ],
)
def test_arguments_without_names_are_refused(function, reason):
    with pytest.raises(ConfigurationError, match=reason):
        chosen(function)


def test_what_is_no_plain_function_is_refused():
    async def later(): ...

    with pytest.raises(ConfigurationError, match="async"):
        check_function(later, "an acquisition")
    with pytest.raises(ConfigurationError, match="takes a function, not 5"):
        check_function(5, "a task")


def test_a_name_that_python_reads_as_another_one_is_told_apart():
    micro, mu = "\u00b5", "\u03bc"  # of keyboards, and what Python makes of it in a name
    function = eval(f"lambda {micro}: None")
    with pytest.raises(
        ConfigurationError, match=f"reads the argument '{micro}' as '{mu}'.* register it under that name"
    ):
        choose(function, "acquisition 'f'", {micro: 1}, {"parameters": [micro]})

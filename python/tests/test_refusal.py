"""Every function of every bound class refuses what it does not take, with one sentence of ours."""

import math
import re

import pytest

from wheatstone import AutoInstrument, Bench, MeasurementSession, Waveform, _native, linspace, load, step
from wheatstone.errors import ConfigurationError, Error
from wheatstone.refusal import _read

ANYTHING = object()

# By annotation: what none of its functions takes.
WRONG = {
    "float": ["abc", "1.5 V", ANYTHING, [1.0], math.nan, 1j],
    "int": ["abc", ANYTHING, [1], math.nan, 1.5, 2**70],
    "int | str": ["abc", ANYTHING, math.nan, 1.5, 99, 2**70],
    "bool": ["yes", ANYTHING, [], math.nan, 2],
    "str": [5, ANYTHING, [1], math.nan, b"VOLT?", "\ud800"],
    "str | enum.Enum": [5, ANYTHING, [1], math.nan, "no such word"],
    "float | str": ["no such word", ANYTHING, [1.0], math.nan],
    "object": [ANYTHING, math.nan, [ANYTHING], "no such word"],
    "dict": [5, ANYTHING, [1], "voltage", {"voltage": {"one": 1.0}}, {1: 2}],
}
# A call that would succeed with these.
RIGHT = {"float": 1.0, "int": 1, "int | str": 1, "bool": True, "str": "*IDN?", "float | str": 1.0}
RIGHT_BY_NAME = {
    "function": "voltage_dc",
    "mode": "CC",
    "coupling": "DC",
    "slope": "positive",
    "sweep": "normal",
    "type": "normal",
    "source": "CH1",
    "channel": 1,
    "bandwidth": 0,
    "attenuation": 10,
    "settings": {},
}


def parts(session):
    psu = session.instrument("psu", "keysight/EDU36311A", simulate=True)
    dmm = session.instrument("dmm", "keysight/34470A", simulate=True)
    scope = session.instrument("scope", "keysight/DSOX1204G", simulate=True)
    load = session.instrument("load", "keysight/EL33133A", simulate=True)
    return [
        psu,
        psu.channel(1),
        dmm,
        scope,
        scope.channel(1),
        scope.channels([1, 2]),
        scope.trigger,
        scope.acquisition,
        load,
    ]


def functions_of(part):
    for kind in type(part).__mro__:
        for name, function in vars(kind).items():
            if hasattr(function, "__nb_signature__") and not name.startswith("__"):
                yield name, _read(function.__nb_signature__[0][0])


def wrong_calls(signature):
    """Arguments by name, each time with one that is wrong, and the wrong one's name."""
    needed = {a.name: RIGHT_BY_NAME.get(a.name, RIGHT.get(a.taken)) for a in signature.arguments if a.needed}
    for argument in signature.arguments:
        optional = "None" in argument.taken.split(" | ")
        values = WRONG[argument.taken.removesuffix(" | None")]
        for value in values if optional else [None, *values]:
            yield argument.name, {**needed, argument.name: value}


def complaint_about(call, *args, **kwargs):
    """What is wrong with how a call was refused; None where nothing is."""
    try:
        returned = call(*args, **kwargs)
    except Error as error:
        sentence = str(error)
        if "\n" in sentence or "incompatible" in sentence or "std::" in sentence or len(sentence) < 15:
            return f"was refused with {sentence!r}"
        return None
    except BaseException as error:
        return f"raised {type(error).__name__}: {error}"
    return f"returned {returned!r}"


def test_every_argument_of_every_function_is_refused_where_it_is_of_the_wrong_kind():
    complaints, calls = [], 0
    with MeasurementSession() as session:
        for part in parts(session):
            for name, signature in functions_of(part):
                for wrong, arguments in wrong_calls(signature):
                    calls += 1
                    complaint = complaint_about(getattr(part, name), **arguments)
                    if complaint is not None:
                        complaints.append(f"{type(part).__name__}.{name}({wrong}={arguments[wrong]!r}) {complaint}")
    assert calls > 1000
    assert not complaints, "\n".join(complaints)


def test_every_function_refuses_names_and_numbers_of_arguments_that_it_does_not_have():
    complaints = []
    with MeasurementSession() as session:
        for part in parts(session):
            for name, signature in functions_of(part):
                call = getattr(part, name)
                tried = [complaint_about(call, no_such_argument=1)]
                if not signature.any_further:
                    tried.append(complaint_about(call, *range(12)))
                if any(argument.needed for argument in signature.arguments):
                    tried.append(complaint_about(call))
                complaints += [f"{type(part).__name__}.{name} {said}" for said in tried if said is not None]
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda psu, dmm: psu.channel(1).set(volt=1), "set() takes no 'volt'; did you mean 'voltage'?"),
        (lambda psu, dmm: psu.set(1, curent_limit=1), "set() takes no 'curent_limit'; did you mean 'current_limit'?"),
        (lambda psu, dmm: psu.channel(1).set(1, 2, 3), "set() takes at most 2, not 3 (voltage, current_limit)"),
        (lambda psu, dmm: psu.channel(1).set(1, voltage=2), "set() was given 'voltage' twice"),
        (lambda psu, dmm: psu.set_voltage(1), "set_voltage() needs 'voltage', a number; it takes channel, voltage"),
        (lambda psu, dmm: psu.set_voltage(1, None), "set_voltage() takes a number for 'voltage', not None"),
        (lambda psu, dmm: psu.output(1, "on"), "output() takes True or False for 'state', not 'on'"),
        (lambda psu, dmm: psu.channel(None), "channel() takes a whole number or text for 'number', not None"),
        (lambda psu, dmm: psu.reset(1), "reset() takes no arguments, not 1"),
        (lambda psu, dmm: psu.reset(hard=True), "reset() takes no 'hard'; it takes no arguments"),
        (lambda psu, dmm: psu.query(b"*IDN?"), "query() takes text for 'command', not b'*IDN?'"),
        (lambda psu, dmm: dmm.set_sample_count(2**70), "set_sample_count() cannot take count=1180591620717411303424"),
        (
            lambda psu, dmm: type(psu).channel(dmm, 1),
            "channel() is a method of a PowerSupply, not of a value of type Mu",
        ),
        (lambda psu, dmm: setattr(psu, "timeout", "long"), "'long' is no timeout; give a number"),
        (lambda psu, dmm: setattr(psu, "timeout", None), "None is no timeout; give a number"),
        (lambda psu, dmm: linspace("a", 1, 2), "linspace() takes a number for 'start', not 'a'"),
        (lambda psu, dmm: Waveform(0, 1, [1, 2], 5), "Waveform() takes text for 'unit', not 5"),
        (lambda psu, dmm: _native.Reading("a"), "Reading() takes a number for 'value', not 'a'"),
    ],
)
def test_a_refusal_names_the_argument_and_what_it_takes(call, sentence):
    with MeasurementSession() as session:
        psu, _, dmm, *_ = parts(session)
        with pytest.raises(ConfigurationError, match=re.escape(sentence)) as caught:
            call(psu, dmm)
    assert isinstance(caught.value, TypeError) and isinstance(caught.value, ValueError)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda s: s.parameter("a", [1], units="V"), "parameter() takes no 'units'; did you mean 'unit'?"),
        (lambda s: s.parameter(), "parameter() needs 'name'"),
        (lambda s: s.run(durations=1), "run() takes no 'durations'; did you mean 'duration'?"),
        (lambda s: s.run(1, 0.1, True, 5), "run() takes at most 3, not 4"),
        (lambda s: s.instrument("psu", "keysight/EDU36311A", simulated=True), "did you mean 'simulate'?"),
        (lambda s: s.instrument(), "instrument() needs 'alias', text"),
        (lambda s: s.task(lambda: None, evry=1), "task() takes no 'evry'; did you mean 'every'?"),
        (lambda s: s.acquire(lambda: {}, nam="m"), "acquire() takes no 'nam'; did you mean 'name'?"),
        (lambda s: MeasurementSession("a", benhc=None), "MeasurementSession() takes no 'benhc'; did you mean 'bench'?"),
        (lambda s: step.linear(0, 1), "linear() needs 'count', a whole number"),
        (lambda s: step.linear(0, 1, 3, endpiont=False), "did you mean 'endpoint'?"),
        (lambda s: Bench.open("bench.yaml", simulated=True), "open() takes no 'simulated'; did you mean 'simulate'?"),
        (lambda s: load(stoer="runs"), "load() takes no 'stoer'; did you mean 'store'?"),
        (lambda s: AutoInstrument.from_config(), "from_config() needs 'config_source'"),
    ],
)
def test_methods_of_the_package_refuse_like_those_of_its_native_part(call, sentence):
    with MeasurementSession() as session, pytest.raises(ConfigurationError, match=re.escape(sentence)):
        call(session)


def test_a_type_error_from_within_a_call_is_left_as_it_is():
    with MeasurementSession() as session, pytest.raises(TypeError, match="unsupported operand") as caught:
        session.parameter("a", lambda: [1 + "1"])
    assert not isinstance(caught.value, Error)


def test_every_bound_class_is_called_with_wrong_arguments_or_known_to_be_behind_the_package():
    behind = {"Acquisition", "Bench", "Call", "DependentValues", "Derivation", "Experiment", "InstrumentLock"}
    behind |= {
        "Observer",
        "PreparedProcedure",
        "Procedure",
        "RemoteRun",
        "ScopeRecord",
        "Session",
        "Store",
        "StreamedValues",
        "TableWriter",
        "Task",
    }
    with MeasurementSession() as session:
        called = {kind.__name__ for part in parts(session) for kind in type(part).__mro__}
    bound = {
        name
        for name, kind in vars(_native).items()
        if isinstance(kind, type) and any(hasattr(f, "__nb_signature__") for n, f in vars(kind).items() if n[0] != "_")
        if any(type(f).__name__ == "nb_method" for n, f in vars(kind).items() if n[0] != "_")
    }
    assert bound - called - behind == {"StopEvent"}


def test_a_stop_event_waits_for_numbers_of_seconds():
    complaints = []
    with MeasurementSession() as session:
        session.parameter("a", [1])
        session.acquire(lambda a: {}, name="measure")
        session.task(lambda stop_event: complaints.append(complaint_about(stop_event.wait, "long")), name="watch")
        session.run()
    assert complaints == [None]


def test_what_an_object_itself_raises_on_the_way_to_a_number_is_left_as_it_is():
    class Broken:
        def __float__(self):
            raise ArithmeticError("the sensor is broken")

    with MeasurementSession() as session:
        psu = parts(session)[0]
        with pytest.raises(ArithmeticError, match="the sensor is broken"):
            psu.set_voltage(1, Broken())


def test_ints_and_other_numbers_are_taken_as_before():
    import decimal
    import fractions

    import numpy as np

    with MeasurementSession() as session:
        channel = parts(session)[1]
        for value in (1, True, np.float32(1), np.int64(1), np.array(1.0), decimal.Decimal(1), fractions.Fraction(1)):
            assert channel.set_voltage(value).voltage_setpoint() == 1.0
        assert session.instrument("psu").wait_for_operation_complete(1) is None
        assert session.instrument("psu").channel(np.int64(1)).number == 1


def test_every_function_of_the_module_has_its_last_overload():
    bare = [
        f"{owner.__name__}.{name}"
        for owner in [_native, *(kind for kind in vars(_native).values() if isinstance(kind, type))]
        for name, function in vars(owner).items()
        if type(function).__name__ in ("nb_func", "nb_method") and (not name.startswith("__") or name == "__init__")
        if len(function.__nb_signature__) != 2
    ]
    assert bare == []

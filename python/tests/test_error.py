"""The hierarchy of errors and their built-in bases."""

import builtins
import pickle

import pytest

from wheatstone import _native, errors

BASES = {
    errors.ConfigurationError: (ValueError,),
    errors.InstrumentNotFoundError: (errors.ConfigurationError, AttributeError, KeyError),
    errors.ConnectionError: (builtins.ConnectionError, OSError),
    errors.TimeoutError: (builtins.TimeoutError, OSError),
    errors.CommunicationError: (OSError,),
    errors.InstrumentError: (RuntimeError,),
    errors.LimitError: (ValueError,),
    errors.DataError: (ValueError, TypeError),
    errors.StorageError: (OSError,),
    errors.MeasurementError: (RuntimeError,),
    errors.ReplayMismatchError: (RuntimeError,),
    errors.Interrupted: (Exception,),
}


@pytest.mark.parametrize("error", BASES, ids=lambda error: error.__name__)
def test_each_error_is_an_error_of_ours_and_of_pythons(error):
    assert issubclass(error, errors.Error)
    for base in BASES[error]:
        assert issubclass(error, base)


@pytest.mark.parametrize("error", BASES, ids=lambda error: error.__name__)
def test_each_error_says_its_sentence_and_nothing_else(error):
    raised = error("psu: no such channel")
    assert str(raised) == "psu: no such channel"
    assert (raised.alias, raised.command, raised.answer) == ("", "", "")
    assert str(pickle.loads(pickle.dumps(raised))) == "psu: no such channel"


def test_names_of_the_seeds_system_are_aliases():
    assert errors.SafetyLimitError is errors.LimitError
    assert errors.InstrumentConnectionError is errors.ConnectionError
    assert errors.DatabaseError is errors.StorageError
    assert errors.ParseError is errors.CommunicationError and issubclass(errors.ParseError, errors.SCPIEngineError)
    assert issubclass(errors.ValidationError, (errors.SCPIEngineError, ValueError))
    assert issubclass(errors.SCPIError, (errors.SimulationError, RuntimeError))
    for error in (errors.TimeoutError, errors.CommunicationError, errors.InstrumentError):
        assert issubclass(error, errors.InstrumentCommunicationError)
    for name in errors.__all__:
        assert issubclass(getattr(errors, name), errors.Error)


def test_an_error_of_the_library_arrives_as_its_python_class():
    with pytest.raises(errors.DataError) as caught:
        _native.Value(2**70)
    assert caught.type is errors.DataError
    assert isinstance(caught.value, ValueError)

"""One measurement as a run keeps it: its values as a table, what is known about them in run.json.

Nothing is pickled: numbers, arrays and frames are columns and cells like those of any run, which every reader of Arrow
opens. What kind of thing the values were is said in words, and they come back as that.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from wheatstone import _native
from wheatstone.errors import DataError, StorageError
from wheatstone.experiments import pandas_frames, tables
from wheatstone.experiments.tables import KeptColumn
from wheatstone.quantity import Quantity
from wheatstone.results import ChannelReadingResult, FFTResult, MeasurementResult, Reading, _reading

_CLASSES: dict[str, type[MeasurementResult]] = {
    "MeasurementResult": MeasurementResult,
    "ChannelReadingResult": ChannelReadingResult,
    "FFTResult": FFTResult,
}
_DESCRIBED = ("values", "instrument", "units", "measurement_type", "timestamp", "sampling_rate", "envelope")


class Parts(NamedTuple):
    """Values as columns, and the word for what they were."""

    form: str
    columns: list[KeptColumn]
    more: dict[str, Any] = {}


# In


def as_result(measurement: Any) -> MeasurementResult:
    """A measurement, or bare values as one."""
    if isinstance(measurement, MeasurementResult):
        return measurement
    return MeasurementResult(measurement, units=str(getattr(measurement, "unit", "")))


def described(result: MeasurementResult) -> dict[str, Any]:
    """What is known about the values, as JSON keeps it."""
    about: dict[str, Any] = {
        "class": "Reading" if isinstance(result, Reading) else _class_of(result),
        "instrument": str(result.instrument),
        "units": str(result.units),
        "measurement_type": str(result.measurement_type),
        "timestamp": float(result.timestamp),
        "sampling_rate": None if result.sampling_rate is None else float(result.sampling_rate),
        "envelope": _as_json("envelope", result.envelope),
    }
    if isinstance(result, Reading):
        native = result.native
        about["reading"] = {"at_ns": native.at_ns, "status": native.status, "text": native.text}
        return about
    attributes = {name: value for name, value in vars(result).items() if name not in _DESCRIBED and name[:1] != "_"}
    attributes.pop("record", None)  # of a scope: what its values were made from
    about["attributes"] = {name: _as_json(name, value) for name, value in attributes.items()}
    return about


def parts_of(values: Any, unit: str) -> Parts:
    """Values as columns. Raises DataError for what cannot be kept without loss."""
    import numpy as np

    if pandas_frames.is_pandas(values):
        frame, more = pandas_frames.polars_of(values)
        return Parts("pandas", tables.columns_of(frame), {**more, "schema": tables.schema_of(frame)})
    if _is_polars(values):
        return Parts("frame", tables.columns_of(values), {"schema": tables.schema_of(values)})
    if tables.is_uncertain(values):
        form = "quantity" if isinstance(values, Quantity) else "ufloat"
        return Parts(form, _uncertain_columns([values], unit), {"unit": str(getattr(values, "unit", ""))})
    if isinstance(values, (np.ndarray, np.generic)):
        return _parts_of_array(values, unit)
    if isinstance(values, (list, tuple)):
        return _parts_of_list(values, unit)
    return Parts("scalar", [KeptColumn("value", "", [values], unit=unit, role="result")])


def _class_of(result: MeasurementResult) -> str:
    name = type(result).__name__
    return name if _CLASSES.get(name) is type(result) else "MeasurementResult"


def _as_json(name: str, value: Any) -> Any:
    import json

    try:
        return json.loads(json.dumps(value))
    except (TypeError, ValueError) as error:
        raise DataError(
            f"the attribute {name!r} of a measurement is a {type(value).__name__}, which its description cannot keep; "
            "store it as a measurement of its own, or take it out"
        ) from error


def _is_polars(values: Any) -> bool:
    return type(values).__module__.partition(".")[0] == "polars" and hasattr(values, "get_column")


def _uncertain_columns(values: list[Any], unit: str) -> list[KeptColumn]:
    columns, own = tables.taken_apart("value", values)
    kept = [KeptColumn("value", "float64", columns["value"], unit=own or unit, role="result")]
    sigmas = columns.get("value_uncertainty", [None] * len(values))
    return [*kept, KeptColumn("value_uncertainty", "float64", sigmas, unit=own or unit, role="uncertainty")]


def _array_columns(nominal: Any, sigma: Any, unit: str) -> list[KeptColumn]:
    columns = [KeptColumn("value", "", [nominal], unit=unit, role="result")]
    if sigma is not None:
        columns.append(KeptColumn("value_uncertainty", "", [sigma], unit=unit, role="uncertainty"))
    return columns


def _parts_of_array(values: Any, unit: str) -> Parts:
    import numpy as np

    array = np.asarray(values)
    more = {"shape": list(array.shape), "dtype": array.dtype.str, "is_scalar": isinstance(values, np.generic)}
    if array.dtype.kind == "O" and array.size and all(tables.is_uncertain(item) for item in array.flat):
        parts = [tables.number_unit_sigma(item) for item in array.flat]
        nominal = np.array([number for number, _, _ in parts]).reshape(array.shape)
        sigma = np.array([deviation for _, _, deviation in parts]).reshape(array.shape)
        return Parts("uncertain_array", _array_columns(nominal, sigma, unit), more)
    if array.dtype.kind in "OV":
        raise DataError(
            f"an array of {array.dtype} has no column type that keeps it whole; make it one of numbers or text"
        )
    flat = array.astype(array.dtype.newbyteorder("=")).reshape(-1)
    cell = flat if array.dtype.kind != "f" or array.dtype.itemsize in (4, 8) else _widened(flat)
    return Parts("array", _array_columns(cell.reshape(array.shape or (1,)), None, unit), more)


def _widened(flat: Any) -> Any:
    import numpy as np

    wide = flat.astype(np.float64)
    if flat.dtype.itemsize > 8 and not np.array_equal(wide.astype(flat.dtype), flat, equal_nan=True):
        raise DataError(f"an array of {flat.dtype} holds more digits than float64 has; round it with .astype(float)")
    return wide


def _parts_of_list(values: list[Any] | tuple[Any, ...], unit: str) -> Parts:
    import numpy as np

    more = {"is_tuple": isinstance(values, tuple)}
    if values and all(tables.is_uncertain(item) for item in values):
        numbers = [tables.number_unit_sigma(item) for item in values]
        nominal = np.array([number for number, _, _ in numbers])
        sigma = np.array([deviation for _, _, deviation in numbers])
        return Parts("uncertain_list", _array_columns(nominal, sigma, unit), more)
    return Parts("list", [KeptColumn("value", "", [list(values)], unit=unit, role="result")], more)


# Out


def result_of(stored: _native.Experiment, about: Mapping[str, Any]) -> MeasurementResult:
    """A measurement as it was stored."""
    form = _FORMS.get(about["form"])
    if form is None:
        raise StorageError(
            f"the measurement in {stored.folder} is kept as {about['form']!r}, which this version does not know; "
            "a later version of wheatstone wrote it"
        )
    if about["class"] == "Reading":
        return _reading_of(stored, about)
    values = form(stored, about)
    kind = _CLASSES.get(about["class"], MeasurementResult)
    result = kind.__new__(kind)
    result.values = values
    for name in ("instrument", "units", "measurement_type", "timestamp", "sampling_rate", "envelope"):
        setattr(result, name, about[name])
    for name, value in about.get("attributes", {}).items():
        setattr(result, name, value)
    return result


def _reading_of(stored: _native.Experiment, about: Mapping[str, Any]) -> Reading:
    kept = about["reading"]
    value, sigma = _numbers(stored)
    known = (value, about["units"], sigma, about["instrument"], about["measurement_type"])
    return _reading(*known, kept["at_ns"], kept["status"], kept["text"])


def _numbers(stored: _native.Experiment) -> tuple[float, float]:
    value: Any = stored.at(0, "value")
    sigma: Any = stored.at(0, "value_uncertainty")
    return float(value), math.nan if sigma is None else float(sigma)


def _ufloat(nominal: float, sigma: float) -> Any:
    try:
        from uncertainties import ufloat
    except ImportError:
        return Quantity(nominal, "", sigma)
    return ufloat(nominal, 0.0 if math.isnan(sigma) else sigma)


def _scalar(stored: _native.Experiment, about: Mapping[str, Any]) -> Any:
    value: Any = stored.at(0, "value")
    return float(value) if isinstance(value, float) else value


def _quantity(stored: _native.Experiment, about: Mapping[str, Any]) -> Any:
    value, sigma = _numbers(stored)
    return Quantity(value, about["unit"], sigma)


def _uncertain(stored: _native.Experiment, about: Mapping[str, Any]) -> Any:
    return _ufloat(*_numbers(stored))


def _array(stored: _native.Experiment, about: Mapping[str, Any]) -> Any:
    import numpy as np

    array = np.array(stored.at(0, "value")).astype(np.dtype(about["dtype"])).reshape(about["shape"])
    return array[()] if about["is_scalar"] else array


def _uncertain_items(stored: _native.Experiment) -> list[Any]:
    import numpy as np

    nominal, sigma = (np.asarray(stored.at(0, name)).reshape(-1) for name in ("value", "value_uncertainty"))
    return [_ufloat(float(value), float(deviation)) for value, deviation in zip(nominal, sigma, strict=True)]


def _uncertain_array(stored: _native.Experiment, about: Mapping[str, Any]) -> Any:
    import numpy as np

    items = np.empty(math.prod(about["shape"]), dtype=object)
    items[:] = _uncertain_items(stored)
    return items.reshape(about["shape"])


def _uncertain_list(stored: _native.Experiment, about: Mapping[str, Any]) -> Any:
    items = _uncertain_items(stored)
    return tuple(items) if about["is_tuple"] else items


def _list(stored: _native.Experiment, about: Mapping[str, Any]) -> Any:
    import numpy as np

    items = np.asarray(stored.at(0, "value")).tolist()
    return tuple(items) if about["is_tuple"] else items


def _frame(stored: _native.Experiment, about: Mapping[str, Any]) -> Any:
    return tables.frame_of(stored, about["schema"])


def _pandas(stored: _native.Experiment, about: Mapping[str, Any]) -> Any:
    return pandas_frames.pandas_of(tables.frame_of(stored, about["schema"]), dict(about))


_FORMS: dict[str, Callable[[_native.Experiment, Mapping[str, Any]], Any]] = {
    "scalar": _scalar,
    "quantity": _quantity,
    "ufloat": _uncertain,
    "array": _array,
    "uncertain_array": _uncertain_array,
    "list": _list,
    "uncertain_list": _uncertain_list,
    "frame": _frame,
    "pandas": _pandas,
}

__all__ = ["Parts", "as_result", "described", "parts_of", "result_of"]

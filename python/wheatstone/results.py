"""What a measurement gives: values with their unit, and where and when they were taken."""

from __future__ import annotations

import math
import numbers
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from wheatstone import _native
from wheatstone.errors import DataError
from wheatstone.quantity import Quantity

if TYPE_CHECKING:
    import os


def _is_frame(values: Any) -> bool:
    return hasattr(values, "columns") and hasattr(values, "shape")


def _holds_objects(values: Any) -> bool:
    return getattr(getattr(values, "dtype", None), "kind", "") == "O"


def _is_scalar(values: Any) -> bool:
    return not hasattr(values, "__len__") or isinstance(values, (str, bytes))


class MeasurementResult:
    """Values with unit, instrument, kind of measurement and time.

    ``values`` is a number (a :class:`~wheatstone.quantity.Quantity` where the uncertainty is known), a NumPy array, a
    list, or a DataFrame. ``timestamp`` is in seconds since 1970. Further keywords become attributes.
    """

    def __init__(
        self,
        values: Any,
        instrument: str = "",
        units: str = "",
        measurement_type: str = "",
        timestamp: float | None = None,
        envelope: dict[str, Any] | None = None,
        sampling_rate: float | None = None,
        **attributes: Any,
    ) -> None:
        self.values = values
        self.instrument = instrument
        self.units = units
        self.measurement_type = measurement_type
        self.timestamp = time.time() if timestamp is None else timestamp
        self.envelope = {} if envelope is None else envelope
        self.sampling_rate = sampling_rate
        for name, value in attributes.items():
            setattr(self, name, value)

    values: Any
    instrument: str
    units: str
    measurement_type: str
    timestamp: float
    envelope: dict[str, Any]
    sampling_rate: float | None

    @property
    def nominal(self) -> Any:
        """The values without their uncertainty."""
        values = self.values
        if hasattr(values, "nominal_value"):
            return values.nominal_value
        if isinstance(values, (list, tuple)) or _holds_objects(values):
            import numpy as np

            return np.array([getattr(item, "nominal_value", item) for item in values])
        return values

    @property
    def sigma(self) -> Any:
        """Standard uncertainty of the values; None where there is none."""
        values = self.values
        if hasattr(values, "std_dev") and not _is_frame(values) and not hasattr(values, "dtype"):
            return None if math.isnan(values.std_dev) else values.std_dev
        if isinstance(values, (list, tuple)) or _holds_objects(values):
            if any(hasattr(item, "std_dev") for item in values):
                import numpy as np

                return np.array([getattr(item, "std_dev", 0.0) for item in values])
        return None

    def to_dict(self) -> dict[str, Any]:
        """Values and what is known about them."""
        return {
            "values": self.values,
            "instrument": self.instrument,
            "units": self.units,
            "measurement_type": self.measurement_type,
            "timestamp": self.timestamp,
            "sampling_rate": self.sampling_rate,
        }

    def keys(self) -> list[str]:
        """The keys of :meth:`to_dict`, which also work as an index."""
        return list(self.to_dict())

    def items(self) -> list[tuple[str, Any]]:
        return list(self.to_dict().items())

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, str):
            described = self.to_dict()
            if key in described:
                return described[key]
            if _is_frame(self.values):
                return self.values[key]
            raise KeyError(key)
        if _is_scalar(self.values):
            return [self.values][key]
        return self.values[key]

    def __iter__(self) -> Iterator[Any]:
        return iter([self.values] if _is_scalar(self.values) else self.values)

    def __len__(self) -> int:
        return 1 if _is_scalar(self.values) else len(self.values)

    def __bool__(self) -> bool:
        return True

    def __float__(self) -> float:
        return float(self.values)

    def __delitem__(self, index: Any) -> None:
        if isinstance(self.values, list):
            del self.values[index]
        elif hasattr(self.values, "dtype"):
            import numpy as np

            self.values = np.delete(self.values, index)
        else:
            raise TypeError(f"items of {type(self.values).__name__} values cannot be deleted")

    def get(self, index: Any) -> Any:
        """The value at an index."""
        return self[index]

    def get_all(self) -> Any:
        """All values."""
        return self.values

    def set_values(self, values: Any) -> None:
        """Replaces the values."""
        self.values = values

    def add(self, value: Any) -> None:
        """Appends a value."""
        if isinstance(self.values, list):
            self.values.append(value)
            return
        import numpy as np

        self.values = np.append(np.atleast_1d(self.values), value)

    def clear(self) -> None:
        """Forgets the values."""
        self.values = []

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes a DataFrame as Parquet, anything else as a NumPy file; the suffix is added where it is missing."""
        name = str(path)
        if _is_frame(self.values):
            self.values.write_parquet(name if name.endswith(".parquet") else name + ".parquet")
            return
        import numpy as np

        values = self.values
        if hasattr(values, "nominal_value") and self.sigma is not None:
            values = [values.nominal_value, values.std_dev]
        np.save(name if name.endswith(".npy") else name + ".npy", np.asarray(values), allow_pickle=False)

    def perform_fft(self) -> MeasurementResult:
        """Amplitude spectrum of a sampled signal: frequency in hertz, unscaled magnitude of the real transform."""
        import numpy as np
        import polars as pl

        samples, rate = self._samples()
        magnitude = np.abs(np.fft.rfft(samples))
        frequency = np.fft.rfftfreq(len(samples), 1.0 / rate)
        return MeasurementResult(
            pl.DataFrame({"frequency": frequency, "magnitude": magnitude}),
            self.instrument,
            self.units,
            "FFT",
            timestamp=self.timestamp,
            sampling_rate=rate,
        )

    def _samples(self) -> tuple[Any, float]:
        import numpy as np

        values, rate = self.values, self.sampling_rate
        if _is_frame(values):
            signals = [name for name in values.columns if name != "Time (s)"]
            if len(signals) != 1:
                raise DataError(
                    f"perform_fft needs one signal, not {len(signals)}; read one channel, "
                    f"or keep one of {', '.join(map(repr, signals))} beside the time"
                )
            samples = values[signals[0]].to_numpy()
            if "Time (s)" in values.columns and len(values) > 1:
                times = values["Time (s)"]
                rate = (len(times) - 1) / float(times[-1] - times[0])
        else:
            samples = np.asarray(values, dtype=float)
        if samples.ndim != 1 or len(samples) < 2:
            raise DataError("perform_fft needs a sampled signal of at least two values")
        if not rate:
            raise DataError("perform_fft needs the sampling rate: give sampling_rate= in samples a second")
        return samples, float(rate)

    def plot(self, **options: Any) -> Any:
        """Draws the values with Matplotlib and returns the axes."""
        from wheatstone import plotting

        return plotting.plot_result(self, **options)

    def head(self, count: int = 5) -> Any:
        """The first rows of a DataFrame."""
        return self.values.head(count)

    @property
    def columns(self) -> list[str]:
        return list(self.values.columns)

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(getattr(self.values, "shape", ()))

    def __str__(self) -> str:
        values = self.values
        if _is_frame(values):
            return str(values)
        if _is_scalar(values):
            sigma = self.sigma
            uncertainty = "" if sigma is None else f" ± {sigma:.2g}"
            return f"{values!s}{uncertainty} {self.units}".rstrip()
        return "\n".join(f"{value} {self.units}".rstrip() for value in values)

    def __repr__(self) -> str:
        what = self.measurement_type or "values"
        if _is_scalar(self.values) or _is_frame(self.values):
            return f"{type(self).__name__}({what}: {self})"
        unit = f" in {self.units}" if self.units else ""
        return f"{type(self).__name__}({what}: {len(self.values)}{unit})"


class Reading(MeasurementResult):
    """One number as an instrument gave it. ``values`` is a Quantity; ``text`` the answer as it came."""

    __slots__ = ("native",)

    def __init__(self, native: _native.Reading) -> None:
        self.native = native

    values = property(lambda self: self.native.number)
    units = property(lambda self: self.native.unit)
    instrument = property(lambda self: self.native.instrument)
    measurement_type = property(lambda self: self.native.quantity)
    timestamp = property(lambda self: self.native.at_ns * 1e-9)
    sampling_rate = None
    envelope = property(lambda self: {})

    @property
    def value(self) -> Quantity:
        """The number, with its unit and standard uncertainty."""
        return self.native.number

    @property
    def unit(self) -> str:
        return self.native.unit

    @property
    def uncertainty(self) -> float:
        """Standard uncertainty (k = 1); NaN where the profile gives none."""
        return self.native.uncertainty

    @property
    def status(self) -> str:
        """One of "ok", "overload", "overload low" or "not a number"."""
        return self.native.status

    @property
    def text(self) -> str:
        """The answer as it came."""
        return self.native.text

    # A reading is a number where one is asked for: its arithmetic gives floats.

    def __format__(self, spec: str) -> str:
        return format(self.native.value, spec) if spec else str(self)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        import numpy as np

        return np.asarray(self.native.value, dtype=dtype)

    def __hash__(self) -> int:
        return hash(self.native.value)

    def __reduce__(self) -> Any:
        native = self.native
        arguments = (native.value, native.unit, native.uncertainty, native.instrument, native.quantity)
        return _reading, (*arguments, native.at_ns, native.status, native.text)


def _reading(*arguments: Any) -> Reading:
    return Reading(_native.Reading(*arguments))


def _delegate(name: str) -> Any:
    operation = getattr(float, name)

    def operate(self: Reading, *others: Any) -> Any:
        numbers = [other.native.value if isinstance(other, Reading) else other for other in others]
        result = operation(self.native.value, *numbers)
        if result is NotImplemented and others and isinstance(others[0], int):
            return operation(self.native.value, float(others[0]))
        return result

    operate.__name__ = name
    return operate


for _name in (
    *("abs neg pos round trunc int").split(),
    *("add sub mul truediv floordiv mod pow radd rsub rmul rtruediv rfloordiv rmod rpow").split(),
    *("lt le gt ge eq ne").split(),
):
    setattr(Reading, f"__{_name}__", _delegate(f"__{_name}__"))

# Whoever asks whether it is a number (pytest.approx does) is told so.
numbers.Real.register(Reading)


class ChannelReadingResult(MeasurementResult):
    """Sampled signals of an oscilloscope: a DataFrame of "Time (s)" and "Channel n (V)", made on first use."""

    @classmethod
    def _of(cls, record: _native.ScopeRecord) -> ChannelReadingResult:
        self = cls.__new__(cls)
        self.record = record
        self._frame = None
        self.instrument = record.instrument
        self.units = "V"
        self.measurement_type = "ChannelVoltageTime"
        self.timestamp = record.at_ns * 1e-9
        self.sampling_rate = record.sampling_rate
        self.envelope = {}
        return self

    record: _native.ScopeRecord
    _frame: Any

    @property
    def values(self) -> Any:
        if self._frame is None:
            self._frame = self.record.to_frame()
        return self._frame

    @values.setter
    def values(self, values: Any) -> None:
        self._frame = values


class FFTResult(MeasurementResult):
    """A spectrum."""


__all__ = ["ChannelReadingResult", "FFTResult", "MeasurementResult", "Reading"]

"""NetCDF-4 through xarray and h5netcdf."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wheatstone.errors import DataError
from wheatstone.experiments.dataset import dataset_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import xarray

    from wheatstone.experiments import Experiment

_EPOCH = "nanoseconds since 1970-01-01"


def write_netcdf(experiment: Experiment, path: Path, columns: Sequence[str] | None) -> None:
    """The Dataset of ``experiment.to_xarray()``. What NetCDF has no type for is written as docs/how-to/export.md says:
    complex numbers as two variables, missing texts as empty ones, bytes as hexadecimal digits."""
    dataset = _plain(dataset_of(experiment, columns))
    try:
        import h5netcdf  # noqa: F401
    except ImportError as error:
        raise ImportError(
            "NetCDF files need h5netcdf, which is not installed: pip install 'wheatstone[netcdf]', or pip install "
            "h5netcdf"
        ) from error
    encoding = {name: _encoding(variable) for name, variable in dataset.variables.items()}
    # HDF5 ends the process where a file cannot be closed because its medium is full, so that it never sees the medium.
    path.write_bytes(dataset.to_netcdf(engine="h5netcdf", encoding=encoding))


def _encoding(variable: Any) -> dict[str, Any]:
    kind = variable.dtype.kind
    if kind == "M":
        return {"units": _EPOCH, "calendar": "proleptic_gregorian", "dtype": "int64"}
    if kind == "m":
        return {"units": "nanoseconds", "dtype": "int64"}
    # Shuffled and lightly compressed, as NetCDF-4 programs read anywhere; a single number needs none of it.
    return {"zlib": True, "shuffle": True, "complevel": 1} if kind in "iuf" and variable.size > 1000 else {}


def _plain(dataset: xarray.Dataset) -> xarray.Dataset:
    """Variables of types and names that NetCDF has."""
    import xarray as xr

    data: dict[str, Any] = {}
    coordinates: dict[str, Any] = {}
    named = {str(name): _name(str(name)) for name in (*dataset.variables, *dataset.dims)}
    taken: dict[str, str] = {}
    for name in dataset.variables:
        variable = dataset.variables[name]
        into = coordinates if name in dataset.coords else data
        dims = tuple(named[str(dim)] for dim in variable.dims)
        for written, values, attributes in _parts(named[str(name)], str(name), variable):
            if written in taken:
                raise DataError(
                    f"{name!r} and {taken[written]!r} would both be {written!r} in a NetCDF file; export one at a time"
                )
            taken[written] = str(name)
            into[written] = (dims, values, attributes)
    return xr.Dataset(data, coordinates, dataset.attrs)


def _name(name: str) -> str:
    """A slash divides groups in NetCDF ("The NetCDF Users' Guide", names)."""
    return name.replace("/", "_").strip() or "_"


def _parts(written: str, name: str, variable: Any) -> list[tuple[str, Any, dict[str, Any]]]:
    import numpy as np

    values, attributes = variable.values, dict(variable.attrs)
    if written != name:
        attributes.setdefault("long_name", name)
    if values.dtype.kind == "c":
        about = attributes.pop("long_name", name)
        return [
            (f"{written}_re", values.real, {**attributes, "long_name": f"real part of {about}"}),
            (f"{written}_im", values.imag, {**attributes, "long_name": f"imaginary part of {about}"}),
        ]
    if values.dtype.kind == "O":
        texts = np.empty(values.size, object)
        texts[:] = [_text(cell) for cell in values.flat]
        texts = texts.reshape(values.shape)
        return [(written, texts, attributes)]
    return [(written, values, attributes)]


def _text(cell: Any) -> str:
    if cell is None or cell != cell:  # xarray has NaN for a missing text
        return ""
    return cell.hex() if isinstance(cell, bytes) else str(cell)


__all__ = ["write_netcdf"]

"""An experiment as an xarray Dataset, by its conventions and those of CF."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wheatstone.experiments.cells import Variable, variables_of, with_missing
from wheatstone.experiments.described import Described, described_columns
from wheatstone.experiments.layout import Layout, layout_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray

    from wheatstone.experiments.experiment import Experiment


def dataset_of(experiment: Experiment, columns: Sequence[str] | None = None) -> xarray.Dataset:
    """Coordinates are the parameters and ``timestamp``, whichever columns are chosen; variables the results."""
    try:
        import xarray as xr
    except ImportError as error:
        raise ImportError(
            "xarray is not installed, which this needs: pip install 'wheatstone[netcdf]', or pip install xarray"
        ) from error
    layout = layout_of(experiment)
    described = described_columns(experiment, columns)
    if columns is not None:
        always = [each for each in described_columns(experiment) if each.role in ("parameter", "timestamp")]
        described = [each for each in always if each not in described] + described
    names = {each.name for each in described}
    data: dict[str, Any] = {}
    coordinates: dict[str, Any] = {}
    for column in described:
        if column.name in layout.axes:
            coordinates[column.name] = ((column.name,), layout.axes[column.name], _attributes(column, names))
            continue
        for variable in variables_of(column, experiment.data[column.name], _sample(experiment, column)):
            placed = _placed(variable, layout, _attributes(column, names) if variable.name == column.name else {})
            is_coordinate = column.role in ("parameter", "timestamp") or variable.is_axis or variable.is_coordinate
            (coordinates if is_coordinate else data)[variable.name] = placed
    for name in layout.dims:
        if name in layout.axes and name not in coordinates:
            coordinates[name] = ((name,), layout.axes[name], {"long_name": "repetition of the point"})
    return xr.Dataset(data, coordinates, _attributes_of_run(experiment))


def _placed(variable: Variable, layout: Layout, attributes: dict[str, Any]) -> Any:
    attributes = {**variable.attributes, **attributes}
    if variable.is_axis:
        return variable.inner, variable.values, attributes
    return (*layout.dims, *variable.inner), layout.arrange(variable.values, with_missing), attributes


def _attributes(column: Described, names: set[str]) -> dict[str, Any]:
    """CF 1.11, sections 3.1 (units), 3.2 (long_name) and 3.4 (ancillary_variables)."""
    attributes = {}
    if column.unit:
        attributes["units"] = column.unit
    if column.notes:
        attributes["long_name"] = column.notes
    if f"{column.name}_uncertainty" in names:
        attributes["ancillary_variables"] = f"{column.name}_uncertainty"
    if column.role == "uncertainty":
        attributes.setdefault("long_name", f"standard uncertainty of {column.name.removesuffix('_uncertainty')}")
    if column.role == "timestamp":
        attributes.setdefault("long_name", "start of the point, UTC")
    return attributes


def _attributes_of_run(experiment: Experiment) -> dict[str, Any]:
    """CF 1.11, section 2.6.2, and the Attribute Convention for Data Discovery 1.3; run.json whole."""
    attributes = {"Conventions": "CF-1.11", "title": experiment.name}
    if experiment.description:
        attributes["summary"] = experiment.description
    if experiment.notes:
        attributes["comment"] = experiment.notes
    if experiment._stored is not None:
        metadata = experiment.metadata
        attributes["id"] = experiment.id
        attributes["date_created"] = metadata.get("started", "")
        attributes["source"] = f"wheatstone {metadata.get('versions', {}).get('wheatstone', '')}".rstrip()
        attributes["wheatstone_state"] = experiment.state
        attributes["wheatstone_run"] = experiment._stored.metadata
    return attributes


def _sample(experiment: Experiment, column: Described) -> Any:
    """The first array of a column as the run keeps it, which tells what its elements are."""
    stored = experiment._stored
    if column.kind != "array" or stored is None or column.name not in stored_names(experiment):
        return None
    there = experiment.data[column.name].is_not_null().arg_true()
    return stored.at(int(there[0]), column.name) if len(there) and int(there[0]) < len(stored) else None


def stored_names(experiment: Experiment) -> set[str]:
    return {column.name for column in experiment._stored.columns} if experiment._stored is not None else set()


__all__ = ["dataset_of"]

"""Cells with parts as JSON, as the library writes them to CSV and JSON lines."""

from __future__ import annotations

import json
import math
from typing import Any


def json_text(cell: Any) -> str:
    """An array nested as its shape, a waveform as {"t0", "dt", "samples"}, a table as an object of its columns;
    "Infinity", "-Infinity" and "NaN" for what JSON has no number for, [re, im] for a complex element, null for the
    instant that is none."""
    return json.dumps(_plain(cell), ensure_ascii=False, separators=(",", ":"))


def _plain(cell: Any) -> Any:
    if cell is None or isinstance(cell, (bool, int, str)):
        return cell
    if isinstance(cell, float):
        return cell if math.isfinite(cell) else "NaN" if math.isnan(cell) else "Infinity" if cell > 0 else "-Infinity"
    if isinstance(cell, complex):
        return [_plain(cell.real), _plain(cell.imag)]
    if isinstance(cell, bytes):
        return cell.hex()
    if isinstance(cell, dict):
        return {str(name): _plain(part) for name, part in cell.items()}
    if isinstance(cell, (list, tuple)):
        return [_plain(part) for part in cell]
    if hasattr(cell, "samples"):
        return {"t0": _plain(cell.t0), "dt": _plain(cell.dt), "samples": _plain(cell.samples)}
    if hasattr(cell, "columns"):
        return {str(name): _plain(cell[name].to_numpy()) for name in cell.columns}
    if hasattr(cell, "dtype"):
        return _plain_array(cell)
    return str(cell)


def _plain_array(array: Any) -> Any:
    import numpy as np

    if array.dtype.kind not in "mM":
        return _plain(array.tolist())
    missing = np.isnat(array)
    if array.dtype.kind == "M":
        texts = np.char.add(np.datetime_as_string(array.astype("datetime64[ns]")), "Z").astype(object)
    else:
        texts = array.astype("timedelta64[ns]").astype(np.int64).astype(object)
    texts[missing] = None
    return texts.tolist()


__all__ = ["json_text"]

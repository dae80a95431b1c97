"""Wheatstone runs measurements: say what to vary, what to measure and what runs beside it."""

from __future__ import annotations

import importlib
from typing import Any



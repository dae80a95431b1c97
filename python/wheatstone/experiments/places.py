"""Which folder a database's name means."""

from __future__ import annotations

from pathlib import Path

from wheatstone.errors import ConfigurationError

_SUFFIXES = (".db", ".sqlite", ".sqlite3")


def store_named(path: Path) -> Path:
    """``x.db`` names the folder ``x.wheatstone``, and so does ``x``; a folder that is there is itself."""
    if path.is_dir() or path.suffix == ".wheatstone":
        return path
    stem = path.with_suffix("") if path.suffix in _SUFFIXES else path
    return stem.with_name(stem.name + ".wheatstone")


def store_of_database(path: Path) -> Path:
    """The same; a database file of the seed's system that was not imported yet is refused with the command."""
    store = store_named(path)
    database = path if path.is_file() else path.with_name(path.name + ".db")
    if store.exists() or not database.is_file():
        return store
    raise ConfigurationError(
        f"{database} is a database file of another system, and a store is a folder: "
        f"'wheatstone runs import {database}' brings what it holds into {store}"
    )


__all__ = ["store_named", "store_of_database"]

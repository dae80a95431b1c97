"""Files that appear whole or not at all."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from wheatstone.checking import path_given
from wheatstone.errors import Error, StorageError


def final_path(path: str | os.PathLike[str], force: bool) -> Path:
    """Where a file is to be. Refuses one that is there, unless by force."""
    file = Path(path_given(path, "file"))
    if file.is_dir():
        raise StorageError(f"{file} is a folder; name a file in it")
    if file.exists() and not force:
        raise StorageError(f"{file} is there already; name another file, or replace it by force")
    if not file.parent.is_dir():
        raise StorageError(f"{file} cannot be written: there is no folder {file.parent}; make it first")
    return file


@contextlib.contextmanager
def whole_file(file: Path) -> Iterator[Path]:
    """A path to write to, beside the file; it takes the file's name at the end, and is gone after an error."""
    unfinished = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    try:
        yield unfinished
        with unfinished.open("rb") as written:
            os.fsync(written.fileno())
        os.replace(unfinished, file)
    except BaseException as error:
        reason = _reason_of_medium(error, unfinished)
        unfinished.unlink(missing_ok=True)
        if reason:
            raise StorageError(f"{file} cannot be written: {reason}") from error
        raise


def _reason_of_medium(error: BaseException, unfinished: Path) -> str | None:
    """Why the medium refused, where it did. Writers tell of it in errors of their own, some without the system's words:
    then the medium is asked for a little more."""
    if isinstance(error, (Error, ImportError)) or not isinstance(error, Exception):
        return None
    if isinstance(error, OSError):
        return error.strerror or str(error)
    try:
        with unfinished.open("ab") as file:
            file.write(bytes(65536))
            file.flush()
            os.fsync(file.fileno())
    except OSError as refusal:
        return refusal.strerror or str(refusal)
    return None


__all__ = ["final_path", "whole_file"]

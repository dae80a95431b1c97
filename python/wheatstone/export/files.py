"""Files that appear whole or not at all."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from wheatstone.checking import path_given
from wheatstone.errors import StorageError


def final_path(path: str | os.PathLike[str], force: bool) -> Path:
    """Where a file is to be. Refuses one that is there, unless by force."""
    file = Path(path_given(path, "file"))
    if file.is_dir():
        raise StorageError(f"{file} is a folder; name a file in it")
    if file.exists() and not force:
        raise StorageError(f"{file} is there already; name another file, or replace it by force")
    if not file.parent.is_dir():
        raise StorageError(f"{file} cannot be written: there is no folder {file.parent}")
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
        unfinished.unlink(missing_ok=True)
        # Writers tell of the medium in errors of their own; the system's number or words stand in them.
        if reason := _reason_of_medium(error):
            raise StorageError(f"{file} cannot be written: {reason}") from error
        raise


def _reason_of_medium(error: BaseException) -> str | None:
    """Why the medium refused, where it did."""
    if isinstance(error, StorageError):
        return None
    text = str(error)
    for words in ("No space left on device", "File too large", "Disk quota exceeded", "Read-only file system"):
        if words.lower() in text.lower():
            return words
    return (error.strerror or text) if isinstance(error, OSError) else None


__all__ = ["final_path", "whole_file"]

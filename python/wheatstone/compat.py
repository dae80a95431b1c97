"""Scripts written for the seed's system, as they are.

``python -m wheatstone.compat SCRIPT [ARGS]`` and ``python -m wheatstone.compat -m MODULE [ARGS]`` run them, and
``pytest -p wheatstone.compat`` their tests: ``import pytestlab`` and ``import pytestlab.anything`` find the modules of
``wheatstone``, in that process only. One thing differs from Wheatstone's own behaviour: ``timestamp`` is a float,
seconds since 1970.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import runpy
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

_THEIRS = "pytestlab"
_OURS = "wheatstone"
# Modules of theirs that have another name here.
_RENAMED = {
    "pytestlab.common": "wheatstone.config",
    "pytestlab.common.enums": "wheatstone.config.enums",
    "pytestlab.experiments.experiments": "wheatstone.experiments.experiment",
    "pytestlab.experiments.results": "wheatstone.results",
    "pytestlab.plotting.spec": "wheatstone.plotting",
}


def _ours(name: str) -> str:
    return _RENAMED.get(name, _OURS + name.removeprefix(_THEIRS))


class _Stand(ModuleType):
    """Stands for a module of ours under their name."""

    def __init__(self, name: str, module: ModuleType) -> None:
        super().__init__(name, module.__doc__)
        self.__dict__["_module"] = module
        self.__dict__["__all__"] = list(getattr(module, "__all__", [n for n in vars(module) if not n.startswith("_")]))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["_module"], name)

    def __setattr__(self, name: str, value: Any) -> None:
        # The import of a submodule binds it in its package; a class of the same name there stays the class.
        if isinstance(value, _Stand) and isinstance(getattr(self.__dict__["_module"], name, None), type):
            return
        super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        return dir(self.__dict__["_module"])


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> Any:
        if fullname != _THEIRS and not fullname.startswith(_THEIRS + "."):
            return None
        ours = _ours(fullname)
        if ours not in sys.modules and importlib.util.find_spec(ours) is None:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _Stand(spec.name, importlib.import_module(_ours(spec.name)))

    def exec_module(self, module: ModuleType) -> None:
        pass  # what a stand stands for has been executed already


def install() -> None:
    """Makes ``import pytestlab`` find ``wheatstone`` in this process. Calls after the first do nothing."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
    from wheatstone.experiments import experiment

    experiment.timestamps_as_seconds = True


def pytest_addoption() -> None:
    """The first that pytest calls of a plugin, before any test file or conftest.py is imported."""
    install()


def main(words: list[str]) -> int:
    usage = "usage: python -m wheatstone.compat SCRIPT [ARGS] | -m MODULE [ARGS]"
    if not words or words[0] in ("-h", "--help"):
        print(usage, file=sys.stdout if words else sys.stderr)
        return 0 if words else 2
    install()
    if words[0] == "-m":
        if len(words) < 2:
            print(usage, file=sys.stderr)
            return 2
        sys.argv = words[1:]
        sys.path[0] = os.getcwd()
        runpy.run_module(words[1], run_name="__main__", alter_sys=True)
        return 0
    if not os.path.exists(words[0]):
        print(f"wheatstone.compat: there is no file {words[0]}", file=sys.stderr)
        return 2
    sys.argv = words
    sys.path[0] = os.path.dirname(os.path.abspath(words[0]))
    runpy.run_path(words[0], run_name="__main__")
    return 0


if __name__ == "__main__":
    # One module, whatever name it is imported by.
    from wheatstone import compat

    sys.exit(compat.main(sys.argv[1:]))

"""The files that a server's code came from, and which of them changed on disk since.

A look at the times of the files that were imported, not a watch on the folders: it needs no library, works on every
file system (network folders, containers), starts nothing for a log or a picture that a graph writes, and costs less
than a millisecond a second.
"""

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from playground.graphs.manifest import Manifest
from playground.runs.origin import is_projects

MOST_FILES = 5_000
_FOREIGN = {"node_modules", "site-packages", "dist-packages"}

Stamp = tuple[int, int] | None  # time of change in ns and size; None: there is no such file


class Sources:
    """The project's Python files that are imported or named in langgraph.json, that file itself, and its `env` file.

    While a graph doesn't load (`all_beside`), also every other Python file in their folders: the fault may be there.
    Made before anything is imported, so that no change is missed in between.
    """

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self._roots = (manifest.root, *manifest.dependencies)
        self._always = {manifest.path, *(spec.source for spec in manifest.graphs if spec.source)}
        if manifest.env_file is not None:
            self._always.add(manifest.env_file)
        self._imported: set[Path] = set()
        self._modules = 0
        self._stamps = {path: _stamp(path) for path in {*self._always, *_python_files(self._roots)}}

    def look(self, *, all_beside: bool = False) -> list[str]:
        """The files that changed since the last look, relative to the project."""
        if len(sys.modules) != self._modules:
            self._modules = len(sys.modules)
            self._imported = set(self._files())
        watched = self._imported | self._always
        # What appears beside a graph that doesn't load may be what it misses.
        beside = set(self._in_folders()) if all_beside else set()
        appeared = beside - watched - self._stamps.keys()
        changed = appeared | {path for path in watched | beside if self._is_new(path)}
        return sorted(self._name(path) for path in changed)

    def _is_new(self, path: Path) -> bool:
        stamp = _stamp(path)
        old, self._stamps[path] = self._stamps.get(path, stamp), stamp
        return old != stamp

    def _files(self) -> Iterable[Path]:
        for module in list(sys.modules.values()):
            file = getattr(module, "__file__", None) if isinstance(module, ModuleType) else None
            if isinstance(file, str) and is_projects(path := Path(file), self._roots):
                yield path

    def _in_folders(self) -> Iterable[Path]:
        for folder in {self._manifest.root, *(path.parent for path in self._imported | self._always)}:
            if folder.is_dir() and is_projects(folder, self._roots):
                yield from (path for path in folder.glob("*.py") if not path.name.startswith("."))

    def _name(self, path: Path) -> str:
        return str(path.relative_to(self._manifest.root) if path.is_relative_to(self._manifest.root) else path)


def _stamp(path: Path) -> Stamp:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _python_files(roots: Iterable[Path]) -> Iterable[Path]:
    """Those below the folders, environments apart; not more than a start may take time for."""
    count = 0
    for root in roots:
        for folder, folders, names in os.walk(root):
            folders[:] = [name for name in folders if not _is_foreign(Path(folder, name))]
            yield from (Path(folder, name) for name in names if name.endswith(".py"))
            count += len(names)
            if count > MOST_FILES:
                return


def _is_foreign(folder: Path) -> bool:
    return folder.name.startswith((".", "__")) or folder.name in _FOREIGN or (folder / "pyvenv.cfg").exists()

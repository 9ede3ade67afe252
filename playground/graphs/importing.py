"""Importing what langgraph.json names. Runs the user's code: call it on a thread of its own."""

import difflib
import importlib
import importlib.util
import os
import re
import sys
import zlib
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from playground.graphs.errors import GraphFailed
from playground.graphs.explaining import explain_import, traceback_of
from playground.graphs.manifest import GraphSpec, Manifest

_HOW_TO_NAME = "./path/to/file.py:attribute or module:attribute"
OWN_VARIABLES = ("PLAYGROUND_", "LANGGRAPH_STRICT_MSGPACK")
"""Starts of names that a project's `env` may not set: they configure this server."""


def apply_environment(env: Mapping[str, str]) -> list[str]:
    """Set the project's variables, over existing ones as `langgraph dev` does; the names that were left out."""
    own = [name for name in env if name.startswith(OWN_VARIABLES)]
    unusable = [name for name, value in env.items() if not name or "=" in name or "\0" in name + value]
    os.environ.update({name: value for name, value in env.items() if name not in (*own, *unusable)})
    return [*own, *unusable]


def extend_path(manifest: Manifest) -> None:
    """Put the project's folder and its dependencies at the end of sys.path, where they shadow nothing installed."""
    for folder in (manifest.root, *manifest.dependencies):
        if str(folder) not in sys.path:
            sys.path.append(str(folder))


def import_object(spec: GraphSpec, root: Path) -> Any:
    """The object that a spec names. Raises GraphFailed, whatever the user's code raises."""
    if not spec.module or not spec.attribute:
        raise GraphFailed(spec.graph_id, f"{spec.target!r} names no graph: write {_HOW_TO_NAME}.")
    _check_source(spec)
    try:
        module = _import_module(spec, root)
        return _attribute(module, spec)
    except GraphFailed:
        raise
    except BaseException as error:  # SystemExit too: a graph must not end the server
        raise GraphFailed(spec.graph_id, explain_import(error, spec, root), traceback_of(error)) from error


def _check_source(spec: GraphSpec) -> None:
    source = spec.source
    if source is None:
        return
    if source.suffix not in (".py", ""):
        raise GraphFailed(spec.graph_id, f"{spec.module} is not a Python file: the playground runs graphs in Python.")
    if not source.exists():
        raise GraphFailed(spec.graph_id, f"There is no file {spec.module}{_similar_file(source)}")


def _similar_file(source: Path) -> str:
    """A hint at the file that may be meant."""
    folder = next((folder for folder in source.parents if folder.is_dir()), source.parent)
    names = [path.name for path in folder.iterdir() if path.suffix == ".py"]
    found = difflib.get_close_matches(source.name, names, n=1)
    return (
        f": did you mean {found[0]}?"
        if found
        else f": it would be {source}, since paths are relative to langgraph.json."
    )


def _import_module(spec: GraphSpec, root: Path) -> ModuleType:
    importlib.invalidate_caches()
    if spec.source is None:
        return importlib.import_module(spec.module)
    source = spec.source / "__init__.py" if spec.source.is_dir() else spec.source
    name = _module_name(source, root)
    if name:
        try:
            return importlib.import_module(name)
        except (ImportError, AttributeError) as error:
            # Modules that import each other may only work when another one comes first, which is how
            # `langgraph dev` has it: there, the graph's file runs under a name of its own.
            if "partially initialized module" not in str(error):
                raise
    return _run_file(source, root, package=name.rpartition(".")[0] if name else "")


def _module_name(source: Path, root: Path) -> str:
    """The name under which the project's other modules import a file, or "" if they can't.

    Importing it under another name would run it twice, and give every class in it a second identity.
    """
    parts = [source.parent.name] if source.name == "__init__.py" else [source.stem]
    folder = source.parent.parent if source.name == "__init__.py" else source.parent
    while (folder / "__init__.py").is_file() and folder != root and folder != folder.parent:
        parts.insert(0, folder.name)
        folder = folder.parent
    if not all(part.isidentifier() for part in parts):
        return ""
    if len(parts) > 1 and str(folder) not in sys.path:
        sys.path.append(str(folder))  # a package that isn't installed, e.g. below src/
    named = [".".join(parts)]
    if folder.is_relative_to(root) and folder != root:
        named.append(".".join((*folder.relative_to(root).parts, *parts)))  # a package without __init__.py
    return next((name for name in named if _is_found(name, source)), "")


def _is_found(name: str, source: Path) -> bool:
    """Whether importing the name means this file. Runs the packages above it."""
    try:
        found = importlib.util.find_spec(name)
    except ModuleNotFoundError as error:
        if error.name and (name + ".").startswith(error.name + "."):
            return False  # no such package; any other missing module is the user's own error
        raise
    except ValueError:  # a module in sys.modules without a spec, as __main__ is
        return False
    return found is not None and found.origin is not None and Path(found.origin).resolve() == source


def _run_file(source: Path, root: Path, package: str) -> ModuleType:
    """Run a file under a name made of its path; with its package, so that relative imports work."""
    relative = os.path.relpath(source, root)
    name = re.sub(r"\W", "_", relative.removesuffix(".py")) + f"_{zlib.crc32(relative.encode()):08x}"
    if package:
        name = f"{package}.{name}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, source)
    if spec is None or spec.loader is None:
        raise ImportError(f"{source} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        sys.modules.pop(name, None)
        raise
    return module


def _attribute(module: ModuleType, spec: GraphSpec) -> Any:
    try:
        return getattr(module, spec.attribute)
    except AttributeError:
        names = [name for name in vars(module) if not name.startswith("_")]
        close = difflib.get_close_matches(spec.attribute, names, n=3) or _graph_like(module)
        hint = f" Did you mean {' or '.join(close)}?" if close else ""
        raise GraphFailed(spec.graph_id, f"{spec.module} has no {spec.attribute!r}.{hint}") from None


def _graph_like(module: ModuleType) -> list[str]:
    """Names of what may be graphs in a module, by their types' names: graphs may come from any version."""
    kinds = ("CompiledStateGraph", "StateGraph", "Pregel")
    found = (name for name, value in vars(module).items() if type(value).__name__ in kinds)
    return [name for name in found if not name.startswith("_")][:3]

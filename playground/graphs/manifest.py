"""langgraph.json: where a project's graphs, dependencies and environment are. Imports none of the project's code."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Annotated, Any

from dotenv import dotenv_values
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError, with_config
from typing_extensions import TypedDict

from playground.store.items import TimeToLive

NAME = "langgraph.json"
CONFIG_VARIABLE = "LANGGRAPH_CONFIG"

_NOT_APPLIED = {
    "auth": "you are the only user here",
    "http": "the playground's server has its own routes and middleware",
    "checkpointer": "the playground keeps the checkpoints itself",
    "ui": "the playground shows no components of the project's own",
    "ui_config": "the playground shows no components of the project's own",
    "webhooks": "the playground calls no webhooks",
    "encryption": "the store is readable by its owner only, in plain JSON",
    "node_version": "graphs in JavaScript are not run",
}
_FOR_IMAGES = {
    "api_version",
    "base_image",
    "dockerfile_lines",
    "image_distro",
    "keep_pkg_tools",
    "pip_config_file",
    "pip_installer",
    "source",
}
"""They say how an image is built; here graphs run in the environment that is there."""
_JAVASCRIPT = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")


class ManifestError(Exception):
    """No usable langgraph.json. The message is a sentence to show: what, where, what to do."""


@dataclass(frozen=True, slots=True)
class GraphSpec:
    """A graph as langgraph.json names it. `target` is `path:attribute` or `module:attribute`."""

    graph_id: str
    target: str
    description: str | None = None
    source: Path | None = None
    """The file that defines it; None if `target` names a module."""

    @property
    def module(self) -> str:
        return self.target.rpartition(":")[0].strip()

    @property
    def attribute(self) -> str:
        return self.target.rpartition(":")[2].strip()


@dataclass(frozen=True, slots=True)
class IndexSpec:
    """How items are searched by meaning: an embedding as `provider:model` or `./path.py:function`, and of what."""

    embed: str
    fields: tuple[str, ...] = ("$",)


@dataclass(frozen=True, slots=True)
class Manifest:
    """A project. `env` holds the variables that its graphs expect, `notices` sentences on what is not applied."""

    path: Path
    root: Path
    graphs: tuple[GraphSpec, ...]
    dependencies: tuple[Path, ...] = ()
    """The directories among the dependencies; packages are expected to be installed."""
    env: Mapping[str, str] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    env_file: Path | None = None
    """Where `env` comes from, if it is a file; it may be missing."""
    configs: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    """What the default assistants of graphs are made with: the variable LANGGRAPH_CONFIG."""
    index: IndexSpec | None = None
    ttl: TimeToLive = field(default_factory=TimeToLive)


def find_manifest(start: Path) -> Path:
    """The langgraph.json in a folder or in the nearest one above it. `start` may be the file itself.

    Raises ManifestError if there is none.
    """
    start = start.expanduser().resolve()
    if start.is_file():
        return start
    if not start.is_dir():
        raise ManifestError(f"There is no folder {start}: name one that holds a {NAME}.")
    found = next((folder / NAME for folder in (start, *start.parents) if (folder / NAME).is_file()), None)
    if found is None:
        raise ManifestError(f"There is no {NAME} in {start} or in a folder above it: create one, or name its folder.")
    return found


def load_manifest(path: Path) -> Manifest:
    """A project's langgraph.json, checked; its paths are relative to its own folder.

    Raises ManifestError if it can't be read, isn't JSON or lacks what is needed.
    Source of its keys: https://docs.langchain.com/langsmith/cli#configuration-file
    """
    path = path.resolve()
    document = _parse(path)
    root = path.parent
    notices: list[str] = []
    env = _environment(root, document.env, notices)
    store = _store(document.store, notices)
    configs = _configs(env.get(CONFIG_VARIABLE) or os.environ.get(CONFIG_VARIABLE), notices)
    return Manifest(
        path=path,
        root=root,
        graphs=tuple(_spec(root, graph_id, entry) for graph_id, entry in document.graphs.items()),
        dependencies=_folders(root, document.dependencies, notices),
        env=env,
        notices=(*notices, *_other_keys(document)),
        env_file=root / document.env if isinstance(document.env, str) else None,
        configs=configs,
        index=_index(store),
        ttl=_ttl(store),
    )


def _as_entry(value: Any) -> Any:
    return {"path": value} if isinstance(value, str) else value


class _Entry(BaseModel):
    """A graph's value in langgraph.json, which may also be the path alone."""

    path: str
    description: str | None = None


@with_config(ConfigDict(extra="allow"))
class _Config(TypedDict, total=False):
    """A default assistant's config; its other keys are kept as they are."""

    configurable: dict[str, Any]


_CONFIGS: TypeAdapter[Any] = TypeAdapter(dict[str, _Config])


class _Index(BaseModel):
    """`dims` is what the embedding makes: there is no table that would have to know it before."""

    embed: str
    dims: int | None = None
    fields: list[str] | None = None


class _Ttl(BaseModel):
    """In minutes."""

    default_ttl: Annotated[float, Field(gt=0)] | None = None
    refresh_on_read: bool = True
    sweep_interval_minutes: Annotated[float, Field(gt=0)] | None = None


class _Store(BaseModel):
    path: str | None = None
    index: _Index | None = None
    ttl: _Ttl | None = None


class _Document(BaseModel):
    """What we use of langgraph.json; any other key stays in `model_extra`."""

    model_config = ConfigDict(extra="allow")

    graphs: dict[str, Annotated[_Entry, BeforeValidator(_as_entry)]] = Field(min_length=1)
    dependencies: list[str] = []
    env: str | dict[str, str | int | float | bool] = {}
    store: Any = None


def _parse(path: Path) -> _Document:
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ManifestError(f"{path} can't be read: {error}.") from error
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise ManifestError(f"{path} is not valid JSON: {error.msg} at {where}. Correct that line.") from error
    except RecursionError as error:
        raise ManifestError(f"{path} is nested too deeply to be a {NAME}.") from error
    if not isinstance(content, dict):
        raise ManifestError(f'{path} must hold an object such as {{"graphs": {{"agent": "./agent.py:graph"}}}}.')
    try:
        return _Document.model_validate(content)
    except ValidationError as error:
        raise ManifestError(f"{path} is not usable: {_first_problem(error)}") from error


def _first_problem(error: ValidationError) -> str:
    problem = error.errors(include_url=False)[0]
    match problem["loc"]:
        case ("graphs",) if problem["type"] in ("missing", "too_short"):
            return 'it names no graphs. Add e.g. "graphs": {"agent": "./agent.py:graph"}.'
        case ("graphs", name, *_):
            return f'graph {name!r} must be a string like "./agent.py:graph", or an object with such a "path".'
        case ("env", *_):
            return '"env" must be the path of a file, or an object of variables and their values.'
        case ("dependencies", *_):
            return '"dependencies" must be a list of strings, e.g. ["."].'
        case location:
            return f"{'.'.join(map(str, location))}: {problem['msg']}."


def _spec(root: Path, graph_id: str, entry: _Entry) -> GraphSpec:
    """A graph's spec. A target that can't be right is kept: the graph is listed as failed, the others work."""
    target = entry.path.strip()
    module = target.rpartition(":")[0].strip()
    is_file = "/" in module or "\\" in module or module.endswith((".py", *_JAVASCRIPT))
    source = (root / module.replace("\\", "/")).resolve() if is_file else None
    return GraphSpec(graph_id, target, entry.description, source)


def _folders(root: Path, dependencies: list[str], notices: list[str]) -> tuple[Path, ...]:
    """The folders among the dependencies. Whatever starts with a dot or a slash is one; the rest are packages."""
    folders = [(name, (root / name).resolve()) for name in dependencies if name.startswith((".", "/", "~"))]
    notices += [
        f"The dependency {name!r} is not a folder: nothing of it is on the path."
        for name, folder in folders
        if not folder.is_dir()
    ]
    return tuple(dict.fromkeys(folder for _, folder in folders if folder.is_dir()))


def _environment(root: Path, env: str | dict[str, str | int | float | bool], notices: list[str]) -> dict[str, str]:
    if isinstance(env, dict):
        return {name: _text(value) for name, value in env.items()}
    path = root / env
    if not path.is_file():
        notices.append(f"The env file {env!r} does not exist: no variables are set from it.")
        return {}
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        notices.append(f"The env file {env!r} can't be read ({type(error).__name__}): no variables are set from it.")
        return {}
    return {name: value for name, value in dotenv_values(stream=StringIO(text)).items() if value is not None}


def _configs(text: str | None, notices: list[str]) -> dict[str, dict[str, Any]]:
    if not text:
        return {}
    try:
        return dict(_CONFIGS.validate_json(text))
    except ValidationError:
        example = '{"agent": {"configurable": {"model": "small"}}}'
        notices.append(f"{CONFIG_VARIABLE} is not applied: it must be a graph's config by its name, like {example}.")
        return {}


def _store(value: Any, notices: list[str]) -> _Store:
    try:
        store = _Store.model_validate(value or {})
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        where = ".".join(map(str, ("store", *problem["loc"])))
        notices.append(f'"store" is not applied: {where}: {problem["msg"]}.')
        return _Store()
    if store.path:
        notices.append('"store.path" is not applied locally: the playground brings its own store.')
    return store


def _index(store: _Store) -> IndexSpec | None:
    index = store.index
    return IndexSpec(index.embed, tuple(index.fields or ("$",))) if index else None


def _ttl(store: _Store) -> TimeToLive:
    ttl = store.ttl
    if ttl is None:
        return TimeToLive()
    interval = ttl.sweep_interval_minutes or TimeToLive().sweep_interval
    return TimeToLive(ttl.default_ttl, ttl.refresh_on_read, interval)


def _text(value: str | int | float | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _other_keys(document: _Document) -> list[str]:
    """What the other keys would do elsewhere, a notice for each; one for all that only matter to images."""
    others = document.model_extra or {}
    for_images = ", ".join(f'"{key}"' for key in others if key in _FOR_IMAGES)
    notices = [_notice(key, value) for key, value in others.items() if key not in _FOR_IMAGES]
    if for_images:
        notices.append(f"{for_images}: not applied locally, since no image is built.")
    return [notice for notice in notices if notice]


def _notice(key: str, value: Any) -> str:
    if key == "python_version":
        here = ".".join(map(str, sys.version_info[:2]))
        return "" if str(value) == here else f'"python_version" is {value}, but the graphs run in Python {here} here.'
    if key in _NOT_APPLIED:
        return f'"{key}" is not applied locally: {_NOT_APPLIED[key]}.'
    return "" if key == "$schema" else f'"{key}" is not a key that the playground knows: it has no effect.'

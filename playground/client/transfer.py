"""Assistants as a YAML file and back: all versions with their numbers, notes, labels, and which one is active.

What isn't in the file: drafts, threads, and secrets (`secret_values.py`), which are named where they were left out.
"""

import asyncio
import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal
from uuid import NAMESPACE_URL, uuid5

from playground.client.client import Client
from playground.client.decode import default_assistant_id
from playground.client.errors import ApiError, PlaygroundError, ServerGone
from playground.client.secret_values import without_secrets
from playground.client.transfer_file import FORMAT, KIND, FileAssistant, FileVersion, TransferFile, read
from playground.client.values import Assistant, LabelFacts, Promotion, Version

JSON = dict[str, Any]
State = Literal["made", "completed", "there", "refused", "failed", "stopped", "not begun"]

_AT_ONCE: Final = 8  # assistants that are read
_HEAD: Final = (
    "# Assistants of LangGraph graphs, with all their versions.\n"
    "# `playground import FILE`, or I on the Browse screen, brings them back.\n"
)


@dataclass(frozen=True, slots=True)
class Step:
    """How far it is: `done` of `total` assistants (export) or versions (import), and what is at work."""

    done: int
    total: int
    what: str


OnStep = Callable[[Step], None]


@dataclass(frozen=True, slots=True)
class Exported:
    """The file's text, and how much is in it; `left_out` says which secrets aren't: `support v3: context.api_key`."""

    text: str
    assistants: int
    versions: int
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """What importing an assistant would do. `there`: versions that the server has already.

    `state`: "made" and "completed" can be done, "there" needs nothing, "refused" can't be, and `problem` says why.
    """

    source: FileAssistant
    assistant_id: str
    state: State
    there: int = 0
    problem: str | None = None
    namesakes: int = 0


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of an assistant of the file. `versions` of `total` are there now; `said` is what is to be known."""

    assistant_id: str
    name: str
    graph_id: str
    state: State
    versions: int
    total: int
    said: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """`support: 4 versions imported.`"""
        how = {
            "made": f"imported with {_count(self.total, 'version')}",
            "completed": f"completed, it has its {_count(self.total, 'version')} now",
            "there": "is there already",
            "refused": "not imported",
            "failed": f"not imported whole, {self.versions} of {_count(self.total, 'version')} are there",
            "stopped": f"stopped, {self.versions} of {_count(self.total, 'version')} are there",
            "not begun": "not begun",
        }[self.state]
        return " ".join([f"“{self.name}”: {how}.", *self.said])

    @property
    def is_whole(self) -> bool:
        """Whether all of it is on the server."""
        return self.state in ("made", "completed", "there")


# Out


async def export(client: Client, assistant_ids: Sequence[str]) -> str:
    """The assistants as YAML. Raises PlaygroundError."""
    return (await collect(client, assistant_ids)).text


async def collect(client: Client, assistant_ids: Sequence[str], on_step: OnStep | None = None) -> Exported:
    """The assistants as YAML, and what is in it. Raises PlaygroundError."""
    few, done = asyncio.Semaphore(_AT_ONCE), 0
    schemas: dict[str, asyncio.Task[JSON | None]] = {}

    async def one(assistant_id: str) -> FileAssistant:
        nonlocal done
        async with few:
            found = await _read(client, assistant_id, schemas)
        done += 1
        if on_step is not None:
            on_step(Step(done, len(assistant_ids), found.name))
        return found

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_unwrapped(one(assistant_id))) for assistant_id in assistant_ids]
    results = [task.result() for task in tasks]
    for result in results:
        if isinstance(result, PlaygroundError):
            raise result
    found = [result for result in results if isinstance(result, FileAssistant)]
    text = await asyncio.to_thread(_text, found)
    left_out = tuple(f"{one.name} {path}" for one in found for path in one.left_out)
    return Exported(text, len(found), sum(len(one.versions) for one in found), left_out)


async def _unwrapped(reading: Any) -> FileAssistant | PlaygroundError:
    """The error as a value: a group of tasks would wrap it, and stop the others half way."""
    try:
        found: FileAssistant = await reading
    except PlaygroundError as error:
        return error
    return found


def _text(assistants: list[FileAssistant]) -> str:
    from playground.client.yaml_text import dump

    written = [one.model_dump(by_alias=True, exclude_defaults=True) for one in assistants]
    return _HEAD + dump({"playground": KIND, "format": FORMAT, "assistants": written})


async def _read(client: Client, assistant_id: str, schemas: dict[str, "asyncio.Task[JSON | None]"]) -> FileAssistant:
    versions, labels, promotions = await asyncio.gather(
        client.assistants.versions(assistant_id),
        client.notes.label_facts(assistant_id),
        client.notes.promotions(assistant_id),
    )
    if not versions:
        raise ApiError(f"There is no assistant {assistant_id} any more.", 404)
    newest, active = versions[0], next((one for one in versions if one.active), versions[0])
    graph_id = newest.graph_id
    if graph_id not in schemas:
        schemas[graph_id] = asyncio.create_task(_context_schema(client, graph_id))
    cleaned = [_file_version(version, graph_id, await schemas[graph_id]) for version in _by_number(versions)]
    return FileAssistant(
        id=assistant_id,
        name=active.name,
        graph=graph_id,
        active=active.version,
        labels={label: _label(facts) for label, facts in sorted(labels.items())},
        promotions=[_promotion(one) for one in reversed(promotions)],
        left_out=[f"v{version.version}: {path}" for version, paths in cleaned for path in paths],
        versions=[version for version, _ in cleaned],
    )


def _by_number(versions: Iterable[Version]) -> list[Version]:
    """Each number once: LangGraph's own server repeats those of a default assistant after a restart."""
    numbered = {version.version: version for version in reversed(list(versions))}
    return [numbered[number] for number in sorted(numbered)]


async def _context_schema(client: Client, graph_id: str) -> JSON | None:
    """None where the graph is broken or has none: names and looks still tell what is secret."""
    schemas = await client.graphs.schemas_if_any(graph_id)
    return schemas.context if schemas else None


def _file_version(version: Version, graph_id: str, schema: JSON | None) -> tuple[FileVersion, list[str]]:
    parts = {
        "context": (version.context, schema),
        "config": (version.config, None),
        "metadata": (version.metadata, None),
        "name": (version.name, None),
        "description": (version.description, None),
        "note": (version.note, None),
    }
    clean = {name: without_secrets(value, about, name) for name, (value, about) in parts.items()}
    written = FileVersion(
        version=version.version,
        graph=None if version.graph_id == graph_id else version.graph_id,
        made=version.created_at.isoformat(timespec="seconds"),
        **{name: value for name, (value, _) in clean.items()},
    )
    return written, [path for _, paths in clean.values() for path in paths]


def _without_secrets(version: Version, schema: JSON | None) -> Version:
    clean = _file_version(version, version.graph_id, schema)[0]
    return replace(
        version,
        name=clean.name,
        description=clean.description,
        context=clean.context,
        config=clean.config,
        metadata=clean.metadata,
    )


def _label(facts: LabelFacts) -> JSON:
    at = facts.at.isoformat() if facts.at else None
    said = {"version": facts.version, "by": facts.by, "why": _clean(facts.why), "at": at}
    return {name: value for name, value in said.items() if value is not None}


def _promotion(one: Promotion) -> JSON:
    return {
        "version": one.version,
        "from": one.from_version,
        "by": one.by,
        "note": _clean(one.note),
        "at": one.at.isoformat(),
    }


def _clean(text: str | None) -> str | None:
    cleaned: str | None = without_secrets(text)[0]
    return cleaned


# In


async def import_(
    client: Client,
    text: str,
    same_ids: bool = False,
    *,
    on_step: OnStep | None = None,
    stop: asyncio.Event | None = None,
) -> list[Imported]:
    """Makes the assistants of a file, under ids of their own or those of the file, and says what became of each.

    What is there is never changed: an assistant that an import began is completed, another one stays as it is. The
    same file imported again makes nothing twice. Raises UsageError if the file can't be read, before anything is made.
    """
    file = await asyncio.to_thread(read, text)
    return await carry_out(client, await plan(client, file, same_ids), on_step=on_step, stop=stop)


async def plan(client: Client, file: TransferFile, same_ids: bool = False) -> list[Planned]:
    """What importing would do, assistant by assistant; nothing is made."""
    graphs = {graph.graph_id for graph in await client.graphs.list()}
    existing = {one.assistant_id: one for one in await client.assistants.list()}
    planned = []
    for source in file.assistants:
        wanted = source if same_ids else _as_copy(source)
        assistant_id = _id_for(source, same_ids)
        here = await _plan_one(client, wanted, assistant_id, graphs, existing)
        namesakes = sum(one.name == source.name and one.assistant_id != assistant_id for one in existing.values())
        planned.append(replace(here, namesakes=namesakes))
    return planned


def _id_for(source: FileAssistant, same_ids: bool) -> str:
    """The file's id, or one that is made from what the file says: the same file gives the same."""
    if same_ids and source.id:
        return source.id
    content = json.dumps(source.model_dump(), sort_keys=True, ensure_ascii=True)
    digest = hashlib.sha256(content.encode()).hexdigest()
    return str(uuid5(NAMESPACE_URL, f"playground:import:{digest}"))


def _as_copy(source: FileAssistant) -> FileAssistant:
    """A default assistant under another id is the user's own."""
    if source.id is None or source.id != default_assistant_id(source.graph):
        return source
    versions = [
        version.model_copy(update={"metadata": {k: v for k, v in version.metadata.items() if k != "created_by"}})
        for version in source.versions
    ]
    return source.model_copy(update={"versions": versions})


async def _plan_one(
    client: Client, source: FileAssistant, assistant_id: str, graphs: set[str], existing: dict[str, Assistant]
) -> Planned:
    unknown = sorted(source.graphs - graphs)
    if unknown:
        known = ", ".join(sorted(graphs)) or "none"
        problem = f"Its graph “{unknown[0]}” isn't on this server, which has: {known}."
        return Planned(source, assistant_id, "refused", problem=problem)
    if assistant_id not in existing:
        return Planned(source, assistant_id, "made")
    there = _by_number(await client.assistants.versions(assistant_id))
    if source.left_out:  # what is there may have the secrets
        schema = await _context_schema(client, source.graph)
        there = [_without_secrets(version, schema) for version in there]
    for wanted, version, expected in zip(source.versions, there, _merged(source), strict=False):
        if not _is(version, source, wanted, expected):
            problem = f"An assistant with its id is there and differs from v{version.version} on; it stays as it is."
            return Planned(source, assistant_id, "refused", len(there), problem)
    begun = await client.notes.value(_marker(assistant_id)) == "begun"
    whole = len(there) >= len(source.versions) and not begun
    return Planned(source, assistant_id, "there" if whole else "completed", min(len(there), len(source.versions)))


def _is(version: Version, source: FileAssistant, wanted: FileVersion, merged: JSON) -> bool:
    return (
        version.graph_id == (wanted.graph or source.graph)
        and version.name == wanted.name
        and (version.description or "") == (wanted.description or "")
        and _same(version.context, wanted.context)
        and _same(version.config, wanted.config)
        and (_same(version.metadata, wanted.metadata) or _same(version.metadata, merged))
    )


def _merged(source: FileAssistant) -> list[JSON]:
    """Each version's metadata on a server that only adds to it."""
    found, so_far = [], JSON()
    for version in source.versions:
        so_far = {**so_far, **version.metadata}
        found.append(so_far)
    return found


def _same(left: Any, right: Any) -> bool:
    """Whether they are the same JSON: 1 and true, which Python takes for equal, are not."""
    return json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)


def _marker(assistant_id: str) -> str:
    """The remembered value that tells an import that isn't whole from an assistant that somebody changed since."""
    return f"import/{assistant_id}"


async def carry_out(
    client: Client,
    planned: Sequence[Planned],
    *,
    on_step: OnStep | None = None,
    stop: asyncio.Event | None = None,
) -> list[Imported]:
    """Does what was planned. An assistant that can't be made doesn't keep the others from it; a lost server does."""
    work = _Work(client, planned, on_step or (lambda step: None), stop or asyncio.Event())
    return [await work.bring(one) for one in planned]


class _Work:
    """An import that goes on: how far it is, and whether it shall end."""

    def __init__(self, client: Client, planned: Sequence[Planned], on_step: OnStep, stop: asyncio.Event) -> None:
        self._client = client
        self._on_step = on_step
        self._stop = stop
        self._gone: str | None = None
        self._total = sum(len(one.source.versions) - one.there for one in planned if one.state in ("made", "completed"))
        self._done = 0

    async def bring(self, one: Planned) -> Imported:
        """One assistant."""
        if one.state == "there":
            return _result(one, "there", len(one.source.versions))
        if one.state == "refused":
            return _result(one, "refused", one.there, one.problem or "")
        if self._stop.is_set() or self._gone:
            return _result(one, "not begun", one.there)
        count = _Count(one.there)
        try:
            remarks = await self._make(one, count)
        except ServerGone as error:
            self._gone = error.sentence
            return _result(one, "failed", count.there, error.sentence, "Importing again goes on here.")
        except PlaygroundError as error:
            return _result(one, "failed", count.there, error.sentence)
        if self._stop.is_set() and count.there < len(one.source.versions):
            return _result(one, "stopped", count.there, "Importing again goes on here.")
        return _result(one, one.state, count.there, *remarks)

    async def _make(self, one: Planned, count: "_Count") -> list[str]:
        source, notes = one.source, self._client.notes
        await notes.set_value(_marker(one.assistant_id), "begun")
        differing: list[int] = []
        for version in source.versions[one.there :]:
            if self._stop.is_set():
                return []
            made = await self._write(one, version)
            count.there = version.version
            self._done += 1
            self._on_step(Step(self._done, self._total, f"{source.name} v{version.version}"))
            if not _is(made, source, version, version.metadata):
                differing.append(version.version)
        remarks = await self._tell(one)
        await notes.set_value(_marker(one.assistant_id), "done")
        if differing:
            which = ", ".join(f"v{number}" for number in differing[:5]) + (" …" if len(differing) > 5 else "")
            remarks.append(f"This server keeps {which} with other metadata than the file: it only adds to it.")
        return remarks

    async def _write(self, one: Planned, version: FileVersion) -> Version:
        source, assistants = one.source, self._client.assistants
        before = source.versions[version.version - 2] if version.version > 1 else None
        graph_id = version.graph or source.graph
        if before is None:
            await assistants.create(
                graph_id,
                version.name,
                version.context,
                config=version.config,
                metadata=version.metadata,
                description=version.description,
                assistant_id=one.assistant_id,
            )
            made = (await assistants.versions(one.assistant_id))[0]
        else:
            changed = (version.description or "") != (before.description or "")
            made = await assistants.add_version(
                one.assistant_id,
                graph_id=graph_id,
                name=version.name,
                description=(version.description or "") if changed else None,
                context=version.context,
                config=version.config,
                metadata=version.metadata,
            )
        if made.version != version.version:
            raise PlaygroundError(f"Someone else saves it, too: v{version.version} would be v{made.version}.")
        return made

    async def _tell(self, one: Planned) -> list[str]:
        """Notes, labels, who made what active, and the active version."""
        source, whose, notes = one.source, one.assistant_id, self._client.notes
        for version in source.versions:
            if version.note:
                await notes.set_note(whose, version.version, version.note)
        for label, said in source.labels.items():
            await notes.restore_label(whose, said.facts(label))
        for promoted in source.promotions:
            await notes.restore_promotion(whose, promoted.promotion())
        current = await self._client.assistants.get(whose)
        if current.version == source.active:
            return []
        active = await self._client.assistants.promote(whose, source.active)
        if active.version == source.active:
            return []
        return [f"This server can't go back: v{active.version}, a copy of v{source.active}, is the active one."]


@dataclass(slots=True)
class _Count:
    there: int


def _result(one: Planned, state: State, versions: int, *said: str) -> Imported:
    source = one.source
    told = tuple(sentence for sentence in said if sentence)
    if state in ("made", "completed") and source.left_out:
        told += (f"Set what the file leaves out: {', '.join(source.left_out[:4])}.",)
    return Imported(one.assistant_id, source.name, source.graph, state, versions, len(source.versions), told)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun if number == 1 else noun + 's'}"

"""From a ref as written to exactly what will run."""

import difflib
from collections.abc import Iterable

from playground.client.assistants import Assistants
from playground.client.errors import RefError
from playground.client.notes import Notes
from playground.client.values import Assistant, Draft, Runnable, Version
from playground.refs import Ref, context_hash, parse_ref

_SHORTEST_PREFIX = 4  # characters of an id
_CANDIDATES = 5


class Resolver:
    def __init__(self, assistants: Assistants, notes: Notes) -> None:
        self._assistants = assistants
        self._notes = notes

    async def resolve(self, text: str) -> Runnable:
        """Raises RefError with the refs that may have been meant."""
        assistants = await self._assistants.list()
        if whole := [a for a in assistants if a.name == text.strip()]:  # a name may contain an “@”
            found = _only(text, whole)
            return _runnable(text, found, found)
        try:
            ref = parse_ref(text)
        except ValueError as error:
            raise RefError(str(error)) from error
        assistant = find(ref.name, assistants)
        if ref.version is None and ref.label in (None, "active", "latest"):
            return _runnable(text, assistant, assistant)
        if ref.label == "draft":
            return await self._draft(text, assistant)
        return await self._version(text, ref, assistant)

    async def version(self, text: str) -> Version:
        """The version that a ref names, with its note and labels; not of a draft."""
        runnable = await self.resolve(text)
        if runnable.draft:
            raise RefError(f"{text!r} is a draft, not a version: save it first.")
        versions = await self._assistants.versions(runnable.assistant_id)
        return next(version for version in versions if version.version == runnable.version)

    async def _version(self, text: str, ref: Ref, assistant: Assistant) -> Runnable:
        versions = await self._assistants.versions(assistant.assistant_id)
        number = ref.version
        if ref.label is not None:
            labels = await self._notes.labels(assistant.assistant_id)
            number = labels.get(ref.label)
            if number is None:
                raise _unknown_label(ref, assistant, labels)
        for version in versions:
            if version.version == number:
                return _runnable(text, assistant, version)
        newest = [f"{assistant.name}@v{version.version}" for version in versions[:_CANDIDATES]]
        raise RefError(f"“{assistant.name}” has no v{number}; the newest is v{versions[0].version}.", newest)

    async def _draft(self, text: str, assistant: Assistant) -> Runnable:
        draft = await self._notes.draft(assistant.assistant_id)
        if draft is None:
            raise RefError(
                f"“{assistant.name}” has no draft: edit it first.", [f"{assistant.name}@v{assistant.version}"]
            )
        return draft_of(text, assistant, draft)


def find(name: str, assistants: Iterable[Assistant]) -> Assistant:
    """By id, name, name in another case, graph (its default assistant), or a unique start of an id. Raises RefError."""
    assistants = list(assistants)
    for wanted in (
        [a for a in assistants if a.assistant_id == name],
        [a for a in assistants if a.name == name],
        [a for a in assistants if a.name.casefold() == name.casefold()],
        [a for a in assistants if a.is_default and a.graph_id == name],
        [a for a in assistants if len(name) >= _SHORTEST_PREFIX and a.assistant_id.startswith(name.lower())],
    ):
        if wanted:
            return _only(name, wanted)
    names = sorted({a.name for a in assistants})
    within = [other for other in names if name.casefold() in other.casefold()]
    similar = difflib.get_close_matches(name, names, n=_CANDIDATES, cutoff=0.5)
    close = list(dict.fromkeys([*within, *similar]))[:_CANDIDATES]
    meant = f" Did you mean {_either(close)}?" if close else " `playground assistants` lists what there is."
    raise RefError(f"There is no assistant “{name}”.{meant}", close)


def draft_of(text: str, assistant: Assistant, draft: Draft) -> Runnable:
    """What a draft runs as: its own context and config, on the version it was made from. Raises RefError."""
    if not isinstance(draft.content.get("context") or {}, dict):
        raise RefError(f"The context of “{assistant.name}@draft” is no object: mend it on the Edit screen.")
    if draft.is_unread:
        raise RefError(f"“{assistant.name}@draft” has text that can't be read as a value: mend it on the Edit screen.")
    config = {key: value for key, value in (draft.content.get("config") or {}).items() if key != "configurable"}
    return Runnable(
        ref=text,
        assistant_id=assistant.assistant_id,
        graph_id=assistant.graph_id,
        name=assistant.name,
        version=draft.base_version,
        context=draft.context,
        context_hash=context_hash(draft.context),
        config=config if "config" in draft.content else assistant.config,
        draft=True,
    )


def _runnable(text: str, assistant: Assistant, content: Assistant | Version) -> Runnable:
    """`content` is the assistant itself, which stands for its active version, or another version of it."""
    return Runnable(
        ref=text,
        assistant_id=assistant.assistant_id,
        graph_id=content.graph_id,
        name=assistant.name,
        version=content.version,
        context=content.context,
        context_hash=content.context_hash,
        config=content.config,
    )


def _only(name: str, found: list[Assistant]) -> Assistant:
    if len(found) == 1:
        return found[0]
    candidates = [f"{a.assistant_id[:8]} ({a.name} of {a.graph_id}, v{a.version})" for a in found]
    raise RefError(f"“{name}” names {len(found)} assistants: use the start of an id.", candidates)


def _unknown_label(ref: Ref, assistant: Assistant, labels: dict[str, int]) -> RefError:
    have = [f"{assistant.name}@{label}" for label in sorted(labels)]
    known = f"it has {_either(sorted(labels))}" if labels else "it has none yet"
    return RefError(f"“{assistant.name}” has no label “{ref.label}”; {known}.", have)


def _either(names: list[str]) -> str:
    quoted = [f"“{name}”" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"

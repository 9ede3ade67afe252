"""Finding assistants by what is typed: plain words, and `key:value` for one place. Pure.

All words must match, each anywhere and in upper or lower case. A plain word is looked for in name, id, description,
labels and metadata; `label:prod`, `name:…` and `id:…` in one of them; `owner:ann`, `meta.owner:ann` or
`team.lead:ann` in a key of the metadata; `is:default`, `is:fork`, `is:draft`, `is:misfit` ask for what it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from playground.client.values import Assistant

HINT: Final = "words, label:prod, owner:ann, is:draft"
"""What can be typed, for the empty line."""
EXPLAINED: Final = (
    "The filter finds words in name, description, labels and metadata; all must match. label:prod, name:…, id:… look "
    "in one place, owner:ann or meta.team:x in a key of the metadata; is:default, is:fork, is:draft, is:misfit ask "
    "for what it is."
)

_LONGEST: Final = 500
"""Characters of one value that are looked at."""
_DEEPEST: Final = 3
_OURS: Final = frozenset({"playground"})


@dataclass(frozen=True, slots=True)
class Findable:
    """What a filter looks in, of one assistant; all of it case-folded. `metadata` is flat: `team.lead` → value."""

    text: str
    name: str
    labels: tuple[str, ...]
    metadata: Mapping[str, str]
    is_default: bool
    is_fork: bool


@dataclass(frozen=True, slots=True)
class States:
    """The ids of assistants that are something which they don't say themselves."""

    draft: Collection[str] = frozenset()
    misfit: Collection[str] = frozenset()
    metadata_keys: Collection[str] = field(default=frozenset())


def findable(assistant: Assistant) -> Findable:
    """Prepare an assistant for any number of filters."""
    metadata = dict(_flat(assistant.metadata))
    labels = tuple(label.casefold() for label in assistant.label_versions or assistant.labels)
    words = (assistant.name, assistant.assistant_id, (assistant.description or "")[:_LONGEST], *labels)
    known = (f"{key} {value}" for key, value in metadata.items())
    return Findable(
        "\n".join((*words, *known)).casefold(),
        assistant.name.casefold(),
        labels,
        metadata,
        assistant.is_default,
        "forked_from" in assistant.metadata,
    )


Pair = tuple["Assistant", Findable]


def find(assistants: Sequence[Pair], text: str, states: States) -> Sequence[Pair]:
    """Those that match all words of `text`, in the order they have."""
    found = assistants
    for word in text.casefold().split():
        if ":" in word:
            matches = _matcher(word, states)
            found = [pair for pair in found if matches(pair[0].assistant_id, pair[1])]
        else:
            found = [pair for pair in found if word in pair[1].text]
    return found


Matcher = Callable[[str, Findable], bool]
"""(assistant id, what is looked in) → whether it matches."""


def _matcher(word: str, states: States) -> Matcher:
    key, _, value = word.partition(":")
    if not key:
        return lambda _, one: word in one.text
    match key:
        case "label":
            return lambda _, one: any(value in label for label in one.labels)
        case "name":
            return lambda _, one: value in one.name
        case "id":
            return lambda assistant_id, _: value in assistant_id
        case "is":
            return _state(value, states)
    return _metadata(word, key, value, states)


def _state(value: str, states: States) -> Matcher:
    known: dict[str, Matcher] = {
        "default": lambda _, one: one.is_default,
        "fork": lambda _, one: one.is_fork,
        "draft": lambda assistant_id, _: assistant_id in states.draft,
        "misfit": lambda assistant_id, _: assistant_id in states.misfit,
    }
    meant = [matches for name, matches in known.items() if name.startswith(value)]
    return lambda assistant_id, one: any(matches(assistant_id, one) for matches in meant)


def _metadata(word: str, key: str, value: str, states: States) -> Matcher:
    key = key.removeprefix("meta.").removeprefix("metadata.")
    if key not in states.metadata_keys and key == word.partition(":")[0]:
        return lambda _, one: word in one.text  # no key at all: `http://…`, or a name with a colon
    return lambda _, one: value in one.metadata[key] if key in one.metadata else False


def _flat(value: Mapping[str, Any], above: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    for key, inner in value.items():
        if key in _OURS and not above:
            continue
        path = f"{above}{key}".casefold()
        if isinstance(inner, Mapping) and depth < _DEEPEST:
            yield from _flat(inner, f"{path}.", depth + 1)
        else:
            yield path, _words(inner)[:_LONGEST].casefold()


def _words(value: Any) -> str:
    if isinstance(value, list | tuple):
        return " ".join(_words(item) for item in value[:50])
    return value[:_LONGEST] if isinstance(value, str) else str(value)


def metadata_keys(findables: Iterable[Findable]) -> frozenset[str]:
    """All keys that can be asked for."""
    keys = set[str]()
    for one in findables:
        keys.update(one.metadata)
    return frozenset(keys)

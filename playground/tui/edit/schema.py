"""What became of a graph's context schema when its code changed. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playground.tui.forms.document import same
from playground.tui.text import one_line

JSON = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """Fields by name, in the order of the schemas."""

    added: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.gone or self.changed)

    def sentence(self, graph_id: str) -> str:
        """`support has new fields: tone; gone: style; changed: temperature`."""
        told = [
            f"{word}{_listed(names)}"
            for word, names in (("has new fields: ", self.added), ("gone: ", self.gone), ("changed: ", self.changed))
            if names
        ]
        return f"{one_line(graph_id, 40)}{' ' if self.added else ': '}{'; '.join(told)}"


def schema_change(old: JSON | None, new: JSON | None) -> SchemaChange:
    """What differs between the fields of two schemas."""
    before, after = _properties(old), _properties(new)
    return SchemaChange(
        tuple(name for name in after if name not in before),
        tuple(name for name in before if name not in after),
        tuple(name for name in after if name in before and not _alike(before[name], after[name], old, new)),
    )


def _properties(schema: JSON | None) -> Mapping[str, Any]:
    """Of an object; a schema may be a reference to it."""
    properties = (schema or {}).get("properties")
    if isinstance(properties, dict):
        return properties
    target = _definitions(schema).get(str((schema or {}).get("$ref")).rpartition("/")[2])
    return _properties(target) if isinstance(target, dict) and "properties" in target else {}


def _alike(before: Any, after: Any, old: JSON | None, new: JSON | None) -> bool:
    """The same words, and, where they refer to a definition, the same definitions."""
    refers = "'$ref'" in repr(after)
    return same(before, after) and not (refers and not same(_definitions(old), _definitions(new)))


def _definitions(schema: JSON | None) -> Mapping[str, Any]:
    found = (schema or {}).get("$defs")
    return found if isinstance(found, dict) else {}


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(one_line(name, 30) for name in names[:5])
    return f"{shown} and {len(names) - 5} more" if len(names) > 5 else shown

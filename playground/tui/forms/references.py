"""Following the references of a JSON schema, and telling what a schema is beside the null that it may allow."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

JSON = dict[str, Any]
NULL: JSON = {"type": "null"}
UNREADABLE = "?"  # the type of a reference that leads nowhere, or back to itself
UNIONS = ("anyOf", "oneOf")


@dataclass(frozen=True, slots=True)
class Resolved:
    """A schema without `$ref`, and without the null it may allow."""

    schema: JSON
    nullable: bool = False
    trail: frozenset[str] = frozenset()  # the references that were followed to it


class References:
    """Resolves the schemas of one document."""

    def __init__(self, root: JSON) -> None:
        self.root = root

    def resolve(self, schema: JSON, trail: frozenset[str] = frozenset()) -> Resolved:
        """Follows `$ref`, `allOf` and `anyOf` with null; what stands beside them wins over what they name."""
        schema, nullable = dict(schema), False
        while True:
            ref = schema.get("$ref")
            if isinstance(ref, str):
                target = self._lookup(ref)
                beside = {key: value for key, value in schema.items() if key != "$ref"}
                if target is None or ref in trail:
                    return Resolved({**beside, "type": UNREADABLE}, nullable, trail)
                trail |= {ref}
                schema = {**target, **beside}
                continue
            branch, null = self._only_branch(schema, trail)
            if branch is None:
                break
            nullable |= null
            rest = {key: value for key, value in schema.items() if key not in (*UNIONS, "allOf")}
            schema = {**branch, **rest}
        types = schema.get("type")
        if isinstance(types, list) and "null" in types:
            others = [name for name in types if name != "null"]
            schema, nullable = {**schema, "type": others[0] if len(others) == 1 else others}, True
        return Resolved(schema, nullable or _union_allows_null(schema), trail)

    def branches(self, schema: JSON, trail: frozenset[str]) -> Iterator[Resolved]:
        """The alternatives of a union beside null; those of a union in it are its own."""
        types = schema.get("type")
        if isinstance(types, list):
            yield from (Resolved({**schema, "type": name}, False, trail) for name in types)
            return
        for branch in union_of(schema):
            found = self.resolve(branch, trail)
            inner = list(self.branches(found.schema, found.trail)) if "const" not in found.schema else []
            yield from inner or [found]

    def _lookup(self, ref: str) -> JSON | None:
        """What a reference inside this document (`#/$defs/Color`) names."""
        if not ref.startswith("#"):
            return None
        target: Any = self.root
        for part in ref.removeprefix("#").split("/")[1:]:
            key = part.replace("~1", "/").replace("~0", "~")
            if not isinstance(target, dict) or key not in target:
                return None
            target = target[key]
        return target if isinstance(target, dict) else None

    def _only_branch(self, schema: JSON, trail: frozenset[str]) -> tuple[JSON | None, bool]:
        """The one alternative there is beside null, and whether there is null."""
        all_of = _list(schema.get("allOf"))
        if len(all_of) == 1 and isinstance(all_of[0], dict):
            return all_of[0], False
        if len(all_of) > 1 and all(isinstance(part, dict) for part in all_of):
            return _merged([self.resolve(part, trail).schema for part in all_of]), False
        for key in UNIONS:
            alternatives = _list(schema.get(key))
            others = [branch for branch in alternatives if branch != NULL]
            if len(others) == 1 and isinstance(others[0], dict):
                return others[0], len(others) < len(alternatives)
        return None, False


def union_of(schema: JSON) -> list[JSON]:
    """The alternatives of a union; none for a schema whose `anyOf` only narrows what stands beside it."""
    if "type" in schema or "properties" in schema:
        return []
    found = _list(schema.get("oneOf")) or _list(schema.get("anyOf"))
    return [branch for branch in found if branch != NULL] if all(isinstance(one, dict) for one in found) else []


def _union_allows_null(schema: JSON) -> bool:
    return len(union_of(schema)) > 0 and any(NULL in _list(schema.get(key)) for key in UNIONS)


def _merged(parts: list[JSON]) -> JSON:
    """Schemas that all hold, as one: the properties of all."""
    merged: JSON = {}
    for part in parts:
        properties = {**merged.get("properties", {}), **part.get("properties", {})}
        required = [*_list(merged.get("required")), *_list(part.get("required"))]
        merged = {**merged, **part}
        merged |= {"properties": properties} if properties else {}
        merged |= {"required": required} if required else {}
    return merged


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []

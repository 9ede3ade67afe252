"""Secrets in what is about to leave: a context, a config, metadata. Pure.

A secret belongs to the server's environment. One that was typed into a field all the same doesn't go further.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

MASK: Final = "••••••••"
"""What stands where a secret isn't shown."""
LEFT_OUT: Final = "«left out: looks like a key»"
"""What stands in a text where a key was."""

_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[\s.-]+")
_SECRET_NAME = re.compile(
    r"(?:^|_)(?:api_?key|secret(?:_?key)?|password|passwd|passphrase|private_?key|access_?key|token|authorization"
    r"|bearer|credentials?)$"
)
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*|\W*\{.*\}\W*|\$\w+")  # names a secret and isn't one: OPENAI_API_KEY, ${KEY}
_KEYS = re.compile(
    r"(?:"
    r"\bsk-[A-Za-z0-9_-]{16,}|\blsv2_[a-z]{2}_[A-Za-z0-9_]{16,}|\bgh[pousr]_[A-Za-z0-9]{30,}"
    r"|\bgithub_pat_[A-Za-z0-9_]{30,}|\bxox[abeprs]-[A-Za-z0-9-]{16,}|\bAKIA[0-9A-Z]{16}\b|\bAIza[0-9A-Za-z_-]{30,}"
    r"|\bhf_[A-Za-z0-9]{30,}|\bgsk_[A-Za-z0-9]{30,}|\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
    r"|(?<=://)[^\s/:@]+:[^\s/@]+(?=@)"
    r")",
    re.DOTALL,
)

JSON = dict[str, Any]


def without_secrets(value: Any, schema: Mapping[str, Any] | None = None, at: str = "") -> tuple[Any, list[str]]:
    """The value without what is secret by its schema, name or look, and the paths of what was left out.

    A secret field goes with its key; of a text that holds a key, only the key.
    """
    found: list[str] = []
    root = dict(schema or {})
    return _clean(value, [root] if root else [], root, at, found), found


def masked(value: Any, schema: Mapping[str, Any] | None) -> Any:
    """The value as it may be shown: with dots for what its schema says is a secret."""
    root = dict(schema or {})
    return _masked(value, [root], root) if root else value


def hidden(value: Any, schema: Mapping[str, Any] | None = None) -> Any:
    """The value as it may be shown, whoever stored it: dots for what is secret by its schema, name or look."""
    root = dict(schema or {})
    return _clean(value, [root] if root else [], root, "", [], with_dots=True)


def is_secret(schema: Mapping[str, Any]) -> bool:
    """Whether a field's schema says that its value isn't to be shown."""
    return schema.get("format") == "password" or schema.get("writeOnly") is True


def _masked(value: Any, schemas: list[JSON], root: Mapping[str, Any]) -> Any:
    if value and any(map(is_secret, schemas)):
        return MASK
    if isinstance(value, dict):
        below = {key: [inner for schema in schemas for inner in _children(schema, key, root)] for key in value}
        return {key: _masked(item, below[key], root) for key, item in value.items()}
    if isinstance(value, list):
        entries = [inner for schema in schemas for inner in _entries(schema, root)]
        return [_masked(item, entries, root) for item in value]
    return value


def _clean(
    value: Any, schemas: list[JSON], root: Mapping[str, Any], at: str, found: list[str], with_dots: bool = False
) -> Any:
    if isinstance(value, dict):
        kept: JSON = {}
        for key, item in value.items():
            path = f"{at}.{key}" if at else key
            below = [schema for parent in schemas for schema in _children(parent, key, root)]
            if item is not None and (any(map(is_secret, below)) or _is_named_secret(key, item)):
                found.append(path)
                if with_dots:
                    kept[key] = MASK
            else:
                kept[key] = _clean(item, below, root, path, found, with_dots)
        return kept
    if isinstance(value, list):
        below = [schema for parent in schemas for schema in _entries(parent, root)]
        return [_clean(item, below, root, f"{at}[{index}]", found, with_dots) for index, item in enumerate(value)]
    if isinstance(value, str) and (masked := _KEYS.sub(LEFT_OUT, value)) != value:
        found.append(at)
        return masked
    return value


def _is_named_secret(key: str, value: Any) -> bool:
    if not isinstance(value, str) or not value.strip() or _VARIABLE.fullmatch(value.strip()):
        return False
    name = _WORDS.sub("_", key[:200]).lower()
    return bool(_SECRET_NAME.search(name)) and not any(character.isspace() for character in value.strip())


def _children(schema: JSON, key: str, root: Mapping[str, Any]) -> Iterator[JSON]:
    for one in _meant(schema, root):
        properties, others = one.get("properties"), one.get("additionalProperties")
        if isinstance(properties, dict) and isinstance(properties.get(key), dict):
            yield from _meant(properties[key], root)
        elif isinstance(others, dict):
            yield from _meant(others, root)


def _entries(schema: JSON, root: Mapping[str, Any]) -> Iterator[JSON]:
    for one in _meant(schema, root):
        for part in (one.get("items"), *(one.get("prefixItems") or ())):
            if isinstance(part, dict):
                yield from _meant(part, root)


def _meant(schema: JSON, root: Mapping[str, Any], seen: set[int] | None = None) -> Iterator[JSON]:
    """The schema, what it refers to, and what it is made of, each once."""
    seen = set() if seen is None else seen
    if id(schema) in seen:
        return
    seen.add(id(schema))
    yield schema
    parts = [_target(schema.get("$ref"), root)]
    for word in ("anyOf", "oneOf", "allOf"):
        parts += schema.get(word) or ()
    for part in parts:
        if isinstance(part, dict):
            yield from _meant(part, root, seen)


def _target(reference: Any, root: Mapping[str, Any]) -> Any:
    """What a reference within the schema names."""
    if reference == "#":
        return root
    if not isinstance(reference, str) or not reference.startswith("#/"):
        return None
    target: Any = root
    for step in reference[2:].split("/"):
        target = target.get(step.replace("~1", "/").replace("~0", "~")) if isinstance(target, dict) else None
    return target

"""Names of what can run (`writer`, `writer@v3`, `writer@prod`), the hash of what ran, and how it is asked to."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FRESH = "playground_fresh"
"""Metadata of a run, true: it takes nothing from a cache, nor leaves anything there."""

_VERSION = re.compile(r"v?([1-9]\d*)")


@dataclass(frozen=True, slots=True)
class Ref:
    """What to run, as written: a name, and a version or a label of it, or neither (the active version).

    `name` is an assistant's name, its id (or a unique start of it), or a graph's name for its default assistant.
    """

    name: str
    version: int | None = None
    label: str | None = None

    def __str__(self) -> str:
        if self.version is not None:
            return f"{self.name}@v{self.version}"
        return f"{self.name}@{self.label}" if self.label else self.name


def parse_ref(text: str) -> Ref:
    """`name`, `name@v3`, `name@3` or `name@label`. The last `@` counts: names may contain one.

    Raises ValueError, a sentence to show, if the name or what follows the `@` is empty.
    """
    text = text.strip()
    name, at, selector = text.rpartition("@")
    if not at:
        name, selector = text, ""
    if not name or (at and not selector):
        raise ValueError(f"{text!r} names nothing to run: write NAME, NAME@v3 or NAME@label.")
    if match := _VERSION.fullmatch(selector):
        return Ref(name, version=int(match[1]))
    return Ref(name, label=selector or None)


def context_hash(context: Mapping[str, Any]) -> str:
    """12 hex digits of the SHA-256 of the context as canonical JSON: equal contexts, equal hashes."""
    canonical = json.dumps(context, sort_keys=True, separators=(",", ":"), default=repr)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()[:12]

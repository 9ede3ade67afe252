"""Where an assistant was forked from, as its metadata says. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playground.tui.text import one_line, short_id

if TYPE_CHECKING:
    from playground.client.values import Assistant
    from playground.tui.browse.catalog import Catalog


def origin(assistant: Assistant, catalog: Catalog) -> str | None:
    """`support@v3`, by the name that the source has now; `support@v3 (gone)` if it was deleted; None of no fork."""
    source = assistant.metadata.get("forked_from")
    if not isinstance(source, dict):
        return None
    assistant_id = source.get("assistant_id")
    there = catalog.assistant(assistant_id) if isinstance(assistant_id, str) else None
    name = there.name if there else source.get("name") or short_id(str(assistant_id or "?"))
    version = source.get("version")
    number = f"@v{version}" if isinstance(version, int) else ""
    return f"{one_line(str(name), 60)}{number}{'' if there else ' (gone)'}"

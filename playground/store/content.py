"""What is on disk of a storage, and what it says: a base and a journal. Nothing here writes.

The base is a plain TinyDB JSON file. The journal is lines of `crc32 JSON`. The first says which base it belongs to,
every other one is a commit: `{"table": {"id": document | null, …}, …}`.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from playground.store.errors import StoreDamaged, StoreTooNew
from playground.store.files import read_bytes
from playground.store.plain import JSON, dumps

Tables = dict[str, dict[str, JSON]]
Delta = dict[str, dict[str, JSON | None]]

META = "_meta"  # the table, with one document, that holds schema and generation
FORMAT = 1  # of the journal


@dataclass
class Content:
    """What base and journal say together."""

    tables: Tables
    meta: JSON
    generation: int = 0
    journal_size: int = 0  # bytes that are good; 0: there is no journal of this base
    base_size: int = 0
    dirty: bool = False  # the journal has commits
    torn: bytes = b""  # the end of the journal, never acknowledged, that isn't whole


def journal_path(path: Path) -> Path:
    """The journal beside a base."""
    return path.with_name(path.name + ".journal")


def read_content(path: Path) -> Content:
    """Read base and journal, changing nothing. Raises StoreDamaged or StoreTooNew."""
    # The base before the journal: one compacted in between is seen as a journal too new, and read again.
    for _ in range(3):
        base, journal = read_bytes(path), read_bytes(journal_path(path))
        content = Content({}, {}) if base is None else _read_base(path, base)
        if journal is None:
            return content
        header, deltas, good = _read_journal(path, journal)
        if header["generation"] <= content.generation:
            break
    else:
        raise StoreDamaged(
            f"{path} is older than its journal: put the newer file back, or delete {journal_path(path).name}"
            " to go on with the older one."
        )
    if header["generation"] < content.generation:
        return content  # folded into the base already
    if header["base"] != (zlib.crc32(base) if base is not None else 0):
        raise StoreDamaged(
            f"{path} was changed from outside: put a copy back, or delete {journal_path(path).name}"
            " to go on with it as it is."
        )
    for delta in deltas:
        _apply(content.tables, delta)
    content.journal_size, content.torn, content.dirty = good, journal[good:], bool(deltas)
    return content


def base_bytes(tables: Tables, meta: JSON) -> bytes:
    """A base with these tables: a TinyDB JSON file."""
    return dumps({META: {"1": meta}, **{name: table for name, table in tables.items() if table}})


def journal_header(generation: int, base_crc: int) -> bytes:
    """The first line of a journal: which base it belongs to."""
    return journal_line({"journal": FORMAT, "generation": generation, "base": base_crc})


def journal_line(record: Mapping[str, Any]) -> bytes:
    """A line with its checksum."""
    payload = dumps(record)
    return b"%08x %s\n" % (zlib.crc32(payload), payload)


def _record(line: bytes) -> JSON | None:
    """The record of a line, or None if it isn't what was written."""
    if line[:9] != b"%08x " % zlib.crc32(line[9:]):
        return None
    record = orjson.loads(line[9:])
    return record if isinstance(record, dict) else None


def _read_base(path: Path, base: bytes) -> Content:
    try:
        tables = orjson.loads(base)
    except ValueError as error:
        raise StoreDamaged(f"{path} is not JSON ({error}): put a copy of it back.") from None
    if not _is_tables(tables):
        raise StoreDamaged(f"{path} is not a TinyDB file: put a copy of it back.")
    meta = tables.pop(META, {}).get("1", {"schema": 1})
    if not isinstance(meta.get("schema"), int) or not isinstance(meta.setdefault("generation", 1), int):
        raise StoreDamaged(f"{path} doesn't say which schema it has: put a copy of it back.")
    return Content(tables, meta, meta["generation"], base_size=len(base))


def _is_tables(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(table, dict) and all(id.isdecimal() and isinstance(row, dict) for id, row in table.items())
        for table in value.values()
    )


def _read_journal(path: Path, data: bytes) -> tuple[JSON, list[Delta], int]:
    """Header, commits, and how many bytes of the journal are good. What follows those was never acknowledged."""
    journal = journal_path(path)
    lines = data.split(b"\n")[:-1]  # what follows the last newline is an unfinished line
    records = [_record(line) for line in lines]
    if not records or (header := records[0]) is None:
        raise StoreDamaged(f"{journal} has no readable first line: put a copy back, or delete it to go on without it.")
    if not isinstance(header.get("journal"), int) or not {"generation", "base"} <= header.keys():
        raise StoreDamaged(f"{journal} is not a journal of the playground.")
    if header["journal"] > FORMAT:
        raise StoreTooNew(f"{journal} was written by a newer version of the playground: update it to open this store.")
    bad = records.index(None) if None in records else len(records)
    if any(record is not None for record in records[bad:]):
        raise StoreDamaged(f"{journal} is damaged in line {bad + 1}, before lines that are good: put a copy back.")
    deltas = [record for record in records[1:bad] if record is not None]
    return header, deltas, sum(len(line) + 1 for line in lines[:bad])


def refuse_too_deep(path: Path, tables: Tables) -> None:
    """Raise StoreDamaged for documents that nothing could copy or write."""
    try:
        dumps(tables)  # fails above 254 levels; what is written has 200 at most
    except TypeError:
        raise StoreDamaged(f"{path} is nested more than 250 levels deep: put a copy of it back.") from None


def _apply(tables: Tables, delta: Delta) -> None:
    for name, rows in delta.items():
        table = tables.setdefault(name, {})
        for id, document in rows.items():
            if document is None:
                table.pop(id, None)
            else:
                table[id] = document

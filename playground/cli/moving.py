"""export, import: assistants with all their versions as a file, and back."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from playground.cli.output import say, say_json, tell, write
from playground.cli.session import DONE, FAILED, apart
from playground.cli.values import read_text
from playground.client.errors import UsageError

if TYPE_CHECKING:
    from playground.client.client import Client


async def export(client: "Client", refs: Sequence[str], file: Path | None, force: bool, as_json: bool) -> int:
    """The assistants that the refs name, or all; YAML on stdout or in a file. Secrets are left out, and named."""
    from playground.client.transfer import collect
    from playground.client.transfer_file import write_file

    if refs:
        ids = list(dict.fromkeys([(await client.resolve(ref)).assistant_id for ref in refs]))
    else:
        ids = [assistant.assistant_id for assistant in await client.assistants.list()]
    found = await collect(client, ids)
    text = _as_json(found.text) if as_json else found.text
    for left_out in found.left_out:
        tell(f"Left out, since it is secret: {left_out}.")
    if file is None:
        write(text)
        return DONE
    try:
        written = await asyncio.to_thread(write_file, file, text, overwrite=force)
    except FileExistsError as error:
        raise UsageError(f"{file} exists: name another file, or overwrite it with --force.") from error
    tell(f"{written} has {_count(found.assistants, 'assistant')} with {_count(found.versions, 'version')}.")
    return DONE


async def import_(client: "Client", file: Path, same_ids: bool, as_json: bool) -> int:
    """Makes the assistants of an export. Exit code 1 if one of them is not there whole afterwards."""
    from playground.client.transfer import import_ as import_text

    results = await import_text(client, await apart(lambda: read_text(file)), same_ids)
    if as_json:
        say_json(results)
    else:
        for result in results:
            say(result.sentence)
        if not results:
            say("The file has no assistants.")
    return DONE if all(result.is_whole for result in results) else FAILED


def _as_json(text: str) -> str:
    import json

    from playground.client.yaml_text import load

    return f"{json.dumps(load(text), ensure_ascii=False, indent=2)}\n"


def _count(number: int, name: str) -> str:
    return f"{number:,} {name}{'' if number == 1 else 's'}"

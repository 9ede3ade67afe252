"""delete: an assistant with all that hangs on it, after asking."""

import asyncio
import sys
from typing import TYPE_CHECKING

from playground.cli.output import one_line, say, say_json, tell, write
from playground.cli.session import DONE, FAILED, apart
from playground.client.errors import UsageError
from playground.client.values import Runnable
from playground.refs import parse_ref

if TYPE_CHECKING:
    from playground.client.client import Client


async def delete(client: "Client", ref: str, threads: bool, yes: bool, as_json: bool) -> int:
    """Deletes an assistant, and with `threads` those that it ran on last. Asks on a terminal, unless `yes`."""
    runnable = await client.resolve(ref)
    if ref.strip() != runnable.name and parse_ref(ref) != parse_ref(parse_ref(ref).name):
        raise UsageError(
            "A version can't be deleted, only the assistant with all of them: leave out what follows the @."
        )
    goes = await _what_goes(client, runnable, threads)
    if not yes:
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            raise UsageError(f"{goes} Nothing asks here, so say it with --yes.")
        write(f"{goes} Delete it? [y/N] ", sys.stderr)
        if (await apart(sys.stdin.readline)).strip().lower() not in ("y", "yes"):
            tell("Nothing was deleted.")
            return FAILED
    await client.assistants.delete(runnable.assistant_id, threads=threads)
    if as_json:
        say_json({"assistant_id": runnable.assistant_id, "name": runnable.name, "threads": threads})
    else:
        say(f"{runnable.name} is deleted{', with its threads' if threads else ''}.")
    return DONE


async def _what_goes(client: "Client", runnable: Runnable, threads: bool) -> str:
    """`support goes for good, with 9 versions, the labels prod and its draft. Its 3 threads stay.`"""
    whose = runnable.assistant_id
    versions, labels, notes, draft, ran_on = await asyncio.gather(
        client.assistants.versions(whose),
        client.notes.labels(whose),
        client.notes.notes(whose),
        client.notes.draft(whose),
        client.threads.count(whose),
    )
    things = [_count(len(versions), "version")]
    things += [f"the label{'' if len(labels) == 1 else 's'} {', '.join(sorted(labels))}"] if labels else []
    things += [_count(len(notes), "note")] if notes else []
    things += ["its draft"] if draft else []
    things += [_count(ran_on, "thread")] if threads and ran_on else []
    listed = things[0] if len(things) == 1 else f"{', '.join(things[:-1])} and {things[-1]}"
    stays = f" Its {_count(ran_on, 'thread')} stay{'s' if ran_on == 1 else ''}." if ran_on and not threads else ""
    return f"{one_line(runnable.name)} goes for good, with {listed}.{stays}"


def _count(number: int, name: str) -> str:
    return f"{number:,} {name}{'' if number == 1 else 's'}"

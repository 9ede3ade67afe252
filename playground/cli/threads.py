"""threads: list, show, export, import and delete them."""

import asyncio
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from playground.cli.output import moment, one_line, say, say_json, table, tell, write
from playground.cli.session import DONE, FAILED, apart, attached
from playground.client.errors import ApiError, UsageError

if TYPE_CHECKING:
    from playground.client.client import Client
    from playground.client.values import Thread

app = typer.Typer(help="List, show, export, import and delete threads.", no_args_is_help=True, rich_markup_mode=None)

AsJson = Annotated[bool, typer.Option("--json", help="JSON instead of text.")]
IdArgument = Annotated[str, typer.Argument(metavar="ID", help="A thread's id, or how it begins.")]


@app.command("list")
def list_verb(
    context: typer.Context,
    ref: Annotated[str | None, typer.Argument(metavar="[REF]", help="Only those that this assistant ran last.")] = None,
    graph: Annotated[str | None, typer.Option(metavar="GRAPH", help="Only those of this graph.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="So many, the last changed first.")] = 50,
    as_json: AsJson = False,
) -> int:
    """List threads, the last changed first."""
    return attached(context.obj, lambda client: list_threads(client, ref, graph, limit, as_json))


@app.command("show")
def show_verb(context: typer.Context, thread: IdArgument, as_json: AsJson = False) -> int:
    """Show what was said in a thread, and by which version; --json: as an export."""
    return attached(context.obj, lambda client: show(client, thread, as_json))


@app.command("export")
def export_verb(
    context: typer.Context,
    thread: IdArgument,
    file: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Its ending says what is written: .md .html .json .py"),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, whatever the file is called.")] = False,
) -> int:
    """Write a thread as Markdown, a page, JSON that can be imported, or code that runs its turns again.

    Secrets and what looks like a key are left out. Without a file: JSON to stdout.
    """
    return attached(context.obj, lambda client: export(client, thread, file, force, as_json))


@app.command("import")
def import_verb(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE|-", help="What export wrote as JSON; - reads stdin.")],
    as_json: AsJson = False,
) -> int:
    """Make the thread of an export, under a new id.

    With its steps where the graph takes them back, else with its newest state: that is said.
    """
    return attached(context.obj, lambda client: import_(client, file, as_json))


@app.command("delete")
def delete_verb(
    context: typer.Context,
    threads: Annotated[list[str], typer.Argument(metavar="ID...", help="Threads' ids, or how they begin.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
    as_json: AsJson = False,
) -> int:
    """Delete threads with their runs and checkpoints; what runs there is stopped."""
    return attached(context.obj, lambda client: delete(client, threads, yes, as_json))


async def list_threads(client: "Client", ref: str | None, graph: str | None, limit: int, as_json: bool) -> int:
    """A table, or a line of JSON with the same."""
    from playground.client.conversation import title_of
    from playground.client.values import ran_title

    assistant_id = (await client.resolve(ref)).assistant_id if ref else None
    found = await client.threads.list(assistant_id, graph, limit)
    names = {one.assistant_id: one.name for one in await client.assistants.list()}

    def ran(thread: "Thread") -> str:
        whose = thread.assistant_id
        return ran_title(names.get(whose, whose), thread.version, thread.draft) if whose else ""

    if as_json:
        say_json([{**_facts(thread), "title": title_of(thread), "ran": ran(thread)} for thread in found])
        return DONE
    rows = [
        [thread.thread_id, thread.status, moment(thread.updated_at), one_line(ran(thread), 30), _title(thread)]
        for thread in found
    ]
    for line in table(rows, ["ID", "STATUS", "UPDATED", "RAN", "TITLE"]) if rows else ["None yet."]:
        say(line)
    return DONE


async def show(client: "Client", thread: str, as_json: bool) -> int:
    """Turn by turn, as text."""
    from playground.client.thread_export import read_saved, thread_json
    from playground.client.thread_report import read_report

    saved = await read_saved(client, await find(client, thread))
    if as_json:
        say_json(thread_json(saved, _now()))
        return DONE
    report = await read_report(client, saved, _now())
    say(f"{one_line(report.title)} · {saved.thread.status} · {report.thread_id}")
    for number, turn in enumerate(report.turns, 1):
        say(f"\nTurn {number} · {one_line(turn.title)} · {turn.status}")
        for part in turn.parts:
            say(f"{one_line(part.who)}> {part.text}")
    return DONE


async def export(client: "Client", thread: str, file: Path | None, force: bool, as_json: bool) -> int:
    """To stdout or a file, which only its owner can read."""
    from playground.client.thread_export import read_saved
    from playground.client.thread_files import ENDINGS, thread_text
    from playground.client.transfer_file import write_file

    suffix = ".json" if as_json or file is None else file.suffix.lower()
    if suffix not in ENDINGS:
        raise UsageError(f"What is to be written? Name the file with {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}.")
    saved = await read_saved(client, await find(client, thread))
    text = await thread_text(client, saved, suffix, _now())
    if file is None:
        write(text)
        return DONE
    try:
        path = await asyncio.to_thread(write_file, file, text, overwrite=force)
    except FileExistsError as error:
        raise UsageError(f"{file} exists: name another file, or overwrite it with --force.") from error
    tell(f"{path} has the thread {saved.thread.thread_id}.")
    return DONE


async def import_(client: "Client", file: Path, as_json: bool) -> int:
    """Makes the thread; exit code 1 if it is there, but its state isn't as in the file."""
    from playground.cli.values import read_text
    from playground.client.thread_import import import_thread, parse_thread

    made = await import_thread(client, parse_thread(await apart(lambda: read_text(file))))
    if as_json:
        differs = {"steps": made.steps, "reason": made.reason, "differs": list(made.differs)}
        say_json({"thread_id": made.thread.thread_id, **differs})
    else:
        say(made.sentence)
    return FAILED if made.differs else DONE


async def delete(client: "Client", threads: Sequence[str], yes: bool, as_json: bool) -> int:
    """All of them or none: an id that isn't there is said before anything goes."""
    ids = list(dict.fromkeys([await find(client, thread) for thread in threads]))
    what = f"{len(ids):,} thread{'' if len(ids) == 1 else 's'} with all runs and checkpoints"
    if not yes:
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            raise UsageError(f"{what} would go for good. Nothing asks here, so say it with --yes.")
        write(f"{what} go for good. Delete? [y/N] ", sys.stderr)
        if (await apart(sys.stdin.readline)).strip().lower() not in ("y", "yes"):
            tell("Nothing was deleted.")
            return FAILED
    for thread_id in ids:
        await client.threads.delete(thread_id)
    if as_json:
        say_json({"deleted": ids})
    else:
        say(f"{what} deleted.")
    return DONE


async def find(client: "Client", given: str) -> str:
    """The id that is given, or the one among the newest that begins so. Raises UsageError."""
    try:
        return (await client.threads.get(given)).thread_id
    except ApiError as error:
        if error.status not in (400, 404, 422):
            raise
    near = [one.thread_id for one in await client.threads.list(limit=1000) if one.thread_id.startswith(given)]
    if len(near) == 1 and given:
        return near[0]
    if near and given:
        raise UsageError(f"{given} is how {len(near)} threads begin: {', '.join(near[:5])}. Give more of the id.")
    raise UsageError(f"There is no thread {one_line(given, 60)}: `playground threads list` lists them.")


def _facts(thread: "Thread") -> dict[str, Any]:
    return {
        "thread_id": thread.thread_id,
        "graph_id": thread.graph_id,
        "status": thread.status,
        "created_at": thread.created_at,
        "updated_at": thread.updated_at,
        "assistant_id": thread.assistant_id,
        "version": thread.version,
    }


def _title(thread: "Thread") -> str:
    from playground.client.conversation import title_of

    return one_line(title_of(thread), 50)


def _now() -> datetime:
    return datetime.now(UTC).astimezone()

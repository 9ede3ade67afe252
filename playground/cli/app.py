"""The verbs and their options."""

import asyncio
from pathlib import Path
from typing import Annotated, cast

import typer

from playground.cli import threads
from playground.cli.options import Options, options_first
from playground.cli.output import tell
from playground.cli.session import DONE, STOPPED, USED_WRONGLY, attached, guarded
from playground.client.target import Target

app = typer.Typer(
    name="playground",
    help="A terminal playground for LangGraph assistants. Without a command it opens the screens.",
    epilog="Exit codes: 0 done, 1 the run or a check failed, 2 used wrongly, 3 no server could be reached or started.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(threads.app, name="threads")

AsJson = Annotated[bool, typer.Option("--json", help="JSON instead of text.")]
RefArgument = Annotated[str, typer.Argument(metavar="REF", help="NAME, NAME@v3, NAME@label, NAME@draft, or an id.")]

Values = Annotated[
    Path | None,
    typer.Option("--context", metavar="FILE|-", help="The whole context as YAML or JSON; - reads stdin."),
]


def run_verb(arguments: list[str]) -> int:
    """The command with these arguments; returns its exit code."""
    try:
        return app(options_first(arguments), standalone_mode=False) or DONE
    except typer.Exit as error:
        return error.exit_code
    except typer.Abort:
        return STOPPED
    except Exception as error:
        # Typer's own errors (an unknown option, a missing argument) have a message and a code.
        message = getattr(error, "format_message", None)
        if message is None:
            raise
        tell(f"{message()} See `playground --help`.")
        return USED_WRONGLY


@app.callback()
def playground(
    context: typer.Context,
    project: Annotated[
        Path | None,
        typer.Option(envvar="PLAYGROUND_PROJECT", help="A folder with a langgraph.json, in it or above it."),
    ] = None,
    store: Annotated[
        Path | None,
        typer.Option(envvar="PLAYGROUND_STORE", help="Where everything is kept; else .playground in the project."),
    ] = None,
    url: Annotated[
        str | None, typer.Option(envvar="PLAYGROUND_URL", help="Attach to a LangGraph server instead.")
    ] = None,
    key: Annotated[
        str | None, typer.Option(envvar="PLAYGROUND_KEY", help="The server's key (x-api-key).", show_envvar=True)
    ] = None,
    python: Annotated[
        str | None,
        typer.Option(
            envvar="PLAYGROUND_PYTHON", help="An interpreter with this package and the project's dependencies."
        ),
    ] = None,
    demo: Annotated[
        bool, typer.Option("--demo", envvar="PLAYGROUND_DEMO", help="The sample project, offline.")
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", envvar="PLAYGROUND_DEBUG", help="Show tracebacks and logs.")
    ] = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> int:
    if version:
        from importlib.metadata import version as installed

        print(f"langgraph-playground {installed('langgraph-playground')}")
        raise typer.Exit
    context.obj = Options(Target(project, store, url, key, python, demo), debug)
    if context.invoked_subcommand is None:
        from playground.cli.screens import screens

        return screens(context.obj)
    return DONE


@app.command()
def graphs(context: typer.Context, as_json: AsJson = False) -> int:
    """List the project's graphs, and whether they load."""
    from playground.cli import listing

    return attached(context.obj, lambda client: listing.graphs(client, as_json))


@app.command()
def assistants(
    context: typer.Context,
    graph: Annotated[str | None, typer.Argument(metavar="[GRAPH]", help="Only those of this graph.")] = None,
    as_json: AsJson = False,
) -> int:
    """List the assistants."""
    from playground.cli import listing

    return attached(context.obj, lambda client: listing.assistants(client, graph, as_json))


@app.command()
def versions(context: typer.Context, ref: RefArgument, as_json: AsJson = False) -> int:
    """List the versions of an assistant, newest first."""
    from playground.cli import listing

    return attached(context.obj, lambda client: listing.versions(client, ref, as_json))


@app.command()
def show(context: typer.Context, ref: RefArgument, as_json: AsJson = False) -> int:
    """Show one version, whole."""
    from playground.cli import listing

    return attached(context.obj, lambda client: listing.show(client, ref, as_json))


@app.command()
def diff(
    context: typer.Context,
    left: Annotated[str, typer.Argument(metavar="REF")],
    right: Annotated[str, typer.Argument(metavar="REF")],
    as_json: AsJson = False,
) -> int:
    """Show what differs between two versions."""
    from playground.cli import listing

    return attached(context.obj, lambda client: listing.diff(client, left, right, as_json))


@app.command()
def new(
    context: typer.Context,
    graph: Annotated[str, typer.Argument(metavar="GRAPH")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the assistant is called.")],
    values: Values = None,
    description: Annotated[str | None, typer.Option(metavar="TEXT", help="What it is for.")] = None,
    as_json: AsJson = False,
) -> int:
    """Make an assistant of a graph."""
    from playground.cli import editing

    return attached(context.obj, lambda client: editing.new(client, graph, name, values, description, as_json))


@app.command()
def fork(
    context: typer.Context,
    ref: RefArgument,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the new assistant is called.")],
    as_json: AsJson = False,
) -> int:
    """Make an assistant as a copy of any version of another."""
    from playground.cli import editing

    return attached(context.obj, lambda client: editing.fork(client, ref, name, as_json))


@app.command()
def save(
    context: typer.Context,
    ref: RefArgument,
    sets: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="KEY=VALUE", help='Set a field; a.b is b in a. JSON (3, true, [1], "3"), else text.'
        ),
    ] = None,
    unsets: Annotated[
        list[str] | None, typer.Option("--unset", metavar="KEY", help="Leave a field to its default again.")
    ] = None,
    values: Values = None,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="Another name.")] = None,
    description: Annotated[str | None, typer.Option(metavar="TEXT", help="Another description; empty is none.")] = None,
    note: Annotated[str | None, typer.Option(metavar="TEXT", help="What is new in this version.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and save nothing.")] = False,
    as_json: AsJson = False,
) -> int:
    """Save a new version, made of the one that REF names.

    It becomes the active one, and its ref is printed. NAME@draft saves what is edited on the screen.
    """
    from playground.cli import editing

    changes = editing.Changes(sets or (), unsets or (), values, name, description, note)
    return attached(context.obj, lambda client: editing.save(client, ref, changes, dry_run, as_json))


@app.command()
def rename(
    context: typer.Context,
    ref: RefArgument,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The new name.")],
    as_json: AsJson = False,
) -> int:
    """Call an assistant something else; that makes a version."""
    from playground.cli import editing

    return attached(context.obj, lambda client: editing.rename(client, ref, name, as_json))


@app.command()
def promote(
    context: typer.Context,
    ref: RefArgument,
    note: Annotated[str | None, typer.Option(metavar="TEXT", help="Why.")] = None,
    as_json: AsJson = False,
) -> int:
    """Make a version the active one: it runs where none is named."""
    from playground.cli import promoting

    return attached(context.obj, lambda client: promoting.promote(client, ref, note, as_json))


@app.command()
def label(
    context: typer.Context,
    ref: RefArgument,
    name: Annotated[str, typer.Argument(metavar="LABEL", help="One word: prod, staging …")],
    why: Annotated[str | None, typer.Option(metavar="TEXT", help="Why it goes there.")] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Take the label away from the assistant.")] = False,
    as_json: AsJson = False,
) -> int:
    """Put a label on a version, or move it there."""
    from playground.cli import promoting

    return attached(context.obj, lambda client: promoting.label(client, ref, name, why, remove, as_json))


@app.command()
def delete(
    context: typer.Context,
    ref: RefArgument,
    threads: Annotated[bool, typer.Option("--threads", help="Also the threads that it ran on last.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
    as_json: AsJson = False,
) -> int:
    """Delete an assistant with all its versions.

    Its labels, notes and draft go, too; its threads stay, but for --threads.
    """
    from playground.cli import deleting

    return attached(context.obj, lambda client: deleting.delete(client, ref, threads, yes, as_json))


@app.command()
def export(
    context: typer.Context,
    refs: Annotated[list[str] | None, typer.Argument(metavar="[REF]...", help="Assistants; none means all.")] = None,
    file: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Instead of stdout.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of YAML.")] = False,
) -> int:
    """Write assistants with all their versions as YAML.

    Notes, labels and the active version are in it; drafts, threads and secrets are not.
    """
    from playground.cli import moving

    return attached(context.obj, lambda client: moving.export(client, refs or (), file, force, as_json))


@app.command("import")
def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE|-", help="What `playground export` wrote; - reads stdin.")],
    same_ids: Annotated[bool, typer.Option("--same-ids", help="Keep the ids of the file.")] = False,
    as_json: AsJson = False,
) -> int:
    """Make the assistants of an export.

    What is there is never changed: the same file imported again makes nothing twice.
    """
    from playground.cli import moving

    return attached(context.obj, lambda client: moving.import_(client, file, same_ids, as_json))


@app.command()
def run(
    context: typer.Context,
    ref: RefArgument,
    text: Annotated[
        str | None,
        typer.Argument(metavar="TEXT|-", help="A message, or JSON for a graph that isn't a chat; - reads stdin."),
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--input", metavar="FILE", help="Input from a file: a JSON object, or text.")
    ] = None,
    thread: Annotated[str | None, typer.Option(metavar="ID", help="Go on with this thread.")] = None,
    resume: Annotated[
        str | None, typer.Option(metavar="JSON", help="The answer to a run that waits on the thread.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One event a line, as JSON.")] = False,
) -> int:
    """Run an assistant, and print its answer as it comes."""
    from playground.cli import running

    options = cast(Options, context.obj)
    return attached(options, lambda client: running.run(client, options, ref, text, file, thread, resume, as_json))


@app.command()
def compare(
    context: typer.Context,
    refs: Annotated[list[str], typer.Argument(metavar="REF REF…", help="Two to four: NAME, NAME@v3, NAME@draft …")],
    text: Annotated[
        str | None,
        typer.Option("--input", metavar="TEXT|FILE|-", help="What all are given: a text, or a file of that name."),
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--inputs", metavar="FILE", help="Several inputs: a text or JSON a line.")
    ] = None,
    samples: Annotated[int, typer.Option(min=1, max=50, help="How often each input is run, never from a cache.")] = 1,
    at_most: Annotated[int, typer.Option(min=1, help="How many runs are on at once.")] = 4,
    as_json: AsJson = False,
) -> int:
    """Compare versions on the same input: here, or on the screen if there is no input and a terminal."""
    from playground.cli import comparing

    return comparing.compare_verb(cast(Options, context.obj), refs, text, file, samples, at_most, as_json)


@app.command()
def doctor(context: typer.Context, as_json: AsJson = False) -> int:
    """Check project, store, server, graphs and saved values.

    ✔ and ✘ are checks: exit code 1 if one failed. ! is a remark, such as a saved value that no longer fits the
    graph's code: it is kept, and its assistant can't run with it.
    """
    from playground.cli import doctor as checks

    return guarded(context.obj, lambda: asyncio.run(checks.doctor(context.obj.target, as_json)))


@app.command()
def backup(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="A zip; else one named for the time.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
) -> int:
    """Write the store to one file, even while a server uses it."""
    from playground.cli import backup as backups

    return guarded(context.obj, lambda: backups.backup(context.obj.target, file, force))


@app.command()
def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `playground backup` wrote.")],
    force: Annotated[bool, typer.Option("--force", help="Even if versions in it were changed.")] = False,
) -> int:
    """Put a backup back; the store that was there is kept beside it."""
    from playground.cli import backup as backups

    return guarded(context.obj, lambda: backups.restore(context.obj.target, file, force))


@app.command()
def serve(
    context: typer.Context,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 2024,
    host: Annotated[str, typer.Option(help="Any other than loopback needs --key.")] = "127.0.0.1",
    allow_origin: Annotated[
        list[str] | None, typer.Option(metavar="ORIGIN", help="A web page that may use the server, as https://HOST.")
    ] = None,
    runs: Annotated[
        int, typer.Option(min=1, envvar="PLAYGROUND_RUNS", help="How many runs execute at once; the rest queue.")
    ] = 10,
    reload: Annotated[
        bool, typer.Option(envvar="PLAYGROUND_RELOAD", help="Restart when the project's code changes and no run is on.")
    ] = True,
    managed: Annotated[bool, typer.Option("--managed", hidden=True)] = False,
) -> int:
    """Serve the LangGraph API of the project until stopped."""
    from playground.server.main import Settings
    from playground.server.main import serve as serve_project

    target = cast(Options, context.obj).target
    place = target.place() if target.demo else None
    return serve_project(
        place.project if place else target.project,
        place.store if place else target.store,
        Settings(host, 0 if managed else port, target.key, managed, tuple(allow_origin or ()), runs, reload),
    )

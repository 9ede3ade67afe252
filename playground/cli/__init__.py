"""The `playground` command: the terminal UI, and everything without a screen."""

import sys


def main() -> None:
    """The `playground` command. Ends the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a locale that lacks our glyphs is no error
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """The command with these arguments; returns its exit code."""
    from playground.cli.options import only_shared

    # The screens don't wait for typer, whose import takes a third of the time to their first paint.
    if (options := only_shared(arguments)) is not None:
        from playground.cli.screens import screens

        return screens(options)
    from playground.cli.app import run_verb

    return run_verb(arguments)

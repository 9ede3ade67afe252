"""The way to the screens."""

import sys
from dataclasses import replace
from pathlib import Path

from playground.cli.options import Options
from playground.cli.session import DONE, guarded
from playground.client.errors import UsageError
from playground.client.target import find_project


def screens(options: Options) -> int:
    """The UI: on the project here or above, else on the demo. Returns the exit code."""
    return guarded(options, lambda: _open(options))


def _open(options: Options) -> int:
    target = options.target
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("The screens need a terminal. For scripts there are commands: see `playground --help`.")
    if not (target.demo or target.url or target.project) and find_project(Path.cwd()) is None:
        target = replace(target, demo=True)
    if not (target.demo or target.url):
        target.place()  # no project: say so here, not on a screen
    from playground.tui.app import PlaygroundApp

    ui = PlaygroundApp(target)
    ui.run()
    return ui.return_code or DONE

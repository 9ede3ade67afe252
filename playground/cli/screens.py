"""The way to the screens."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from playground.cli.options import Options
from playground.cli.session import DONE, guarded
from playground.client.errors import UsageError
from playground.client.input_file import InputFile, load_inputs
from playground.client.target import find_project


def screens(options: Options) -> int:
    """The UI: on the project here or above, else on the demo. Returns the exit code."""
    return guarded(options, lambda: _open(options))


def compare(options: Options, refs: Sequence[str], file: Path | None) -> int:
    """The UI on its Compare screen, with these refs and the inputs of a file. Returns the exit code."""
    return guarded(options, lambda: _open(options, refs, load_inputs(file) if file is not None else None))


def _open(options: Options, refs: Sequence[str] = (), inputs: InputFile | None = None) -> int:
    target = options.target
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("The screens need a terminal. For scripts there are commands: see `playground --help`.")
    if not (target.demo or target.url or target.project) and find_project(Path.cwd()) is None:
        target = replace(target, demo=True)
    if not (target.demo or target.url):
        target.place()  # no project: say so here, not on a screen
    from playground.tui.app import PlaygroundApp

    ui = PlaygroundApp(target)
    if refs:
        ui.begin = lambda: ui.compare(list(refs), inputs)
    ui.run()
    return ui.return_code or DONE

"""What every verb shares: which server, and how much is told."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

from playground.client.target import Target

WITH_VALUE = ("--project", "--store", "--url", "--key", "--python")
FLAGS = ("--demo", "--debug")


@dataclass(frozen=True, slots=True)
class Options:
    """The options in front of a verb, or behind it."""

    target: Target
    debug: bool = False

    def words(self) -> str:
        """The options as they have to be typed again to reach the same server; the key is not repeated."""
        target = self.target
        given = {"--project": target.project, "--store": target.store, "--url": target.url, "--python": target.python}
        words = ["--demo"] if target.demo else []
        for option, value in given.items():
            words += [option, quote(str(value))] if value is not None else []
        return "".join(f" {word}" for word in words)


def variable(option: str) -> str:
    """The environment variable of an option: PLAYGROUND_PROJECT for --project."""
    return f"PLAYGROUND_{option.lstrip('-').upper()}"


def options_first(arguments: list[str]) -> list[str]:
    """The shared options in front of the verb: people write them behind it, too (`playground serve --project DIR`)."""
    first: list[str] = []
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            return [*first, *rest, argument, *waiting]
        if argument in WITH_VALUE:
            first += [argument, *([value] if (value := next(waiting, None)) is not None else [])]
        elif argument in FLAGS or argument.partition("=")[0] in WITH_VALUE:
            first.append(argument)
        else:
            rest.append(argument)
    return [*first, *rest]


def only_shared(arguments: list[str], environment: Mapping[str, str] = os.environ) -> Options | None:
    """The options, if there is nothing else and nothing to complain about; everything else is for the real parser."""
    if any(environment.get(variable(flag)) for flag in FLAGS):
        return None
    values = {option: environment.get(variable(option)) or None for option in WITH_VALUE}
    flags: set[str] = set()
    waiting = iter(arguments)
    for argument in waiting:
        option, equals, value = argument.partition("=")
        if argument in FLAGS:
            flags.add(argument)
        elif option in WITH_VALUE:
            given = value if equals else next(waiting, "")
            if not given or given.startswith("-"):
                return None
            values[option] = given
        else:
            return None
    project, store = values["--project"], values["--store"]
    target = Target(
        Path(project) if project else None,
        Path(store) if store else None,
        values["--url"],
        values["--key"],
        values["--python"],
        "--demo" in flags,
    )
    return Options(target, "--debug" in flags)

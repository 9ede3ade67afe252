"""compare: the same input to several versions, once or many times, and what differs."""

import asyncio
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from playground.cli.options import Options
from playground.cli.output import one_line, say, say_json, table, tell
from playground.cli.session import DONE, FAILED, apart, attached
from playground.client.errors import UsageError
from playground.client.input_file import load_inputs
from playground.client.inputs import check_input, input_from_value, input_schema
from playground.client.values import Runnable, Schemas

if TYPE_CHECKING:
    from playground.client.client import Client
    from playground.client.sampling import Sampling
    from playground.compare.report import Report, ReportPane

LETTERS: Final = "ABCD"
_SHORT: Final = 74  # characters of an answer among many
_NARROW: Final = 52  # characters of a figure where there are 80
_FILES = (".json", ".txt", ".md", ".yaml", ".jsonl")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for. `given` are texts or objects, as typed or as a file has them."""

    refs: tuple[str, ...]
    given: tuple[Any, ...]
    samples: int = 1
    at_most: int = 4


def compare_verb(
    options: Options,
    refs: Sequence[str],
    text: str | None,
    file: Path | None,
    samples: int,
    at_most: int,
    as_json: bool,
) -> int:
    """The verb: the screen if there is a terminal and nothing to run yet, else the numbers. Returns the exit code."""
    asked = text is not None or samples > 1 or as_json
    if not asked and 2 <= len(refs) <= len(LETTERS) and sys.stdin.isatty() and sys.stdout.isatty():
        from playground.cli.screens import compare as on_screen

        return on_screen(options, refs, file)

    async def run(client: "Client") -> int:
        if not 2 <= len(refs) <= len(LETTERS):
            raise UsageError(
                f"Two to four refs are compared, not {len(refs)}: playground compare support@v1 support@v2"
            )
        if text is not None and file is not None:
            raise UsageError("Give --input for one input or --inputs for a file of them, not both.")
        given = await read_inputs(text, file)
        return await compare(client, Wanted(tuple(refs), given, samples, at_most), as_json)

    return attached(options, run)


async def compare(client: "Client", wanted: Wanted, as_json: bool) -> int:
    """Runs every input in every ref, so many times, and prints what came of it. Ctrl+C stops the runs, not only us."""
    from playground.client.sampling import Job, Sampling

    runnables = await asyncio.gather(*(client.resolve(ref) for ref in wanted.refs))
    schemas = await asyncio.gather(*(client.graphs.schemas_if_any(one.assistant_id) for one in runnables))
    inputs = [_inputs(one, known, wanted.given) for one, known in zip(runnables, schemas, strict=True)]
    jobs = [
        Job(_key(index, letter), runnable, inputs[at][index])
        for index in range(len(wanted.given))
        for _ in range(wanted.samples)
        for at, (letter, runnable) in enumerate(zip(LETTERS, runnables, strict=False))
    ]
    sampling = Sampling(client, jobs, wanted.at_most)
    for letter, runnable in zip(LETTERS, runnables, strict=False):
        tell(f"{letter} {one_line(runnable.title)} · {runnable.context_hash[:6]}")
    sampling.listener = _Progress(sampling, runnables, len(wanted.given)).tell
    taking = asyncio.create_task(sampling.run())
    try:
        await asyncio.shield(taking)
    except asyncio.CancelledError:
        await sampling.stop()
        await taking  # one that the server takes only now is stopped, too
        raise
    report = _report(runnables, schemas, wanted, sampling)
    if as_json:
        from playground.compare.report_json import report_json

        say_json(report_json(report))
    else:
        _print(report)
    went_well = all(sample and sample.status in ("done", "interrupted") for sample in sampling.samples)
    return DONE if went_well else FAILED


async def read_inputs(text: str | None, file: Path | None) -> tuple[Any, ...]:
    """What is to be run: one input from TEXT, a file or stdin, or one a line of a file. Raises UsageError."""
    if file is not None:
        found = await apart(lambda: load_inputs(file))
        for problem in found.problems:
            tell(f"{file}: {problem}; it is left out.")
        return found.inputs
    if text is None:
        raise UsageError("What are they given? --input TEXT|FILE|- or --inputs FILE; the screen needs a terminal.")
    return (await apart(lambda: _one_input(text)),)


def _one_input(text: str) -> Any:
    import json

    path = Path(text)
    try:
        is_file = text != "-" and len(text) < 4_000 and path.is_file()
        if not is_file and text != "-" and path.suffix in _FILES and not any(char.isspace() for char in text):
            raise UsageError(f"There is no file {text}. Write a text with a space in it, or give a file that exists.")
        document = path.read_text(encoding="utf-8") if is_file else sys.stdin.read() if text == "-" else text
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise UsageError(f"The input {text} cannot be read: {reason}.") from error
    try:
        value = json.loads(document)
    except (ValueError, RecursionError):
        return document.rstrip("\n")
    return value if isinstance(value, dict | list) else document.rstrip("\n")


def _inputs(runnable: Runnable, schemas: Schemas | None, given: Sequence[Any]) -> list[Any]:
    """The inputs as this graph takes them. Raises UsageError for the first that it doesn't."""
    schema = input_schema(schemas) if schemas else None
    found = []
    for number, value in enumerate(given, 1):
        try:
            found.append(input_from_value(value, schema, runnable.title))
            check_input(found[-1], schema)
        except ValueError as error:
            which = f"Input {number}" if len(given) > 1 else "The input"
            raise UsageError(f"{which} doesn't fit {runnable.title}: {error}") from error
    return found


class _Progress:
    """A line on stderr for every run that is over."""

    def __init__(self, sampling: "Sampling", runnables: Sequence[Runnable], inputs: int) -> None:
        self._sampling = sampling
        self._titles = dict(zip(LETTERS, (runnable.title for runnable in runnables), strict=False))
        self._inputs = inputs
        self._told: set[int] = set()

    def tell(self, key: str) -> None:
        """Something of a ref began or is over."""
        for index, (job, sample) in enumerate(zip(self._sampling.jobs, self._sampling.samples, strict=True)):
            if sample is not None and index not in self._told:
                self._told.add(index)
                number, _, letter = job.key.partition(" ")
                which = f"input {int(number) + 1}  " if self._inputs > 1 else ""
                took = f"  {sample.metrics.running:.1f} s" if sample.metrics.running is not None else ""
                note = f"  {one_line(sample.note)}" if sample.note else ""
                tell(
                    f"{len(self._told)}/{len(self._sampling.jobs)}  {which}{letter} {self._title(letter)}  "
                    f"{sample.status}{took}{note}"
                )

    def _title(self, letter: str) -> str:
        return one_line(self._titles[letter], 40)


def _key(index: int, letter: str) -> str:
    return f"{index} {letter}"


def _report(
    runnables: Sequence[Runnable], schemas: Sequence[Schemas | None], wanted: Wanted, sampling: "Sampling"
) -> "Report":
    from playground.client.reporting import report_pane, report_turn
    from playground.compare.report import Report

    panes = []
    for letter, runnable, known in zip(LETTERS, runnables, schemas, strict=False):
        given = enumerate(wanted.given)
        turns = [report_turn(one, sampling.of(_key(index, letter)), schemas=known) for index, one in given]
        panes.append(report_pane(letter, runnable, known, turns))
    return Report("", datetime.now(UTC).astimezone(), tuple(panes))


def _print(report: "Report") -> None:
    for index in range(report.turns):
        say(f"> {one_line(report.input(index), 78)}")
        say()
        for line in _figures(report, index):
            say(line)
        for pane in report.panes:
            say()
            _print_answers(pane, index)
        say()


def _figures(report: "Report", index: int) -> list[str]:
    """Side by side if the terminal is wide enough, else each figure pane by pane."""
    from playground.compare.report_text import rows_text, statuses_text

    told = [{"": statuses_text(pane.turns[index].summary), **rows_text(report, pane, index)} for pane in report.panes]
    names = list(dict.fromkeys(name for one in told for name in one))
    rows = [[name, *(one.get(name, "") for one in told)] for name in names]
    lines = table(rows, ["", *(f"{pane.letter} {one_line(pane.title, 30)}" for pane in report.panes)])
    if max(map(len, lines)) <= shutil.get_terminal_size().columns:
        return lines
    who = zip(report.panes, told, strict=True)
    heads = [[pane.letter, one_line(pane.title, 50), one.pop("")] for pane, one in who]
    letters = [pane.letter for pane in report.panes]
    stacked = [row for name in names[1:] for row in _stacked(name, letters, [one.get(name, "") for one in told])]
    return [*table(heads[1:], heads[0]), "", *table(stacked[1:], stacked[0])]


def _stacked(name: str, letters: Sequence[str], values: Sequence[str]) -> list[list[str]]:
    """A figure pane by pane, its differences in a column of their own; one row if all have the same."""
    if len(set(values)) == 1:
        return [[name, "all", one_line(values[0], _NARROW), ""]]
    rows: list[list[str]] = []
    for letter, value in zip(letters, values, strict=True):
        if value:
            figure, _, more = value.partition("  ")
            rows.append(["" if rows else name, letter, one_line(figure, _NARROW), more])
    return rows


def _print_answers(pane: "ReportPane", index: int) -> None:
    from playground.compare.samples import group

    turn = pane.turns[index]
    title, digest = pane.ran(turn)
    say(f"{pane.letter} {one_line(title, 60)} · {digest}")
    if len(turn.samples) == 1:
        say(turn.samples[0].said or "(no text)")
        return
    for one in group(turn.samples):
        status = "" if one.status == "done" else f" {one.status}"
        say(f"  {one.count}×{status}  {one_line(one.text, _SHORT) or '(no text)'}")

"""What ran in a comparison or a thread, taken away: as a copy, or as a file."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from playground.client.blocks import Block, TextBlock, ToolBlock
from playground.client.conversation import Conversation
from playground.client.errors import PlaygroundError
from playground.client.secret_values import without_secrets
from playground.compare.report import Report
from playground.tui.compare.comparison import Comparison
from playground.tui.compare.side import Side
from playground.tui.screens.export import ExportDialog, Scope
from playground.tui.text import one_line
from playground.tui.usecases.transfer import is_there, wants_to_overwrite

if TYPE_CHECKING:
    from playground.tui.app import PlaygroundApp

_FORMATS: Final = (
    Scope("A page", (), "comparison.html", "HTML, one file"),
    Scope("A text", (), "comparison.md", "Markdown"),
    Scope("The numbers", (), "comparison.json", "JSON"),
    Scope("The screen", (), "comparison.svg", "SVG, as it is now"),
)
_THREAD_FORMATS: Final = (
    Scope("A page", (), "thread.html", "HTML, one file"),
    Scope("A text", (), "thread.md", "Markdown"),
    Scope("The thread", (), "thread.json", "JSON, to import"),
    Scope("Code", (), "thread.py", "Python, SDK"),
    Scope("The screen", (), "thread.svg", "SVG, as it is now"),
)
_TAG: Final = re.compile(r"<[^>]*>")
_FONTS: Final = re.compile(r"@font-face\s*\{[^}]*\}")
_SAID: Final = "What ran, on which input, and what it took. Secrets and what looks like a key are left out."

_THREAD_SAID: Final = (
    "What was said, called and written, and by which version. Secrets and what looks like a key are left out. "
    "`playground threads import thread.json` makes the thread again."
)


async def copy_pane(app: "PlaygroundApp", comparison: Comparison, side: Side) -> None:
    """A pane's turns as Markdown to the clipboard. Raises PlaygroundError."""
    from playground.compare.report_markdown import pane_markdown

    report = await _report(app, comparison)
    pane = report.panes[comparison.sides.index(side)]
    app.copy(pane_markdown(pane), f"{pane.title} as Markdown")


async def copy_all(app: "PlaygroundApp", comparison: Comparison) -> None:
    """The whole comparison as Markdown to the clipboard. Raises PlaygroundError."""
    from playground.compare.report_markdown import report_markdown

    app.copy(report_markdown(await _report(app, comparison)), "the comparison as Markdown")


async def export_comparison(app: "PlaygroundApp", comparison: Comparison) -> Path | None:
    """Write it to a file: HTML, Markdown, JSON, or the screen as SVG. Raises PlaygroundError."""

    async def content(suffix: str) -> str:
        return _written(await _report(app, comparison), suffix)

    conversations = [side.conversation for side in comparison.sides]
    return await _export(app, _FORMATS, "Export the comparison", _SAID, conversations, content)


async def export_thread(app: "PlaygroundApp", conversation: Conversation) -> Path | None:
    """Write a thread to a file: HTML, Markdown, JSON to be imported, code, or the screen as SVG.

    Raises PlaygroundError.
    """
    from playground.client.thread_export import read_saved
    from playground.client.thread_files import thread_text

    thread_id = conversation.thread_id
    if thread_id is None:
        return None

    async def content(suffix: str) -> str:
        client = app.connected_client
        return await thread_text(client, await read_saved(client, thread_id), suffix, app.now())

    return await _export(app, _THREAD_FORMATS, "Export the thread", _THREAD_SAID, [conversation], content)


async def _export(
    app: "PlaygroundApp",
    formats: Sequence[Scope],
    title: str,
    said: str,
    shown: Sequence[Conversation],
    content: Callable[[str], Awaitable[str]],
) -> Path | None:
    """Ask for form and file, and write it. `shown` is what a picture would show. Raises PlaygroundError."""
    from playground.client.transfer_file import write_file

    # Before the dialog lies over it. Textual's picture would have a viewer ask the network for its font.
    picture = _FONTS.sub("", app.export_screenshot(title="playground"))
    choice = await app.push_screen_wait(ExportDialog(formats, title, said))
    if choice is None:
        return None
    overwrite = is_there(choice.path)
    if overwrite and not await wants_to_overwrite(app, choice.path):
        return None
    suffix = Path(choice.scope.file).suffix
    if suffix == ".svg" and (any(map(_shows_key, shown)) or _has_key(_text(picture))):
        raise PlaygroundError("Nothing was written: a picture would show what looks like a key. HTML leaves it out.")
    text = picture if suffix == ".svg" else await content(suffix)
    try:
        written = await asyncio.to_thread(write_file, Path(choice.path), text, overwrite=overwrite)
    except FileExistsError as error:
        raise PlaygroundError(f"{choice.path} was made meanwhile: nothing was written. Choose another name.") from error
    app.notify(one_line(f"Written: {written}", 300), timeout=6, markup=False)
    return written


def _written(report: Report, suffix: str) -> str:
    match suffix:
        case ".html":
            from playground.compare.report_html import report_html

            return report_html(report)
        case ".md":
            from playground.compare.report_markdown import report_markdown

            return report_markdown(report)
    from playground.compare.report_json import report_json_text

    return report_json_text(report)


def _shows_key(conversation: Conversation) -> bool:
    """Whether something that ran has a secret: in a picture it can't be told from the rest."""
    transcript = conversation.transcript
    shown = [*map(_content, transcript.blocks), *(turn.input for turn in transcript.turns)]
    return any(map(_has_key, shown))


def _has_key(value: Any) -> bool:
    return bool(without_secrets(value)[1])


def _content(block: Block) -> Any:
    """What a block has to show, and more."""
    match block:
        case TextBlock():
            return "".join(block.pieces)
        case ToolBlock():
            return [block.arguments, block.result]
    return repr(block)


def _text(picture: str) -> str:
    """What a picture says: a key that was typed and not sent is nowhere else."""
    return unescape(_TAG.sub("\n", picture)).replace("\xa0", " ")


async def _report(app: "PlaygroundApp", comparison: Comparison) -> Report:
    from playground.tui.compare.report import report_of

    return await report_of(app.connected_client, comparison, app.now())

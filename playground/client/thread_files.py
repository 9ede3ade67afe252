"""A thread in the form of a file, by its ending."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

from playground.client.thread_export import SavedThread

if TYPE_CHECKING:
    from playground.client.client import Client

ENDINGS: Final = (".md", ".html", ".json", ".py")


async def thread_text(client: "Client", saved: SavedThread, ending: str, made_at: datetime) -> str:
    """Markdown, a page, JSON to be imported, or code that runs the turns again. Raises PlaygroundError."""
    if ending == ".json":
        from playground.client.thread_export import thread_json_text

        return thread_json_text(saved, made_at)
    if ending == ".py":
        from playground.client.thread_code import read_code

        return await read_code(client, saved)
    from playground.client.thread_report import read_report, thread_html, thread_markdown

    report = await read_report(client, saved, made_at)
    return thread_html(report) if ending == ".html" else thread_markdown(report)

"""Makes the README's picture: the compare screen, while one version has answered and the other is still writing.

python tests/pictures/compare.py
"""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from playground.client.target import Target
from playground.tui.app import PlaygroundApp
from tests.servers import SAMPLES, Server
from tests.tui.runs import Running

PICTURE = Path(__file__).with_suffix(".svg")
SIZE = (110, 30)
QUESTION = "why lighthouses still matter"
BLOG = "You are a seasoned blogger. Write a long, warm blog post about the topic."
TWEET = "Write a witty, concise tweet about the topic."


class PictureApp(PlaygroundApp):
    """The app, saying the same place wherever the picture is made."""

    @property
    def place(self) -> str:
        return "~/code/writer"


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"XDG_STATE_HOME": folder, "XDG_DATA_HOME": folder}
        server = Server(SAMPLES, Path(folder) / "store", env={"SCRIPTED_DELAY_MS": "20"}).start()
        try:
            await take(server)
        finally:
            server.stop()


async def take(server: Server) -> None:
    """Two versions of an assistant, one question, and the screen as it is when the first has answered."""
    assistants = server.client().assistants
    made = await assistants.create("writer", name="herald", context={"system_prompt": BLOG})
    tweet = {"system_prompt": TWEET, "include_hashtags": True, "max_words": 40}
    await assistants.update(made["assistant_id"], context=tweet)
    app = PictureApp(Target(url=server.url, key=server.key))
    async with app.run_test(size=SIZE) as pilot:
        run = Running(app, pilot)  # type: ignore[arg-type]
        await run.until(lambda: app.client is not None, "the connection")
        compare = await run.open_compare("herald@v1", "herald@v2")
        await run.type(QUESTION)
        await run.until(lambda: "done" in str(compare.panes[1].conversation.status), "the tweet")
        await asyncio.sleep(1.5)  # some more of the blog post
        PICTURE.write_text(app.export_screenshot(title="playground"), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())

"""What the runs of both servers have in common, and where ours differs on purpose."""

from typing import Any

from tests.compatibility.differential import Rows, Side

rows = Rows()


@rows.same
async def wait_on_a_thread(side: Side) -> Any:
    thread = await side.thread()
    return await side.sdk.runs.wait(thread, "pydantic_context", input={"foo": "a"}, context={"system_prompt": "x"})

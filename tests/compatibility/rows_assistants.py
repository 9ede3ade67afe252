"""What the assistants of both servers have in common, and where ours differs on purpose."""

from typing import Any

from tests.compatibility.differential import Rows, Side, refused_somehow

rows = Rows()


@rows.same
async def create_with_context(side: Side) -> Any:
    return await side.sdk.assistants.create(
        "pydantic_context", context={"system_prompt": "p"}, metadata={"m": 1}, name="A", description="d"
    )


@rows.same
async def an_unknown_assistant_is_404(side: Side) -> Any:
    return await refused_somehow(side.sdk.assistants.get("00000000-0000-4000-8000-000000000000"))


@rows.differs("a rollback restores every field", ours=({"system_prompt": "one"}, {"system_prompt": "one"}))
async def rollback_restores_the_context(side: Side) -> Any:
    assistant = await side.assistant("pydantic_context", context={"system_prompt": "one"})
    await side.sdk.assistants.update(assistant, context={"system_prompt": "two"})
    back = await side.sdk.assistants.set_latest(assistant, 1)
    return back["context"], back["config"]["configurable"]

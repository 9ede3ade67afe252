"""The form follows the code: a project whose files change while its assistant is edited, and what its own type says."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from playground.client.client import Client
from playground.tui.edit.checks import Checks
from playground.tui.edit.session import open_session
from tests.servers import Server
from tests.tui.edit_help import Driver, edit

CODE = """
from typing import Literal, TypedDict

from langgraph.graph import END, START, StateGraph
from pydantic import BaseModel, Field, field_validator


class State(TypedDict):
    text: str


class Context(BaseModel):
    prompt: str = Field("You are a writer.", json_schema_extra={"langgraph_type": "prompt"})
    style: Literal["casual", "formal"] = "casual"
    heat: float = Field(0.5, le=2)

    @field_validator("prompt")
    @classmethod
    def polite(cls, prompt: str) -> str:
        if "damn" in prompt:
            raise ValueError("mind your language")
        return prompt


builder = StateGraph(State, context_schema=Context)
builder.add_node("write", lambda state: {"text": "x"})
builder.add_edge(START, "write")
builder.add_edge("write", END)
graph = builder.compile()
"""
OTHER = CODE.replace('"casual", "formal"', '"casual", "brief"').replace(
    "    heat: float = Field(0.5, le=2)\n", "    tone: str = 'warm'\n"
)
PROMPT, STYLE, HEAT = ("context", "prompt"), ("context", "style"), ("context", "heat")


@pytest.fixture(scope="module", name="project")
def own_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("live")
    (folder / "langgraph.json").write_text(json.dumps({"dependencies": ["."], "graphs": {"g": "./made.py:graph"}}))
    (folder / "made.py").write_text(CODE)
    return folder


@pytest.fixture(scope="module", name="server")
def running_server(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(project, tmp_path_factory.mktemp("store") / "store").start()
    yield server
    server.kill()


@pytest.fixture(name="assistant_id")
def made_assistant(server: Server) -> str:
    context = {"style": "formal", "heat": 1.5}
    return server.sync_client().assistants.create("g", context=context, name="Live")["assistant_id"]


async def type_prompt(driver: Driver, text: str) -> None:
    await driver.go_to(PROMPT)
    await driver.press("enter")
    await driver.until(lambda: driver.screen.form_view.editor.area.has_focus)
    await driver.type(text)
    await driver.until(lambda: driver.field(*PROMPT).changed)


async def test_the_graphs_own_type_is_asked_while_one_types_and_before_a_save(
    server: Server, assistant_id: str
) -> None:
    async with edit(server, assistant_id) as driver:
        await type_prompt(driver, "damn ")
        await driver.until(lambda: "mind your language" in (driver.field(*PROMPT).problem or ""))
        await driver.press("ctrl+s")
        await driver.until(lambda: "Not saved: prompt" in driver.told())
        await driver.press("ctrl+z")
        await driver.until(lambda: driver.field(*PROMPT).problem is None)
    assert len(server.sync_client().assistants.get_versions(assistant_id)) == 1


async def test_an_answer_about_what_is_not_there_any_more_is_dropped(server: Server, assistant_id: str) -> None:
    client = await Client.connect(server.url, server.key)
    try:
        session, checks = (await open_session(client, assistant_id)).session, Checks()
        session.editing.write(PROMPT, "damn")
        ask = client.graphs.validate

        async def ask_while_typing(*args: Any) -> Any:
            answer = await ask(*args)
            session.editing.write(PROMPT, "Be kind.")
            return answer

        client.graphs.validate = ask_while_typing  # type: ignore[method-assign]
        assert not await checks.ask(client, session)
        assert checks.problems(session) == {}
        assert checks.needs_asking(session)
    finally:
        await client.close()


async def test_the_form_follows_the_code_and_nothing_typed_is_lost(
    server: Server, project: Path, assistant_id: str
) -> None:
    async with edit(server, assistant_id) as driver:
        area = driver.screen.form_view.editor.area
        await type_prompt(driver, "Typed. ")
        (project / "made.py").write_text(OTHER)
        await driver.until(lambda: "g has new fields: tone; gone: heat; changed: style" in driver.told(), 40)
        await driver.until(lambda: driver.field(*STYLE).problem)
        assert driver.field(*STYLE).problem == '"formal" is no longer one of: casual, brief'
        assert driver.field(*STYLE).entry.value == "formal"
        assert driver.field(*HEAT).entry.value == 1.5
        assert not driver.field(*HEAT).entry.field.known
        assert "not in the schema" in driver.text()
        assert area.has_focus
        assert area.text.startswith("Typed. ")

        (project / "made.py").write_text("graph = 1 / 0\n")
        await driver.until(lambda: "can't follow the code" in driver.text(), 40)
        assert "ZeroDivisionError" in driver.text()
        await driver.type("More. ")
        await driver.until(lambda: area.text.startswith("Typed. More. "))
        assert driver.field(*STYLE).kind == "choice"

        (project / "made.py").write_text(CODE)
        await driver.until(lambda: driver.field(*HEAT).entry.field.known, 40)
        await driver.until(lambda: "can't follow the code" not in driver.text())
        assert driver.field(*STYLE).problem is None
        assert area.text.startswith("Typed. More. ")
        await driver.press("ctrl+z")
        await driver.until(lambda: not area.text.startswith("Typed. More. "))
        await driver.until(lambda: driver.screen.session and driver.screen.session.is_stored)

"""The sample project: what a new user sees first."""

import importlib
import json
import sys
from typing import Any

import jsonschema
import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

from tests.unit.graphs.projects import SAMPLES, LoadProject

pytestmark = pytest.mark.usefixtures("samples")


def graph(name: str) -> Any:
    return importlib.import_module(f"sample_agents.{name}").builder.compile(checkpointer=InMemorySaver())


def said(text: str) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": text}]}


class Chat:
    """A thread with one of the sample graphs."""

    def __init__(self, name: str, **context: Any) -> None:
        self.graph, self.context = graph(name), context
        self.config: Any = {"configurable": {"thread_id": "1"}}

    async def send(self, text: str) -> dict[str, Any]:
        return await self._run(said(text))

    async def resume(self, answer: Any) -> dict[str, Any]:
        return await self._run(Command(resume=answer))

    async def _run(self, given: Any) -> dict[str, Any]:
        result: dict[str, Any] = await self.graph.ainvoke(given, self.config, context=self.context)
        return result


def calls(result: dict[str, Any]) -> list[str]:
    return [call["name"] for message in result["messages"] for call in getattr(message, "tool_calls", ())]


async def test_the_writer_plans_and_writes() -> None:
    result = await Chat("writer").send("tea in Japan")
    assert len(result["outline"]) == 3
    assert "tea in Japan" in result["messages"][-1].text


async def test_the_writer_streams_its_text_and_not_its_plan() -> None:
    chunks = [
        (chunk.text, metadata["langgraph_node"])
        async for chunk, metadata in graph("writer").astream(
            said("tea"), {"configurable": {"thread_id": "1"}}, context={}, stream_mode="messages"
        )
    ]
    assert {node for _, node in chunks} == {"write"}
    assert len(chunks) > 50


async def test_every_setting_of_the_writer_shows() -> None:
    contexts: list[dict[str, Any]] = [
        {},
        {"system_prompt": "Write a concise tweet."},
        {"temperature": 1.8},
        {"tone": "formal"},
        {"max_words": 20},
        {"include_hashtags": True},
    ]
    texts = [(await Chat("writer", **context).send("remote work"))["messages"][-1].text for context in contexts]
    assert len(set(texts)) == len(contexts)
    assert len(texts[4].split()) <= 20
    assert texts[5].endswith("#Remote #Work #Scripted")


async def test_support_looks_up_and_refunds() -> None:
    chat = Chat("support")
    asked = await chat.send("my parcel is broken")
    assert asked["messages"][-1].text.endswith("What is the order number?")
    done = await chat.send("it is 4411")
    assert calls(done) == ["lookup_order", "refund_order"]
    assert done["refunded"] == 42.0
    assert "I have refunded $42.00 for order 4411" in done["messages"][-1].text
    assert "You are welcome" in (await chat.send("thanks"))["messages"][-1].text


async def large_refund(**context: Any) -> tuple[Chat, list[dict[str, Any]]]:
    """A conversation that waits for approval, and the requests."""
    chat = Chat("support", **context)
    result = await chat.send("My order 1234 arrived broken")
    (waiting,) = result["__interrupt__"]
    return chat, waiting.value


async def test_a_refund_above_the_limit_waits_as_in_langchains_inbox() -> None:
    _, (request,) = await large_refund()
    assert request == {
        "action_request": {
            "action": "refund_order",
            "args": {"order_id": "1234", "amount": 180.0, "reason": "My order arrived broken"},
        },
        "config": {"allow_accept": True, "allow_edit": True, "allow_respond": True, "allow_ignore": True},
        "description": "Approve a refund of $180.00 for order 1234? The limit is $50.00.",
    }


@pytest.mark.parametrize(
    ("answer", "refunded", "text"),
    [
        ([{"type": "accept", "args": None}], 180.0, "I have refunded $180.00"),
        ({"type": "accept", "args": None}, 180.0, "I have refunded $180.00"),
        (True, 180.0, "I have refunded $180.00"),
        (
            [{"type": "edit", "args": {"action": "refund_order", "args": {"order_id": "1234", "amount": 60}}}],
            60.0,
            "I have refunded $60.00",
        ),
        ([{"type": "edit", "args": {"amount": 500}}], 0.0, "a refund of $500.00 is not possible"),
        ([{"type": "response", "args": "Offer a replacement."}], 0.0, "says: Offer a replacement."),
        ("Offer a replacement.", 0.0, "says: Offer a replacement."),
        ([{"type": "ignore", "args": None}], 0.0, "The refund was not approved."),
    ],
)
async def test_every_decision_on_a_refund(answer: Any, refunded: float, text: str) -> None:
    chat, _ = await large_refund()
    result = await chat.resume(answer)
    assert "__interrupt__" not in result
    assert result["refunded"] == refunded
    assert text in result["messages"][-1].text


@pytest.mark.parametrize("answer", [[], [{"type": "perhaps"}], 7, [{"type": "accept"}] * 2, {"type": "edit"}])
async def test_what_is_no_decision_is_asked_for_again(answer: Any) -> None:
    chat, _ = await large_refund()
    (waiting,) = (await chat.resume(answer))["__interrupt__"]
    assert waiting.value[0]["description"].startswith("That was no decision on 1 refund(s)")
    assert (await chat.resume([{"type": "accept", "args": None}]))["refunded"] == 180.0


async def test_a_higher_limit_needs_no_approval() -> None:
    result = await Chat("support", refund_limit=200).send("My order 1234 arrived broken")
    assert result["refunded"] == 180.0


async def test_the_prompt_and_the_tools_change_what_support_does() -> None:
    question = "My order 1234 arrived broken, refund please"
    never = await Chat("support", system_prompt="Never refund anything. Be formal.").send(question)
    assert "refund_order" not in calls(never)
    assert "A refund is not something that I can give." in never["messages"][-1].text
    assert "We regret the inconvenience." in never["messages"][-1].text
    photo = await Chat("support", system_prompt="Ask for a photo before any refund.").send(question)
    assert photo["messages"][-1].text.endswith("may I ask for a photo?")
    helper = await Chat("support", tools=["search_help"]).send("how long is the warranty?")
    assert calls(helper) == ["search_help"]
    assert (await Chat("support", tools=[]).send("hello there"))["messages"][-1].text


async def test_research_answers_each_question_and_sums_up() -> None:
    result = await Chat("research", questions=4).send("Research tea in Japan")
    assert [finding["number"] for finding in result["findings"]] == [1, 2, 3, 4]
    assert [finding["question"] for finding in result["findings"]] == result["questions"]
    assert all("tea in Japan" in finding["answer"] for finding in result["findings"])
    assert result["messages"][-1].text.count("\n- ") == 4
    assert len(result["messages"]) == 2


async def test_research_starts_over_with_each_topic() -> None:
    chat = Chat("research")
    await chat.send("tea in Japan")
    result = await chat.send("owls")
    assert len(result["findings"]) == 3
    assert all("owls" in finding["question"] for finding in result["findings"])


async def test_research_reports_its_progress() -> None:
    events = [
        event
        async for _, event in graph("research").astream(
            said("tea"),
            {"configurable": {"thread_id": "1"}},
            context={"questions": 2, "depth": "thorough"},
            stream_mode="custom",
            subgraphs=True,
        )
    ]
    assert events[0] == {"step": "plan", "text": "Looking for 2 questions"}
    assert sorted((e["step"], e["question"]) for e in events if "question" in e) == [
        (step, number) for step in ("answer", "check", "done") for number in (1, 2)
    ]
    assert events[-1]["step"] == "summarise"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("I was charged twice for my invoice", "billing"),
        ("The app crashes when I open it", "bug"),
        ("It would be nice to have dark mode", "feature"),
        ("How do I log in?", "question"),
        ("I love it, thank you", "praise"),
        ("asdf", "unsure"),
    ],
)
async def test_classify_finds_a_label(text: str, label: str) -> None:
    result = await graph("classify").ainvoke({"text": text}, {"configurable": {"thread_id": "1"}}, context={})
    assert result["label"] == label
    assert 0 <= result["confidence"] <= 1
    assert result.keys() == {"label", "confidence"}


async def test_the_instructions_of_classify_decide() -> None:
    async def label(**context: Any) -> str:
        given = {"text": "the zebra ate my homework", "labels": ["zoo", "school"]}
        result = await graph("classify").ainvoke(given, {"configurable": {"thread_id": "1"}}, context=context)
        return str(result["label"])

    assert await label(instructions="zoo: zebra, lion") == "zoo"
    assert await label(instructions="school: homework, teacher") == "school"
    assert await label(instructions="When in doubt, school.") == "school"


async def test_a_model_of_a_provider_without_langchain_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "langchain.chat_models", None)
    with pytest.raises(RuntimeError, match=r"needs LangChain: pip install 'langgraph-playground\[providers\]'"):
        await Chat("writer", model="openai:gpt-5-mini").send("tea")


async def test_each_context_has_defaults_that_are_valid(project: LoadProject) -> None:
    graphs = project(SAMPLES)
    for graph_id in graphs.specs:
        async with graphs.open(graph_id) as found:
            schema = found.get_context_jsonschema()
        assert schema is not None
        assert all("default" in field and field["description"] for field in schema["properties"].values())
        assert all(set(field["langgraph_nodes"]) <= set(found.nodes) for field in schema["properties"].values())
        defaults = {name: field["default"] for name, field in schema["properties"].items()}
        jsonschema.validate(defaults, schema)
        assert sum(field.get("langgraph_type") == "prompt" for field in schema["properties"].values()) >= 1


def test_the_samples_need_nothing_of_the_playground() -> None:
    for path in SAMPLES.rglob("*.py"):
        assert "playground" not in path.read_text("utf-8").replace("langgraph-playground[providers]", "")
    assert json.loads((SAMPLES / "langgraph.json").read_text())["dependencies"] == ["."]

"""The scripted model: what it says follows from what it is told, and reads well."""

import json
import re
from collections.abc import Callable
from itertools import permutations
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.tools import tool
from pydantic import BaseModel, Field

Ask = Callable[..., AIMessage]
BLOG = "Write a long blog post about the topic that the user names."
TWEET = "Write a concise, witty tweet about the topic that the user names."


@pytest.fixture
def model(samples: None) -> Any:
    from sample_agents.scripted import ScriptedChatModel

    return ScriptedChatModel


@pytest.fixture
def ask(model: Any) -> Ask:
    """The reply to a system prompt and the user's turns."""

    def ask(prompt: str, *turns: str, temperature: float = 0.7) -> AIMessage:
        messages: list[BaseMessage] = [SystemMessage(prompt)]
        for turn in turns:
            messages.append(HumanMessage(turn))
            if turn is not turns[-1]:
                messages.append(model(temperature=temperature).invoke(messages))
        reply: AIMessage = model(temperature=temperature).invoke(messages)
        return reply

    return ask


def words(message: AIMessage) -> int:
    return len(message.text.split())


def test_it_is_honest_about_its_name(ask: Ask, model: Any) -> None:
    assert ask(BLOG, "tea").response_metadata["model_name"] == "scripted"
    assert model()._llm_type == "scripted"


def test_a_blog_and_a_tweet_differ_as_expected(ask: Ask) -> None:
    blog, tweet = ask(BLOG, "tea in Japan"), ask(TWEET, "tea in Japan")
    assert blog.text.startswith("# ")
    assert blog.text.count("\n## ") >= 2
    assert words(blog) > 150
    assert len(tweet.text) <= 280
    assert "\n" not in tweet.text
    assert "tea in Japan" in blog.text
    assert "tea in Japan" in tweet.text


@pytest.mark.parametrize(
    ("prompt", "pattern"),
    [
        ("You write haikus.", r"^[^\n]+\n[^\n]+\n[^\n]+$"),
        ("Write an e-mail to our customers.", r"^Subject: Remote work\n\nHello,"),
        ("Give five bullet points.", r"(?s)^On remote work:\n(\n- [^\n]+){5}$"),
        ("Write one headline.", r"^[^\n]*Remote Work[^\n]*$"),
        ("You turn blog posts into tweets.", r"^[^\n#]+$"),
        ("Write a text. Never use a tweet.", r"(?s)\n\n"),
        ("Write a poem.", r"(?s)^.+,\n.+\n\n"),
        ("Tell a story.", r"the last tram"),
        ('Write a tweet. Start with "Psst!"', r"^Psst!"),
        ('Write a tweet. End with "Stay curious."', r"Stay curious\.$"),
        ("Write a tweet. Mention our newsletter.", r"our newsletter"),
        ("Write a tweet. End with a question.", r"\?$"),
        ("Write a tweet and add hashtags.", r"#Remote #Work"),
        ("Write a tweet in French.", r"^Bonjour !"),
        ("You are a grumpy pirate who loves maps. Write a tweet.", r"As a grumpy pirate, "),
        ("Write a tweet for an audience of nurses.", r"for nurses"),
        ("Write a tweet in capital letters.", r"^[^a-z]+$"),
    ],
)
def test_what_the_prompt_asks_for_is_in_the_answer(ask: Ask, prompt: str, pattern: str) -> None:
    assert re.search(pattern, ask(prompt, "remote work").text)


@pytest.mark.parametrize("wish", ["no hashtags", "without hashtags", "never use any hashtags", "avoid hashtags"])
def test_what_the_prompt_forbids_is_not(ask: Ask, wish: str) -> None:
    assert "#" not in ask(f"Write a tweet, {wish}.", "remote work").text


def test_any_change_of_the_prompt_or_the_temperature_shows(ask: Ask) -> None:
    prompts = [
        "Write about the topic.",
        "Write about the topic, please.",
        "Write about the topic for us.",
        "Explain it.",
    ]
    answers = [ask(prompt, "remote work").text for prompt in prompts]
    assert all(one != other for one, other in permutations(answers, 2))
    assert ask(BLOG, "tea", temperature=0).text != ask(BLOG, "tea", temperature=1.5).text


def test_tones_differ(ask: Ask) -> None:
    tones = ["neutral", "friendly", "formal", "witty", "enthusiastic"]
    answers = {ask(f"Write a tweet.\n\nTone: {tone}.", "tea").text for tone in tones}
    assert len(answers) == len(tones)


@pytest.mark.parametrize(
    ("said", "topic"),
    [
        ("Write a short blog post about the history of tea", "the history of tea"),
        ("please tell me something about owls!", "owls"),
        ("owls", "owls"),
        ("why is the sky blue?", "“why is the sky blue?”"),
        ("my parcel is broken", "“my parcel is broken”"),
        ("Topic: Research owls", "owls"),
        ("  ", "nothing in particular"),
    ],
)
def test_the_topic_is_what_follows_the_command(samples: None, said: str, topic: str) -> None:
    from sample_agents.scripted.reading import topic_of

    assert topic_of(said) == topic


def test_follow_ups_change_the_same_text(ask: Ask) -> None:
    first = ask("Write about the topic.", "tea in Japan")
    shorter = ask("Write about the topic.", "tea in Japan", "make it shorter")
    tweet = ask("Write about the topic.", "tea in Japan", "now as a tweet with hashtags")
    assert "tea in Japan" in shorter.text
    assert words(shorter) < words(first)
    assert tweet.text.endswith("#Tea #Japan #Scripted")


def test_a_greeting_is_answered(ask: Ask) -> None:
    assert ask(TWEET, "hi there!").text == "Hello! Give me a topic, and I will write a tweet about it."


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    limit=st.integers(5, 2000),
    kind=st.sampled_from(["blog post", "tweet", "text", "email", "list", "story", "summary", "poem", "headline"]),
    extra=st.sampled_from(["", "End with hashtags.", 'Mention the autumn sale. End with "Bye."']),
)
def test_it_is_never_longer_than_asked_for(ask: Ask, limit: int, kind: str, extra: str) -> None:
    reply = ask(f"Write a {kind}. Write at most {limit} words. {extra}", "tea in Japan", temperature=1.2)
    assert 0 < words(reply) <= limit


def test_a_long_limit_is_used(ask: Ask) -> None:
    assert words(ask(f"{BLOG} Write at most 2000 words.", "tea in Japan")) > 1900


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(prompt=st.text(max_size=200), said=st.text(max_size=200), temperature=st.sampled_from([0, 0.7, 2]))
def test_it_answers_anything_always_the_same_way(model: Any, prompt: str, said: str, temperature: float) -> None:
    messages = [SystemMessage(prompt), HumanMessage(said)]
    reply = model(temperature=temperature).invoke(messages)
    assert reply.text
    assert model(temperature=temperature).invoke(messages).text == reply.text
    streamed = list(model(temperature=temperature).stream(messages))
    assert "".join(chunk.text for chunk in streamed) == reply.text


def test_it_streams_words_and_counts_them_at_the_end(model: Any) -> None:
    chunks: list[AIMessageChunk] = list(model().stream([SystemMessage(BLOG), HumanMessage("tea")]))
    assert len(chunks) > 100
    assert all(len(chunk.text.split()) <= 1 for chunk in chunks)
    assert [chunk.usage_metadata is not None for chunk in chunks] == [False] * (len(chunks) - 1) + [True]
    assert chunks[-1].chunk_position == "last"
    usage = chunks[-1].usage_metadata
    assert usage is not None
    assert usage["output_tokens"] == len(chunks)
    assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"]


def test_it_stops_at_a_stop_word(model: Any) -> None:
    assert "\n" not in model().invoke([SystemMessage(BLOG), HumanMessage("tea")], stop=["\n"]).text


@tool
def lookup_order(order_id: str) -> str:
    """Look up an order."""
    return order_id


@tool
def refund_order(order_id: str, amount: float, reason: str = "") -> str:
    """Refund an order."""
    return order_id


@tool
def forecast_weather(city: Literal["Lyon", "Oslo"], days: int = 1) -> str:
    """Forecast the weather of a city."""
    return city


def test_tool_calls_stream_in_pieces(model: Any) -> None:
    bound = model().bind_tools([lookup_order, refund_order])
    messages = [HumanMessage("my order 4411 arrived broken")]
    whole = bound.invoke(messages)
    assert [(call["name"], call["args"]) for call in whole.tool_calls] == [("lookup_order", {"order_id": "4411"})]
    chunks = list(bound.stream(messages))
    assert len(chunks) > 2
    joined = chunks[0]
    for chunk in chunks[1:]:
        joined += chunk
    assert joined.tool_calls == whole.tool_calls


def test_a_result_gives_the_arguments_of_the_next_call(model: Any) -> None:
    bound = model().bind_tools([lookup_order, refund_order])
    first = bound.invoke([HumanMessage("my order 4411 arrived broken")])
    result = ToolMessage(json.dumps({"amount": 42.5}), tool_call_id=first.tool_calls[0]["id"], name="lookup_order")
    second = bound.invoke([HumanMessage("my order 4411 arrived broken"), first, result])
    assert second.tool_calls[0]["name"] == "refund_order"
    assert second.tool_calls[0]["args"] == {
        "order_id": "4411",
        "amount": 42.5,
        "reason": "my order arrived broken",
    }
    assert second.tool_calls[0]["id"] != first.tool_calls[0]["id"]


def test_it_asks_for_what_is_missing(model: Any) -> None:
    reply = model().bind_tools([lookup_order, refund_order]).invoke([HumanMessage("my lamp is broken")])
    assert reply.text == "I am sorry to hear that. What is the order number?"


def test_it_finds_a_tool_that_it_has_never_seen(model: Any) -> None:
    reply = model().bind_tools([lookup_order, forecast_weather]).invoke([HumanMessage("weather in Oslo please")])
    assert [(call["name"], call["args"]) for call in reply.tool_calls] == [("forecast_weather", {"city": "Oslo"})]


def test_it_must_call_what_it_is_told_to(model: Any) -> None:
    reply = model().bind_tools([lookup_order, forecast_weather], tool_choice="forecast_weather").invoke("hello")
    assert reply.tool_calls[0]["name"] == "forecast_weather"


class Review(BaseModel):
    """A review."""

    verdict: Literal["positive", "negative"]
    confidence: float = Field(ge=0, le=1)
    stars: int = Field(ge=1, le=5)
    keywords: list[str] = Field(max_length=2)
    urgent: bool
    note: str | None = None


def test_structured_output_fits_the_schema(model: Any) -> None:
    review = model().with_structured_output(Review).invoke("What a terrible, awful lamp")
    assert isinstance(review, Review)
    assert (review.verdict, review.urgent) == ("negative", False)


async def test_langchains_agent_runs_on_it(model: Any) -> None:
    agents = pytest.importorskip("langchain.agents")
    agent = agents.create_agent(model(), tools=[lookup_order])
    result = await agent.ainvoke({"messages": [HumanMessage("what is the status of order 4411?")]})
    assert [message.type for message in result["messages"]] == ["human", "ai", "tool", "ai"]
    assert result["messages"][-1].text == "4411"

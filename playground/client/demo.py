"""What a fresh demo starts with: a few assistants with versions, made through the same API as everyone's."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from playground.client.client import Client
from playground.client.values import Version

_DONE = "demo-seeded"


@dataclass(frozen=True, slots=True)
class Step:
    """A version: the context it has, and why it was made."""

    context: dict[str, Any]
    note: str


@dataclass(frozen=True, slots=True)
class Sample:
    """An assistant, its versions from the first on, and labels as {label: version}."""

    graph_id: str
    name: str
    description: str
    steps: tuple[Step, ...]
    labels: dict[str, int]

    @property
    def assistant_id(self) -> str:
        return str(uuid5(NAMESPACE_URL, f"playground:demo:{self.graph_id}:{self.name}"))


_BLOG = "Write a long blog post with a headline, for people who are new to the topic."
_TWEET = "Write a concise tweet."
_FRIENDLY = "You are the friendly support agent of {company}. Apologise first, then help. Refund what arrived broken."
_ASK_FIRST = "Ask for the order number before you do anything."
_STRICT = "You are the support agent of {company}. Be formal and brief. Look up the order before you say anything."

SAMPLES: Sequence[Sample] = (
    Sample(
        "writer",
        "Blog writer",
        "Long texts for a company's blog.",
        (
            Step({"system_prompt": _BLOG}, "First try"),
            Step({"system_prompt": _BLOG, "tone": "friendly", "max_words": 300}, "Friendlier, and longer"),
            Step(
                {
                    "system_prompt": f"{_BLOG}\nStart with a question. End with one thing to try today.",
                    "tone": "friendly",
                    "max_words": 300,
                    "temperature": 0.9,
                },
                "Ends with something to try",
            ),
        ),
        {"prod": 2, "staging": 3},
    ),
    Sample(
        "writer",
        "Tweet writer",
        "One tweet a topic.",
        (
            Step({"system_prompt": _TWEET, "max_words": 40}, "First try"),
            Step(
                {"system_prompt": _TWEET, "max_words": 40, "tone": "witty", "include_hashtags": True},
                "Witty, with hashtags",
            ),
        ),
        {"prod": 1},
    ),
    Sample(
        "support",
        "Friendly support",
        "Helps at once, and apologises.",
        (
            Step({"system_prompt": _FRIENDLY}, "First try"),
            Step({"system_prompt": f"{_FRIENDLY}\n{_ASK_FIRST}", "refund_limit": 80}, "Asks for the order first"),
        ),
        {"prod": 2},
    ),
    Sample(
        "support",
        "Strict support",
        "Cannot refund; every word counts.",
        (
            Step(
                {"system_prompt": _STRICT, "tools": ["lookup_order", "track_parcel", "search_help"]},
                "No refunds at all",
            ),
            Step({"system_prompt": _STRICT, "refund_limit": 0}, "Refunds, each with an approval"),
        ),
        {},
    ),
)


async def seed(client: Client) -> None:
    """Makes the samples once. Killed half way, it goes on at the next start; what the user changed stays so."""
    if await client.notes.value(_DONE):
        return
    known = {graph.graph_id for graph in await client.graphs.list()}
    for sample in reversed(SAMPLES):  # the first one last: the screen opens on what changed last
        if sample.graph_id in known:
            await _make(client, sample)
    await client.notes.set_value(_DONE, True)


async def _make(client: Client, sample: Sample) -> None:
    first, *later = sample.steps
    await client.assistants.create(
        sample.graph_id,
        sample.name,
        first.context,
        description=sample.description,
        assistant_id=sample.assistant_id,
    )
    versions = await client.assistants.versions(sample.assistant_id)
    if not _is_ours(versions, sample):
        return
    newest = versions[0]
    for step in later[len(versions) - 1 :]:
        newest = await client.assistants.save(newest, context=step.context)
    for version, step in enumerate(sample.steps, 1):
        await client.notes.set_note(sample.assistant_id, version, step.note)
    for label, version in sample.labels.items():
        await client.notes.set_label(sample.assistant_id, label, version)


def _is_ours(versions: Sequence[Version], sample: Sample) -> bool:
    """Whether the versions are the beginning of the sample's, and nobody saved another."""
    contexts = [version.context for version in reversed(versions)]
    return contexts == [step.context for step in sample.steps[: len(contexts)]]

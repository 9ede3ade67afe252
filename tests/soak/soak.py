"""Twenty clients that do everything at once, for as long as one likes; is the server the same afterwards?

    python tests/soak/soak.py --minutes 30 --clients 20

Prints the server's memory, descriptors and threads over time. Exits with 1, saying why, if a request failed that should
not have, if memory goes on growing after the warm-up, if descriptors stay open, or if anything answered isn't in the
store at the end. Each client deletes what is old, so that the store stays about as large as it is.
"""

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

import psutil
from langgraph_sdk.client import LangGraphClient

from tests.servers import PROJECTS, Server

JSON = dict[str, Any]

KEPT = 8  # assistants, and threads, that a client has at a time
WARM_UP = 0.25  # of the time: caches fill, the allocator finds its size
GROWTH = 1.05  # of the memory after the warm-up, at the end
SPARE = 15  # MB that memory may be larger besides
OPEN_FILES = 64 + 10  # that the server keeps when nobody is there: the threads used last, and its own
SAMPLES = 40


class Sample(NamedTuple):
    """The server at one moment; sizes in MB."""

    seconds: float
    done: int
    memory: float
    descriptors: int
    threads: int
    store: float


@dataclass
class Soak:
    """What all clients share."""

    done: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    answered: dict[str, dict[int, JSON]] = field(default_factory=dict)
    """Assistant id → version → its row as the server answered it."""
    ending: bool = False


class Client:
    """One client, with assistants, threads and items of its own."""

    def __init__(self, number: int, sdk: LangGraphClient, soak: Soak) -> None:
        self.sdk = sdk
        self.soak = soak
        self.namespace = ["soak", str(number)]
        self.random = random.Random(number)
        self.assistants: list[str] = []
        self.threads: list[str] = []

    async def live(self) -> None:
        """Do one thing after the other, at random, until the soak ends."""
        actions: list[Callable[[], Awaitable[None]]] = [
            *(self.edit, self.edit, self.roll_back, self.search, self.make_assistant),
            *(self.chat, self.chat, self.stream, self.leave, self.cancel, self.interrupt, self.fail, self.stateless),
            *(self.join, self.state, self.copy, self.items, self.make_thread),
        ]
        await self.make_assistant()
        await self.make_thread()
        while not self.soak.ending:
            action = self.random.choice(actions)
            try:
                await action()
                self.soak.done[action.__name__] += 1
            except Exception as error:  # noqa: BLE001 - counted, and told at the end
                self.soak.failures.append(f"{action.__name__}: {type(error).__name__}: {error}")

    def assistant(self) -> str:
        return self.random.choice(self.assistants)

    def thread(self) -> str:
        return self.random.choice(self.threads)

    async def make_assistant(self) -> None:
        made = await self.sdk.assistants.create("dict_context", context={"system_prompt": "new"}, name="soak")
        self.assistants.append(made["assistant_id"])
        self.remember(made)
        if len(self.assistants) > KEPT:
            old = self.assistants.pop(0)
            del self.soak.answered[old]
            await self.sdk.assistants.delete(old)

    async def edit(self) -> None:
        context = {"system_prompt": "x" * self.random.randint(0, 2_000), "temperature": self.random.random()}
        self.remember(await self.sdk.assistants.update(self.assistant(), context=context, metadata={"n": 1}))

    async def roll_back(self) -> None:
        assistant_id = self.assistant()
        versions = await self.sdk.assistants.get_versions(assistant_id, limit=100)
        chosen = self.random.choice(versions)
        active = await self.sdk.assistants.set_latest(assistant_id, chosen["version"])
        assert active["context"] == chosen["context"]

    async def search(self) -> None:
        await self.sdk.assistants.search(name="soak", metadata={"n": 1}, limit=20)
        await self.sdk.threads.search(status="idle", limit=10)
        await self.sdk.assistants.get_schemas(self.assistant())

    async def make_thread(self) -> None:
        self.threads.append((await self.sdk.threads.create(metadata={"soak": 1}))["thread_id"])
        if len(self.threads) > KEPT:
            await self.sdk.threads.delete(self.threads.pop(0))

    async def chat(self) -> None:
        assistant_id = self.assistant()
        version = self.random.choice(sorted(self.soak.answered[assistant_id]))
        answer = await self.sdk.runs.wait(self.thread(), f"{assistant_id}@v{version}", input={"foo": "hi"})
        expected = self.soak.answered[assistant_id][version]["context"]["system_prompt"]
        assert answer["out"][-1]["context"]["system_prompt"] == expected

    async def stream(self) -> None:
        question = {"messages": [{"role": "user", "content": "word " * 200}]}
        modes: list[Any] = ["messages-tuple", "values", "updates", "debug"]
        events = [part async for part in self.sdk.runs.stream(None, "tokens", input=question, stream_mode=modes)]
        assert sum(part.event == "messages" for part in events) >= 200

    async def leave(self) -> None:
        """Go away in the middle of a stream; the run goes on, or ends with its reader."""
        leaving: Any = self.random.choice(["continue", "cancel"])
        parts = self.sdk.runs.stream(
            self.thread(), "steps", input={}, stream_mode=["tasks", "values"], on_disconnect=leaving
        )
        async for part in parts:
            if part.event != "metadata":
                break
        await parts.aclose()

    async def cancel(self) -> None:
        thread_id = self.thread()
        run = await self.sdk.runs.create(thread_id, "slow", input={"foo": "long"}, multitask_strategy="interrupt")
        action: Any = self.random.choice(["interrupt", "rollback"])
        await self.sdk.runs.cancel(thread_id, run["run_id"], wait=True, action=action)

    async def interrupt(self) -> None:
        thread_id = (await self.sdk.threads.create())["thread_id"]
        asked = await self.sdk.runs.wait(thread_id, "ask", input={"foo": "x"})
        assert asked["__interrupt__"]
        answer = await self.sdk.runs.wait(thread_id, "ask", command={"resume": "Ann"})
        assert answer["out"] == ["Ann"]
        await self.sdk.threads.delete(thread_id)

    async def fail(self) -> None:
        answer = await self.sdk.runs.wait(None, "boom", input={}, raise_error=False)
        assert answer["__error__"]["error"] == "ValueError"

    async def stateless(self) -> None:
        assert (await self.sdk.runs.wait(None, "branches", input={"foo": "left"}))["out"] == ["left"]

    async def join(self) -> None:
        thread_id = self.thread()
        run = await self.sdk.runs.create(thread_id, "progress", input={}, stream_mode="custom", stream_resumable=True)
        for _ in range(2):
            parts = self.sdk.runs.join_stream(thread_id, run["run_id"], last_event_id="-1")
            assert [part.data async for part in parts if part.event == "custom"] == [{"progress": n} for n in range(3)]

    async def state(self) -> None:
        thread_id = (await self.sdk.threads.create())["thread_id"]
        await self.sdk.runs.wait(thread_id, "subgraphs", input={})
        history = await self.sdk.threads.get_history(thread_id, limit=10)
        await self.sdk.threads.update_state(thread_id, {"foo": "new"}, checkpoint=history[-1]["checkpoint"])
        assert len(await self.sdk.threads.get_history(thread_id, limit=10)) == len(history) + 1
        await self.sdk.threads.delete(thread_id)

    async def copy(self) -> None:
        copied = (await self.sdk.threads.copy(self.thread()))["thread_id"]
        await self.sdk.threads.get_state(copied)
        await self.sdk.threads.delete(copied)

    async def items(self) -> None:
        key = str(self.random.randint(0, 20))
        await self.sdk.store.put_item(self.namespace, key, {"number": key, "text": "x" * 500})
        assert (await self.sdk.store.get_item(self.namespace, key))["value"]["number"] == key
        await self.sdk.store.search_items(self.namespace, filter={"number": key})
        if self.random.random() < 0.5:
            await self.sdk.store.delete_item(self.namespace, key)

    def remember(self, row: Any) -> None:
        self.soak.answered.setdefault(row["assistant_id"], {})[row["version"]] = row


def sample(server: Server, soak: Soak, started: float) -> Sample:
    assert server.process is not None
    process = psutil.Process(server.process.pid)
    size = sum(path.stat().st_size for path in server.store.rglob("*") if path.is_file()) / 1e6
    return Sample(
        time.monotonic() - started,
        sum(soak.done.values()),
        process.memory_info().rss / 1e6,
        process.num_fds() if os.name == "posix" else process.num_handles(),
        process.num_threads(),
        size,
    )


def show(one: Sample) -> None:
    figures = f"{one.done:9}{one.memory:12.1f}{one.descriptors:13}{one.threads:9}{one.store:10.1f}"
    print(f"{one.seconds:8.0f}{figures}", flush=True)


async def run(server: Server, clients: int, minutes: float) -> tuple[Soak, list[Sample]]:
    """The soak and its samples; the last is taken when all clients have left."""
    soak, started = Soak(), time.monotonic()
    print(f"{'seconds':>8}{'done':>9}{'memory, MB':>12}{'descriptors':>13}{'threads':>9}{'store, MB':>10}")
    samples = [sample(server, soak, started)]
    show(samples[0])
    sdks = [server.client() for _ in range(clients)]
    tasks = [asyncio.create_task(Client(number, sdk, soak).live()) for number, sdk in enumerate(sdks)]
    for _ in range(SAMPLES):
        await asyncio.sleep(minutes * 60 / SAMPLES)
        samples.append(sample(server, soak, started))
        show(samples[-1])
    soak.ending = True
    await asyncio.gather(*tasks)
    for sdk in sdks:
        await sdk.aclose()
    await asyncio.sleep(3)  # what was left in the middle comes to its end
    samples.append(sample(server, soak, started))
    show(samples[-1])
    return soak, samples


def complaints(soak: Soak, samples: list[Sample]) -> list[str]:
    """What is wrong with what was seen, as sentences."""
    found = [f"{count} x {what}" for what, count in Counter(soak.failures).most_common(10)]
    first, *during, last = samples
    warm = during[int(len(during) * WARM_UP) :]
    quarter = max(1, len(warm) // 4)
    early, late = (median(one.memory for one in part) for part in (warm[:quarter], warm[-quarter:]))
    if late > early * GROWTH + SPARE:
        found.append(f"Memory grew after the warm-up: from {early:.0f} to {late:.0f} MB.")
    if last.descriptors > first.descriptors + OPEN_FILES:
        found.append(f"{last.descriptors} descriptors are open when all clients have left.")
    if last.threads > max(one.threads for one in warm[:quarter]) + 5:
        found.append(f"{last.threads} threads at the end.")
    return found


def damage(store: Path, soak: Soak) -> list[str]:
    """What the stopped server's store lacks of what was answered, as sentences."""
    from playground.store.database import Database

    database = Database.open(store)
    try:
        found = database.check()
        for assistant_id, versions in soak.answered.items():
            for number, row in versions.items():
                kept = database.assistants.version(assistant_id, number)
                if any(kept[key] != row[key] for key in ("graph_id", "config", "context", "metadata", "name")):
                    found.append(f"Version {number} of {assistant_id} isn't what was answered.")
        return found
    finally:
        database.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--clients", type=int, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(PROJECTS / "differential", Path(folder) / "store").start()
        try:
            soak, samples = asyncio.run(run(server, given.clients, given.minutes))
            code = server.stop()
        finally:
            if server.process is not None:
                server.kill()
        found = complaints(soak, samples) + damage(server.store, soak)
        if code:
            found.append(f"The server ended with {code}.")
        if failed := [line for line in server.output.splitlines() if " failed" in line]:
            found.append(f"The server's log: {failed[0]}")
    versions = sum(len(versions) for versions in soak.answered.values())
    print(f"{sum(soak.done.values())} things done: {dict(sorted(soak.done.items()))}")
    print(f"{versions} versions of {len(soak.answered)} assistants, all as they were answered." if not found else "")
    for sentence in found:
        print(f"FAILED  {sentence}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

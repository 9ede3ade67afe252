"""What runs in our server's queue wait for, as the client tells it."""

from playground.client.client import Client
from playground.client.values import Waiting
from tests.servers import PROJECTS, StartServer


async def test_the_queue_says_what_each_run_waits_for(start_server: StartServer) -> None:
    server = start_server(PROJECTS / "engine", PLAYGROUND_RUNS="1")
    sdk = server.client()
    threads = [(await sdk.threads.create())["thread_id"] for _ in range(3)]
    streamed = {"stream_mode": ["custom"], "stream_resumable": True}
    running = (await sdk.runs.create(threads[0], "wait", input={"seconds": 1000}, **streamed))["run_id"]
    async for part in sdk.runs.join_stream(threads[0], running, last_event_id="-1"):
        if part.event == "custom":
            break  # its node is at work
    waiting = [(await sdk.runs.create(thread, "wait", input={"seconds": 0}))["run_id"] for thread in threads]
    client = await Client.connect(server.url, server.key)
    try:
        assert await client.runs.waiting() == {
            waiting[0]: Waiting("thread"),
            waiting[1]: Waiting("slot", 0),
            waiting[2]: Waiting("slot", 1),
        }
    finally:
        await sdk.runs.cancel(threads[0], running)
        await client.close()

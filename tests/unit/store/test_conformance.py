"""LangGraph's own suite for checkpointers, in full."""

from collections.abc import AsyncIterator
from pathlib import Path

from langgraph.checkpoint.conformance import checkpointer_test, validate
from langgraph.checkpoint.conformance.capabilities import ALL_CAPABILITIES

from playground.store.checkpoints import JournalSaver
from playground.store.database import Database


async def test_passes_every_capability_of_the_conformance_suite(tmp_path: Path) -> None:
    @checkpointer_test(name="JournalSaver")
    async def saver() -> AsyncIterator[JournalSaver]:
        database = Database.open(tmp_path / "store")
        try:
            yield database.checkpoints
        finally:
            database.close()

    report = await validate(saver)

    assert report.results.keys() == {capability.value for capability in ALL_CAPABILITIES}
    assert {name: result.failures for name, result in report.results.items() if not result.passed} == {}
    assert {name for name, result in report.results.items() if not result.detected or result.tests_skipped} == set()
    assert sum(result.tests_passed for result in report.results.values()) >= 81

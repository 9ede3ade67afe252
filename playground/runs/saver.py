"""The checkpointer as runs have it. Imports langgraph."""

from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import ChannelVersions, Checkpoint, CheckpointMetadata

from playground.store.checkpoints import JournalSaver


class RunSaver(JournalSaver):
    """Takes nothing from code of a run that is over: a thread that can't be stopped must not write to its thread.

    `check` is called in the writer's context before a write, and raises if its run has ended.
    """

    def __init__(self, saver: JournalSaver, check: Callable[[], None]) -> None:
        super().__init__(saver.files, saver._workers)
        self._check = check

    def put(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        self._check()
        return super().put(config, checkpoint, metadata, new_versions)

    def put_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        self._check()
        super().put_writes(config, writes, task_id, task_path)

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        self._check()  # here: the store's thread has no run
        return await super().aput(config, checkpoint, metadata, new_versions)

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        self._check()
        await super().aput_writes(config, writes, task_id, task_path)

"""Whose code is running: the run and the node that a task or a thread works for. Known from its context variables."""

import sys
from collections.abc import Collection
from contextvars import Context, ContextVar
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

RUN: ContextVar[str] = ContextVar("playground_run")
"""The id of the run; set where a run begins, inherited by everything that it starts."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A run, its node if that is known, and the line of the user's code that is at work."""

    run_id: str | None
    node: str | None
    line: str | None = None

    @property
    def who(self) -> str:
        """For sentences: "node `model` (agent.py:12)"."""
        name = f"node `{self.node}`" if self.node else "code of the project"
        return f"{name} ({self.line})" if self.line else name


def origin(context: Context, line: str | None = None) -> Origin:
    """What a context says of the code that runs in it."""
    return Origin(context.get(RUN), _node(context), line)


def line_of(frame: FrameType | None, roots: Collection[Path]) -> str | None:
    """The innermost line of the project's own code in a stack, as `agent.py:12`; None if there is none."""
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if (found := _within(path, roots)) is not None:
            return f"{found}:{frame.f_lineno}"
        frame = frame.f_back
    return None


def is_projects(path: Path, roots: Collection[Path]) -> bool:
    """Whether a file is the project's own: under one of its folders, and not installed there."""
    return _within(path, roots) is not None


def _within(path: Path, roots: Collection[Path]) -> Path | None:
    if not path.is_absolute() or {"site-packages", "dist-packages"} & set(path.parts):
        return None
    return next((path.relative_to(root) for root in roots if path.is_relative_to(root)), None)


def _node(context: Context) -> str | None:
    """The node that langchain's context variable names. Not imported for it: no node runs before langchain is."""
    module = sys.modules.get("langchain_core.runnables.config")
    if module is None:
        return None
    metadata = (context.get(module.var_child_runnable_config) or {}).get("metadata") or {}
    node = metadata.get("langgraph_node")
    return str(node) if node else None

"""Records what the real LangGraph server says about a project's graphs, for test_schemas.py.

In the project's folder (sample_graphs, tests/projects/contexts, …), with the dev extra installed:

    langgraph dev --no-browser --no-reload --port 2040 &
    python tests/unit/graphs/recorded/record.py http://127.0.0.1:2040 > tests/unit/graphs/recorded/PROJECT.json

Recorded with langgraph-api 0.16.7, langgraph 1.2.22, langchain-core 1.7.2, pydantic 2.14.3 on Python 3.11.
LangChain's own definitions are left out (see `without_langchain`): they change with its version, not with ours.
"""

import json
import sys
from typing import Any

import langchain_core.messages as messages
import langchain_core.messages.ai as ai_messages
import langchain_core.messages.tool as tool_messages
from langgraph_sdk import get_sync_client


def record(url: str) -> dict[str, Any]:
    """Schemas, drawings and subgraphs of each default assistant, by its graph."""
    client = get_sync_client(url=url)
    found = client.assistants.search(metadata={"created_by": "system"}, limit=1000)
    answers = {}
    for assistant in sorted(found, key=lambda assistant: assistant["graph_id"]):
        key = assistant["assistant_id"]
        answers[assistant["graph_id"]] = {
            "schemas": without_langchain(client.assistants.get_schemas(key)),
            "graph": client.assistants.get_graph(key),
            "graph_xray": client.assistants.get_graph(key, xray=True),
            "subgraphs": without_langchain(client.assistants.get_subgraphs(key)),
        }
    return answers


def without_langchain(value: Any) -> Any:
    """JSON schemas whose `$defs` have the names of LangChain's classes, but not what is in them."""
    if isinstance(value, list):
        return [without_langchain(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: _definitions(item) if key == "$defs" else without_langchain(item) for key, item in value.items()}


def _definitions(definitions: dict[str, Any]) -> dict[str, Any]:
    return {name: "LangChain's" if _is_langchains(name) else without_langchain(d) for name, d in definitions.items()}


def _is_langchains(name: str) -> bool:
    return any(hasattr(module, name) for module in (messages, ai_messages, tool_messages))


if __name__ == "__main__":
    print(json.dumps(record(sys.argv[1]), indent=1, ensure_ascii=False))

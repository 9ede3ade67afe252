"""A graph's JSON schemas, as the LangGraph server answers them."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, TypeAdapter

if TYPE_CHECKING:
    from langgraph.pregel import Pregel

_log = logging.getLogger(__name__)
Schema = dict[str, Any]
Note = Callable[[str], None]


def schemas(graph: "Pregel[Any, Any, Any, Any]", graph_id: str, note: Note = _log.warning) -> dict[str, Any]:
    """JSON schemas of input, output, state, config and context; null, and a note, for one that can't be rendered.

    The same as GET /assistants/{id}/schemas of the LangGraph server, its oddities included: state properties
    have the default null, and a graph without a context has the config schema {}.
    """
    return {"graph_id": graph_id, **graph_schemas(graph, note)}


def graph_schemas(graph: "Pregel[Any, Any, Any, Any]", note: Note = _log.warning) -> dict[str, Schema | None]:
    """The schemas alone, as they are listed for a subgraph."""
    render: dict[str, Callable[[], Schema | None]] = {
        "input": graph.get_input_jsonschema,
        "output": graph.get_output_jsonschema,
        "state": lambda: _state_schema(graph),
        "config": lambda: _config_schema(graph),
        "context": graph.get_context_jsonschema,
    }
    found: dict[str, Schema | None] = {}
    failed: dict[str, list[str]] = {}  # reason → kinds
    for kind, rendered in render.items():
        try:
            found[f"{kind}_schema"] = rendered()
        except Exception as error:  # noqa: BLE001 - types of the user's own raise what they like
            found[f"{kind}_schema"] = None
            failed.setdefault(str(error).partition("\n")[0] or type(error).__name__, []).append(kind)
    for reason, kinds in failed.items():
        note(f"Graph {graph.get_name()!r} has no JSON schema of its {', '.join(kinds)}: {reason}")
    return found


def _state_schema(graph: "Pregel[Any, Any, Any, Any]") -> Schema:
    """A property for each channel that can be streamed; one whose type can't be rendered takes anything."""
    types = {name: getattr(graph.channels[name], "UpdateType", Any) for name in graph.stream_channels_list}
    fields = {name: (type_ if _renders(name, type_) else Any, None) for name, type_ in types.items()}
    return _model(graph.get_name("State"), fields).model_json_schema()


def _renders(name: str, type_: Any) -> bool:
    try:
        _model("Channel", {name: (type_, None)}).model_json_schema()
    except Exception:  # noqa: BLE001 - as above
        return False
    return True


def _model(name: str, fields: dict[str, Any]) -> type[BaseModel]:
    from langchain_core.utils.pydantic import create_model_v2

    return create_model_v2(name, field_definitions=fields)  # knows what to do about names such as `__end__`


def _config_schema(graph: "Pregel[Any, Any, Any, Any]") -> Schema:
    if graph.context_schema is None:
        return {}
    adapter: TypeAdapter[Any] = TypeAdapter(graph.context_schema)
    return adapter.json_schema()

"""A graph's JSON schemas, as the LangGraph server answers them."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, TypeAdapter
from pydantic.errors import PydanticUserError
from pydantic_core import PydanticCustomError, SchemaError

if TYPE_CHECKING:
    from langgraph.pregel import Pregel

_log = logging.getLogger(__name__)
_NOT_RENDERED = (
    PydanticUserError,
    PydanticCustomError,
    SchemaError,
    TypeError,
    ValueError,
    LookupError,
    AttributeError,
)
"""What rendering raises for types without a JSON schema, and for types of the user's own that are broken."""

Schema = dict[str, Any]


def schemas(graph: "Pregel[Any, Any, Any, Any]", graph_id: str) -> dict[str, Any]:
    """JSON schemas of input, output, state, config and context; null for one that can't be rendered.

    The same as GET /assistants/{id}/schemas of the LangGraph server, its oddities included: state properties
    have the default null, and a graph without a context has the config schema {}.
    """
    return {"graph_id": graph_id, **graph_schemas(graph)}


def graph_schemas(graph: "Pregel[Any, Any, Any, Any]") -> dict[str, Schema | None]:
    """The schemas alone, as they are listed for a subgraph."""
    return {
        "input_schema": _rendered(graph.get_input_jsonschema, graph, "input"),
        "output_schema": _rendered(graph.get_output_jsonschema, graph, "output"),
        "state_schema": _rendered(lambda: _state_schema(graph), graph, "state"),
        "config_schema": _rendered(lambda: _config_schema(graph), graph, "config"),
        "context_schema": _rendered(graph.get_context_jsonschema, graph, "context"),
    }


def _rendered(render: Callable[[], Schema | None], graph: "Pregel[Any, Any, Any, Any]", kind: str) -> Schema | None:
    try:
        return render()
    except _NOT_RENDERED as error:
        reason = str(error).partition("\n")[0]
        _log.warning("Graph %s: its %s schema can't be shown as JSON schema: %s", graph.get_name(), kind, reason)
        return None


def _state_schema(graph: "Pregel[Any, Any, Any, Any]") -> Schema:
    """A property for each channel that can be streamed; one whose type can't be rendered takes anything."""
    types = {name: getattr(graph.channels[name], "UpdateType", Any) for name in graph.stream_channels_list}
    fields = {name: (type_ if _renders(name, type_) else Any, None) for name, type_ in types.items()}
    return _model(graph.get_name("State"), fields).model_json_schema()


def _renders(name: str, type_: Any) -> bool:
    try:
        _model("Channel", {name: (type_, None)}).model_json_schema()
    except _NOT_RENDERED:
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

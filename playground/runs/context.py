"""A run's context: what of its values the graph's schema has, made into the schema's type."""

from collections.abc import Collection, Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from playground.graphs.explaining import describe, traceback_of
from playground.graphs.factories import Stopped
from playground.runs.type_errors import Problem, other_problem, pydantic_problems, said, secret_names, told

JSON = dict[str, Any]


def known_context(graph: Any, context: Mapping[str, Any]) -> JSON | None:
    """The context without keys that the graph's schema doesn't have; None if there is nothing to make a context of."""
    schema = graph.context_schema
    if schema is None:
        return dict(context) or None
    if (names := _schema_fields(schema)) is None:
        return dict(context)
    known = {key: value for key, value in context.items() if key in names}
    is_typed_dict = not hasattr(schema, "model_fields") and not hasattr(schema, "__dataclass_fields__")
    return None if is_typed_dict and not known else known


def typed_context(schema: Any, known: JSON | None) -> Any:
    """The context as LangGraph makes it: a pydantic model or a dataclass; values of a TypedDict are left as they are.

    Raises what the type raises: validators are the user's code.
    """
    if known is None or not isinstance(schema, type):
        return known
    return schema(**known) if issubclass(schema, BaseModel) or is_dataclass(schema) else known


def context_problems(error: BaseException, schema: Any, context: Mapping[str, Any]) -> list[Problem]:
    """What a type raised about a context, as sentences at their places, without the context's secrets."""
    return told(_problems(error, schema, context), context, _secret_names(schema))


def refusal(error: BaseException, schema: Any, context: Mapping[str, Any]) -> JSON:
    """What a type raised about a context, as a run's error. pydantic's own text would quote the values."""
    problems = "; ".join(said(problem) for problem in context_problems(error, schema, context))
    return {
        "error": type(error).__name__,
        "message": f"The context doesn't fit the graph: {problems}",
        "traceback": "" if isinstance(error, ValidationError) else traceback_of(error),
    }


def _problems(error: BaseException, schema: Any, context: Mapping[str, Any]) -> list[Problem]:
    if isinstance(error, ValidationError):
        return list(pydantic_problems(error.errors(include_url=False, include_input=False), dict(context)))
    if missing := _missing(schema, context):
        return [((name,), "is required: it has no default") for name in missing]
    if isinstance(error, Stopped | SystemExit):
        return [((), f"its type ends the program ({describe(error.__cause__ or error)})")]
    return [((), other_problem(error))]


def _missing(schema: Any, given: Collection[str]) -> list[str]:
    """Fields of a plain dataclass that have no default and aren't given. Its own error would name a constructor."""
    if not is_dataclass(schema):
        return []
    return [
        field.name
        for field in fields(schema)
        if field.init and field.default is MISSING and field.default_factory is MISSING and field.name not in given
    ]


def _secret_names(schema: Any) -> set[str]:
    try:
        return set(secret_names(TypeAdapter(schema).json_schema()))
    except Exception:  # noqa: BLE001 - types of the user's own raise what they like
        return set()


def _schema_fields(schema: Any) -> set[str] | None:
    if hasattr(schema, "model_fields"):
        aliases = {field.alias for field in schema.model_fields.values() if field.alias}
        return set(schema.model_fields) | aliases
    if hasattr(schema, "__dataclass_fields__"):
        return set(schema.__dataclass_fields__)
    if hasattr(schema, "__annotations__"):
        return {name for base in schema.__mro__ for name in getattr(base, "__annotations__", {})}
    return None

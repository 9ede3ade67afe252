"""Types of the fields in requests, as strict as the LangGraph API's: null is not "left out", text is no number."""

from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema, with_config
from typing_extensions import TypedDict

JSON = dict[str, Any]


def number(value: Any) -> Any:
    """A number as JSON has them, before pydantic reads one into text."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("it must be a number")
    return value


def _boolean(value: Any) -> Any:
    if not isinstance(value, bool):
        raise ValueError("it must be true or false")
    return value


Whole = Annotated[int, BeforeValidator(number)]
"""5 or 5.0, not "5"."""
Boolean = Annotated[bool, BeforeValidator(_boolean)]
No = Annotated[Literal[False], BeforeValidator(_boolean)]
# The bounds come first: pydantic leaves them out of the JSON schema behind a validator.
Limit = Annotated[int, Field(ge=1, le=1000), BeforeValidator(number)]
AnyLimit = Annotated[int, Field(ge=1), BeforeValidator(number)]
Offset = Annotated[int, Field(ge=0), BeforeValidator(number)]
Minutes = Annotated[float, Field(ge=0, le=1e9), BeforeValidator(number)]

# Checked by the store, in LangGraph's words; here is what they say.
Label = Annotated[str, WithJsonSchema({"type": "string", "minLength": 1, "pattern": r"^[^.\x00]+$"})]
DottedLabels = Annotated[str, WithJsonSchema({"type": "string", "pattern": r"^[^.]+(\.[^.]+)*$"})]
Id = Annotated[str, WithJsonSchema({"type": "string", "format": "uuid"})]
AssistantId = Annotated[str, Path(json_schema_extra={"format": "uuid"})]
ThreadId = Annotated[str, Path(json_schema_extra={"format": "uuid"})]
RunId = Annotated[str, Path(json_schema_extra={"format": "uuid"})]
AssistantOrGraph = Annotated[str, Path(description="An assistant's id, or a graph's name for its default assistant.")]


@with_config(ConfigDict(extra="allow"))
class Config(TypedDict, total=False):
    """A run's configuration; other keys are kept as they are."""

    tags: list[str]
    recursion_limit: Whole
    configurable: JSON


def left_out() -> Any:
    """The default of a field that may be missing but not null; `model_dump(exclude_unset=True)` has what was given."""
    return Field(default=None, json_schema_extra=_without_default)


def _without_default(schema: JSON) -> None:
    schema.pop("default", None)

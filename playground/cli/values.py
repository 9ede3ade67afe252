"""Values as they are typed: a file or stdin as a context, `--set KEY=VALUE`, `--unset KEY`; and whether they fit."""

import difflib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playground.cli.output import one_line, tell
from playground.cli.session import apart
from playground.client.errors import ApiError, UsageError

if TYPE_CHECKING:
    from playground.client.client import Client
    from playground.client.validation import Checker, Problem

Json = dict[str, Any]
_GRAPH_FAILED = 424
_SAID = 5  # problems in one sentence


def read_text(file: Path) -> str:
    """A file's text, or stdin's for `-`. Raises UsageError."""
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"{file} can't be read: {(error.strerror or type(error).__name__).lower()}.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is no text in UTF-8: save it as that.") from error


async def read_context(file: Path) -> Json:
    """A context as JSON or YAML. Raises UsageError with the place of the mistake."""
    from playground.client.yaml_text import YamlError, load

    text = await apart(lambda: read_text(file))
    try:
        # JSON is YAML, but for tabs.
        found = load(text.replace("\t", " ") if text.lstrip().startswith("{") and _is_json(text) else text)
    except YamlError as error:
        raise UsageError(f"{file}, line {error.line}, column {error.column}: {error.sentence}.") from error
    if not isinstance(found, dict):
        raise UsageError(f"{file} must be an object, with a key for each field of the context.")
    return found


def changed(context: Json, sets: Sequence[str], unsets: Sequence[str]) -> Json:
    """The context with each `key=value` of `sets`, and without the keys of `unsets`. Raises UsageError."""
    for assignment in sets:
        key, equals, text = assignment.partition("=")
        if not equals or not key.strip():
            raise UsageError(f"--set {one_line(assignment, 60)!r} sets nothing: write --set KEY=VALUE.")
        context = _put(context, _path(key, context), _value(text), key)
    for key in unsets:
        context = _drop(context, _path(key, context), key)
    return context


async def check(client: "Client", assistant_id: str, context: Json, base: Json, what: str) -> None:
    """Refuses what doesn't fit the graph's schema, or what its own type says no to. Raises UsageError.

    What is in `base` already may be no field any more: it is kept.
    """
    from playground.client.validation import Checker, said

    try:
        schema = (await client.graphs.schemas(assistant_id)).context or {"type": "object"}
        checker = Checker(schema)
        found = _new_keys(checker, schema, context, base) or checker.problems(context)
        found = found or await client.graphs.validate(assistant_id, context) or []
    except ApiError as error:
        if error.status != _GRAPH_FAILED:
            raise
        tell(f"Not checked: {error.sentence}")  # the values may be fine; the graph's code is not
        return
    if found:
        sentences = [said(problem) for problem in dict(reversed(found)).items()][::-1]  # the first of each place
        more = f"; and {len(sentences) - _SAID} more" if len(sentences) > _SAID else ""
        sentence = f"{what}: {'; '.join(sentences[:_SAID])}{more}"
        raise UsageError(sentence if sentence.endswith("?") else f"{sentence}.")


def _new_keys(checker: "Checker", schema: Json, context: Json, base: Json) -> "list[Problem]":
    """Keys that `base` doesn't have and that are no fields, or secrets: they may not be stored."""
    known, problems = checker.unknown(base), []
    for path in checker.unknown(context):
        if path not in known:
            close = (
                difflib.get_close_matches(str(path[-1]), schema.get("properties", ()), n=1) if len(path) == 1 else []
            )
            meant = f"; did you mean “{close[0]}”?" if close else ""
            problems.append((path, f"is not a field of this graph{meant}"))
    secret = "is a secret: it belongs in the server's environment, not in an assistant"
    return [*problems, *((path, secret) for path in checker.secrets(context) if path not in checker.secrets(base))]


def _value(text: str) -> Any:
    """JSON, else the text itself: `3`, `true`, `["a"]`, and `"3"` for a text that looks like a number."""
    try:
        return json.loads(text, parse_constant=_no_json)
    except (ValueError, RecursionError):
        return text


def _is_json(text: str) -> bool:
    """Whether it is JSON; then a tab in it is only a space between its parts."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _no_json(name: str) -> Any:
    raise ValueError(name)


def _path(key: str, context: Json) -> list[str]:
    """Dots lead into objects, but for a key that is there with its dots."""
    return [key] if key in context else key.split(".")


def _put(context: Json, path: Sequence[str], value: Any, key: str) -> Json:
    first, rest = path[0], path[1:]
    if not rest:
        return {**context, first: value}
    inner = context.get(first)
    if inner is None:
        inner = {}
    if not isinstance(inner, dict):
        raise UsageError(f"“{first}” is no object, so --set {key} can't set a part of it: set it whole, as JSON.")
    return {**context, first: _put(inner, rest, value, key)}


def _drop(context: Json, path: Sequence[str], key: str) -> Json:
    first, rest = path[0], path[1:]
    if not isinstance(context, dict) or first not in context:
        raise UsageError(f"--unset {key}: it isn't set.")
    if rest:
        return {**context, first: _drop(context[first], rest, key)}
    return {name: value for name, value in context.items() if name != first}

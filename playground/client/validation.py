"""Checks values against a graph's JSON schema: a sentence for everything that doesn't fit, and where it stands.

What is checked is what the schema says. A graph's own type may say more: see `Graphs.validate`.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from playground.client.sentences import Path, Problem, extra_keys, problems_of, secret_places

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

__all__ = ["Checker", "Problem", "outdated", "said", "where"]

JSON = dict[str, Any]


class Checker:
    """Checks values against one JSON schema (draft 2020-12). References lead nowhere outside it: no network."""

    def __init__(self, schema: JSON | None, path: Path = ()) -> None:
        self._path = path
        self._schema = schema
        self._iter_errors: Callable[[Any], Iterator[ValidationError]] | None = None

    def problems(self, value: Any) -> list[Problem]:
        """What is wrong with `value`, which stands at this checker's path. An unusable schema finds nothing."""
        return self._problems(value, now=False)

    def outdated(self, value: Any) -> list[Problem]:
        """As `problems`, of a value that was saved and that the schema may have left behind."""
        return self._problems(value, now=True)

    def unknown(self, value: Any) -> list[Path]:
        """The places of what no field of the schema has, where the schema would let it pass."""
        return extra_keys(value, self._schema) if isinstance(self._schema, dict) else []

    def secrets(self, value: Any) -> list[Path]:
        """The places of what the schema says is a secret: it belongs in the server's environment."""
        return secret_places(value, self._schema) if isinstance(self._schema, dict) else []

    def _problems(self, value: Any, *, now: bool) -> list[Problem]:
        if not isinstance(self._schema, dict):
            return []
        if self._iter_errors is None:
            self._iter_errors = _validator(self._schema)
        try:
            errors = list(self._iter_errors(value))
            found = [problem for error in errors for problem in problems_of(error, self._schema, now)]
            if now:
                found += [(path, "is no longer a field of this graph") for path in extra_keys(value, self._schema)]
        except Exception:  # noqa: BLE001  a bad schema (its regex, its reference, its type) raises whatever it hits
            return []
        return [((*self._path, *place), sentence) for place, sentence in dict.fromkeys(found)]


def outdated(schema: JSON | None, saved: Any) -> list[Problem]:
    """What of a saved context no longer fits the schema that the graph has now, in words that say so."""
    return Checker(schema).outdated(saved)


def where(path: Path) -> str:
    """A path as people read it, `tools[2].name`: entries of lists are counted from 1."""
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def said(problem: Problem) -> str:
    """A problem as one sentence, `tone: must be one of: dry, warm`."""
    path, sentence = problem
    return f"{where(path)}: {sentence}" if path else sentence


def _validator(schema: JSON) -> "Callable[[Any], Iterator[ValidationError]]":
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend
    from referencing import Registry

    from playground.client.formats import checker

    checks = extend(Draft202012Validator, {"multipleOf": _multiple_of})  # type: ignore[no-untyped-call]
    found: Callable[[Any], Iterator[ValidationError]]
    found = checks(schema, registry=Registry(), format_checker=checker()).iter_errors
    return found


def _multiple_of(validator: Any, step: Any, value: Any, schema: Any) -> "Iterator[ValidationError]":
    """As pydantic does it, with room for binary fractions: 0.3 is a multiple of 0.1."""
    from jsonschema.exceptions import ValidationError

    if validator.is_type(value, "number"):
        try:
            rest, room = abs(value % step), abs(value) / 1e9
        except OverflowError:  # a whole number that no float can hold
            rest, room = abs(value % int(step or 1)), 0
        if rest > room and abs(rest - step) > room:
            yield ValidationError(f"{value!r} is not a multiple of {step}")

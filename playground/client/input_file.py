"""A file of inputs: a value a line. Pure but for `load_inputs`."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playground.client.errors import UsageError
from playground.client.json_faults import json_fault

_MOST: Final = 20_000_000  # bytes of a file


@dataclass(frozen=True, slots=True)
class InputFile:
    """The inputs that could be read, and a sentence for each line that could not."""

    name: str
    inputs: tuple[Any, ...]
    problems: tuple[str, ...] = ()

    @property
    def problem(self) -> str:
        """What is wrong with the file, in one sentence; "" if nothing is."""
        more = f" ({len(self.problems) - 1} more lines can't be read)" if len(self.problems) > 1 else ""
        return f"{self.name}: {self.problems[0]}{more}." if self.problems else ""


def load_inputs(path: Path) -> InputFile:
    """Reads a file of inputs. Raises UsageError if there is no such file, or nothing in it that can be run."""
    try:
        if path.stat().st_size > _MOST:
            raise UsageError(f"{path} is larger than {_MOST // 1_000_000} MB: take fewer inputs.")
        found = read_inputs(path.read_bytes(), path.name)
    except OSError as error:
        raise UsageError(f"The inputs {path} can't be read: {error.strerror or error}.") from error
    if not found.inputs:
        raise UsageError(found.problem or f"{path} has no inputs: write one a line, a text or a JSON object.")
    return found


def read_inputs(content: bytes, name: str) -> InputFile:
    """An input a line: JSON if it begins like an object, a list or a quoted text, else the line itself as a text."""
    inputs: list[Any] = []
    problems = []
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        try:
            if text := line.decode().strip():
                inputs.append(_value(text))
        except ValueError as error:
            problems.append(f"line {number} {_reason(error)}")
    return InputFile(name, tuple(inputs), tuple(problems))


def _value(line: str) -> Any:
    """The value of a line. Raises ValueError if it is no JSON though it begins like it, or can't be sent."""
    if not line.startswith(("{", "[", '"')):
        return line
    try:
        value = json.loads(line, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("is nested too deeply") from None
    json.dumps(value, ensure_ascii=False).encode()
    return value


def _refuse(name: str) -> Any:
    raise ValueError(f"has {name}, which is no JSON number")


def _reason(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"is not JSON: {json_fault(error)} (column {error.colno})"
    if isinstance(error, UnicodeDecodeError):
        return "is not UTF-8 text"
    return "has half of a surrogate pair" if isinstance(error, UnicodeEncodeError) else str(error)

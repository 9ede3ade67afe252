"""A field: one value of a document that a form shows and edits."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from playground.tui.forms.document import UNSET, Path


class Kind(StrEnum):
    """How a field is edited."""

    TEXT = "text"  # one line
    PROMPT = "prompt"  # many lines, in the big editor
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    CHOICE = "choice"  # one of some values
    CHECKLIST = "checklist"  # any of some values
    ROWS = "rows"  # a list of scalars, one a line
    GROUP = "group"  # a nested object
    JSON = "json"  # everything else


@dataclass(frozen=True, slots=True)
class Choice:
    """A value one can choose, and what it is called on the screen."""

    value: Any
    label: str


@dataclass(frozen=True, slots=True)
class Bounds:
    """The range of a number; each end may be open."""

    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None  # exclusive minimum
    below: float | None = None  # exclusive maximum

    def __str__(self) -> str:
        if self.minimum is not None and self.maximum is not None:
            return f"{self.minimum:g} – {self.maximum:g}"
        ends = [("≥", self.minimum), (">", self.above), ("≤", self.maximum), ("<", self.below)]
        return " and ".join(f"{sign} {end:g}" for sign, end in ends if end is not None)


@dataclass(frozen=True, slots=True)
class Field:
    """What a form knows about one value: where it is, how it is edited, and what the schema says about it."""

    path: Path
    kind: Kind
    label: str
    description: str = ""
    default: Any = UNSET
    required: bool = False
    nullable: bool = False
    choices: tuple[Choice, ...] = ()
    bounds: Bounds = Bounds()
    item: Kind = Kind.TEXT  # of ROWS: TEXT, INTEGER or NUMBER
    nodes: tuple[str, ...] = ()  # of the graph, which use it
    is_prompt: bool = False  # the schema says `langgraph_type: prompt`
    placeholder: str = ""
    fields: tuple["Field", ...] = field(default=())  # of a GROUP
    known: bool = True  # the schema has it
    misfit: bool = False  # its value doesn't fit the schema's kind, so it is edited as JSON

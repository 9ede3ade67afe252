"""A field: one value of a document that a form shows and edits."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

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
    LIST = "list"  # its rows are fields, too
    MAP = "map"  # its keys are the user's
    GROUP = "group"  # a nested object
    SECRET = "secret"  # never shown, and not edited here
    JSON = "json"  # everything else


HOLDERS = frozenset((Kind.LIST, Kind.MAP, Kind.GROUP))
"""The kinds whose entries are listed below them."""


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


class Inside(Protocol):
    """Reads what is in a field, once it is asked for: a schema may contain itself."""

    def fields(self, path: Path) -> tuple["Field", ...]:
        """The fields of a group."""

    def item(self, path: Path) -> "Field | None":
        """The field at a row of a list or at a key of a map; None where the schema has none."""


@dataclass(frozen=True, slots=True)
class Field:
    """What a form knows about one value: where it is, how it is edited, and what the schema says about it."""

    path: Path
    kind: Kind
    label: str
    description: str = ""
    default: Any = UNSET
    default_made: bool = False  # not required and without a default: the graph's code makes one
    required: bool = False
    nullable: bool = False
    choices: tuple[Choice, ...] = ()
    bounds: Bounds = Bounds()
    step: float | None = None  # of a number: what it must be a multiple of, or what a hint says
    limits: str = ""  # how long a text, a list or a map may be, in words
    format: str = ""  # of a text: date-time, uuid …
    nodes: tuple[str, ...] = ()  # of the graph, which use it
    is_prompt: bool = False  # the schema says `langgraph_type: prompt`
    hint: str = ""  # an editor that the schema asks for and that there is none of: mcp, rag, model …
    placeholder: str = ""
    variants: tuple["Field", ...] = ()  # of a union: the kinds of value it may have
    variant: int | None = None  # which of them is shown
    known: bool = True  # the schema has it
    misfit: bool = False  # its value doesn't fit the schema's kind, so it is edited as JSON
    recursive: bool = False  # the schema is inside itself here
    blank: Any = None  # what a JSON field begins with
    inside: Inside | None = field(default=None, compare=False, repr=False)

    @property
    def fields(self) -> tuple["Field", ...]:
        """The fields of a group; of anything else, none."""
        return self.inside.fields(self.path) if self.inside and self.kind is Kind.GROUP else ()

    def item(self, key: str | int) -> "Field | None":
        """The field at a row of a list or at a key that the user chose."""
        return self.inside.item((*self.path, key)) if self.inside else None

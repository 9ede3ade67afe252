"""The file of an export: its shape, checked when it is read, and where a mistake in it is."""

import os
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    StrictInt,
    ValidationError,
    field_validator,
    model_validator,
)

from playground.client.errors import UsageError
from playground.client.notes import check_label
from playground.client.values import LabelFacts, Promotion

KIND: Final = "assistants"
FORMAT: Final = 1
_LARGEST: Final = 256 * 1024 * 1024  # bytes

JSON = dict[str, Any]
Number = Annotated[StrictInt, Field(ge=1)]


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


Moment = Annotated[datetime, AfterValidator(_aware), PlainSerializer(datetime.isoformat)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class FileLabel(_Part):
    """Where a label is, and who put it there, when and why."""

    version: Number
    by: str | None = None
    why: str | None = None
    at: Moment | None = None

    def facts(self, label: str) -> LabelFacts:
        return LabelFacts(label, self.version, self.by, self.why, self.at)


class FilePromotion(_Part):
    """Which version was made active instead of which."""

    version: Number
    from_version: Number = Field(alias="from")
    by: str | None = None
    note: str | None = None
    at: Moment

    def promotion(self) -> Promotion:
        # The key comes from what it says: importing again writes it over itself.
        return Promotion(self.version, self.from_version, self.by, self.note, self.at, f"{self.at.isoformat()} import")


class FileVersion(_Part):
    """A version. `graph` only where it isn't the assistant's; `made` is to be read, and can't be restored."""

    version: Number
    name: str
    graph: str | None = None
    made: str | None = None
    description: str | None = None
    note: str | None = None
    context: JSON = {}
    config: JSON = {}
    metadata: JSON = {}


class FileAssistant(_Part):
    """An assistant with all its versions, the first one first."""

    id: str | None = None
    name: str
    graph: Annotated[str, Field(min_length=1)]
    active: Number
    labels: dict[str, FileLabel] = {}
    promotions: list[FilePromotion] = []
    left_out: list[str] = []
    versions: Annotated[list[FileVersion], Field(min_length=1)]

    @property
    def graphs(self) -> set[str]:
        """Every graph that one of its versions is of."""
        return {self.graph, *(version.graph for version in self.versions if version.graph)}

    @field_validator("id")
    @classmethod
    def _an_id(cls, value: str | None) -> str | None:
        try:
            return None if value is None else str(UUID(value))
        except ValueError:
            raise ValueError("must be a UUID, or be left out") from None

    @field_validator("labels", mode="before")
    @classmethod
    def _short_labels(cls, value: Any) -> Any:
        """`prod: 3` is short for `prod: {version: 3}`."""
        if not isinstance(value, dict):
            return value
        for label in value:
            _check_label(label)
        return {label: {"version": said} if isinstance(said, int) else said for label, said in value.items()}

    @model_validator(mode="after")
    def _numbers(self) -> "FileAssistant":
        last = len(self.versions)
        numbers = [version.version for version in self.versions]
        if numbers != list(range(1, last + 1)):
            wrong = next(number for number, there in enumerate(numbers, 1) if number != there)
            raise ValueError(f"has versions that aren't 1, 2, 3 … in order: the {wrong}. one is v{numbers[wrong - 1]}")
        named = {"active": self.active, **{f"label {name}": label.version for name, label in self.labels.items()}}
        for what, number in named.items():
            if number > last:
                raise ValueError(f"has no v{number}, which “{what}” names; the last one is v{last}")
        return self


class TransferFile(_Part):
    """The whole file."""

    playground: Literal["assistants"]
    format: StrictInt
    assistants: list[FileAssistant]


def read(text: str) -> TransferFile:
    """The file, checked. Raises UsageError: one sentence that says what is wrong, in which line, and what to do."""
    from playground.client.yaml_text import YamlError, load

    try:
        found = load(text)
    except YamlError as error:
        raise UsageError(f"The file can't be read, line {error.line}: {error.sentence}.") from error
    if not isinstance(found, dict) or found.get("playground") != KIND:
        raise UsageError("The file is no export of assistants: it would begin with “playground: assistants”.")
    number = found.get("format")
    if isinstance(number, int) and number > FORMAT:
        raise UsageError(f"The file has format {number}, and this playground reads {FORMAT}: update the playground.")
    if number != FORMAT or isinstance(number, bool):
        raise UsageError(f"The file's format must be {FORMAT}, which “format: {FORMAT}” in its beginning says.")
    try:
        file = TransferFile.model_validate(found)
    except ValidationError as error:
        raise UsageError(_sentence(error, text)) from error
    _refuse_twins(file, text)
    return file


def _refuse_twins(file: TransferFile, text: str) -> None:
    seen = set[str]()
    for index, one in enumerate(file.assistants):
        if one.id in seen:
            where = _line(text, ("assistants", index, "id"))
            raise UsageError(f"Line {where}: two assistants of the file have the id {one.id}; leave one of them out.")
        if one.id:
            seen.add(one.id)


def _check_label(label: str) -> None:
    try:
        check_label(label)
    except UsageError as error:
        raise ValueError(f"has a label “{label[:40]}” that can't be one. {error.sentence}") from error


def _sentence(error: ValidationError, text: str) -> str:
    problems = error.errors(include_url=False)
    first = problems[0]
    path = tuple(part for part in first["loc"] if part != "from_version")
    more = f" ({len(problems) - 1} more after it.)" if len(problems) > 1 else ""
    return f"Line {_line(text, path)}: {_where(path)} {_what(first)}.{more}"


def _where(path: tuple[int | str, ...]) -> str:
    """`assistants[0].versions[2].context`."""
    shown = "".join(f"[{part}]" if isinstance(part, int) else f".{part[:40]}" for part in path)
    return shown.removeprefix(".") or "The file"


def _what(problem: Any) -> str:
    words = {
        "missing": "is missing",
        "extra_forbidden": "is no field that an export has: look at its spelling",
        "dict_type": "must be keys with values",
        "list_type": "must be a list",
        "string_type": "must be a text: quote it",
        "int_type": "must be a whole number",
        "model_type": "must be keys with values",
        "greater_than_equal": "must be 1 or more",
        "string_too_short": "can't be empty",
        "too_short": "needs one entry at least",
    }
    kind, message = problem["type"], str(problem["msg"])
    if kind.startswith("datetime"):
        return "must be a time like 2026-11-22T14:03:59+00:00"
    return words.get(kind) or message.removeprefix("Value error, ").rstrip(".")


def _line(text: str, path: tuple[int | str, ...]) -> int:
    """The line of what is at the path, or of the nearest thing around it that is there."""
    from playground.client.yaml_text import compose

    node: Any = compose(text)
    line = 1
    for part in path:
        pairs = getattr(node, "value", None)
        if not isinstance(pairs, list):
            break
        if isinstance(part, int):
            if part >= len(pairs) or isinstance(pairs[part], tuple):
                break
            node = pairs[part]
            line = node.start_mark.line + 1
        else:
            found = next((pair for pair in pairs if isinstance(pair, tuple) and pair[0].value == part), None)
            if found is None:
                break
            node = found[1]
            line = found[0].start_mark.line + 1
    return line


# On disk


def read_file(path: Path) -> str:
    """The text of a file. Raises UsageError."""
    path = path.expanduser()
    try:
        if path.stat().st_size > _LARGEST:
            raise UsageError(
                f"{path} is too large: {_LARGEST // 2**20} MB can be read. Export fewer assistants a file."
            )
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is no text in UTF-8 (at byte {error.start:,}): save it as that.") from error
    except OSError as error:
        raise UsageError(f"{path} can't be read: {_reason(error)}.") from error


def write_file(path: Path, text: str, *, overwrite: bool = False) -> Path:
    """Write a file that only its owner can read, whole or not at all; says where.

    Raises UsageError, and FileExistsError unless `overwrite`.
    """
    path = path.expanduser().absolute()
    try:
        target = path.resolve()
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name[:40]}.", dir=target.parent)  # mode 0600
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            _put_there(Path(name), target, overwrite)
        finally:
            with suppress(FileNotFoundError):
                Path(name).unlink()
    except FileExistsError:
        raise
    except OSError as error:
        raise UsageError(f"{path} can't be written: {_reason(error)}.") from error
    return path


def _put_there(written: Path, target: Path, overwrite: bool) -> None:
    if target.is_dir():
        raise IsADirectoryError(21, "it is a folder")
    if overwrite:
        written.replace(target)
        return
    try:
        os.link(written, target)  # fails if someone made it meanwhile
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if target.exists():
            raise FileExistsError(17, "it exists", str(target)) from None
        written.replace(target)


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()

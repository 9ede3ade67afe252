"""What the user marked for a comparison. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

MOST: Final = 4
"""Refs that one comparison takes."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something to run: a version, or an assistant as it is when it runs (`version` is None)."""

    assistant_id: str
    version: int | None = None

    @property
    def ref(self) -> str:
        """By id, so that two assistants of one name are not confused."""
        return self.assistant_id if self.version is None else f"{self.assistant_id}@v{self.version}"


class Marks:
    """Marks in the order they were made."""

    def __init__(self) -> None:
        self._marks: list[Mark] = []

    def __iter__(self) -> Iterator[Mark]:
        return iter(self._marks)

    def __len__(self) -> int:
        return len(self._marks)

    def toggle(self, mark: Mark) -> bool:
        """Mark it, or unmark it. False if there are as many as can be compared."""
        if mark in self._marks:
            self._marks.remove(mark)
        elif len(self._marks) < MOST:
            self._marks.append(mark)
        else:
            return False
        return True

    def clear(self) -> None:
        """Nothing is marked."""
        self._marks.clear()

    def keep(self, assistant_ids: set[str]) -> None:
        """Forget the marks of assistants that are gone."""
        self._marks = [mark for mark in self._marks if mark.assistant_id in assistant_ids]

    def assistants(self) -> frozenset[str]:
        """The ids of the assistants that are marked as such."""
        return frozenset(mark.assistant_id for mark in self._marks if mark.version is None)

    def versions(self, assistant_id: str) -> frozenset[str]:
        """The marked versions of an assistant, as row keys."""
        marked = (mark for mark in self._marks if mark.assistant_id == assistant_id)
        return frozenset(str(mark.version) for mark in marked if mark.version is not None)

    def with_subject(self, subject: Mark | None, counterpart: Mark | None) -> list[str]:
        """The refs to compare: the marked; with one, the subject too; with none, the subject and its counterpart."""
        marks = list(self._marks)
        if not marks and subject and counterpart:
            marks = [subject, counterpart]
        elif len(marks) == 1 and subject and subject not in marks:
            marks.append(subject)
        return [mark.ref for mark in marks]

"""What is wrong with an edit: the schema says it at once, the graph's own type as soon as it was asked."""

import asyncio
from typing import TYPE_CHECKING, Any, Final

from playground.client.errors import PlaygroundError
from playground.client.validation import Problem, outdated
from playground.tui.forms.document import Path, get, same
from playground.tui.forms.editing import CONTEXT

if TYPE_CHECKING:
    from playground.client.client import Client
    from playground.tui.edit.session import EditSession

JSON = dict[str, Any]
PATIENCE: Final = 5.0  # seconds that the graph's own type may take; the schema has to do then


class Checks:
    """Holds what was answered last, and for what: an answer about another text is none."""

    def __init__(self) -> None:
        self._answer: tuple[JSON | None, Any, list[Problem]] | None = None  # schema and context that were asked about
        self._saved: tuple[JSON | None, Any, list[Problem]] | None = None  # what of the base no longer fits

    def problems(self, session: "EditSession") -> dict[Path, str]:
        """A sentence for each field that isn't valid; for a saved value that no longer fits, one that says so."""
        found = session.editing.problems()
        left_behind = self._left_behind(session)
        told = self._answer[2] if self._answer and self._is_about(session, *self._answer[:2]) else []
        if not told and not (found and left_behind):
            return found
        for path, sentence in session.editing.placed(left_behind).items():
            if path in found and path not in session.editing.texts and _is_saved(session, path):
                found[path] = sentence
        for path, sentence in session.editing.placed(told).items():
            if not any(_overlap(path, other) for other in found):
                found[path] = sentence
        return found

    def needs_asking(self, session: "EditSession") -> bool:
        """Whether the graph's own type wasn't asked about this context yet."""
        readable = not any(path[:1] == CONTEXT for path in session.editing.texts)
        return readable and not (self._answer and self._is_about(session, *self._answer[:2]))

    async def ask(self, client: "Client", session: "EditSession") -> bool:
        """Ask the graph's own type; True if there is an answer about what is there now.

        A server that can't, or is away, answers nothing: what the schema says has to do.
        """
        if not self.needs_asking(session):
            return False
        schema, context = session.schema, session.editing.document.get("context")
        if not isinstance(context, dict):
            return False
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await client.graphs.validate(session.assistant_id, context)
        except (PlaygroundError, TimeoutError, UnicodeEncodeError):
            return False
        if not self._is_about(session, schema, context):
            return False
        self._answer = (schema, context, [((*CONTEXT, *path), sentence) for path, sentence in answer or ()])
        return True

    def _left_behind(self, session: "EditSession") -> list[Problem]:
        context = session.base.context
        if self._saved is None or self._saved[0] is not session.schema or self._saved[1] is not context:
            found = [((*CONTEXT, *path), sentence) for path, sentence in outdated(session.schema, context)]
            self._saved = (session.schema, context, found)
        return self._saved[2]

    @staticmethod
    def _is_about(session: "EditSession", schema: JSON | None, context: Any) -> bool:
        return schema is session.schema and same(context, session.editing.document.get("context"))


def _is_saved(session: "EditSession", path: Path) -> bool:
    """Whether the value is the one of the base, as it was saved."""
    return same(get(session.editing.document, path), get(session.editing.base, path))


def _overlap(left: Path, right: Path) -> bool:
    shorter = min(len(left), len(right))
    return left[:shorter] == right[:shorter]

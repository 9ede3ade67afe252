"""What made a checkpoint, found again: the version, or the draft as it is now."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from playground.client.checkpoint_tree import Checkpoint
from playground.client.errors import PlaygroundError
from playground.client.values import VARIANT, Runnable

if TYPE_CHECKING:
    from playground.client.client import Client

_HASH: Final = 12  # characters of a context's hash that a checkpoint keeps
_UNTOLD: Final = "The server doesn't say what ran there."
_VARIANT: Final = "A variant of this version ran there, with a context that isn't kept."
_DRAFT: Final = "The draft was changed since: it is another one now."
_ACTIVE: Final = "The server doesn't say which version ran there: this is the active one."
_OTHER: Final = "Another context ran there than this version has."


@dataclass(frozen=True, slots=True)
class MadeBy:
    """`runnable` is the nearest to it that can be run now, None if nothing is left of it, or nobody says what it was.

    `note` says how that isn't quite what ran, "" if it is. `told`: the server says which assistant it was.
    """

    runnable: Runnable | None = None
    note: str = ""
    told: bool = True

    @property
    def exact(self) -> bool:
        """Whether the runnable has the very context that ran."""
        return self.runnable is not None and not self.note


async def made_by(client: "Client", checkpoint: Checkpoint | None) -> MadeBy:
    """The assistant, version and context behind a checkpoint."""
    if checkpoint is None or checkpoint.assistant_id is None:
        return MadeBy(None, _UNTOLD, told=False)
    selector = f"@v{checkpoint.version}" if checkpoint.version is not None else ""
    try:
        found = await client.resolve(checkpoint.assistant_id + ("@draft" if checkpoint.draft is True else selector))
    except PlaygroundError as error:
        return MadeBy(None, f"What ran there can't be run again: {error.sentence}")
    if checkpoint.draft == VARIANT:
        return MadeBy(replace(found, draft=VARIANT), _VARIANT)
    digest = (checkpoint.context_hash or "")[:_HASH]
    if digest and not found.context_hash.startswith(digest):
        return MadeBy(found, _DRAFT if checkpoint.draft else _OTHER)
    return MadeBy(found, _ACTIVE if checkpoint.version is None else "")

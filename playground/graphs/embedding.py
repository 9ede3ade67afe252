"""The embedding that `store.index` of langgraph.json names. Loading it runs the user's code, on a thread of its own."""

from pathlib import Path
from typing import TYPE_CHECKING

from playground.graphs.errors import GraphFailed
from playground.graphs.explaining import describe
from playground.graphs.importing import import_object
from playground.graphs.manifest import GraphSpec, Manifest

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

WHERE = "store.index"


def load_embeddings(embed: str, manifest: Manifest) -> "Embeddings":
    """The embeddings behind `./path.py:function` or `provider:model`. Raises GraphFailed, whatever is wrong."""
    from langgraph.store.base import ensure_embeddings

    module = embed.rpartition(":")[0]
    is_file = "/" in module or "\\" in module or module.endswith(".py")
    try:
        if is_file:
            source: Path = (manifest.root / module.replace("\\", "/")).resolve()
            return ensure_embeddings(import_object(GraphSpec(WHERE, embed, source=source), manifest.root))
        return ensure_embeddings(embed)
    except GraphFailed:
        raise
    except Exception as error:
        raise GraphFailed(WHERE, f"The embedding {embed!r} can't be loaded: {describe(error)}") from error

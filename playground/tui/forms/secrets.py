"""Keeping secrets (`format: password`, `writeOnly`) out of what is shown, copied and stored. Pure."""

import re
from collections.abc import Iterable
from typing import Any, Final

from playground.client.secret_values import MASK
from playground.tui.forms.document import UNSET, Path, drop, get, put, same
from playground.tui.forms.fields import Kind
from playground.tui.forms.form import Entry

_WRITTEN = r"""(?:"[^"\n]*"?|'[^'\n]*'?|\[[^\]\n]*\]?|[^\s,}\]]+)"""  # a value of one line, closed or not
REFUSED: Final = "is a secret: it isn't kept here, give it to the server in its environment"


def secrets_in(entries: Iterable[Entry]) -> list[Path]:
    """Where the document holds a secret, last rows first."""
    paths = [entry.field.path for entry in entries if entry.field.kind is Kind.SECRET and entry.is_set]
    return paths[::-1]


def masked(document: Any, paths: Iterable[Path]) -> Any:
    """The document with dots for its secrets."""
    for path in paths:
        document = put(document, path, MASK)
    return document


def without(document: Any, paths: Iterable[Path]) -> Any:
    """The document without its secrets."""
    for path in paths:
        document = drop(document, path)
    return document


def unmasked(document: Any, paths: Iterable[Path], before: Any) -> tuple[Any, list[Path]]:
    """The document with the secrets it had before, and where someone typed another one, which is not taken."""
    refused = []
    for path in paths:
        value, old = get(document, path), get(before, path)
        if not same(value, MASK) and not same(value, old):
            refused.append(path)
        document = drop(document, path) if old is UNSET else put(document, path, old)
    return document, refused


def blotted(text: str, names: Iterable[str]) -> str:
    """A text that can't be read yet, with dots behind the names of secrets and in the lines that belong to them."""
    for name in names:
        named = re.compile(rf"""(["']?\b{re.escape(name)}\b["']?\s*:[ \t]*){_WRITTEN}?""")
        lines, depth = [], -1  # how far the line of the last secret is indented
        for line in text.split("\n"):
            indent = len(line) - len(line.lstrip())
            if depth >= 0 and line.strip() and (indent > depth or (indent == depth and line.lstrip().startswith("- "))):
                lines.append(line[:indent] + MASK)
                continue
            depth = indent if named.search(line) else -1
            lines.append(named.sub(rf"\g<1>{MASK}", line))
        text = "\n".join(lines)
    return text

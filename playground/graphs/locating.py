"""Where in its file a graph is defined."""

import tokenize
from collections.abc import Iterator
from keyword import iskeyword
from pathlib import Path
from tokenize import COMMENT, DEDENT, INDENT, NAME, NEWLINE, NL, OP, TokenInfo

_MOST = 2_000_000  # bytes of a file that are read for it
_OWN_NAMES = ("def", "class")  # what is bound in these is theirs, not the module's
_ASSIGNMENTS = ("=", ":", "+=", "|=")


def line_of(source: str, name: str) -> int | None:
    """The line on which the module's `name` is bound last, counted from 1; None if it can't be told by reading.

    By the file's tokens, not by `ast`: before Python 3.12 its parser raises SystemError where two threads use it at
    the same moment, and LangGraph does while it makes a graph (https://github.com/python/cpython/issues/106905).
    """
    file = Path(source)
    found = None
    try:
        if not file.is_file() or file.stat().st_size > _MOST:
            return None
        with tokenize.open(file) as text:
            for line in _module_lines(tokenize.generate_tokens(text.readline)):
                if name in _bound(line):
                    found = line[0].start[0]
    except (OSError, SyntaxError, ValueError, tokenize.TokenError):
        return None
    return found


def _module_lines(tokens: Iterator[TokenInfo]) -> Iterator[list[TokenInfo]]:
    """The logical lines of the module itself, in `if`, `try` and `with`, too; not those in functions and classes."""
    line: list[TokenInfo] = []
    inside: list[bool] = []  # a block: whether it is in a function or a class
    heads = False  # whether the last line begins one of those
    for token in tokens:
        if token.type == INDENT:
            inside.append(heads or any(inside[-1:]))
        elif token.type == DEDENT:
            inside.pop()
        elif token.type == NEWLINE:
            heads = any(word.string in _OWN_NAMES for word in line[:2])
            if not any(inside[-1:]):
                yield line
            line = []
        elif token.type not in (NL, COMMENT):
            line.append(token)


def _bound(line: list[TokenInfo]) -> set[str]:
    """The names that a logical line binds."""
    words = [token.string for token in line]
    if not words:
        return set()
    if "def" in words[:2] or words[0] == "class":
        return {words[words.index("def") + 1] if "def" in words[:2] else words[1]}
    if words[0] in ("import", "from"):
        return {
            word for word, after in zip(words, [*words[1:], ""], strict=True) if word.isidentifier() and after != "as"
        }
    if iskeyword(words[0]):
        return set()
    return _targets(line)


def _targets(line: list[TokenInfo]) -> set[str]:
    """The plain names before the `=` or the annotation of an assignment; none if the line isn't one."""
    bound: set[str] = set()
    found: set[str] = set()  # what is bound if a `=` follows
    depth, before = 0, ""
    for token in line:
        if depth == 0 and token.type == OP and token.string in _ASSIGNMENTS:
            bound, found = bound | found, set()
        elif token.string in ("(", "["):
            if before.isidentifier():  # a call or an item: what is in it is not bound
                break
            depth += 1
        elif token.string in (")", "]"):
            depth -= 1
        elif token.type == NAME and before != ".":
            found.add(token.string)
        before = token.string
    return bound

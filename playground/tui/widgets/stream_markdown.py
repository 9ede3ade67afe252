"""Markdown as lines to wrap: one widget can then paint any length of it. Pure.

Textual's own Markdown widget makes a widget a paragraph, which is too much for panes that stream side by side.
Styles are theme variables, so lines outlive a change of theme. HTML is shown as it is: it is what the model wrote.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from textual.content import Content
from textual.highlight import highlight

from playground.tui.text import MUTED

_HEADINGS: Final = {"h1": "bold underline $text-accent", "h2": "bold $text-accent", "h3": "bold"}
_INLINE: Final = {"strong": "bold", "em": "italic", "s": "strike"}
_CODE: Final = "$text-warning"
_BULLETS: Final = "•◦▪"
_TAB: Final = 4  # cells
_LONGEST_CODE_LINE: Final = 2_000  # characters; longer ones aren't coloured


_NOTHING: Final = Content("")


@dataclass(frozen=True, slots=True)
class Line:
    """A line before it is wrapped: `first` is put before its first row, `rest` before those that follow."""

    body: Content
    first: Content = _NOTHING
    rest: Content = _NOTHING
    rule: bool = False

    def rows(self, width: int) -> list[Content]:
        """The line in rows of at most `width` cells."""
        if self.rule:
            return [self.first + Content.styled("─" * max(1, width - self.first.cell_length), MUTED)]
        room = max(4, width - max(self.first.cell_length, self.rest.cell_length))
        rows = self.body.wrap(room) or [Content("")]
        return [(self.rest if index else self.first) + row.rstrip() for index, row in enumerate(rows)]

    def within(self, first: Content, rest: Content) -> "Line":
        """The line, further in."""
        return Line(self.body, first + self.first, rest + self.rest, self.rule)


BLANK: Final = Line(Content(""))


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def markdown_lines(text: str) -> list[Line]:
    """Whole Markdown as lines, with an empty one between blocks. `text` must be safe to show."""
    return list(_blocks(_parser().parse(text.expandtabs(_TAB)), 0))


def code_line(text: str, language: str = "") -> Line:
    """One line of a code block."""
    text = text.expandtabs(_TAB)
    if language and len(text) <= _LONGEST_CODE_LINE:
        body = highlight(text, language=language)
    else:
        body = Content.styled(text, MUTED)
    bar = Content.styled("│ ", "$foreground 40%")
    return Line(body, bar, bar)


def _blocks(tokens: list[Token], depth: int, tight: bool = False) -> Iterator[Line]:
    position, first = 0, True
    while position < len(tokens):
        end = _end_of(tokens, position)
        lines = list(_block(tokens[position : end + 1], depth))
        if lines and not first and not tight:
            yield BLANK
        yield from lines
        first = first and not lines
        position = end + 1


def _end_of(tokens: list[Token], start: int) -> int:
    """The index of the token that closes the one at `start`."""
    level = 0
    for position in range(start, len(tokens)):
        level += tokens[position].nesting
        if level == 0:
            return position
    return len(tokens) - 1


def _block(tokens: list[Token], depth: int) -> Iterator[Line]:
    opening, inner = tokens[0], tokens[1:-1]
    match opening.type:
        case "heading_open":
            yield from _text(inner, _HEADINGS.get(opening.tag, "bold"))
        case "paragraph_open":
            yield from _text(inner)
        case "bullet_list_open" | "ordered_list_open":
            yield from _list(opening, inner, depth)
        case "blockquote_open":
            bar = Content.styled("▌ ", MUTED)
            yield from (line.within(bar, bar) for line in _blocks(inner, depth))
        case "fence" | "code_block":
            language = opening.info.split()[0] if opening.info.strip() else ""
            yield from (code_line(line, language) for line in opening.content.rstrip("\n").split("\n"))
        case "table_open":
            yield from _table(inner)
        case "hr":
            yield Line(Content(""), rule=True)
        case _ if opening.content:
            yield Line(Content(opening.content))


def _list(opening: Token, tokens: list[Token], depth: int) -> Iterator[Line]:
    number = int(opening.attrs.get("start", 1)) if opening.type == "ordered_list_open" else None
    items = [item for item in _children(tokens) if item[0].type == "list_item_open"]
    tight = any(token.hidden for token in tokens)
    for index, item in enumerate(items):
        mark = f"{number + index}. " if number is not None else f"{_BULLETS[min(depth, len(_BULLETS) - 1)]} "
        if index and not tight:
            yield BLANK
        lines = list(_blocks(item[1:-1], depth + 1, tight)) or [BLANK]
        indent = Content(" " * len(mark))
        yield lines[0].within(Content.styled(mark, "$text-accent"), indent)
        yield from (line.within(indent, indent) for line in lines[1:])


def _children(tokens: list[Token]) -> Iterator[list[Token]]:
    position = 0
    while position < len(tokens):
        end = _end_of(tokens, position)
        yield tokens[position : end + 1]
        position = end + 1


def _text(tokens: list[Token], style: str = "") -> Iterator[Line]:
    inline = next((token for token in tokens if token.type == "inline"), None)
    if inline is not None:
        content = _inline(inline)
        content = content.stylize_before(style) if style else content
        yield from (Line(part) for part in content.split("\n", allow_blank=True))


def _inline(token: Token) -> Content:
    parts: list[Content | tuple[str, str]] = []
    styles: list[str] = []
    link = ""
    for child in token.children or []:
        match child.type:
            case "softbreak" | "hardbreak":
                parts.append(("\n", ""))
            case "code_inline":
                parts.append((child.content, " ".join([*styles, _CODE])))
            case "link_open":
                link = str(child.attrs.get("href", ""))
                styles.append("underline")
            case "link_close":
                styles.pop()
                if link and not any(link == part[0] for part in parts[-1:] if isinstance(part, tuple)):
                    parts.append((f" ({link})", MUTED))
            case "image":
                parts.append((f"[{child.content or 'image'}] ({child.attrs.get('src', '')})", MUTED))
            case _ if child.nesting == 1:
                styles.append(_INLINE.get(child.tag, ""))
            case _ if child.nesting == -1:
                styles.pop()
            case _:
                parts.append((child.content, " ".join(style for style in styles if style)))
    return Content.assemble(*parts)


def _table(tokens: list[Token]) -> Iterator[Line]:
    rows: list[list[Content]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_inline(token))
    columns = max(len(row) for row in rows)
    widths = [max((row[i].cell_length for row in rows if i < len(row)), default=0) for i in range(columns)]
    for index, row in enumerate(rows):
        cells = [cell.pad_right(wide - cell.cell_length) for cell, wide in zip(row, widths, strict=False)]
        line = Content.styled(" │ ", MUTED).join(cells)
        yield Line(line.stylize("bold") if index == 0 else line)
        if index == 0:
            yield Line(Content.styled("─┼─".join("─" * wide for wide in widths), MUTED))

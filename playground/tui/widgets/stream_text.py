"""A text that grows, laid out as it comes. Pure: no widget, no timer."""

import re
from typing import Final

from textual.content import Content

from playground.tui.text import plain
from playground.tui.widgets.stream_markdown import BLANK, Line, code_line, markdown_lines

_FENCE: Final = re.compile(r"(`{3,}|~{3,})\s*([\w+#.-]*)[^`\n]*$")
# After an empty line something new begins, unless it is further in: then it belongs to the list item before.
_PARAGRAPH_END: Final = re.compile(r"\n[ \t]*\n+(?=\S)")
_LONGEST_TAIL: Final = 4_000
"""Characters. The block being written is laid out again with every piece: a longer one is cut, to bound a frame."""


class StreamText:
    """Rows of a growing text, Markdown or plain. What is complete is laid out once: no frame costs more than another.

    `write` and `finish` only note; `layout` does the work, at most `budget` characters of it.
    """

    def __init__(self, *, markdown: bool = True, style: str = "", prefix: str = "") -> None:
        self.rows: list[Content] = []
        self.stable = 0
        """As many rows will not change any more (at this width)."""
        self._markdown = markdown
        self._style = style
        self._prefix = prefix
        self._lines: list[Line] = []
        self._wrapped = 0  # lines that are in rows
        self._waiting: list[str] = []  # pieces not looked at yet
        self._half = ""  # a "\r" that may be half of a line end
        self._tail = ""  # the block being written
        self._tail_shown = ""
        self._fence: tuple[str, str] | None = None  # the marker of the open code block, and its language
        self._finished = False
        self._width = 0

    def write(self, text: str) -> None:
        """More of the text."""
        text = (self._half + text).replace("\r\n", "\n")
        self._half = "\r" if text.endswith("\r") else ""
        self._waiting.append(text.removesuffix("\r"))

    def finish(self) -> None:
        """There is no more."""
        self._finished = True
        if self._half:
            self._waiting.append("\n")

    def layout(self, width: int, budget: int = 32_000) -> bool:
        """Brings `rows` up to date for `width`; False if there is more to do than the budget allows: call again."""
        if width != self._width:
            self._width, self._wrapped, self.stable = width, 0, 0
            self.rows.clear()
            self._tail_shown = ""
        budget -= self._take(budget)
        while self._wrapped < len(self._lines) and budget > 0:
            budget -= 40 + self._wrap_one()
        if self._wrapped < len(self._lines) or self._waiting:
            return False
        self._show_tail()
        return True

    def _take(self, budget: int) -> int:
        """Moves what waits into the tail, and what is complete in there into lines."""
        text = "".join(self._waiting)
        self._waiting = [text[budget:]] if len(text) > budget else []
        self._tail += plain(text[:budget], budget)
        self._settle()
        return min(len(text), budget)

    def _settle(self) -> None:
        while self._settle_one():
            pass
        if self._finished and not self._waiting and self._tail:
            self._add(self._lines_of(self._tail))
            self._tail = ""

    def _settle_one(self) -> bool:
        """Takes one complete part off the tail; False if there is none."""
        if self._fence is not None:
            return self._settle_code()
        if not self._markdown:
            return self._settle_line()
        start, fence = self._next_fence()
        end = _PARAGRAPH_END.search(self._tail)
        if end is not None and (fence is None or end.end() <= start):
            self._add(self._lines_of(self._tail[: end.start()]))
            self._tail = self._tail[end.end() :]
            return True
        if fence is not None and "\n" in self._tail[start:]:
            before = self._tail[:start].rstrip("\n")
            if before:
                self._add(self._lines_of(before))
            self._space()
            self._fence = (fence[1], fence[2])
            self._tail = self._tail[start:].partition("\n")[2]
            return True
        return self._cut()

    def _settle_code(self) -> bool:
        line, newline, rest = self._tail.partition("\n")
        if not newline and not self._finished:
            return self._cut()
        if self._fence is None or not (newline or line):
            return False
        marker, language = self._fence
        self._tail = rest
        if line.strip().startswith(marker) and not line.strip().strip(marker[0]):
            self._fence = None
            self._tail = self._tail.lstrip("\n")
        else:
            self._lines.append(code_line(line, language))
        return True

    def _settle_line(self) -> bool:
        line, newline, rest = self._tail.partition("\n")
        if not newline:
            return self._cut()
        self._lines.extend(self._lines_of(line))
        self._tail = rest
        return True

    def _cut(self) -> bool:
        """A tail that is too long goes, up to its last space."""
        if len(self._tail) <= _LONGEST_TAIL:
            return False
        cut = max(self._tail.rfind(" ", 0, _LONGEST_TAIL), self._tail.rfind("\n", 0, _LONGEST_TAIL)) + 1
        cut = cut if cut > _LONGEST_TAIL // 2 else _LONGEST_TAIL
        part, self._tail = self._tail[:cut], self._tail[cut:]
        if self._fence is not None:
            self._lines.append(code_line(part))
        else:
            self._lines.extend(self._lines_of(part))
        return True

    def _next_fence(self) -> tuple[int, "re.Match[str] | None"]:
        """Where the first code block in the tail begins. In a list it stays with its item: it is further in."""
        if "```" not in self._tail and "~~~" not in self._tail:
            return 0, None
        start = 0
        for line in self._tail.splitlines(keepends=True):
            if match := _FENCE.match(line.rstrip("\n")):
                return start, match
            start += len(line)
        return 0, None

    def _lines_of(self, text: str) -> list[Line]:
        if self._markdown:
            return markdown_lines(text)
        body = Content.styled(text.expandtabs(4), self._style) if self._style else Content(text.expandtabs(4))
        indent = Content.styled(self._prefix, "$text-accent") if self._prefix else Content("")
        first = indent if not self._lines else Content(" " * len(self._prefix))
        return [
            Line(part, first if not i else Content(" " * len(self._prefix)), Content(" " * len(self._prefix)))
            for i, part in enumerate(body.split("\n", allow_blank=True))
        ]

    def _add(self, lines: list[Line]) -> None:
        if lines:
            self._space()
            self._lines.extend(lines)

    def _space(self) -> None:
        if self._markdown and self._lines:
            self._lines.append(BLANK)

    def _wrap_one(self) -> int:
        self._drop_tail()
        line = self._lines[self._wrapped]
        self.rows.extend(line.rows(self._width))
        self._wrapped += 1
        self.stable = len(self.rows)
        return len(line.body)

    def _show_tail(self) -> None:
        """The block being written, as it would look if it ended here."""
        if self._tail == self._tail_shown and len(self.rows) > self.stable:
            return
        self._drop_tail()
        self._tail_shown = self._tail
        if not self._tail.strip():
            return
        if self._fence is not None:
            lines = [code_line(self._tail, self._fence[1])]
        else:
            lines = self._lines_of(self._tail)
            if self._markdown and self._lines:
                lines.insert(0, BLANK)
        for line in lines:
            self.rows.extend(line.rows(self._width))

    def _drop_tail(self) -> None:
        del self.rows[self.stable :]
        self._tail_shown = ""

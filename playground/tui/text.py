"""Text from models, tools, users and servers, made safe to show: data, never markup, never control codes.

Everything here is pure, and fast on text of any size: a line of a megabyte costs a slice, not a layout.
"""

import re
from datetime import UTC, datetime
from typing import Final

from textual.content import Content
from textual.style import Style

REPLACEMENT: Final = "�"

MUTED: Final = "$foreground-muted"
"""The style of secondary facts. (`$text-muted` is for CSS: in a content Textual 8 draws it in full white.)"""

_NEWLINE = re.compile(r"\r\n?|[\u2028\u2029\x85]")
# Controls (but tab and newline), bidi marks and overrides, invisible tags, byte order marks.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_SPACE = re.compile(r"\s+")

_UNITS: Final = (
    (3_600, 60, "m"),
    (86_400, 3_600, "h"),
    (7 * 86_400, 86_400, "d"),
    (60 * 86_400, 7 * 86_400, "w"),
    (2 * 365 * 86_400, 30 * 86_400, "mo"),
)


def plain(text: str, limit: int = 200_000) -> str:
    """`text` as it can be written to a terminal: no control or bidi characters, lone surrogates as �.

    At most `limit` characters are kept; what is cut is said ("… 800,000 more characters").
    """
    cut = len(text) - limit
    if cut > 0:
        text = text[:limit]
    text = _SURROGATE.sub(REPLACEMENT, _INVISIBLE.sub("", _NEWLINE.sub("\n", text)))
    return f"{text}… {cut:,} more characters" if cut > 0 else text


def safe(text: str, style: str = "", limit: int = 200_000) -> Content:
    """`text` as content in one style (`MUTED`, `"bold $error"`, …), never read as markup."""
    return Content.styled(plain(text, limit), style)


def one_line(text: str, limit: int = 200) -> str:
    """`text` on one line: whitespace joined to one space, cut with … after `limit` characters."""
    # A factor for the whitespace that goes; without the slice a long text would be searched whole.
    line = _SPACE.sub(" ", plain(text[: limit * 4], limit * 4)).strip()
    return line if len(line) <= limit and len(text) <= limit * 4 else line[: max(0, limit - 1)].rstrip() + "…"


def join(*parts: Content | str, separator: str = "") -> Content:
    """The parts as one content; strings are data and made safe."""
    return Content(separator).join([safe(part) if isinstance(part, str) else part for part in parts])


def clickable(content: Content, action: str) -> Content:
    """The content, with an action (`"app.go('edit')"`) for a click. `action` is ours, never data."""
    return content.stylize(Style.from_meta({"@click": action}))


def age(when: datetime, now: datetime | None = None) -> str:
    """How long ago, in at most four characters: `now` (a minute), `10m`, `2h`, `3d`, `5w`, `4mo`, `2y`."""
    seconds = int(((now or datetime.now(UTC)) - when).total_seconds())
    if seconds < 60:
        return "now"
    for below, unit, name in _UNITS:
        if seconds < below:
            return f"{seconds // unit}{name}"
    return f"{seconds // (365 * 86_400)}y"


def date(when: datetime) -> str:
    """The moment in the user's own time zone: `2026-11-22 14:03:59`."""
    return when.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def short_id(identifier: str) -> str:
    """`01a2…c5` of a UUID. Its end is shown because ids of the same hour share their start."""
    identifier = plain(identifier)
    return identifier if len(identifier) <= 8 else f"{identifier[:4]}…{identifier[-2:]}"


def short_hash(digest: str) -> str:
    """The six characters of a context hash that are shown."""
    return plain(digest)[:6]


def count(number: int, noun: str, plural: str | None = None) -> str:
    """`1 thread`, `2 threads`, `0 threads`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"

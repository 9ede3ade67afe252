"""What of a message isn't text (an image, a sound, a file), named: its type, its name, how large it is. Pure.

Providers have several shapes for it: OpenAI's, Anthropic's, Google's, and LangChain's standard content blocks.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

_NAMES: Final = ("filename", "file_name", "name", "title")
_TYPES: Final = ("mime_type", "media_type")
_DATA: Final = ("base64", "data", "file_data")
_LINKS: Final = ("url", "image_url", "file_url", "file_id", "id")
_INSIDE: Final = ("source", "image_url", "file", "input_audio", "extras")


def attachment_name(part: Mapping[str, Any]) -> str:
    """`image/png 12 kB`, `application/pdf report.pdf 1.2 MB`, `image example.org/cat.png`; never what is in it."""
    places = [part, *_inside(part)]
    link = _first(places, _LINKS)
    data = _first(places, _DATA)
    kind = _first(places, _TYPES) or _format_of(part, places)
    if link.startswith("data:"):
        head, _, data = link.partition(",")
        kind, link = head.removeprefix("data:").partition(";")[0] or kind, ""
    elif data.startswith("data:"):
        head, _, data = data.partition(",")
        kind = head.removeprefix("data:").partition(";")[0] or kind
    where = _first(places, _NAMES) or ("" if data else _short(link))
    return " ".join(word for word in (kind, where, size_text(len(data) * 3 // 4) if data else "") if word)


def size_text(size: int) -> str:
    """`812 B`, `12 kB`, `1.2 MB`."""
    if size < 1_000:
        return f"{size} B"
    if size < 1_000_000:
        return f"{size / 1_000:.0f} kB"
    return f"{size / 1_000_000:.1f} MB"


def _inside(part: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return (part[key] for key in _INSIDE if isinstance(part.get(key), Mapping))


def _first(places: list[Mapping[str, Any]], keys: tuple[str, ...]) -> str:
    return next((place[key] for key in keys for place in places if isinstance(place.get(key), str) and place[key]), "")


def _format_of(part: Mapping[str, Any], places: list[Mapping[str, Any]]) -> str:
    """OpenAI's sounds have a format, and nothing else says what they are."""
    said = _first(places, ("format",))
    kind = str(part.get("type") or "file").removesuffix("_url").removeprefix("input_")
    return f"{kind}/{said}" if said else kind


def _short(link: str) -> str:
    """A link without what it asks for, which may be a key."""
    if "://" not in link:
        return link
    try:
        parts = urlsplit(link)
    except ValueError:
        return ""
    return f"{parts.netloc.rpartition('@')[2]}{parts.path}"

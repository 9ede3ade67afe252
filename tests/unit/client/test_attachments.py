"""Images, sounds and files of messages, by whoever's convention."""

from typing import Any

import pytest

from playground.client.attachments import attachment_name, size_text
from playground.client.message_json import message_text

DATA = "A" * 16_000  # 12 kB


@pytest.mark.parametrize(
    ("part", "name"),
    [
        ({"type": "image_url", "image_url": {"url": f"data:image/png;base64,{DATA}"}}, "image/png 12 kB"),
        ({"type": "image_url", "image_url": f"data:image/png;base64,{DATA}"}, "image/png 12 kB"),
        ({"type": "image_url", "image_url": {"url": "https://u:p@x.org/a.png?sig=secret"}}, "image x.org/a.png"),
        (
            {"type": "image", "source": {"type": "base64", "media_type": "image/webp", "data": DATA}},
            "image/webp 12 kB",
        ),
        ({"type": "image", "base64": DATA, "mime_type": "image/gif"}, "image/gif 12 kB"),
        ({"type": "image", "source_type": "base64", "data": DATA, "mime_type": "image/gif"}, "image/gif 12 kB"),
        ({"type": "audio", "url": "https://x.org/a.mp3"}, "audio x.org/a.mp3"),
        ({"type": "input_audio", "input_audio": {"data": DATA, "format": "wav"}}, "audio/wav 12 kB"),
        (
            {"type": "file", "file": {"filename": "r.pdf", "file_data": f"data:application/pdf;base64,{DATA}"}},
            "application/pdf r.pdf 12 kB",
        ),
        ({"type": "file", "file": {"file_id": "file-7"}}, "file file-7"),
        ({"type": "document", "title": "Terms", "source": {"type": "url", "url": "https://x.org/t"}}, "document Terms"),
        ({"type": "media", "mime_type": "video/mp4", "data": DATA}, "video/mp4 12 kB"),
        ({"type": "odd"}, "odd"),
        ({"type": "image", "image_url": 7, "url": None}, "image"),
        ({"type": "image", "url": "http://[broken"}, "image"),
    ],
)
def test_an_attachment_is_named(part: dict[str, Any], name: str) -> None:
    assert attachment_name(part) == name


def test_a_message_names_what_it_has_besides_its_text() -> None:
    content = [{"type": "text", "text": "what is this?"}, {"type": "image", "base64": DATA, "mime_type": "image/gif"}]
    assert message_text({"content": content})[0] == "what is this?\n[image/gif 12 kB]"
    assert message_text({"content": [*content[::-1]]})[0] == "[image/gif 12 kB]\nwhat is this?"


def test_sizes() -> None:
    assert [size_text(size) for size in (0, 999, 1_000, 12_400, 1_240_000)] == [
        "0 B",
        "999 B",
        "1 kB",
        "12 kB",
        "1.2 MB",
    ]

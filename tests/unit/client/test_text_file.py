"""A file whose text goes into an input."""

from pathlib import Path
from typing import Any

import pytest

from playground.client.errors import UsageError
from playground.client.inputs import file_as_input, read_input
from playground.client.text_file import MOST, read_text_file

CHAT: dict[str, Any] = {"properties": {"messages": {"type": "array"}}}
ONE_TEXT: dict[str, Any] = {"properties": {"text": {"type": "string"}}, "required": ["text"]}
NUMBERS: dict[str, Any] = {"properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}, "required": ["a", "b"]}


def test_a_text_is_read_with_its_size(tmp_path: Path) -> None:
    file = tmp_path / "notes.md"
    file.write_bytes(b"\xef\xbb\xbf# Notes\r\nna\xc3\xafve\r\n")
    found = read_text_file(file)
    assert (found.name, found.text, found.size) == ("notes.md", "# Notes\nnaïve", 20)


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"\x89PNG\0\0", "no text file"),
        (b"caf\xe9", "not UTF-8 text (byte 3)"),
        (b"x" * (MOST + 1), "500,001 bytes: at most 500,000"),
    ],
)
def test_what_is_no_text_is_said(tmp_path: Path, content: bytes, wanted: str) -> None:
    file = tmp_path / "some.file"
    file.write_bytes(content)
    with pytest.raises(UsageError, match=r"some\.file") as error:
        read_text_file(file)
    assert wanted in str(error.value)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        read_text_file(tmp_path / "gone.md")
    with pytest.raises(UsageError, match="directory"):
        read_text_file(tmp_path)


def test_a_chat_takes_a_text_on_lines_of_its_own() -> None:
    assert file_as_input("one\ntwo", CHAT) == "one\ntwo"
    assert file_as_input("one\ntwo", CHAT, "Sum this up:") == "\none\ntwo"
    assert file_as_input("one\ntwo", CHAT, "Sum this up:\n") == "one\ntwo"
    assert file_as_input("one\ntwo", ONE_TEXT) == "one\ntwo"


def test_json_takes_a_text_in_quotes() -> None:
    typed = '{"text": '
    assert read_input(typed + file_as_input('say "hi"\n', ONE_TEXT, typed) + "}", ONE_TEXT) == {"text": 'say "hi"\n'}
    assert file_as_input('{"a": 1, "b": 2}', NUMBERS) == '{"a": 1, "b": 2}'

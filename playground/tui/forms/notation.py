"""The whole context as text: JSON or YAML, each the other's equal."""

from typing import Any

from playground.tui.forms.text import TextError, from_json, to_json


def written(notation: str, value: Any) -> str:
    """A value in a notation, `json` or `yaml`."""
    if notation == "json":
        return to_json(value)
    from playground.client.yaml_text import dump

    return dump(value)


def read(notation: str, text: str) -> Any:
    """The value of a text. Raises TextError with the place of the mistake."""
    if notation == "json":
        return from_json(text) if text.strip() else {}
    from playground.client.yaml_text import YamlError, load

    try:
        value = load(text) if text.strip() else {}
    except YamlError as error:
        raise TextError(f"is not YAML: {error.sentence} (line {error.line}, column {error.column})") from None
    return {} if value is None else value

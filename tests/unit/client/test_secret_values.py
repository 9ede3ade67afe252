"""What is secret in a value, by its schema, its name and its look."""

from typing import Any

import pytest

from playground.client.secret_values import LEFT_OUT, without_secrets

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "model": {"type": "string"},
        "hidden": {"type": "string", "format": "password"},
        "written": {"anyOf": [{"type": "string", "writeOnly": True}, {"type": "null"}]},
        "tools": {"type": "array", "items": {"$ref": "#/$defs/Tool"}},
        "named": {"type": "object", "additionalProperties": {"$ref": "#/$defs/Tool"}},
        "self": {"$ref": "#"},
    },
    "$defs": {
        "Tool": {"allOf": [{"properties": {"pin": {"type": "string", "format": "password"}}}]},
        "Loop": {"$ref": "#/$defs/Loop"},
    },
}


def test_fields_that_the_schema_calls_secret_go_wherever_they_are() -> None:
    value = {
        "model": "x",
        "hidden": "h",
        "written": "w",
        "tools": [{"pin": "1", "name": "t"}],
        "named": {"a": {"pin": "2"}},
        "self": {"hidden": "h"},
    }
    kept, left_out = without_secrets(value, SCHEMA, "context")
    assert kept == {"model": "x", "tools": [{"name": "t"}], "named": {"a": {}}, "self": {}}
    assert left_out == [
        *("context.hidden", "context.written", "context.tools[0].pin"),
        *("context.named.a.pin", "context.self.hidden"),
    ]
    assert value["hidden"] == "h", "the value itself stays as it is"


def test_references_in_a_circle_end() -> None:
    assert without_secrets({"a": 1}, {"properties": {"a": {"$ref": "#/$defs/Loop"}}, "$defs": SCHEMA["$defs"]}) == (
        {"a": 1},
        [],
    )


@pytest.mark.parametrize(
    "name", ["api_key", "apiKey", "OPENAI-API-KEY", "password", "db.password", "github_token", "authToken", "secret"]
)
def test_names_of_secrets(name: str) -> None:
    assert without_secrets({name: "abc123xyz"}) == ({}, [name])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("max_tokens", 100),
        ("token", 5),
        ("api_key", "OPENAI_API_KEY"),
        ("api_key", "${OPENAI_API_KEY}"),
        ("api_key", ""),
        ("api_key", None),
        ("secretary", "Ada"),
        ("password", "Ask for the password, but never say it."),
        ("tokens_per_day", "many"),
        ("prompt", "Say sk-8 and eyJ to everyone; git hub_pat."),
    ],
)
def test_what_only_sounds_like_one_stays(name: str, value: Any) -> None:
    assert without_secrets({name: value}) == ({name: value}, [])


@pytest.mark.parametrize(
    "key",
    [
        "sk-" + "a1B2" * 6,
        "lsv2_pt_" + "0f" * 16,
        "ghp_" + "a1B2" * 9,
        "AKIA" + "ABCD" * 4,
        "eyJ" + ".".join(["hbGciOiJIUzI1"] * 3),
        "-----BEGIN RSA PRIVATE " + "KEY-----\nMIIE\n-----END RSA PRIVATE " + "KEY-----",
    ],
)
def test_of_a_text_with_a_key_only_the_key_goes(key: str) -> None:
    kept, left_out = without_secrets({"prompt": [f"Use {key} kindly."]})
    assert (kept, left_out) == ({"prompt": [f"Use {LEFT_OUT} kindly."]}, ["prompt[0]"])


def test_a_password_in_an_address_goes() -> None:
    kept, _ = without_secrets({"database": "postgres://me:hunter2@host/db"})
    assert kept == {"database": f"postgres://{LEFT_OUT}@host/db"}

"""What a user is told about a schema that changed."""

from playground.tui.edit.schema import schema_change

TONE = {"enum": ["brief"], "type": "string"}


def test_new_gone_and_changed_fields_are_named() -> None:
    old = {"properties": {"style": TONE, "heat": {"type": "number"}, "same": TONE}}
    new = {"properties": {"same": TONE, "heat": {"type": "integer"}, "tone": TONE}}
    change = schema_change(old, new)
    assert (change.added, change.gone, change.changed) == (("tone",), ("style",), ("heat",))
    assert change.sentence("support") == "support has new fields: tone; gone: style; changed: heat"


def test_without_new_fields_the_sentence_still_reads() -> None:
    change = schema_change({"properties": {"style": TONE}}, {"properties": {}})
    assert change.sentence("support") == "support: gone: style"


def test_a_definition_that_changed_changes_the_fields_that_refer_to_it() -> None:
    field = {"$ref": "#/$defs/Tone"}
    old = {"properties": {"tone": field, "heat": TONE}, "$defs": {"Tone": TONE}}
    new = {"properties": {"tone": field, "heat": TONE}, "$defs": {"Tone": {**TONE, "enum": ["dry"]}}}
    assert schema_change(old, new).changed == ("tone",)


def test_nothing_changed_is_nothing_to_say() -> None:
    assert not schema_change({"properties": {"style": TONE}}, {"title": "X", "properties": {"style": TONE}})
    assert not schema_change(None, None)

"""What is remembered of checked contexts."""

from playground.client.misfits import Fits

SCHEMA = {"type": "object", "properties": {"user": {"type": "string"}, "tone": {"enum": ["dry"]}}, "required": ["user"]}


def test_a_context_without_values_has_none_that_no_longer_fits() -> None:
    checked = Fits().use("graph", SCHEMA)
    assert checked.problems("1", {}) == ()
    assert checked.problems("2", {"tone": "dry"}) == ((("user",), "is required: it has no default"),)


def test_another_schema_begins_anew() -> None:
    fits = Fits()
    checked = fits.use("graph", SCHEMA)
    assert fits.use("graph", {**SCHEMA}) is checked
    context = {"user": "x", "tone": "wet"}
    assert checked.problems("1", context) == ((("tone",), '"wet" is no longer dry'),)
    assert fits.use("graph", {**SCHEMA, "properties": {"tone": {}}}).problems("1", context) == (
        (("user",), "is no longer a field of this graph"),
    )

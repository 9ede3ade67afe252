"""The rules of assistants and their versions."""

from typing import Any
from uuid import uuid4

import pytest
from tinydb import TinyDB, where

from playground.store import assistants as module
from playground.store.assistants import REMEDY, Assistants, default_id
from playground.store.database import Database
from playground.store.errors import BothGiven, Conflict, Invalid, NotFound


@pytest.fixture
def assistants(database: Database) -> Assistants:
    return database.assistants


@pytest.fixture
def ticking(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that moves on by a second whenever it is read."""
    seconds = iter(range(10**6))
    monkeypatch.setattr(
        module,
        "now",
        lambda: f"2026-01-01T{(s := next(seconds)) // 3600:02}:{s // 60 % 60:02}:{s % 60:02}.000000+00:00",
    )


def three_versions(assistants: Assistants) -> str:
    one = assistants.create(
        graph_id="a", name="One", description="first", context={"p": 1}, config={"tags": ["t"]}, metadata={"m": 1}
    )
    id = str(one["assistant_id"])
    assistants.update(id, graph_id="b", name="Two", description=None, context={"p": 2}, metadata={"m": 2, "n": 2})
    assistants.update(id, config={"tags": ["u"], "recursion_limit": 7})
    return id


# Create


def test_a_new_assistant_has_the_shape_of_the_api(assistants: Assistants) -> None:
    created = assistants.create(graph_id="g", context={"p": 1}, metadata={"m": 1}, name="A", description="d")
    assert created == {
        "assistant_id": created["assistant_id"],
        "graph_id": "g",
        "config": {"configurable": {"p": 1}},
        "context": {"p": 1},
        "metadata": {"m": 1},
        "name": "A",
        "created_at": created["created_at"],
        "updated_at": created["created_at"],
        "version": 1,
        "description": "d",
    }
    assert assistants.get(created["assistant_id"]) == created


def test_a_name_left_out_or_empty_is_untitled(assistants: Assistants) -> None:
    assert assistants.create(graph_id="g")["name"] == assistants.create(graph_id="g", name="")["name"] == "Untitled"


def test_an_id_that_is_taken_is_refused_or_kept(assistants: Assistants) -> None:
    id = str(uuid4())
    first = assistants.create(graph_id="g", assistant_id=id)
    with pytest.raises(Conflict, match=f"Assistant {id} already exists"):
        assistants.create(graph_id="other", assistant_id=id.upper())
    assert assistants.create(graph_id="other", name="x", assistant_id=id, if_exists="do_nothing") == first


def test_an_id_that_is_not_a_uuid_is_refused(assistants: Assistants) -> None:
    with pytest.raises(Invalid, match="must be a UUID"):
        assistants.create(graph_id="g", assistant_id="nope")


@pytest.mark.parametrize("name", ["context", "config", "metadata"])
def test_what_cannot_be_stored_is_refused_and_nothing_is_written(assistants: Assistants, name: str) -> None:
    fields: dict[str, Any] = {name: {"x": float("nan")}}
    with pytest.raises(Invalid, match=rf"{name}\.x is nan"):
        assistants.create(graph_id="g", **fields)
    with pytest.raises(Invalid, match="must be an object"):
        assistants.create(graph_id="g", **{name: [1]})  # type: ignore[arg-type]
    assert assistants.count() == 0


def test_a_graphs_default_assistant_has_langgraphs_id_and_keeps_its_edits(assistants: Assistants) -> None:
    assert default_id("agent") == "fe096781-5601-53d2-b2f6-0d3403f7e9ca"  # as langgraph's own server has it
    made = assistants.ensure_default("agent", name="agent", config={"configurable": {"p": 1}})
    assert made["assistant_id"] == default_id("agent")
    assert made["metadata"] == {"created_by": "system"}
    assert made["context"] == {"p": 1}
    edited = assistants.update(default_id("agent"), context={"p": 2})
    assert assistants.ensure_default("agent", name="other") == edited


# Context and configurable


@pytest.mark.parametrize("given", [{"context": {"p": 1}}, {"config": {"configurable": {"p": 1}}}])
def test_context_and_configurable_mirror_each_other(assistants: Assistants, given: dict[str, Any]) -> None:
    created = assistants.create(graph_id="g", **given)
    assert (created["context"], created["config"]) == ({"p": 1}, {"configurable": {"p": 1}})
    id = created["assistant_id"]
    other = {name: {"configurable": {"p": 2}} if name == "config" else {"p": 2} for name in given}
    updated = assistants.update(id, **other)
    assert (updated["context"], updated["config"]) == ({"p": 2}, {"configurable": {"p": 2}})


def test_both_are_refused(assistants: Assistants) -> None:
    both: dict[str, Any] = {"context": {"p": 1}, "config": {"configurable": {"p": 1}}}
    id = assistants.create(graph_id="g", context={"p": 0})["assistant_id"]
    for call in (lambda: assistants.create(graph_id="g", **both), lambda: assistants.update(id, **both)):
        with pytest.raises(BothGiven):
            call()
    assert assistants.get(id)["version"] == 1


def test_tags_beside_a_context_are_no_conflict(assistants: Assistants) -> None:
    created = assistants.create(graph_id="g", context={"p": 1}, config={"tags": ["t"]})
    assert created["config"] == {"tags": ["t"], "configurable": {"p": 1}}


def test_an_edit_of_one_keeps_the_rest_of_the_other(assistants: Assistants) -> None:
    id = assistants.create(graph_id="g", context={"p": 1}, config={"tags": ["t"]})["assistant_id"]
    assert assistants.update(id, context={"p": 2})["config"] == {"tags": ["t"], "configurable": {"p": 2}}
    updated = assistants.update(id, config={"tags": ["u"]})
    assert (updated["config"], updated["context"]) == ({"tags": ["u"], "configurable": {"p": 2}}, {"p": 2})


def test_an_empty_context_clears_and_an_empty_config_is_none(assistants: Assistants) -> None:
    id = assistants.create(graph_id="g", context={"p": 1}, config={"tags": ["t"]})["assistant_id"]
    unchanged = assistants.update(id, config={})
    assert (unchanged["config"], unchanged["context"]) == ({"tags": ["t"], "configurable": {"p": 1}}, {"p": 1})
    cleared = assistants.update(id, context={})
    assert (cleared["config"], cleared["context"]) == ({"tags": ["t"]}, {})


def test_reserved_keys_are_stripped(assistants: Assistants) -> None:
    reserved = {
        "langgraph_auth_user": 1,
        "langgraph_auth_user_id": 2,
        "langgraph_request_id": 3,
        "__after_seconds__": 4,
    }
    metadata = {"thread_id": 1, "assistant_id": 2, "run_id": 3, "cron_id": 4}
    created = assistants.create(graph_id="g", context={**reserved, "p": 1}, metadata={**metadata, "m": 1})
    assert (created["context"], created["metadata"]) == ({"p": 1}, {"m": 1})
    updated = assistants.update(created["assistant_id"], context={**reserved, "p": 2}, metadata={**metadata, "n": 1})
    assert (updated["context"], updated["metadata"]) == ({"p": 2}, {"m": 1, "n": 1})
    assert updated["config"] == {"configurable": {"p": 2}}


# Update


def test_an_update_is_a_new_version_and_what_is_not_given_stays(assistants: Assistants) -> None:
    created = assistants.create(graph_id="g", context={"p": 1}, metadata={"m": 1}, name="A", description="d")
    id = created["assistant_id"]
    updated = assistants.update(id, name="B")
    assert updated == created | {"name": "B", "version": 2, "updated_at": updated["updated_at"]}
    assert assistants.update(id) == updated | {"version": 3, "updated_at": assistants.get(id)["updated_at"]}
    assert assistants.update(id, description=None)["description"] is None


def test_metadata_is_merged_context_replaced(assistants: Assistants) -> None:
    created = assistants.create(graph_id="g", context={"a": 1, "b": {"c": 1}}, metadata={"a": 1, "nest": {"x": 1}})
    updated = assistants.update(
        created["assistant_id"], context={"b": {"d": 1}}, metadata={"b": None, "nest": {"z": 3}}
    )
    assert updated["context"] == {"b": {"d": 1}}
    assert updated["metadata"] == {"a": 1, "b": None, "nest": {"z": 3}}


def test_a_missing_assistant_is_not_found(assistants: Assistants) -> None:
    calls: list[Any] = [
        lambda: assistants.get("x"),
        lambda: assistants.update("x"),
        lambda: assistants.delete("x"),
        lambda: assistants.versions("x"),
        lambda: assistants.version("x", 1),
        lambda: assistants.set_latest("x", 1),
    ]
    for call in calls:
        with pytest.raises(NotFound, match=r"Assistant (with ID )?x not found"):
            call()


# Versions


def test_going_back_restores_every_field(assistants: Assistants) -> None:
    id = three_versions(assistants)
    versions = {version["version"]: version for version in assistants.versions(id)}
    for number in (1, 3, 2):
        assistant = assistants.set_latest(id, number)
        assert assistant == assistants.get(id)
        for field in ("graph_id", "config", "context", "metadata", "name", "description", "version"):
            assert assistant[field] == versions[number][field]
    assert assistant["created_at"] == versions[1]["created_at"]
    assert assistants.versions(id) == list(versions.values())


def test_an_edit_after_going_back_is_the_next_version_of_what_is_active(assistants: Assistants) -> None:
    id = three_versions(assistants)
    assistants.set_latest(id, 1)
    edited = assistants.update(id, name="Four")
    assert (edited["version"], edited["context"], edited["graph_id"]) == (4, {"p": 1}, "a")
    assert [version["version"] for version in assistants.versions(id)] == [4, 3, 2, 1]


def test_a_version_that_is_not_there(assistants: Assistants) -> None:
    id = three_versions(assistants)
    for call in (assistants.version, assistants.set_latest):
        with pytest.raises(NotFound, match=f"Version 9 not found for assistant {id}"):
            call(id, 9)
    assert assistants.get(id)["version"] == 3


def test_versions_are_paged_and_filtered(assistants: Assistants) -> None:
    id = three_versions(assistants)
    assert [v["version"] for v in assistants.versions(id, limit=2)] == [3, 2]
    assert [v["version"] for v in assistants.versions(id, limit=2, offset=2)] == [1]
    assert assistants.versions(id, offset=9) == []
    assert [v["version"] for v in assistants.versions(id, metadata={"m": 1})] == [1]
    assert "sha" not in assistants.version(id, 1)
    assert "updated_at" not in assistants.version(id, 1)


def test_the_storage_itself_refuses_to_change_a_version(database: Database) -> None:
    assistants = database.assistants
    id = three_versions(assistants)
    before = assistants.versions(id)
    tables = assistants.tables
    versions = tables.keyed("versions")
    attempts: list[Any] = [
        lambda: versions.update({"name": "x"}),
        lambda: versions.update({"name": "x"}, where("version") == 2),
        lambda: versions.upsert({"name": "x"}, where("version") == 2),
        lambda: versions.put((id, 2), versions.find(id, 2) | {"name": "x"}),  # type: ignore[operator]
        lambda: versions.insert(versions.find(id, 2) or {}),
        lambda: versions.remove(where("version") == 2),
        lambda: versions.drop(id, 3),
        lambda: versions.truncate(),
        lambda: tables.drop_table("versions"),
        lambda: tables.drop_tables(),
        lambda: tables.journal.commit({"versions": {"1": None}}),
    ]
    for attempt in attempts:
        with pytest.raises(Conflict):
            attempt()
    assert assistants.versions(id) == before
    assert assistants.check() == []


def test_deleting_takes_the_versions_along_and_no_others(assistants: Assistants) -> None:
    id, other = three_versions(assistants), three_versions(assistants)
    assistants.delete(id)
    with pytest.raises(NotFound):
        assistants.versions(id)
    assert len(assistants.versions(other)) == 3
    assert assistants.create(graph_id="g", assistant_id=id)["version"] == 1
    assert assistants.check() == []


def test_a_new_version_that_cannot_be_written_leaves_the_old_one(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = three_versions(database.assistants)
    before = database.assistants.get(id)

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("playground.store.journal.write_all", full)
        with pytest.raises(Exception, match="No space left"):
            database.assistants.update(id, name="lost")
    assert database.assistants.get(id) == before
    assert len(database.assistants.versions(id)) == 3
    assert database.assistants.update(id, name="four")["version"] == 4


# Search


@pytest.fixture
def found(assistants: Assistants, ticking: None) -> Assistants:
    assistants.create(graph_id="writer", name="Blog", metadata={"team": {"name": "a", "size": 2}, "tags": [1, 2]})
    assistants.create(graph_id="writer", name="tweet", metadata={"team": {"name": "b"}, "note": None})
    assistants.create(graph_id="support", name="Blog support", metadata={})
    return assistants


def names(assistants: Assistants, **query: Any) -> list[str]:
    return [row["name"] for row in assistants.search(**query)[0]]


def test_search_filters(found: Assistants) -> None:
    assert names(found) == ["Blog support", "tweet", "Blog"]
    assert names(found, graph_id="writer") == ["tweet", "Blog"]
    assert names(found, name="BLO") == ["Blog support", "Blog"]
    assert names(found, name="*") == []
    assert names(found, metadata={"team": {"name": "a"}}) == ["Blog"]
    assert names(found, metadata={"tags": [1, 2]}) == ["Blog"]
    assert names(found, metadata={"tags": [1]}) == []
    assert names(found, metadata={"note": None}) == ["tweet"]
    assert names(found, metadata={"team": {"size": 2.0}}) == ["Blog"]
    assert names(found, metadata={"team": {"size": True}}) == []
    assert found.count(graph_id="writer", name="b") == 1
    assert found.count() == 3


def test_search_sorts(found: Assistants) -> None:
    assert names(found, sort_by="name", sort_order="asc") == ["Blog", "Blog support", "tweet"]
    assert names(found, sort_by="name") == ["tweet", "Blog support", "Blog"]
    assert names(found, sort_by="graph_id", sort_order="asc") == ["Blog support", "Blog", "tweet"]
    assert names(found, sort_by="created_at", sort_order="asc") == ["Blog", "tweet", "Blog support"]
    found.update(found.search(name="tweet")[0][0]["assistant_id"], metadata={"x": 1})
    assert names(found, sort_by="updated_at")[0] == "tweet"


def test_search_pages(found: Assistants) -> None:
    first, following = found.search(limit=2)
    assert ([row["name"] for row in first], following) == (["Blog support", "tweet"], 2)
    second, following = found.search(limit=2, offset=2)
    assert ([row["name"] for row in second], following) == (["Blog"], None)
    assert found.search(limit=3)[1] is None
    assert found.search(offset=99) == ([], None)


def test_search_selects(found: Assistants) -> None:
    assert found.search(select=["name", "version"], limit=1)[0] == [{"name": "Blog support", "version": 1}]
    assert found.search(select=[], limit=1)[0] == found.search(limit=1)[0]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"sort_by": "context"}, "Can't sort by 'context'"),
        ({"sort_order": "up"}, "The sort order is 'asc' or 'desc', not 'up'."),
        ({"select": ["sha"]}, "Can't select 'sha'"),
        ({"limit": -1}, "can't be negative"),
    ],
)
def test_a_search_that_makes_no_sense_is_refused(found: Assistants, query: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        found.search(**query)


def test_results_are_the_callers_own(assistants: Assistants) -> None:
    context = {"list": [1]}
    created = assistants.create(graph_id="g", context=context)
    id = created["assistant_id"]
    for row in (
        created,
        assistants.get(id),
        assistants.search()[0][0],
        assistants.versions(id)[0],
        assistants.version(id, 1),
    ):
        row["context"]["list"].append(2)
        row["config"]["configurable"]["list"].append(3)
    context["list"].append(4)
    assert assistants.get(id)["context"] == {"list": [1]}
    assert assistants.get(id)["config"] == {"configurable": {"list": [1]}}


# Integrity


def test_changes_from_outside_are_found(database: Database) -> None:
    first, second, third = (three_versions(database.assistants) for _ in range(3))
    directory = database.directory
    database.close()
    with TinyDB(directory / "store.json") as stock:
        versions = stock.table("versions")
        versions.update({"name": "forged"}, (where("assistant_id") == first) & (where("version") == 2))
        versions.remove((where("assistant_id") == second) & (where("version") == 3))
        stock.table("assistants").update({"newest_sha": "0" * 64}, where("assistant_id") == third)
    (directory / "store.json.journal").unlink()

    reopened = Database.open(directory)

    assert reopened.check() == [
        f"Version 2 of assistant {first} was changed from outside. {REMEDY}",
        f"Version 3 not found for assistant {second}: it was removed from outside. {REMEDY}",
        f"The newest version of assistant {third} was replaced from outside. {REMEDY}",
    ]
    reopened.close()

"""graphs, assistants, versions, show, diff."""

import json
from uuid import uuid4

import pytest

from tests.cli.conftest import Run
from tests.servers import Server


@pytest.fixture
def named(shared_server: Server) -> str:
    """An assistant with two versions, a label and a hostile name."""
    name = f"[/bold]\x1b[31m{uuid4().hex[:6]}"
    client = shared_server.sync_client()
    made = client.assistants.create("writer", context={"tone": "formal", "system_prompt": "a\nb"}, name=name)
    client.assistants.update(made["assistant_id"], context={"tone": "witty", "system_prompt": "a\nc", "max_words": 9})
    client.store.put_item(["playground", "labels", made["assistant_id"]], key="prod", value={"version": 1})
    return name


def test_graphs(samples: Run) -> None:
    result = samples("graphs")
    assert result.code == 0
    assert [line.split()[:2] for line in result.out.splitlines()[1:]] == [
        ["●", "writer"],
        ["●", "support"],
        ["●", "research"],
        ["●", "classify"],
    ]
    assert [graph["graph_id"] for graph in json.loads(samples("graphs", "--json").out)["graphs"]] == [
        "writer",
        "support",
        "research",
        "classify",
    ]


def test_a_graph_that_fails_is_listed_with_its_error(odd: Run) -> None:
    result = odd("graphs")
    assert result.code == 0
    (broken,) = [line for line in result.out.splitlines() if " broken " in line]
    assert broken.startswith("✘")
    assert "no_such_module" in broken


def test_assistants(samples: Run, named: str) -> None:
    result = samples("assistants", "writer")
    assert result.code == 0
    assert "·writer" in result.out
    assert "support" not in result.out
    found = json.loads(samples("assistants", "--json").out)
    assert {one["graph_id"] for one in found} == {"writer", "support", "research", "classify"}
    assert named in [one["name"] for one in found]
    refused = samples("assistants", "nix")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err == "There is no graph “nix”; there is writer, support, research, classify.\n"


def test_versions(samples: Run, named: str) -> None:
    lines = samples("versions", named).out.splitlines()
    assert [line.split()[0] for line in lines] == ["VER", "v2", "v1"]
    assert "● active" in lines[1]
    assert "prod" in lines[2]
    found = json.loads(samples("versions", named, "--json").out)
    assert [(one["version"], one["active"], one["labels"]) for one in found] == [(2, True, []), (1, False, ["prod"])]


def test_show(samples: Run, named: str) -> None:
    text = samples("show", f"{named}@prod").out
    assert text.splitlines()[0] == f"{named}@v1"
    assert "  tone: formal\n  system_prompt:\n    a\n    b\n" in text
    assert json.loads(samples("show", named, "--json").out)["context"]["tone"] == "witty"


def test_diff(samples: Run, named: str) -> None:
    result = samples("diff", f"{named}@prod", named)
    assert result.code == 0
    assert "~ tone\n    - formal\n    + witty\n" in result.out
    assert "~ system_prompt\n      a\n    - b\n    + c\n" in result.out
    assert "+ max_words\n    + 9\n" in result.out
    assert "the same" in samples("diff", named, named).out
    found = json.loads(samples("diff", f"{named}@v1", f"{named}@v2", "--json").out)
    assert {change["path"]: change["kind"] for change in found["context"]} == {
        "tone": "changed",
        "system_prompt": "changed",
        "max_words": "added",
    }


@pytest.mark.parametrize("ref", ["wrter", "writer@v9", "writer@nix", "@v1", "writer@draft"])
def test_refs_that_name_nothing(samples: Run, ref: str) -> None:
    for verb in ("versions", "show"):
        result = samples(verb, ref)
        if verb == "versions" and ref == "writer@draft":
            continue
        assert (result.code, result.out) == (2, ""), (verb, ref)
        assert "Traceback" not in result.err
        assert result.err.splitlines()[0].endswith((".", "?"))
    assert "Did you mean “writer”" in samples("show", "wrter").err


def test_an_ambiguous_name_lists_the_candidates(samples: Run, shared_server: Server) -> None:
    name = uuid4().hex
    ids = [shared_server.sync_client().assistants.create("writer", name=name)["assistant_id"] for _ in range(2)]
    result = samples("show", name)
    assert result.code == 2
    assert all(id_[:8] in result.err for id_ in ids)

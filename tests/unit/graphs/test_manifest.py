import json
import sys
from pathlib import Path

import pytest

from playground.graphs.manifest import IndexSpec, Manifest, ManifestError, find_manifest, load_manifest
from playground.store.items import TimeToLive
from tests.unit.graphs.projects import PROJECTS


def manifest(folder: Path, **keys: object) -> Manifest:
    content = {"graphs": {"agent": "./agent.py:graph"}, **keys}
    (folder / "langgraph.json").write_text(json.dumps(content), "utf-8")
    return load_manifest(folder / "langgraph.json")


def test_it_is_found_in_a_folder_above(tmp_path: Path) -> None:
    manifest(tmp_path)
    (tmp_path / "src" / "agent").mkdir(parents=True)
    assert find_manifest(tmp_path / "src" / "agent") == (tmp_path / "langgraph.json").resolve()


def test_it_may_be_named_itself(tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text("{}")
    assert find_manifest(tmp_path / "other.json").name == "other.json"


def test_none_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match=r"^There is no langgraph\.json in .* or in a folder above it: create one"):
        find_manifest(tmp_path)


def test_no_folder_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="There is no folder"):
        find_manifest(tmp_path / "nowhere")


def test_graphs_are_strings_or_objects(tmp_path: Path) -> None:
    graphs = {
        "file": "./src/agent.py:graph",
        "described": {"path": "agent.py:graph", "description": "Answers."},
        "module": "package.module:graph",
    }
    file, described, module = manifest(tmp_path, graphs=graphs).graphs
    assert (file.graph_id, file.module, file.attribute) == ("file", "./src/agent.py", "graph")
    assert file.source == (tmp_path / "src" / "agent.py").resolve()
    assert (described.description, described.source) == ("Answers.", (tmp_path / "agent.py").resolve())
    assert (module.module, module.attribute, module.source) == ("package.module", "graph", None)


def test_a_target_without_an_attribute_is_kept_for_the_loader(tmp_path: Path) -> None:
    (spec,) = manifest(tmp_path, graphs={"agent": "./agent.py"}).graphs
    assert spec.module == ""


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("not_json", "is not valid JSON: Expecting property name enclosed in double quotes at line 2, column 41"),
        ("no_graphs", "it names no graphs"),
        ("wrong_types", "graph 'agent' must be a string"),
    ],
)
def test_a_broken_one_is_one_sentence(name: str, sentence: str) -> None:
    with pytest.raises(ManifestError, match=sentence) as caught:
        load_manifest(PROJECTS / name / "langgraph.json")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["[]", "null", '"graphs"', "", "\xff", "[" * 100_000, '{"graphs": null}'])
def test_any_other_content_is_one_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "langgraph.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(ManifestError) as caught:
        load_manifest(tmp_path / "langgraph.json")
    assert "\n" not in str(caught.value)


def test_folders_among_the_dependencies(tmp_path: Path) -> None:
    (tmp_path / "libraries").mkdir()
    loaded = manifest(tmp_path, dependencies=[".", "./libraries", "./missing", "langchain-openai"])
    assert loaded.dependencies == (tmp_path.resolve(), (tmp_path / "libraries").resolve())
    assert loaded.notices == ("The dependency './missing' is not a folder: nothing of it is on the path.",)


def test_variables_of_a_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text('A=1\nexport B="two words"\n# comment\nEMPTY=\nNOTHING\n')
    assert manifest(tmp_path, env=".env").env == {"A": "1", "B": "two words", "EMPTY": ""}


def test_variables_of_an_object(tmp_path: Path) -> None:
    assert manifest(tmp_path, env={"A": "x", "N": 7, "ON": True}).env == {"A": "x", "N": "7", "ON": "true"}


def test_a_missing_env_file_is_a_notice(tmp_path: Path) -> None:
    loaded = manifest(tmp_path, env=".env")
    assert (loaded.env, loaded.notices) == (
        {},
        ("The env file '.env' does not exist: no variables are set from it.",),
    )


def test_an_unreadable_env_file_is_a_notice_without_its_content(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"SECRET=\xff\xfe")
    loaded = manifest(tmp_path, env=".env")
    assert loaded.env == {}
    assert len(loaded.notices) == 1
    assert "SECRET" not in loaded.notices[0]


def test_wrong_values_of_env_are_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match='"env" must be') as caught:
        manifest(tmp_path, env={"API_KEY": ["sk-secret"]})
    assert "sk-secret" not in str(caught.value)


def test_keys_that_are_not_applied_are_named_once_each() -> None:
    notices = load_manifest(PROJECTS / "other_keys" / "langgraph.json").notices
    for key in ("auth", "http", "checkpointer", "ui", "webhooks", "my_own_key", "python_version"):
        assert len([notice for notice in notices if notice.startswith(f'"{key}"')]) == 1
    for_images = '"image_distro", "dockerfile_lines", "pip_config_file": not applied locally, since no image is built.'
    assert for_images in notices
    assert not any("$schema" in notice for notice in notices)


def test_what_the_store_is_to_do(tmp_path: Path) -> None:
    store = {"index": {"embed": "./embed.py:embed", "dims": 3}, "ttl": {"default_ttl": 60, "refresh_on_read": False}}
    loaded = manifest(tmp_path, store=store)
    assert loaded.index == IndexSpec("./embed.py:embed", ("$",))
    assert loaded.ttl == TimeToLive(60, False)
    assert loaded.notices == ()
    assert manifest(tmp_path, store={"path": "./store.py:store"}).notices != ()
    assert manifest(tmp_path, store={"ttl": None, "index": None}).ttl == TimeToLive()
    wrong = manifest(tmp_path, store={"ttl": {"default_ttl": -1}})
    assert wrong.ttl == TimeToLive()
    assert wrong.notices == ('"store" is not applied: store.ttl.default_ttl: Input should be greater than 0.',)


def test_configs_of_default_assistants(tmp_path: Path) -> None:
    config = {"agent": {"configurable": {"model": "small"}, "tags": ["t"]}}
    assert manifest(tmp_path, env={"LANGGRAPH_CONFIG": json.dumps(config)}).configs == config
    for wrong in ("{", "[]", '{"agent": {"configurable": 1}}'):
        loaded = manifest(tmp_path, env={"LANGGRAPH_CONFIG": wrong})
        assert (loaded.configs, len(loaded.notices)) == ({}, 1)


def test_this_python_needs_no_notice(tmp_path: Path) -> None:
    assert manifest(tmp_path, python_version=".".join(map(str, sys.version_info[:2]))).notices == ()

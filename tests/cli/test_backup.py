"""The store without a server, and beside one: doctor, backup, restore."""

import json
import shutil
import zipfile
from pathlib import Path

import orjson
import pytest

from playground.store.database import Database
from tests.cli.conftest import Run
from tests.servers import PROJECTS, Server, StartServer


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path(shutil.copytree(PROJECTS / "runs", tmp_path / "project", ignore=shutil.ignore_patterns(".playground")))


@pytest.fixture
def filled(project: Path) -> Path:
    """A project whose store has an assistant of two versions."""
    database = Database.open(project / ".playground")
    assistant_id = database.assistants.create(graph_id="echo", name="mine")["assistant_id"]
    database.assistants.update(assistant_id, name="mine too")
    database.close()
    return project


def names(project: Path) -> list[str]:
    database = Database.open(project / ".playground", read_only=True)
    return [row["name"] for row in database.assistants.search()[0]]


def damage(project: Path) -> None:
    """Change a version as an editor would."""
    path = project / ".playground" / "store.json"
    tables = orjson.loads(path.read_bytes())
    tables["versions"]["1"]["name"] = "never"
    path.write_bytes(orjson.dumps(tables))
    path.with_name("store.json.journal").unlink()


def test_a_store_goes_into_a_file_and_comes_back(command: Run, filled: Path) -> None:
    made = command("backup", "b.zip", "--project", "project")
    assert (made.code, made.out, made.err) == (0, "b.zip has 1 assistant, 2 versions and 0 threads.\n", "")
    database = Database.open(filled / ".playground")
    database.assistants.delete(database.assistants.search()[0][0]["assistant_id"])
    database.close()

    restored = command("restore", "b.zip", "--project", "project")

    assert (restored.code, restored.err) == (0, "")
    store, aside = restored.out.splitlines()
    assert store == f"{filled}/.playground has 1 assistant, 2 versions and 0 threads."
    assert Path(aside.removeprefix("What was there is in ").removesuffix(".")).is_dir()
    assert names(filled) == ["mine too"]


def test_a_backup_is_named_for_its_project_and_its_time(command: Run, filled: Path) -> None:
    made = command("backup", "--project", str(filled))
    assert made.code == 0
    assert [*Path.cwd().glob("project-2*-*.zip")] == [Path.cwd() / made.out.split(" has ")[0]]


def test_a_backup_overwrites_a_file_only_if_told(command: Run, filled: Path) -> None:
    Path("b.zip").write_bytes(b"precious")
    refused = command("backup", "b.zip", "--project", "project")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err == "b.zip exists: name another file, or overwrite it with --force.\n"
    assert Path("b.zip").read_bytes() == b"precious"
    assert command("backup", "b.zip", "--force", "--project", "project").code == 0
    assert zipfile.is_zipfile("b.zip")


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["backup", "b.zip", "--project", "project"], 2, "There is no store in"),
        (["backup", ".", "--project", "project"], 2, ". is a folder: name a file."),
        (["backup", "b.zip"], 2, "There is no langgraph.json"),
        (["backup", "b.zip", "--url", "http://localhost:1"], 2, "Only a store on this machine can be backed up"),
        (["restore", "b.zip", "--url", "http://localhost:1"], 2, "Only a store on this machine can be restored"),
        (["restore", "b.zip", "--project", "project"], 2, "There is no file b.zip."),
        (["restore", "project/langgraph.json", "--project", "project"], 2, "is not a backup of the playground"),
    ],
)
def test_what_makes_no_sense_is_one_sentence(
    command: Run, project: Path, arguments: list[str], code: int, sentence: str
) -> None:
    result = command(*arguments)
    assert (result.code, result.out) == (code, "")
    assert sentence in result.err
    assert result.err.count("\n") == 1
    assert not (project / ".playground").exists()


def test_a_place_that_cannot_be_written_is_one_sentence(command: Run, filled: Path) -> None:
    result = command("backup", "no/such/folder/b.zip", "--project", "project")
    assert (result.code, result.err) == (1, "no/such/folder/b.zip could not be written: No such file or directory.\n")


def test_changed_versions_are_said_and_restored_only_if_told(command: Run, filled: Path) -> None:
    damage(filled)
    made = command("backup", "b.zip", "--project", "project")
    assert made.code == 0
    assert "was changed from outside" in made.err
    refused = command("restore", "b.zip", "--project", "project")
    assert refused.code == 1
    assert "can't be restored: Version 1 of assistant" in refused.err
    assert command("restore", "b.zip", "--force", "--project", "project").code == 0


async def test_beside_a_running_server(command: Run, start_server: StartServer) -> None:
    server: Server = start_server(PROJECTS / "runs")
    client = server.client()
    made = await client.assistants.create("echo", name="of the server")
    thread_id = (await client.threads.create())["thread_id"]
    await client.runs.wait(thread_id, "echo", input={"word": "kept"})
    target = str(server.store.parent / "b.zip")
    place = ["--project", str(PROJECTS / "runs"), "--store", str(server.store)]

    backed_up = await _in_thread(command, "backup", target, *place)
    refused = await _in_thread(command, "restore", target, *place)
    checked = await _in_thread(command, "doctor", "--json", *place)

    assert backed_up.code == 0
    assert (refused.code, refused.out) == (1, "")
    assert refused.err.endswith("Close the playground, or stop its server, and try again.\n")
    assert {"name": "store", "ok": True, "said": str(server.store)} in json.loads(checked.out)
    assert (await client.assistants.get(made["assistant_id"]))["name"] == "of the server"
    place[-1] = str(server.store.parent / "other")
    assert (await _in_thread(command, "restore", target, *place)).code == 0
    database = Database.open(Path(place[-1]))
    assert database.assistants.get(made["assistant_id"])["name"] == "of the server"
    assert database.threads.values(thread_id) == await _values(server, thread_id)
    database.close()


async def _values(server: Server, thread_id: str) -> object:
    return (await server.client().threads.get_state(thread_id))["values"]


async def _in_thread(command: Run, *arguments: str):  # type: ignore[no-untyped-def]
    import asyncio

    return await asyncio.to_thread(command, *arguments)


def test_doctor_says_what_is_wrong_with_a_store(command: Run, filled: Path) -> None:
    damage(filled)
    (filled / ".playground" / "threads").mkdir()
    (filled / ".playground" / "threads" / "t.json").write_bytes(b"{")
    # A server that can't be reached: the store is looked at all the same.
    checks = {True: [], False: []}  # type: ignore[var-annotated]
    (filled / "langgraph.json").write_text("{")
    result = command("doctor", "--json", "--project", "project")
    for check in json.loads(result.out):
        if check["name"] == "store":
            checks[check["ok"]].append(check["said"])
    assert result.code == 1
    assert checks[True] == []
    changed, unreadable = checks[False]
    assert "was changed from outside. Restore a backup (`playground restore FILE`)" in changed
    assert "t.json is not JSON" in unreadable


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"{", "is not JSON"),
        (b'{"_meta":{"1":{"schema":99}}}', "update it to open this store"),
        (b'{"assistants":{"1":{"assistant_id":"a"}}}', "is not what was written: assistants.1"),
    ],
)
def test_doctor_on_a_store_that_cannot_be_opened(command: Run, project: Path, content: bytes, sentence: str) -> None:
    (project / ".playground").mkdir()
    (project / ".playground" / "store.json").write_bytes(content)
    result = command("doctor", "--project", "project")
    assert result.code == 1
    assert sentence in next(line for line in result.out.splitlines() if line.startswith("✘ store"))
    assert "Traceback" not in result.out + result.err


def test_doctor_on_a_store_that_is_a_file(command: Run, project: Path) -> None:
    (project / ".playground").write_text("x")
    result = command("doctor", "--project", "project")
    assert f"✘ store      {project}/.playground is not a folder" in result.out

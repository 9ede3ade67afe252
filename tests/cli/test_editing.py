"""new, fork, save, rename, promote, label, delete, export, import: what the screens do, without a screen."""

import io
import json
import os
import pty
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from langgraph_sdk import get_sync_client

from tests.cli.conftest import Result, Run, process
from tests.servers import PROJECTS, Server


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Graphs whose contexts have types of their own."""
    server = Server(PROJECTS / "own_types", tmp_path_factory.mktemp("own_types") / "store").start()
    yield server
    server.kill()


@pytest.fixture
def playground(command: Run, running: Server) -> Run:
    """The command on that server. Nothing that it says is ever a traceback."""

    def call(*arguments: str) -> Result:
        result = command(*arguments, "--url", running.url, "--key", running.key)
        assert "Traceback" not in result.err
        return result

    return call


@pytest.fixture
def name(playground: Run) -> str:
    """An assistant with one version."""
    name = f"a-{uuid4().hex[:8]}"
    assert playground("new", "checked", name, "--description", "For tests").out == f"{name}@v1\n"
    return name


def shown(playground: Run, ref: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(playground("show", ref, "--json").out)
    return found


def refused(result: Result, code: int = 2) -> str:
    """The one sentence that says why nothing was done."""
    assert (result.code, result.out) == (code, ""), result
    assert result.err.count("\n") == 1
    return result.err.removesuffix("\n")


@pytest.mark.parametrize(
    ("file", "text"),
    [("c.yaml", "tone: warm\nrows:\n  - size: 2\n"), ("c.json", '{"tone": "warm",\n\t"rows": [{"size": 2}]}')],
)
def test_new_with_a_context_from_a_file(playground: Run, tmp_path: Path, file: str, text: str) -> None:
    (tmp_path / file).write_text(text)
    name = f"new-{uuid4().hex[:8]}"
    made = json.loads(playground("new", "checked", name, "--context", str(tmp_path / file), "--json").out)
    assert (made["name"], made["version"], made["graph_id"]) == (name, 1, "checked")
    assert shown(playground, name)["context"] == {"tone": "warm", "rows": [{"size": 2}]}


def test_new_with_a_context_from_stdin(playground: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("loud: true\ntone: warm\n"))
    assert playground("new", "checked", "stdin", "--context", "-").out == "stdin@v1\n"
    assert shown(playground, "stdin")["context"] == {"loud": True, "tone": "warm"}


def test_a_name_that_is_taken_is_printed_as_an_id(playground: Run, name: str) -> None:
    result = playground("new", "checked", name)
    assert "too: this one is named by its id" in result.err
    assert shown(playground, result.out.strip())["name"] == name


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("tone: [", "c.yaml, line 1, column"),
        ("- 1", "c.yaml must be an object, with a key for each field of the context."),
        ("tone: formal", "Not made: tone: formal was never liked here."),
        ("tone: 3\nheat: 9", "Not made: tone: must be text; heat: must be ≤ 2."),
        ("tones: x", "Not made: tones: is not a field of this graph; did you mean “tone”?"),
        ("secret: x", "Not made: secret: is a secret: it belongs in the server's environment, not in an assistant."),
    ],
)
def test_what_new_refuses_to_make(
    playground: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("c.yaml").write_text(text)
    assert refused(playground("new", "checked", "never", "--context", "c.yaml")).startswith(sentence)
    assert "There is no assistant" in playground("show", "never").err


def test_new_of_nothing(playground: Run) -> None:
    assert refused(playground("new", "chekced", "x")).startswith("There is no graph “chekced”; there is checked, ")
    assert refused(playground("new", "checked", " ")) == "A name must not be empty."
    assert refused(playground("new", "checked", "x", "--context", "/no/file")).endswith("no such file or directory.")
    assert "Missing argument" in refused(playground("new", "checked"))


def test_save(playground: Run, name: str) -> None:
    result = playground(
        "save", name, "--set", "tone=warm", "--set", "rows=[{}]", "--set", "pet.kind=cat", "--set", 'model="3"',
        "--note", "warmer",
    )  # fmt: skip
    assert (result.code, result.out) == (0, f"{name}@v2\n")
    found = shown(playground, name)
    assert found["context"] == {"tone": "warm", "rows": [{}], "pet": {"kind": "cat"}, "model": "3"}
    assert (found["note"], found["description"], found["active"]) == ("warmer", "For tests", True)
    assert (
        playground("save", name, "--set", "pet.lives=7", "--unset", "rows", "--description", "").out == f"{name}@v3\n"
    )
    found = shown(playground, name)
    assert found["context"] == {"tone": "warm", "pet": {"kind": "cat", "lives": 7}, "model": "3"}
    assert not found["description"]
    # From an older version, on top.
    assert json.loads(playground("save", f"{name}@v1", "--set", "heat=1", "--json").out)["version"] == 4
    assert shown(playground, name)["context"] == {"heat": 1}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--set", "heat=9"], "Not saved: heat: must be ≤ 2."),
        (["--set", "pet.kind=cow"], "Not saved: pet.kind: must be one of: cat, dog."),
        (["--set", "loud=true"], "Not saved: what is loud can't be dry."),
        (["--set", "tnoe=warm"], "Not saved: tnoe: is not a field of this graph; did you mean “tone”?"),
        (["--set", "tone"], "--set 'tone' sets nothing: write --set KEY=VALUE."),
        (["--set", "tone=warm", "--set", "tone.a=1"], "“tone” is no object, so --set tone.a can't set a part of it"),
        (["--unset", "heat"], "--unset heat: it isn't set."),
        (["--name", ""], "A name must not be empty."),
        (["--set", "secret=x"], "Not saved: secret: is a secret"),
    ],
)
def test_what_save_refuses(playground: Run, name: str, arguments: list[str], sentence: str) -> None:
    assert refused(playground("save", name, *arguments)).startswith(sentence)
    assert shown(playground, name)["version"] == 1


def test_save_of_a_draft(playground: Run, name: str, running: Server) -> None:
    sdk = running.sync_client()
    assistant_id = shown(playground, name)["assistant_id"]

    def draft(base: int, **content: Any) -> None:
        sdk.store.put_item(
            ["playground", "drafts"], key=assistant_id, value={"base_version": base, "content": content}, index=False
        )

    draft(1, context={"tone": "formal"}, name=name)
    assert refused(playground("save", f"{name}@draft")) == "Not saved: tone: formal was never liked here."
    draft(1, context={"tone": "warm"}, config={"tags": ["t"]}, name=f"{name}-2", texts=[[["context", "heat"], "hot"]])
    assert "mend it on the Edit screen" in refused(playground("save", f"{name}@draft"))
    draft(1, context=[1])
    for verb in (["save"], ["show"], ["diff", name]):
        assert refused(playground(*verb, f"{name}@draft")).endswith("is no object: mend it on the Edit screen.")
    draft(1, context={"tone": "warm"}, config={"tags": ["t"]}, name=f"{name}-2")
    assert "+ tags" in playground("save", f"{name}@draft", "--dry-run").out
    assert playground("save", f"{name}@draft", "--set", "heat=1", "--note", "from the draft").out == f"{name}-2@v2\n"
    found = shown(playground, f"{name}-2")
    assert (found["context"], found["config"]) == ({"tone": "warm", "heat": 1}, {"tags": ["t"]})
    assert (found["description"], found["note"]) == ("For tests", "from the draft")
    assert "has no draft" in playground("save", f"{name}-2@draft").err
    draft(1, context={"tone": "dark"})
    assert "merge them on the Edit screen" in refused(playground("save", f"{name}-2@draft"))


def test_save_of_no_change(playground: Run, name: str) -> None:
    for arguments in ([], ["--dry-run"], ["--name", name]):
        assert refused(playground("save", name, *arguments), code=1).startswith("Nothing change")
    assert shown(playground, name)["version"] == 1


def test_a_dry_run_shows_the_diff_and_saves_nothing(playground: Run, name: str) -> None:
    playground("save", name, "--set", "tone=warm")
    result = playground("save", name, "--set", "tone=dark", "--set", "heat=1", "--name", "other", "--dry-run")
    assert result.code == 0
    assert "~ tone\n    - warm\n    + dark\n" in result.out
    assert "+ heat\n    + 1\n" in result.out
    assert "~ name\n" in result.out
    assert "Nothing was saved" in result.err
    found = json.loads(playground("save", name, "--set", "tone=dark", "--dry-run", "--json").out)
    assert [(one["path"], one["left"], one["right"]) for one in found["context"]] == [("tone", "warm", "dark")]
    assert shown(playground, name)["version"] == 2
    assert refused(playground("save", name, "--set", "heat=9", "--dry-run")) == "Not saved: heat: must be ≤ 2."


def test_fork_and_rename(playground: Run, name: str) -> None:
    playground("save", name, "--set", "tone=warm")
    assert playground("fork", f"{name}@v2", f"{name}-fork").out == f"{name}-fork@v1\n"
    found = shown(playground, f"{name}-fork")
    assert found["context"] == {"tone": "warm"}
    assert (found["metadata"]["forked_from"]["name"], found["metadata"]["forked_from"]["version"]) == (name, 2)
    assert playground("rename", f"{name}-fork", f"{name}-es").out == f"{name}-es@v2\n"
    assert shown(playground, f"{name}-es@v1")["context"] == {"tone": "warm"}
    assert refused(playground("rename", f"{name}-es", f"{name}-es"), code=1).startswith("Nothing changed")
    assert "There is no assistant" in playground("fork", "nobody-here", "x").err


def test_promote(playground: Run, name: str) -> None:
    playground("save", name, "--set", "tone=warm")
    result = playground("promote", f"{name}@v1", "--note", "colder after all")
    assert (result.code, result.out) == (0, f"{name}@v1\n")
    assert "no longer v2" in result.err
    assert shown(playground, name)["version"] == 1
    again = playground("promote", f"{name}@v1")
    assert (again.code, again.out) == (0, f"{name}@v1\n")
    assert "already" in again.err
    assert json.loads(playground("promote", f"{name}@v2", "--json").out)["version"] == 2
    assert "has no v9" in playground("promote", f"{name}@v9").err


def test_label(playground: Run, name: str) -> None:
    playground("save", name, "--set", "tone=warm")
    assert playground("label", f"{name}@v1", "prod").out == f"{name}@prod is v1 now.\n"
    assert playground("label", name, "prod", "--why", "warm").out == f"{name}@prod is v2 now, no longer v1.\n"
    found = json.loads(playground("label", name, "prod", "--why", "warm", "--json").out)
    assert (found["label"], found["version"], found["was"], found["why"]) == ("prod", 2, 2, "warm")
    assert shown(playground, f"{name}@prod")["version"] == 2
    assert "means something" in refused(playground("label", name, "active"))
    assert playground("label", name, "prod", "--remove").out == f"{name}@v2 is no longer prod.\n"
    assert refused(playground("label", name, "prod", "--remove")) == f"“{name}” has no label “prod”."


def test_delete(playground: Run, name: str, running: Server) -> None:
    playground("label", name, "prod")
    sdk = running.sync_client()
    assistant_id = shown(playground, name)["assistant_id"]
    thread = sdk.threads.create()["thread_id"]
    sdk.runs.wait(thread, assistant_id, input={"text": "x"})
    assert "leave out what follows the @" in refused(playground("delete", f"{name}@v1", "--yes"))
    question = refused(playground("delete", name))
    assert question.startswith(f"{name} goes for good, with 1 version and the label prod. Its 1 thread stays.")
    assert "--yes" in question
    assert playground("delete", name, "--yes").out == f"{name} is deleted.\n"
    assert sdk.threads.get(thread)["thread_id"] == thread
    assert "There is no assistant" in playground("show", name).err


@pytest.mark.parametrize(("answer", "code", "said"), [("n\n", 1, "Nothing was deleted.\n"), (None, 130, "")])
def test_delete_asks_on_a_terminal(
    playground: Run, name: str, running: Server, answer: str | None, code: int, said: str
) -> None:
    ours, theirs = pty.openpty()
    asking = process(
        "delete", name, "--url", running.url, "--key", running.key, stdin=theirs, stdout=theirs, stderr=subprocess.PIPE
    )
    os.close(theirs)
    assert asking.stderr is not None
    question = ""
    while not question.endswith("[y/N] "):
        question += asking.stderr.read(1)
    assert question.startswith(f"{name} goes for good")
    if answer is None:
        asking.send_signal(signal.SIGINT)
    else:
        os.write(ours, answer.encode())
    assert asking.wait(20) == code
    assert asking.stderr.read() == said
    os.close(ours)
    assert shown(playground, name)["version"] == 1


def test_export_and_import(playground: Run, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    playground("save", name, "--set", "tone=warm", "--note", "warmer")
    playground("label", f"{name}@v1", "prod")
    text = playground("export", name).out
    file = tmp_path / "a.yaml"
    result = playground("export", name, "-o", str(file))
    assert (result.code, result.out) == (0, "")
    assert "1 assistant with 2 versions" in result.err
    assert file.read_text() == text
    assert "--force" in refused(playground("export", name, "-o", str(file)))
    assert playground("export", "-o", str(file), "--force", "--json").code == 0
    assert name in [one["name"] for one in json.loads(file.read_text())["assistants"]]

    original = shown(playground, name)["assistant_id"]
    playground("delete", name, "--yes")
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    assert playground("import", "-", "--same-ids").out == f"“{name}”: imported with 2 versions.\n"
    found = shown(playground, f"{name}@v2")
    assert (found["assistant_id"], found["note"], found["context"]) == (original, "warmer", {"tone": "warm"})
    assert shown(playground, f"{name}@prod")["version"] == 1
    rows = json.loads(playground("import", str(file), "--same-ids", "--json").out)
    assert {row["state"] for row in rows} == {"there"}


def test_what_import_refuses(playground: Run, tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text("assistants: []\n")
    assert "no export of assistants" in refused(playground("import", str(file)))
    file.write_text("playground: [")
    assert "line 1" in refused(playground("import", str(file)))
    assert refused(playground("import", str(tmp_path / "none"))).endswith("no such file or directory.")


def test_a_value_can_be_saved_while_the_graph_is_broken(playground: Run, running: Server) -> None:
    running.sync_client().assistants.create("broken", name="of-broken")
    result = playground("save", "of-broken", "--set", "a=1")
    assert (result.code, result.out) == (0, "of-broken@v2\n")
    assert result.err.startswith("Not checked: ")


def test_what_the_schema_calls_a_secret_is_never_printed(playground: Run, running: Server, name: str) -> None:
    """Another program can store one all the same."""
    sdk = get_sync_client(url=running.url, api_key=running.key)
    assistant_id = shown(playground, name)["assistant_id"]
    sdk.assistants.update(assistant_id, context={"secret": "one-9f2c"})
    sdk.assistants.update(assistant_id, context={"secret": "two-9f2c"})
    said = [
        playground("show", f"{name}@v2"),
        playground("show", f"{name}@v2", "--json"),
        playground("diff", f"{name}@v1", f"{name}@v2"),
        playground("diff", f"{name}@v2", f"{name}@v3"),
        playground("diff", f"{name}@v2", f"{name}@v3", "--json"),
        playground("save", name, "--unset", "secret", "--dry-run"),
    ]
    assert not [result for result in said if "9f2c" in result.out + result.err]
    assert "secret: ••••" in said[0].out
    assert "~ only what is secret differs\n" in said[3].out
    assert said[5].out.startswith("- secret\n")

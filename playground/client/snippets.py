"""What can be copied of a version: its id, a ref, its content, and the code that makes or runs it."""

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from playground.client.client import Client
from playground.client.exactly import pin_id, pin_metadata
from playground.client.inputs import takes_messages
from playground.client.python_text import literal
from playground.client.secret_values import without_secrets
from playground.client.values import Runnable, Version

JSON = dict[str, Any]

_EXAMPLES: Final = {"string": "text", "integer": 1, "number": 1.0, "boolean": True, "array": [], "object": {}}


@dataclass(frozen=True, slots=True)
class Snippet:
    """A thing to copy. `key` chooses it, `name` says what it is, `what` completes "Copied …"."""

    key: str
    name: str
    what: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Source:
    """What snippets are made of: a version without its secrets, and how its server is reached and runs it."""

    version: Version
    left_out: tuple[str, ...]
    url: str
    store: Path | None  # whose server.json says where the server is
    own: bool
    input: Any
    ref: str


async def snippets(client: Client, version: Version, store: Path | None = None) -> list[Snippet]:
    """All of them. `store` is that of a server which the playground starts: its address and key change."""
    schemas = await client.graphs.schemas_if_any(version.assistant_id)
    context, secret = without_secrets(version.context, schemas.context if schemas else None, "context")
    config, more = without_secrets(version.config, None, "config")
    metadata, rest = without_secrets(version.metadata, None, "metadata")
    source = Source(
        version=replace(version, context=context, config=config, metadata=metadata),
        left_out=(*secret, *more, *rest),
        url=client.url,
        store=store,
        own=await client.wire.is_own(),
        input=example_input(schemas.input if schemas else None),
        ref=await _ref(client, version),
    )
    return [*_names(source), *_contents(source), *_codes(source)]


async def _ref(client: Client, version: Version) -> str:
    """By name if that is nobody else's."""
    name = version.name
    alone = len(await client.assistants.named(name)) == 1 and name == name.strip() and name.isprintable()
    return f"{name if alone else version.assistant_id}@v{version.version}"


def _names(source: Source) -> list[Snippet]:
    return [
        Snippet("i", "Id", "the id", source.version.assistant_id),
        Snippet("r", "Ref", "the ref", source.ref),
    ]


def _contents(source: Source) -> list[Snippet]:
    from playground.client.yaml_text import dump

    version, number = as_json(source.version), f"v{source.version.version}"
    context = json.dumps(source.version.context, ensure_ascii=False, indent=2)
    return [
        Snippet("c", "Context as JSON", f"the context of {number}", context),
        Snippet("j", "Version as JSON", f"{number} as JSON", json.dumps(version, ensure_ascii=False, indent=2)),
        Snippet("y", "Version as YAML", f"{number} as YAML", dump(version)),
    ]


def as_json(version: Version) -> JSON:
    """A version as the API has it, with what was said about it."""
    return {
        "assistant_id": version.assistant_id,
        "graph_id": version.graph_id,
        "version": version.version,
        "name": version.name,
        "description": version.description,
        "context": version.context,
        "config": version.config,
        "metadata": version.metadata,
        "created_at": version.created_at.isoformat(),
        "note": version.note,
        "labels": list(version.labels),
    }


def _codes(source: Source) -> list[Snippet]:
    number = f"v{source.version.version}"
    return [
        Snippet("p", "Python: make this assistant", f"the code that makes {number}", _making(source)),
        Snippet("n", f"Python: run exactly {number}", f"the code that runs {number}", _running(source)),
    ]


def _making(source: Source) -> str:
    version = source.version
    metadata = {key: value for key, value in version.metadata.items() if key not in ("created_by", "playground")}
    given = {
        "name": version.name,
        "description": version.description,
        "context": version.context,
        "config": version.config,
        "metadata": metadata,
    }
    made = _call("client.assistants.create", version.graph_id, given)
    return f'{_head(source)}\nassistant = {made}\nprint(assistant["assistant_id"])\n'


def _running(source: Source) -> str:
    version = source.version
    if source.own:
        run = _call("client.runs.wait", None, f"{version.assistant_id}@{version.version}", {"input": source.input})
        return f"{_head(source, used=False)}\nanswer = {run}\nprint(answer)\n"
    runnable = Runnable(
        source.ref,
        version.assistant_id,
        version.graph_id,
        version.name,
        version.version,
        version.context,
        version.context_hash,
        version.config,
    )
    given = {
        "assistant_id": pin_id(runnable),
        "if_exists": "do_nothing",
        "name": runnable.title,
        "context": version.context,
        "config": version.config,
        "metadata": pin_metadata(runnable),
    }
    made = _call("client.assistants.create", version.graph_id, given)
    pinned = "# This server runs no version by its number: a helper that is exactly this version does.\n"
    rest = {"input": source.input, "context": version.context}
    run = _call("client.runs.wait", None, _Name('exactly["assistant_id"]'), rest)
    return f"{_head(source)}\n{pinned}exactly = {made}\nanswer = {run}\nprint(answer)\n"


class _Name(str):
    """Code, where others are values."""


def _call(function: str, *given: Any) -> str:
    """A call with one argument a line; the last of `given` are the named ones, those that are empty left out."""
    *places, named = given
    lines = [value if isinstance(value, _Name) else literal(value, 1) for value in places]
    lines += [f"{name}={literal(value, 1)}" for name, value in named.items() if value not in (None, {}, "")]
    return "".join([f"{function}(\n", *(f"    {line},\n" for line in lines), ")"])


def _head(source: Source, used: bool = True) -> str:
    """How the server is reached; a key is never in it. `used`: the version's content stands below."""
    left = (
        f"# Left out, since it is secret: {', '.join(map(_plain, source.left_out))}.\n"
        if used and source.left_out
        else ""
    )
    if source.store is None:
        return (
            "import os\n\nfrom langgraph_sdk import get_sync_client\n\n"
            f'client = get_sync_client(url={literal(source.url)}, api_key=os.environ.get("PLAYGROUND_KEY"))\n{left}'
        )
    return (
        "import json\nfrom pathlib import Path\n\nfrom langgraph_sdk import get_sync_client\n\n"
        "# Where the playground's server of this project is, and its key, while it runs.\n"
        f"server = json.loads(Path({literal(str(source.store / 'server.json'))}).read_text())\n"
        f'client = get_sync_client(url=server["url"], api_key=server.get("key"))\n{left}'
    )


def _plain(path: str) -> str:
    return path if path.isprintable() else repr(path)


def example_input(schema: JSON | None) -> Any:
    """Something that a graph with this input schema may take: a message, or its required fields."""
    if takes_messages(schema):
        return {"messages": [{"role": "user", "content": "Hello"}]}
    properties = (schema or {}).get("properties") or {}
    wanted = (schema or {}).get("required") or []
    return {name: _example(properties.get(name)) for name in wanted}


def _example(schema: Any) -> Any:
    if not isinstance(schema, dict):
        return None
    for word in ("default", "const"):
        if word in schema:
            return schema[word]
    choices = schema.get("enum") or schema.get("examples")
    if choices:
        return choices[0]
    kind = schema.get("type")
    return _EXAMPLES.get(kind) if isinstance(kind, str) else None

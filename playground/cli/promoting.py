"""promote, label: which version runs where none is named, and names that move from version to version."""

from typing import TYPE_CHECKING

from playground.cli.output import say, say_json, tell
from playground.cli.session import DONE
from playground.client.errors import UsageError

if TYPE_CHECKING:
    from playground.client.client import Client


async def promote(client: "Client", ref: str, note: str | None, as_json: bool) -> int:
    """Makes a version the active one, and remembers who did it and why. Prints its ref."""
    version = await client.version(ref)
    if version.active:
        tell(f"{version.name}@v{version.version} is the active version already.")
        if as_json:
            say_json(await client.assistants.get(version.assistant_id))
        else:
            say(f"{version.name}@v{version.version}")
        return DONE
    before = await client.assistants.get(version.assistant_id)
    assistant = await client.assistants.promote(version.assistant_id, version.version)
    await client.notes.record_promotion(version.assistant_id, assistant.version, before.version, note)
    if as_json:
        say_json(assistant)
        return DONE
    say(f"{assistant.name}@v{assistant.version}")
    same = "" if assistant.version == version.version else f", which has all that v{version.version} has,"
    tell(f"v{assistant.version}{same} is active now, no longer v{before.version}.")
    return DONE


async def label(client: "Client", ref: str, name: str, why: str | None, remove: bool, as_json: bool) -> int:
    """Puts a label on a version, which takes it from the one that had it; or takes it away from the assistant."""
    version = await client.version(ref)
    before = (await client.notes.labels(version.assistant_id)).get(name.strip())
    if remove:
        if before is None:
            raise UsageError(f"“{version.name}” has no label “{name.strip()}”.")
        await client.notes.drop_label(version.assistant_id, name.strip())
        if as_json:
            say_json({"assistant_id": version.assistant_id, "label": name.strip(), "version": None, "was": before})
        else:
            say(f"{version.name}@v{before} is no longer {name.strip()}.")
        return DONE
    facts = await client.notes.set_label(version.assistant_id, name, version.version, why)
    if as_json:
        say_json({"assistant_id": version.assistant_id, "was": before, **_fields(facts)})
        return DONE
    moved = f", no longer v{before}" if before not in (None, version.version) else ""
    say(f"{version.name}@{facts.label} is v{version.version} now{moved}.")
    return DONE


def _fields(value: object) -> dict[str, object]:
    from dataclasses import fields

    return {field.name: getattr(value, field.name) for field in fields(value)}  # type: ignore[arg-type]

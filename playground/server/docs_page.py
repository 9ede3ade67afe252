"""An OpenAPI document as one page of HTML that needs nothing else."""

from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from markdown_it import MarkdownIt

JSON = dict[str, Any]

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }}
:root {{ color-scheme: light dark }}
pre, code {{ font: 13px/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere }}
details {{ margin: .2rem 0 }} summary {{ cursor: pointer }} summary b {{ display: inline-block; width: 4.5rem }}
small {{ opacity: .7; margin-left: .5rem }}
table {{ border-collapse: collapse; margin: .5rem 1rem }} td {{ padding: .1rem 1rem .1rem 0; vertical-align: top }}
</style>
</head>
<body>
<h1>{title}</h1>
{about}
<p>For programs: <a href="openapi.json">openapi.json</a></p>
<h2>errors</h2>
<p>All are <a href="#Error">Error</a>.</p>
{errors}
{routes}
<h2>shapes</h2>
{shapes}
</body>
</html>
"""


def page(document: JSON) -> str:
    """Every route with its parameters, body and answers, folded, and every shape that they name."""
    sections: dict[str, list[str]] = {}
    errors: dict[str, str] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            tag = (operation.get("tags") or ["other"])[0]
            sections.setdefault(tag, []).append(_operation(method, path, operation))
            found = operation["responses"].items()
            errors |= {status: escape(answer["description"]) for status, answer in found if not _is_success(status)}
    schemas = document["components"]["schemas"].items()
    return _PAGE.format(
        title=escape(document["info"]["title"]),
        about=MarkdownIt("commonmark", {"html": False}).render(document["info"]["description"]),
        errors=_rows(sorted(errors.items())),
        routes="\n".join(f"<h2>{escape(tag)}</h2>\n" + "\n".join(routes) for tag, routes in sections.items()),
        shapes="\n".join(_folded(f"<code id='{escape(name)}'>{escape(name)}</code>", _table(s)) for name, s in schemas),
    )


def _operation(method: str, path: str, operation: JSON) -> str:
    parts = [f"<p>{escape(operation['description'])}</p>"] if operation.get("description") else []
    if parameters := operation.get("parameters"):
        rows = ((item["name"], f"{item['in']}: {_kind(item['schema'])}") for item in parameters)
        parts.append(_rows(rows))
    for content in operation.get("requestBody", {}).get("content", {}).values():
        parts.append(f"<p>Body: {_kind(content['schema'])}</p>")
    found = operation["responses"].items()
    parts.append(_rows((status, _answer(answer)) for status, answer in found if _is_success(status)))
    about = operation.get("description", "").partition(". ")[0]
    route = f"<b>{escape(method.upper())}</b><code>{escape(path)}</code>"
    return _folded(f"{route} <small>{escape(about)}</small>", "".join(parts))


def _is_success(status: str) -> bool:
    return status.startswith("2")


def _answer(answer: JSON) -> str:
    kinds = {_kind(content.get("schema", {})) for content in answer.get("content", {}).values()}
    return f"{escape(answer['description'])} {' '.join(sorted(kinds))}"


def _table(schema: JSON) -> str:
    about = f"<p>{escape(schema['description'])}</p>" if schema.get("description") else ""
    required = schema.get("required", ())
    properties = schema.get("properties", {}).items()
    return about + _rows((name + ("" if name in required else "?"), _kind(field)) for name, field in properties)


def _kind(schema: JSON) -> str:
    """A JSON schema in a few words of HTML."""
    if name := schema.get("$ref", "").rpartition("/")[2]:
        return f"<a href='#{escape(name)}'>{escape(name)}</a>"
    if any_of := schema.get("anyOf"):
        return " or ".join(map(_kind, any_of))
    if "enum" in schema or "const" in schema:
        return escape(" | ".join(map(str, schema.get("enum", [schema.get("const")]))))
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    notes = [schema.get("type", "anything"), schema.get("format"), *_bounds(schema), schema.get("description")]
    return escape(", ".join(str(note) for note in notes if note))


def _bounds(schema: JSON) -> Iterator[str]:
    for name, sign in (("minimum", "≥"), ("maximum", "≤"), ("default", "=")):
        if name in schema:
            yield f"{sign} {schema[name]}"


def _rows(rows: Iterable[tuple[str, str]]) -> str:
    cells = "".join(f"<tr><td><code>{escape(name)}</code></td><td>{kind}</td></tr>" for name, kind in rows)
    return f"<table>{cells}</table>"


def _folded(summary: str, body: str) -> str:
    return f"<details><summary>{summary}</summary>{body}</details>"

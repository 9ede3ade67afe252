"""What the API says of itself, for programs and for people."""

import re
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from playground.server.docs_page import page
from playground.server.unserved import UNSERVED
from tests.servers import Server

JSON = dict[str, Any]
METHODS = {"get", "put", "post", "patch", "delete"}


@pytest.fixture(scope="module")
def document(shared_server: Server) -> JSON:
    found: JSON = _get(shared_server, "/openapi.json").json()
    return found


def _get(server: Server, path: str) -> httpx.Response:
    return httpx.get(server.url + path, headers={"x-api-key": server.key})


def test_every_route_of_assistants_and_items_is_described(document: JSON) -> None:
    described = {
        f"{method} {path}": operation
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if path.startswith(("/assistants", "/store"))
    }
    assert len(described) == 17
    for name, operation in described.items():
        assert operation.get("description"), name
        success = operation["responses"].get("200", {}).get("content", {}).get("application/json", {}).get("schema")
        assert success or "204" in operation["responses"], name
        assert success != {}, name
        assert {"401", "403", "404", "409", "422", "503"} <= operation["responses"].keys(), name


def test_names_of_shapes_are_for_readers(document: JSON) -> None:
    names = set(document["components"]["schemas"])
    assert {"AssistantCreate", "AssistantSearch", "ItemPut", "Assistant", "Version", "Error"} <= names
    assert not [name for name in names if "__" in name]  # two of one name


def test_ids_in_paths_are_uuids(document: JSON) -> None:
    takes_names = {f"/assistants/{{assistant_id}}/{what}" for what in ("schemas", "graph", "subgraphs")}
    for path, operations in document["paths"].items():
        for parameter in (p for operation in operations.values() for p in operation.get("parameters", ())):
            if parameter["name"] in ("thread_id", "run_id", "assistant_id") and parameter["in"] == "path":
                by_name = path.removesuffix("/{namespace}") in takes_names
                assert (parameter["schema"].get("format") == "uuid") != by_name, path


def test_bounds_and_formats_are_said(document: JSON) -> None:
    shapes = document["components"]["schemas"]
    search = shapes["AssistantSearch"]["properties"]
    assert search["limit"] == {"type": "integer", "minimum": 1, "maximum": 1000, "default": 10, "title": "Limit"}
    assert "updated_at" in search["sort_by"]["enum"]
    assert "default" not in search["metadata"]
    assert shapes["AssistantCreate"]["properties"]["assistant_id"]["format"] == "uuid"
    assert shapes["AssistantCreate"]["required"] == ["graph_id"]
    parameter = document["paths"]["/assistants/{assistant_id}"]["get"]["parameters"][0]
    assert (parameter["schema"]["format"], parameter["required"]) == ("uuid", True)
    assert document["components"]["securitySchemes"]["key"]["name"] == "x-api-key"


def test_what_is_not_served_is_listed(document: JSON) -> None:
    for path in UNSERVED:
        assert f"`{path.replace('{rest:path}', '…')}`" in document["info"]["description"]
        assert path not in document["paths"]


class _Page(HTMLParser):
    """Collects what a page would load or run, its text, and whether its tags are in order."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.text = ""
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.open.append(tag)
        self.loads += [tag for name, _ in attrs if name.startswith(("src", "on"))]
        if tag in ("script", "link", "iframe", "object", "form", "base"):
            self.loads.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_for_people_needs_nothing_else(shared_server: Server, document: JSON) -> None:
    answer = _get(shared_server, "/docs")
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    parsed = _Page()
    parsed.feed(answer.text)
    assert (parsed.loads, parsed.open) == ([], [])
    for path, operations in document["paths"].items():
        assert path in parsed.text
        assert operations.keys() <= METHODS
    anchors = set(re.findall(r"href='#([^']+)'", answer.text))
    assert anchors <= set(re.findall(r"id='([^']+)'", answer.text))


def test_the_page_shows_text_as_text() -> None:
    hostile = "<script>alert(1)</script>"
    parameters = [{"name": hostile, "in": "query", "schema": {"enum": [hostile]}}]
    operation = {"description": hostile, "tags": [hostile], "parameters": parameters, "responses": {}}
    document = {
        "info": {"title": hostile, "description": hostile},
        "paths": {hostile: {"get": operation}},
        "components": {"schemas": {hostile: {"description": hostile, "properties": {hostile: {"type": hostile}}}}},
    }
    assert "<script" not in page(document)


def test_other_methods_and_paths_are_refused_by_name(shared_server: Server) -> None:
    headers = {"x-api-key": shared_server.key}
    wrong = httpx.put(f"{shared_server.url}/assistants", json={}, headers=headers)
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "POST")
    nothing = _get(shared_server, "/nothing/here")
    assert (nothing.status_code, set(nothing.json())) == (404, {"detail"})

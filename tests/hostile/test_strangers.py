"""Every route is closed to who has no key, uses another name of the machine, or is a page of another site."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.servers import KEY, PROJECTS, Server

SITE = "http://localhost:3000"
PATH_VALUES = {"namespace": "x", "checkpoint_id": "x"}
ID = "00000000-0000-4000-8000-000000000000"

STRANGERS: dict[str, tuple[dict[str, str | None], int]] = {
    "no key": ({"x-api-key": None}, 401),
    "a wrong key": ({"x-api-key": "wrong"}, 401),
    "a key in the wrong place": ({"x-api-key": None, "authorization": f"Bearer {KEY}"}, 401),
    "a rebound name": ({"host": "evil.example"}, 403),
    "a name that ends like ours": ({"host": "127.0.0.1.evil.example:80"}, 403),
    "a foreign page": ({"origin": "https://evil.example"}, 403),
    "a page without an origin": ({"origin": "null"}, 403),
    "a link from a foreign page": ({"sec-fetch-site": "cross-site"}, 403),
    "an origin that begins like ours": ({"origin": "http://127.0.0.1.evil.example"}, 403),
}


@pytest.fixture(scope="module")
def routes(target: Server) -> list[tuple[str, str]]:
    """Method and path of everything that the server says it has, and of what it doesn't say."""
    paths: dict[str, dict[str, Any]] = httpx.get(
        f"{target.url}/openapi.json", headers={"x-api-key": KEY}, trust_env=False
    ).json()["paths"]
    found = [(method.upper(), path) for path, methods in paths.items() for method in methods]
    assert len(found) > 40
    hidden = ["/openapi.json", "/docs", "/redoc", "/mcp", "/runs/crons", "/nothing", "/"]
    return [*found, *(("GET", path) for path in hidden)]


def filled(path: str) -> str:
    """A path with an id in the place of its parameters."""
    parts = path.replace("}", "{").split("{")
    return "".join(PATH_VALUES.get(part, ID) if number % 2 else part for number, part in enumerate(parts))


@pytest.mark.parametrize("stranger", STRANGERS)
def test_every_route_is_closed_to(target: Server, routes: list[tuple[str, str]], stranger: str) -> None:
    headers, status = STRANGERS[stranger]
    given = {name: value for name, value in ({"x-api-key": KEY} | headers).items() if value is not None}
    with httpx.Client(base_url=target.url, headers=given, trust_env=False) as client:
        for method, path in routes:
            response = client.request(method, filled(path), json=None if method == "GET" else {})
            assert (response.status_code, list(response.json())) == (status, ["detail"]), (method, path)
            assert KEY not in response.text


@pytest.mark.parametrize(("key", "status"), [(None, 401), (KEY, 404)])
def test_a_websocket_is_no_way_in(target: Server, key: str | None, status: int) -> None:
    asked = {"connection": "Upgrade", "upgrade": "websocket", "sec-websocket-version": "13"}
    headers = asked | {"sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ=="} | ({"x-api-key": key} if key else {})
    response = httpx.get(f"{target.url}/nothing", headers=headers, trust_env=False)
    assert (response.status_code, list(response.json())) == (status, ["detail"])


@pytest.fixture(scope="module")
def open_to_a_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that is opened to one site."""
    folder = tmp_path_factory.mktemp("site")
    server = Server(PROJECTS / "hostile", folder / "store", options=("--allow-origin", SITE)).start()
    yield server
    server.kill()


def preflight(server: Server, path: str, origin: str, method: str = "POST", **more: str) -> httpx.Response:
    headers = {"origin": origin, "access-control-request-method": method} | more
    return httpx.options(server.url + path, headers=headers, trust_env=False)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_a_preflight_of_an_allowed_page(open_to_a_site: Server, method: str) -> None:
    asked = "x-api-key, content-type, authorization, last-event-id, x-of-my-own"
    more = {"access-control-request-headers": asked, "access-control-request-private-network": "true"}
    response = preflight(open_to_a_site, "/threads", SITE, method, **more)
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == SITE
    assert method in response.headers["access-control-allow-methods"]
    assert {name.strip() for name in asked.split(",")} <= {
        name.strip().lower() for name in response.headers["access-control-allow-headers"].split(",")
    }
    assert response.headers["access-control-allow-private-network"] == "true"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:3001", "https://localhost:3000"])
def test_a_preflight_of_any_other_page_is_refused_in_a_sentence(open_to_a_site: Server, origin: str) -> None:
    response = preflight(open_to_a_site, "/threads", origin)
    assert (response.status_code, "access-control-allow-origin" in response.headers) == (403, False)
    assert response.json()["detail"] == f"Pages of {origin!r} may not use this server; --allow-origin allows a site."


def test_an_allowed_page_reads_what_the_sdk_needs(open_to_a_site: Server) -> None:
    headers = {"origin": SITE, "x-api-key": KEY}
    with httpx.Client(base_url=open_to_a_site.url, headers=headers, trust_env=False) as page:
        found = page.post("/assistants/search", json={"limit": 1})
        exposed = {name.strip().lower() for name in found.headers["access-control-expose-headers"].split(",")}
        assert exposed >= {"x-pagination-total", "x-pagination-next", "content-location", "location"}
        assert (found.headers["x-pagination-next"], found.headers["access-control-allow-origin"]) == ("1", SITE)
        with page.stream("POST", "/runs/stream", json={"assistant_id": "keep", "input": {"value": 1}}) as stream:
            assert stream.headers["access-control-allow-origin"] == SITE
            assert stream.headers["content-type"].startswith("text/event-stream")
            assert "content-location" in stream.headers
            assert "event: values" in "".join(stream.iter_text())
        for refused in (page.get(f"/threads/{ID}"), page.get("/info", headers={"x-api-key": "wrong"})):
            assert refused.status_code in (401, 404)  # and the page may read why
            assert refused.headers["access-control-allow-origin"] == SITE


def test_an_allowed_page_still_needs_the_key_and_the_right_name(open_to_a_site: Server) -> None:
    without = httpx.get(f"{open_to_a_site.url}/info", headers={"origin": SITE}, trust_env=False)
    assert without.status_code == 401
    headers = {"origin": SITE, "host": "evil.example", "x-api-key": KEY}
    assert httpx.get(f"{open_to_a_site.url}/info", headers=headers, trust_env=False).status_code == 403
    both = httpx.Headers([("origin", SITE), ("origin", "https://evil.example"), ("x-api-key", KEY)])
    assert httpx.get(f"{open_to_a_site.url}/info", headers=both, trust_env=False).status_code == 403


@pytest.fixture(scope="module")
def open_to_all(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server without a key."""
    server = Server(PROJECTS / "hostile", tmp_path_factory.mktemp("open") / "store", key="").start()
    yield server
    server.kill()


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_form_of_a_foreign_page_does_nothing(open_to_all: Server, content_type: str) -> None:
    """What a page may send without a preflight, to a server without a key: the only one that it could use."""
    body = '{"graph_id": "keep", "name": "made by a page"}'
    with httpx.Client(base_url=open_to_all.url, trust_env=False) as client:
        for origin in ({"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}):
            response = client.post("/assistants", content=body, headers={"content-type": content_type, **origin})
            assert response.status_code == 403
        assert client.post("/assistants", content=body, headers={"content-type": content_type}).status_code == 422
        assert [row["name"] for row in client.post("/assistants/search", json={"name": "made by"}).json()] == []

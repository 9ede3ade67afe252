"""A page in a real browser: on a site that the server is opened to, and on one that it isn't."""

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from typing import Any

import httpx
import pytest

from tests.servers import KEY, PROJECTS, Server

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PAGE = Path(__file__).parent / "browser.html"


@pytest.fixture(scope="module")
def browser() -> str:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    return found or pytest.skip("no Chromium is installed: a real browser was not tried")


class Site(ThreadingHTTPServer):
    """A web site that has one page, and is told what it saw."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.origin = f"http://localhost:{self.server_port}"
        self.page = b""
        self.seen: Queue[dict[str, Any]] = Queue()


class Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        self._answer(self.server.page)

    def do_POST(self) -> None:
        self.server.seen.put(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        self._answer(b"")

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as web:
        thread = threading.Thread(target=web.serve_forever)
        thread.start()
        yield web
        web.shutdown()
        thread.join()


def visit(browser: str, site: Site, server: Server) -> dict[str, Any]:
    """What the page saw."""
    site.page = PAGE.read_text().replace("SERVER", server.url).replace("KEY", KEY).encode()
    profile = server.store.parent / "profile"
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}", site.origin]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            return site.seen.get(timeout=40)
        finally:
            running.terminate()


def opened_to(origin: str, tmp_path: Path) -> Server:
    return Server(PROJECTS / "differential", tmp_path / "store", options=("--allow-origin", origin)).start()


def forms(server: Server) -> int:
    """How many assistants a form has made."""
    found = httpx.post(
        f"{server.url}/assistants/count", json={"name": "made by a form"}, headers={"x-api-key": KEY}, trust_env=False
    )
    return int(found.json())


def test_an_allowed_site(browser: str, site: Site, tmp_path: Path) -> None:
    server = opened_to(site.origin, tmp_path)
    try:
        seen = visit(browser, site, server)
        assert seen == {
            "search": [200, "1", True],
            "stream": ["text/event-stream; charset=utf-8", True, ["event: metadata", "event: updates"]],
            "delete": 204,
            "missing": "Invalid thread ID: must be a UUID",
            "without the key": "This server needs its key in the header x-api-key.",
            "form": "opaque",
        }
        assert forms(server) == 0  # it had no key
    finally:
        server.kill()


def test_any_other_site(browser: str, site: Site, tmp_path: Path) -> None:
    server = opened_to("http://localhost:1", tmp_path)
    try:
        seen = visit(browser, site, server)
        assert seen.pop("form") == "opaque"  # sent without asking; the server refuses it
        assert set(seen.values()) == {"TypeError: Failed to fetch"}
        assert forms(server) == 0
    finally:
        server.kill()

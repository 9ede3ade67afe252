"""Reports are text: nothing that a model or a user wrote is read as the page's own."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from playground.compare.metrics import Metrics
from playground.compare.report import Report, ReportPane, ReportTurn, differing
from playground.compare.report_html import report_html
from playground.compare.report_json import report_json, report_json_text
from playground.compare.report_markdown import pane_markdown, report_markdown
from playground.compare.report_text import rows_text, statuses_text
from playground.compare.samples import Sample, Spread

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ALLOWED = {"html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "pre", "div", "section"}
ALLOWED |= {"span", "table", "tr", "th", "td", "details", "summary", "wbr"}


def sample(answer: str, running: float = 1.0, **more: Any) -> Sample:
    metrics = Metrics(queued=0.1, first_token=0.2, running=running, input_tokens=10, output_tokens=20, ended=True)
    return Sample(answer, metrics=metrics, title="a@v1", context_hash="abcdef012345", **more)


def pane(letter: str, turns: tuple[ReportTurn, ...], **context: Any) -> ReportPane:
    return ReportPane(letter, f"{letter.lower()}@v1", "graph", "id", 1, False, "abcdef012345", context, (), turns)


def report(text: str = "text", answer: str = "answer") -> Report:
    one = pane("A", (ReportTurn(text, (sample(answer),), (f"tool({text})",)),), prompt=text, same=1)
    two = pane("B", (ReportTurn(text, (sample(answer, 1.5),)),), prompt="other", same=1)
    return Report(text, NOW, (one, replace(two, sampled=ReportTurn(text, (sample(answer), sample(f"{answer}x"))))))


class Tags(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(page: str) -> Tags:
    found = Tags()
    found.feed(page)
    return found


HOSTILE = st.one_of(
    st.text(),
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            "\ud800\x1b]0;x\x07\u202e",
            "```\n# heading",
            "```\r# heading",
            "]](javascript:x)",
            "a | b",
            '" onclick="x',
            "&amp;",
        ]
    ),
)


@given(HOSTILE, HOSTILE)
def test_a_page_has_its_own_elements_and_the_rest_is_text(text: str, answer: str) -> None:
    plain, hostile = read(report_html(report("t", "a"))), read(report_html(report(text, answer)))
    assert set(hostile.tags) <= ALLOWED
    assert hostile.tags.count("pre") == plain.tags.count("pre")
    assert not any(name.startswith("on") or name in ("src", "href") for name in hostile.attributes)


def test_a_page_needs_nothing_and_says_everything() -> None:
    page = report_html(report("why tea?", "Because."))
    assert "http" not in page.replace("http-equiv", "")
    assert "default-src 'none'" in page
    for said in ("why tea?", "Because.", "a@v1", "+50%", "prompt", "Samples", "1.00 s"):
        assert said in page, said


@given(HOSTILE)
def test_names_of_tools_and_nodes_and_versions_are_text_as_well(name: str) -> None:
    one = Sample("", calls=(name,), metrics=Metrics(path=(name,)), title=name, context_hash="abcdef")
    found = Report(name, NOW, (replace(pane("A", (ReportTurn("", (one,)),)), title=name),))
    assert set(read(report_html(found)).tags) <= ALLOWED
    for line in report_markdown(found).splitlines():
        if "<script>" in line:
            assert "`<script>" in line, line
        if line.startswith("|"):
            assert len(re.findall(r"(?<!\\)\|", line)) == 3


@given(HOSTILE, HOSTILE)
def test_files_hold_everything_and_terminals_obey_nothing_in_them(text: str, answer: str) -> None:
    found = report(text, answer)
    for content in (report_html(found), report_markdown(found), report_json_text(found)):
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", content)
        content.encode()
    assert json.loads(report_json_text(found)) == json.loads(json.dumps(report_json(found)))


@given(HOSTILE, HOSTILE)
def test_fences_hold_whatever_is_in_them(text: str, answer: str) -> None:
    fences = 0
    open_with = ""
    for line in report_markdown(report(text, answer)).split("\n"):
        match = re.fullmatch(r"(`{3,})(text)?", line)
        if match and not open_with:
            open_with, fences = match[1], fences + 1
        elif match and not match[2] and len(match[1]) >= len(open_with):
            open_with = ""
    assert not open_with
    assert fences >= 3


def test_markdown_has_the_figures_and_the_answers() -> None:
    text = report_markdown(report("why tea?", "Because."))
    assert text.startswith("# `why tea?`\n")
    assert "| run | 1.00 s | 1.50 s  +50% |" in text
    assert "```text\nBecause.\n```" in text
    assert "## Samples" in text
    assert "tool(why tea?)" in pane_markdown(report("why tea?").panes[0])


def test_a_pipe_stays_in_its_cell() -> None:
    row = next(line for line in report_markdown(report("a | b")).split("\n") if line.startswith("| `prompt`"))
    assert len(re.findall(r"(?<!\\)\|", row)) == 4
    assert report_markdown(report("a | b")).startswith("# `a | b`\n")


def test_json_has_the_same_numbers() -> None:
    found = report_json(report("why", "so"))
    first, second = found["panes"]
    assert first["turns"][0]["summary"]["running"] == {"least": 1.0, "median": 1.0, "most": 1.0}
    assert second["turns"][0]["differs"]["running"] == 50.0
    assert first["turns"][0]["differs"]["running"] is None
    assert second["sampled"]["groups"]["exact"][0]["count"] == 1
    assert first["sampled"] is None
    assert first["turns"][0]["samples"][0]["metrics"]["tokens_per_second"] == 25.0


def test_contexts_are_compared_by_path() -> None:
    panes = [pane("A", (), a={"b": 1, "c": 2}), pane("B", (), a={"b": 1, "c": 3, "d": "x"}), pane("C", ())]
    assert differing(panes[:2]) == [("a.c", ["2", "3"]), ("a.d", ["(not set)", "x"])]
    assert differing(panes[1:]) == [
        (path, [mine, "(not set)"]) for path, mine in (("a.b", "1"), ("a.c", "3"), ("a.d", "x"))
    ]


def test_an_answer_alone_tells_its_figures_whatever_became_of_it() -> None:
    waits, fails = sample("", 2.0, status="interrupted"), sample("", 3.0, status="failed")
    panes = (pane("A", (ReportTurn("", (sample("a"),)),)), pane("B", (ReportTurn("", (waits,)),)))
    assert rows_text(Report("", NOW, panes), panes[1], 0)["run"] == "2.00 s  +100%"
    many = ReportTurn("", (sample("a"), fails))
    assert many.figure("running") == Spread(1.0, 1.0, 1.0), "one that failed is no slow one"


def test_ways_and_tools_are_counted_where_they_are_not_one() -> None:
    short = Sample("", calls=("look",), metrics=Metrics(path=("a", "b")))
    long = Sample("", calls=("look", "buy"), metrics=Metrics(path=("a", "b", "a")), cached=True)
    one = pane("A", (ReportTurn("", (short, short, long)), ReportTurn("", (long,))))
    found = Report("", NOW, (one,))
    assert rows_text(found, one, 0) == {"path": "a→b 2/3, a→b→a 1/3", "tools": "look 3/3, buy 1/3"}
    assert rows_text(found, one, 1) == {"path": "a→b→a", "tools": "look, buy"}
    assert statuses_text(one.turns[0].summary) == "✔ 3 done, 1 from a cache"

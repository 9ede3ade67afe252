"""What is copied of a message, and where in a transcript a word is."""

from textual.content import Content

from playground.client.blocks import TextBlock, ToolBlock
from playground.tui.threads.chat_copies import as_markdown, code_blocks, copied_text, copies
from playground.tui.widgets.transcript_search import Found, find_in, marked, pattern_of, place_in

TEXT = "Do this:\n\n```py\nx = '```'\n```\n\nor\n\n~~~\n```\nnested\n```\n~~~\n\nand ```not this```"
ANSWER = TextBlock("a", turn=1, role="ai", pieces=[TEXT])
CALL = ToolBlock("a/tool/0", turn=1, name="refund", pieces=['{"order": "7"}'], result='{"ok": true}')
QUESTION = TextBlock("message#0", turn=0, role="human", pieces=["How?"])


def test_code_blocks_are_copied_as_they_are() -> None:
    assert code_blocks(TEXT) == [("py", "x = '```'"), ("", "```\nnested\n```")]


def test_what_there_is_to_copy() -> None:
    found = {snippet.key: snippet for snippet in copies(ANSWER, [QUESTION, ANSWER, CALL])}
    assert [*found] == ["m", "1", "2", "t", "a", "i"]
    assert found["m"].text == TEXT
    assert "How?" not in found["t"].text
    assert found["a"].text.startswith("## User\n\nHow?\n\n## Assistant\n\nDo this:")
    assert found["i"].text == "a"
    assert "i" not in {snippet.key for snippet in copies(QUESTION, [QUESTION])}  # it has no id yet
    assert copied_text(CALL) == 'refund(order="7")\n{"ok": true}'
    assert '"order": "7"' in as_markdown([CALL])


def test_a_word_is_found_wherever_it_is_and_shown_where_it_stands() -> None:
    pattern = pattern_of("ORDER", case=False)
    assert find_in([QUESTION, ANSWER, CALL], pattern) == [Found(2, 0)]
    assert find_in([CALL], pattern_of("ORDER", case=True)) == []
    rows = [Content("an order"), Content("order, order")]
    assert place_in(rows, pattern, 2) == (1, 7)
    assert place_in(rows, pattern, 9) == (1, 7)
    assert place_in([Content("nothing")], pattern, 0) == (0, -1)
    assert len(marked(rows[1], pattern, 7).spans) == 2

"""What can be copied of a message: as it was written, its code blocks, its turn, the whole thread. Pure."""

import re
from collections.abc import Sequence
from typing import Final

from playground.client.blocks import Block, TextBlock, ToolBlock
from playground.client.message_edit import message_of
from playground.client.snippets import Snippet
from playground.tui.text import one_line
from playground.tui.widgets.transcript_rows import call_text, json_text
from playground.tui.widgets.transcript_search import block_text

_CODE: Final = re.compile(r"^ {0,3}(`{3,}|~{3,})([^\n`]*)\n(.*?)^ {0,3}\1[`~]*[ \t]*$", re.MULTILINE | re.DOTALL)
_MOST: Final = 9  # code blocks that have a key
_ROLES: Final = {"ai": "Assistant", "human": "User", "system": "System", "reasoning": "Reasoning"}


def copies(block: Block, blocks: Sequence[Block]) -> list[Snippet]:
    """What there is to copy of a message in its transcript."""
    text = copied_text(block)
    turn = [one for one in blocks if one.turn == block.turn]
    found = [Snippet("m", f"Message  {one_line(text, 40)}", "the message", text)]
    for number, (language, code) in enumerate(code_blocks(text)[:_MOST], 1):
        name = f"Code {number}  {language}".rstrip()
        found.append(Snippet(str(number), name, f"code block {number}", code))
    if isinstance(block, ToolBlock) and block.result is not None:
        found.append(Snippet("r", "Result of the call", "the result", block.result))
    found.append(Snippet("t", "Turn as Markdown", "the turn", as_markdown(turn)))
    found.append(Snippet("a", "Thread as Markdown", "the thread", as_markdown(blocks)))
    if isinstance(block, TextBlock | ToolBlock) and "#" not in message_of(block):
        found.append(Snippet("i", "Id of the message", "the message's id", message_of(block)))
    return found


def copied_text(block: Block) -> str:
    """A message as it was written; a tool call with its result."""
    if not isinstance(block, ToolBlock):
        return block_text(block)
    call = call_text(block.name, block.arguments, 100_000)
    return call if block.result is None else f"{call}\n{block.result}"


def code_blocks(text: str) -> list[tuple[str, str]]:
    """(language, code) of the blocks that are fenced in Markdown."""
    return [(match[2].strip(), match[3].rstrip("\n")) for match in _CODE.finditer(text)]


def as_markdown(blocks: Sequence[Block]) -> str:
    """What was said, under who said it."""
    parts: list[str] = []
    for block in blocks:
        if isinstance(block, TextBlock) and (block.role == "reasoning" or block.aside):
            continue
        if isinstance(block, TextBlock):
            parts.append(f"## {_ROLES.get(block.role, block.role)}\n\n{block.text}")
        elif isinstance(block, ToolBlock):
            result = "" if block.result is None else f"\n\n```\n{block.result}\n```"
            parts.append(f"### Tool {block.name}\n\n```json\n{json_text(block.arguments)}\n```{result}")
        elif text := block_text(block):
            parts.append(text)
    return "\n\n".join(parts) + "\n"

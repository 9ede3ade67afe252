"""Which tools the script calls, with which arguments, and what it says about their results."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.messages import BaseMessage, ToolMessage

from sample_agents.scripted.filling import fill, find_arguments
from sample_agents.scripted.reading import Request
from sample_agents.scripted.writing import in_voice

Tool = Mapping[str, Any]
"""A function declaration in OpenAI's format: name, description, parameters."""

_INTENTS = (
    ("search", r"policy|policies|warranty|opening hours|how long|invoice"),
    ("refund", r"refund|money back|broken|damaged|crack\w*|faulty|defect\w*|return|wrong (?:item|colou?r|size)"),
    ("track", r"where|track\w*|parcel|package|arriv\w+|deliver\w*|late|shipp\w+|when"),
    ("lookup", r"orders?|status|bought|purchase\w*|\d{3,}"),
    ("search", r"how|hours|can i|do you|may i|exchange|pay\w*|help"),
)
"""A word in a tool's name, and what users say when they need it; the most telling first."""
_LOOKUP = re.compile(r"look_?up|get|find|fetch|read")
_ASK_FIRST = re.compile(r"\bask (?:\w+ )?((?:for|about) [^.,;\n]+?) (?:before|first)\b", re.IGNORECASE)
_OPEN_QUESTIONS = ("What can I do for you?", "Is there anything else I can do?")
"""Whatever is said after one of these is a new matter."""
_NEVER = r"\b(?:never|do not|don[’']t|no)\s+(?:\w+\s+){0,2}?"


@dataclass(frozen=True, slots=True)
class Call:
    """A tool to call."""

    name: str
    args: dict[str, Any]


def choose_calls(request: Request, tools: Sequence[Tool], tool_choice: Any) -> list[Call] | str:
    """The calls to make now, or what to say instead."""
    if forced := _forced(tools, tool_choice):
        return [Call(forced["name"], fill(request, forced.get("parameters", {})))]
    return _Conversation(request, tools).next_step()


def _forced(tools: Sequence[Tool], tool_choice: Any) -> Tool | None:
    """The tool that must be called, if one must."""
    if tool_choice in (None, "auto", "none", False):
        return None
    name = tool_choice.get("function", {}).get("name") if isinstance(tool_choice, dict) else tool_choice
    return next((tool for tool in tools if tool["name"] == name), tools[0])


class _Conversation:
    """A request with tools: what the user wants, what is known, what was asked."""

    def __init__(self, request: Request, tools: Sequence[Tool]) -> None:
        self.request, self.tools = request, tools
        self.wish = _wish(request.messages)
        self.results = _results(request.messages)

    def next_step(self) -> list[Call] | str:
        """Call the tool that the user needs, what it takes first, or say what came of it."""
        tool = self._needed()
        if tool is None or self._is_done(tool["name"]):
            return self._report() if self.results else self._offer()
        if question := self._question_of_prompt():
            return in_voice(self.request, question)
        arguments, missing = find_arguments(tool, self.wish, self.request.messages, self._facts())
        lookup = self._lookup_for(tool)
        if lookup is not None:
            return [lookup]
        if missing and self.results:
            return self._report()
        if missing:
            return in_voice(self.request, _sorry(self.wish) + _ask(missing[0]))
        return [Call(tool["name"], arguments)]

    def _needed(self) -> Tool | None:
        """The tool that fits what the user says best, unless the prompt forbids it."""
        allowed = [tool for tool in self.tools if not self._is_forbidden(tool["name"])]
        for word, pattern in _INTENTS:
            tool = next((tool for tool in allowed if word in tool["name"].lower()), None)
            if tool is not None and re.search(rf"\b(?:{pattern})\b", self.wish, re.IGNORECASE):
                return tool
        words = set(re.findall(r"\w{4,}", self.wish.lower()))
        return next((tool for tool in allowed if words & set(_words_of(tool))), None)

    def _is_forbidden(self, name: str) -> bool:
        verb = re.split(r"[_-]", name)[0]
        return bool(re.search(rf"{_NEVER}{re.escape(verb)}", self.request.system, re.IGNORECASE))

    def _lookup_for(self, tool: Tool) -> Call | None:
        """Look first, where a tool can change something or lacks an argument."""
        for other in self.tools:
            name = other["name"]
            if other is tool or not _LOOKUP.match(name) or self._is_done(name) or self._is_forbidden(name):
                continue
            needed = set(tool["parameters"].get("properties", {}))
            arguments, missing = find_arguments(other, self.wish, self.request.messages, self._facts())
            if not missing and needed & set(arguments) and len(needed) > len(arguments):
                return Call(name, arguments)
        return None

    def _is_done(self, name: str) -> bool:
        return any(result.name == name for result in self.results)

    def _facts(self) -> dict[str, Any]:
        """What the tools have answered in this turn, by key."""
        return {key: value for result in self.results for key, value in _content(result).items()}

    def _question_of_prompt(self) -> str:
        """What the prompt wants asked first (“Ask for a photo before any refund”), if it has not been asked yet."""
        for thing in _ASK_FIRST.findall(self.request.system):
            asked = any(thing in message.text for message in self.request.messages if message.type == "ai")
            known = re.search(r"\b(?:order|number|id)\b", thing) and re.search(r"\d{3,}", self.wish)
            if not asked and not known:
                return f"{_sorry(self.wish)}Before I do that, may I ask {thing}?"
        return ""

    def _report(self) -> str:
        """What the tools have answered, in sentences."""
        sentences = [_sentence(result, _content(result)) for result in self.results[-2:]]
        return in_voice(self.request, " ".join((_sorry(self.wish) + sentences[0], *sentences[1:], *self._regrets())))

    def _offer(self) -> str:
        """What can be done with these tools."""
        if re.match(r"\W*(?:thanks|thank you|great|perfect|bye|ok)\b", self.request.said, re.IGNORECASE):
            return in_voice(self.request, f"You are welcome. {_OPEN_QUESTIONS[1]}")
        able = [_ability(tool) for tool in self.tools if not self._is_forbidden(tool["name"])]
        listed = " or ".join(", ".join(able).rsplit(", ", 1)) or "only talk"
        return in_voice(
            self.request, " ".join((*self._regrets(_sorry(self.wish)), f"I can {listed}. {_OPEN_QUESTIONS[0]}"))
        )

    def _regrets(self, sorry: str = "") -> Iterator[str]:
        """That a refund is wanted, but can't be had: no tool does it, or the prompt forbids it."""
        allowed = any("refund" in tool["name"] and not self._is_forbidden(tool["name"]) for tool in self.tools)
        if not allowed and re.search(r"\brefund|money back|broken|damaged", self.wish, re.IGNORECASE):
            yield f"{sorry}A refund is not something that I can give."


def _wish(messages: Sequence[BaseMessage]) -> str:
    """What the user wants now: the last words, and what was said before each question that they answer."""
    talk = [message for message in messages if message.type == "human" or (message.type == "ai" and message.text)]
    wish: list[str] = []
    expects_human = True
    for message in reversed(talk):
        if message.type == "human":
            wish.append(message.text)
            expects_human = False
        elif not expects_human and not _is_specific_question(message.text):
            break
    return "\n".join(reversed(wish))


def _is_specific_question(text: str) -> bool:
    return "?" in text and not any(question in text for question in _OPEN_QUESTIONS)


def _results(messages: Sequence[BaseMessage]) -> list[ToolMessage]:
    """What the tools have answered since the user's last words."""
    last = max((place for place, message in enumerate(messages) if message.type == "human"), default=-1)
    return [message for message in messages[last + 1 :] if isinstance(message, ToolMessage)]


def _content(result: ToolMessage) -> dict[str, Any]:
    try:
        content = json.loads(result.text)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _sentence(result: ToolMessage, content: Mapping[str, Any]) -> str:
    """A result's own summary if it has one, else what is in it."""
    if "summary" in content:
        return str(content["summary"])
    if content:
        return f"I found {', '.join(f'{key}: {value}' for key, value in content.items())}."
    return result.text.strip()


def _ability(tool: Tool) -> str:
    """“look up an order by its number”: the start of the description, or the name."""
    text = re.split(r"[:.,\n]", tool.get("description", ""))[0].strip() or tool["name"].replace("_", " ")
    return text[0].lower() + text[1:]


def _words_of(tool: Tool) -> list[str]:
    return re.findall(r"[a-z]{4,}", f"{tool['name']} {tool.get('description', '')}".lower().replace("_", " "))


def _sorry(wish: str) -> str:
    is_trouble = re.search(r"broken|damaged|crack|faulty|defect|late|wrong|lost|never arrived", wish, re.IGNORECASE)
    return "I am sorry to hear that. " if is_trouble else ""


def _ask(argument: str) -> str:
    thing = argument.replace("_id", " number").replace("_", " ")
    return f"What is the {thing}?"

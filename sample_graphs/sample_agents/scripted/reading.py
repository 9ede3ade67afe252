"""What the script understands of a conversation: its topic, and what the prompts ask for."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from langchain_core.messages import BaseMessage

from sample_agents.scripted.phrases import known_question

FORMATS = {
    "tweet": r"tweets?|twitter|x post",
    "haiku": r"haikus?",
    "poem": r"poems?|poetry|verses?|rhymes?",
    "headline": r"headlines?|slogans?|taglines?",
    "email": r"e-?mails?|newsletters?|letters?",
    "list": r"bullets?|bullet points|list of|listicles?|checklists?",
    "summary": r"summar\w+|tl;dr|abstract",
    "story": r"story|stories|tales?",
    "blog": r"blogs?|articles?|essays?|posts?",
}
TONES = {
    "friendly": r"friendly|warm|kind|casual|cheerful",
    "formal": r"formal\w*|professional\w*|serious\w*|academic",
    "witty": r"witty|funny|funnier|humou?r\w*|playful\w*|jok\w+|sarcas\w+",
    "enthusiastic": r"enthusias\w+|excit\w+|energetic|passionate\w*",
}
GREETINGS = {
    "german|deutsch": "Hallo!",
    "french|français": "Bonjour !",
    "spanish|español": "¡Hola!",
    "italian|italiano": "Ciao!",
    "portuguese|português": "Olá!",
    "dutch|nederlands": "Hoi!",
    "japanese|日本語": "こんにちは！",
    "pirates?": "Ahoy!",
}
_NO = r"\b(?:no|not|never|without|avoid|don[’']t)\b(?:\s+\w+){0,2}\s+"
_POLITE = r"(?:(?:please|can you|could you|would you|kindly|hey|hi|hello|ok|now)\b[,!]?\s*)*"
_VERB = (
    r"write|tell|give|draft|create|compose|make|do|explain|describe|summari[sz]e|research|discuss|introduce|tweet|blog"
)
_KIND = r"something|text|texts|paragraphs?|report|piece|words?|" + "|".join(FORMATS.values())
_COMMAND = re.compile(
    rf"^{_POLITE}(?:(?:{_VERB})\b(?:\s+(?:me|us|it))?\s*)?"
    rf"(?:(?:a|an|the|some|one|two|three|\d+)?\s*(?:\w+\s+){{0,3}}?(?:(?:{_KIND})\b\s*)+)?"
    r"(?:(?:about|on|regarding|of|for)\s+(?=\S))?",
    re.IGNORECASE,
)
"""“Please write me a short blog post about”, or as much of it as there is."""
_REVISION = re.compile(
    rf"^{_POLITE}(?:now\b|make (?:it|this|that)\b|again\b|once more|rewrite|shorter|longer|more\b|less\b|"
    r"try\b|another\b|the same\b|add\b|drop\b|remove\b|without\b|"
    r"in (?:german|french|spanish|italian|dutch|portuguese|japanese)\b)",
    re.IGNORECASE,
)
_SENTENCE_WORDS = re.compile(
    r"\b(?:is|are|was|were|am|i|i'm|my|we|you|do|does|did|has|have|had|can|will|won't|doesn't|isn't)\b", re.IGNORECASE
)
_NUMBER_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_QUOTED = r"(?: \w+){0,4}? with [\"“'‘]([^\"”\n]+?)[\"”'’](?=\W|$)"
_READERS = (
    r"audience is|audience:|aimed at|readers are|an audience of|written for|write for|speak to|talk to|explain \w* ?to"
)
_LIMIT = r"at most|max(?:imum)?(?: of)?|not? more than|under|up to|within|fewer than|less than|about|in|exactly|only"
_MENTION = r"\b(?:mention|include|recommend|promote)\s+(?:the (?:words?|phrase|name) )?"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for. `topic` is a phrase that fits after “about”."""

    messages: tuple[BaseMessage, ...]
    system: str
    said: str
    """The user's latest words."""
    topic: str
    format: str
    tone: str
    max_words: int | None
    hashtags: bool
    emoji: bool
    greeting: str
    persona: str
    audience: str
    mentions: tuple[str, ...]
    first_words: str
    last_words: str
    ends_with_question: bool
    capitals: bool
    temperature: float
    outline: tuple[str, ...]
    seed: str

    def pick(self, pool: Sequence[str], purpose: str) -> str:
        """One of the pool, always the same for the same request and purpose."""
        digest = hashlib.sha256(f"{self.seed}\n{purpose}".encode("utf-8", "surrogatepass")).digest()
        return pool[int.from_bytes(digest[:8], "big") % len(pool)]


def read(messages: Sequence[BaseMessage], *, temperature: float) -> Request:
    """What these messages ask for."""
    system = "\n".join(message.text for message in messages if message.type == "system")
    humans = [message.text.strip() for message in messages if message.type == "human"]
    subject, wishes = _subject_and_wishes(humans)
    prompt, _, outline = system.partition("Outline:\n")
    asked = f"{prompt}\n{wishes}"
    return Request(
        messages=tuple(messages),
        system=prompt,
        said=humans[-1] if humans else "",
        topic=topic_of(subject),
        format=_first(FORMATS, wishes) or _format_of_prompt(prompt) or _first(FORMATS, subject) or "text",
        tone=_first(TONES, wishes) or _tone_of_prompt(prompt),
        max_words=_scaled(min(_word_limits(asked), default=None), wishes),
        hashtags=_wanted("hashtags?", asked),
        emoji=_wanted("emojis?", asked),
        greeting=next((text for words, text in GREETINGS.items() if _search(words, asked)), ""),
        persona=_persona(prompt),
        audience=_find(rf"(?:{_READERS}) ([^.,;:\n]+)", asked),
        mentions=_mentions(asked),
        first_words=_find(rf"\b(?:start|begin|open){_QUOTED}", asked),
        last_words=_find(rf"\b(?:end|finish|close|sign off){_QUOTED}", asked),
        ends_with_question=bool(_search(r"(?:end|finish|close) with a question|ask (?:the reader )?a question", asked)),
        capitals=bool(_search("all caps|capital letters|uppercase", asked)),
        temperature=temperature,
        outline=tuple(re.findall(r"^- (.+)$", outline, re.MULTILINE)),
        seed=f"{asked}\n{subject}\n{temperature or ''}",
    )


def topic_of(text: str) -> str:
    """A user's words as a phrase that fits after “about”: without the command, or in quotes if they are a sentence."""
    line = " ".join(text.split())
    if known := known_question(line):
        return known[1]
    named = re.match(r"topic: (.+)", text, re.IGNORECASE)
    line = named[1] if named else line
    topic = _COMMAND.sub("", line, count=1).strip(" .!,;:\"'“”") or line.strip(" .!")
    if not topic:
        return "nothing in particular"
    if len(topic) > 120:
        topic = topic[:119].rsplit(" ", 1)[0] + "…"
    is_sentence = topic.endswith("?") or len(topic.split()) > 12 or bool(_SENTENCE_WORDS.search(topic))
    return f"“{topic}”" if is_sentence else topic


def number_in(text: str, noun: str) -> int | None:
    """The number before a noun: 3 in “at most three short questions” for the noun “question”."""
    found = _search(rf"(\d+|{'|'.join(_NUMBER_WORDS)})\s+(?:\w+\s+){{0,2}}?{noun}\w*", text)
    if found is None:
        return None
    word = found[1].lower()
    return _NUMBER_WORDS.index(word) + 1 if word in _NUMBER_WORDS else int(word)


def _subject_and_wishes(humans: Sequence[str]) -> tuple[str, str]:
    """The words that name the topic, and the changes asked for since: “shorter”, “now as a haiku”."""
    wishes: list[str] = []
    for text in reversed(humans):
        if not _REVISION.match(text) or text == humans[0]:
            return text, "\n".join(reversed(wishes))
        wishes.append(text)
    return "", ""


def _first(patterns: dict[str, str], text: str) -> str:
    """The name whose words come first in the text."""
    found = [(match.start(), name) for name, words in patterns.items() if (match := _search(words, text))]
    return min(found)[1] if found else ""


def _search(words: str, text: str) -> re.Match[str] | None:
    return re.search(rf"\b(?:{words})\b", text, re.IGNORECASE)


def _format_of_prompt(prompt: str) -> str:
    """The format a prompt asks for; in “turn blog posts into tweets” it is the second one."""
    wanted = re.sub(rf"{_NO}\w+(?: posts?)?", "", prompt, flags=re.IGNORECASE)
    target = re.search(r"\binto (?:\w+ ){0,3}?\w+", wanted, re.IGNORECASE)
    return (target and _first(FORMATS, target[0])) or _first(FORMATS, wanted)


def _tone_of_prompt(prompt: str) -> str:
    """A tone in the prompt's own words beats the one that a setting adds (“Tone: neutral.”)."""
    setting = re.search(r"^Tone: (\w+)\.", prompt, re.MULTILINE)
    own = prompt if not setting else prompt[: setting.start()]
    named = setting[1] if setting and setting[1] in TONES else ""
    return named or _first(TONES, re.sub(_NO + r"\w+", "", own, flags=re.IGNORECASE)) or "neutral"


def _word_limits(text: str) -> list[int]:
    found = re.findall(rf"\b(?:{_LIMIT}) (\d[\d,]*) words", text, re.IGNORECASE)
    return [int(number.replace(",", "")) for number in found]


def _scaled(limit: int | None, wishes: str) -> int | None:
    """The limit after so many wishes for “shorter” and “longer”."""
    steps = len(re.findall(r"\blonger\b", wishes, re.IGNORECASE)) - len(
        re.findall(r"\bshort\w*", wishes, re.IGNORECASE)
    )
    return limit if steps == 0 else max(5, int((limit or 120) * 2.0**steps))


def _wanted(words: str, text: str) -> bool:
    return bool(_search(words, re.sub(_NO + rf"(?:{words})", "", text, flags=re.IGNORECASE)))


def _find(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.IGNORECASE)
    return found[1].strip() if found else ""


def _persona(prompt: str) -> str:
    """Who the prompt says the model is, unless that is a trade any text has: “a pirate”, not “a versatile writer”."""
    persona = _find(r"\b(?:you are|act as|pretend to be|speak as|write as) ((?:an?|the) [^.,;:\n]+)", prompt)
    if _search("writer|author|assistant|agent|bot|copywriter|editor|journalist|model|expert|blogger", persona):
        return ""
    return re.sub(r"\s+(?:who|that|and|with|on|in)\b.*", "", persona)


def _mentions(text: str) -> tuple[str, ...]:
    found = re.findall(rf"{_MENTION}(?:[\"“]([^\"”\n]+)[\"”]|([^.,;:\n\"“]+))", text, re.IGNORECASE)
    phrases = (quoted or plain.strip() for quoted, plain in found)
    return tuple(phrase for phrase in phrases if not _search("hashtags?|emojis?|only|words", phrase))

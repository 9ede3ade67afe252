"""What the script writes: a text in the format, length and voice that a request asks for."""

import re
from collections.abc import Iterator, Sequence

from sample_agents.scripted import phrases
from sample_agents.scripted.phrases import ASPECTS, Aspect, known_question
from sample_agents.scripted.reading import Request, number_in

_SENTENCE = re.compile(r".+?(?:[.!?…][”\"’)]*(?=\s|$)|$)\s*", re.DOTALL)
_SMALL_TALK = re.compile(
    r"(?:hi|hello|hey|good (?:morning|evening|day)|thanks|thank you|hallo|ciao)\b[\s!.,]*(?:there)?[\s!.]*",
    re.IGNORECASE,
)
_BLOG_WORDS = 220
_TWEET_CHARACTERS = 280


def write(request: Request) -> str:
    """The text that a request asks for; never longer than it allows."""
    if not request.said or _SMALL_TALK.fullmatch(request.said):
        return _greet(request)
    body, ending = _body(request), _ending(request)
    if request.format == "tweet":
        text = _tweet(body, ending)
    elif request.max_words is None:
        text = _joined(body, ending)
    else:
        text = _joined(_fit(body, request.max_words - len(ending.split())), ending)
    text = text if request.max_words is None else _fit(text, request.max_words)
    return text.upper() if request.capitals else text


def aspects_of(request: Request, count: int) -> list[Aspect]:
    """So many different sides of the topic, the same ones for the same request."""
    start = ASPECTS.index(_pick_aspect(request))
    return [
        ASPECTS[(start + step * 5) % len(ASPECTS)] for step in range(min(count, len(ASPECTS)))
    ]  # 5 and 12 share no factor


def _pick_aspect(request: Request) -> Aspect:
    headings = [aspect.heading for aspect in ASPECTS]
    return ASPECTS[headings.index(request.pick(headings, "aspect"))]


def _greet(request: Request) -> str:
    hello = request.greeting or "Hello!"
    return f"{hello} Give me a topic, and I will write {phrases.ROLES[request.format]} about it."


def _body(request: Request) -> str:
    """The text before it is cut to its length; what comes first matters most."""
    match request.format:
        case "tweet":
            return " ".join(_lead_in(request, request.pick(phrases.TWEETS[request.tone], "tweet")))
        case "headline":
            return " ".join(_lead_in(request, _title(request, "headline")))
        case "haiku":
            return request.pick(phrases.HAIKUS, "haiku").format(topic=request.topic, Topic=_capital(request.topic))
        case "poem":
            return "\n\n".join(_fill(verse, request.topic) for verse in _rotated(phrases.POEMS, request)[:2])
        case "story":
            return " ".join((*_lead_in(request, ""), *(_fill(sentence, request.topic) for sentence in phrases.STORY)))
        case "email":
            return _email(request)
        case "list":
            return _list(request)
        case "summary":
            return _summary(request)
        case "blog":
            return _blog(request)
        case _:
            return _text(request)


def _text(request: Request) -> str:
    if known := known_question(request.said.strip()):
        aspect, topic = known
        return " ".join((*_lead_in(request, ""), *(_fill(sentence, topic) for sentence in aspect.sentences[:3])))
    opening = " ".join(_lead_in(request, request.pick(phrases.OPENERS[request.tone], "opener")))
    if request.topic.startswith("“"):
        return "\n\n".join((opening, request.pick(phrases.ADMISSIONS, "admission"), _closer(request)))
    paragraphs = (" ".join(_sentences(request, aspect)) for aspect in aspects_of(request, 2))
    return "\n\n".join((opening, *paragraphs, _closer(request)))


def _blog(request: Request) -> str:
    """A title, an opening, a section for each point of the outline, and more sections while there are words left."""
    target = request.max_words or _BLOG_WORDS
    title = f"# {_title(request, 'title')}"
    opening = " ".join(_lead_in(request, request.pick(phrases.OPENERS[request.tone], "opener")))
    parts, closer = [title, opening], _closer(request)
    for section in _sections(request):
        if _count((*parts, section, closer)) > target:
            break
        parts.append(section)
    return "\n\n".join((*parts, closer))


def _sections(request: Request) -> Iterator[str]:
    """Sections without end: the aspects of the outline, the other aspects, then notes."""
    aspects = aspects_of(request, len(ASPECTS))
    planned = [aspect for point in request.outline for aspect in aspects if aspect.heading == point]
    for aspect in (*planned, *(aspect for aspect in aspects if aspect not in planned)):
        yield f"## {aspect.heading}\n\n" + " ".join(_sentences(request, aspect))
    for round_, subject in enumerate(phrases.SUBJECTS * 100):
        outcome = phrases.OUTCOMES[(round_ + round_ // len(phrases.SUBJECTS)) % len(phrases.OUTCOMES)]
        yield f"{subject} {_fill(outcome, request.topic)}."


def _sentences(request: Request, aspect: Aspect) -> Iterator[str]:
    for number, sentence in enumerate(aspect.sentences):
        yield _fill(sentence, request.topic)
        if number == 1 and request.temperature >= 1:
            yield _fill(request.pick(phrases.WILD, aspect.heading), request.topic)


def _email(request: Request) -> str:
    aspect, other = aspects_of(request, 2)
    hello = {"formal": "Dear Sir or Madam,", "enthusiastic": "Hello hello!"}.get(request.tone, "Hello,")
    opening = " ".join(_lead_in(request, request.pick(phrases.OPENERS[request.tone], "opener")))
    bye = "Yours faithfully" if request.tone == "formal" else "Best wishes"
    paragraphs = (" ".join(_sentences(request, aspect)), " ".join(_sentences(request, other)), _closer(request))
    return "\n\n".join((f"Subject: {_capital(request.topic)}", hello, opening, *paragraphs, bye))


def _list(request: Request) -> str:
    count = number_in(request.system, "(?:bullet|point|item|tip)") or 4
    return "\n".join((" ".join(_lead_in(request, f"On {request.topic}:")), "", *_points(request, count)))


def _summary(request: Request) -> str:
    opening = " ".join(_lead_in(request, request.pick(phrases.OPENERS[request.tone], "opener")))
    return "\n\n".join((opening, "\n".join(_points(request, 3)), _closer(request)))


def _points(request: Request, count: int) -> list[str]:
    """A line for each numbered finding that the user gives, or for so many sides of the topic."""
    findings = re.findall(r"^\d+\. (.+?)\n+(.+?)(?=\n\d+\. |\Z)", request.said, re.MULTILINE | re.DOTALL)
    aspects = (
        (f"{aspect.heading}.", _fill(aspect.sentences[0], request.topic)) for aspect in aspects_of(request, count)
    )
    return [f"- **{heading.strip()}** {_first_sentence(text)}" for heading, text in findings or aspects]


def _lead_in(request: Request, opener: str) -> Iterator[str]:
    """Greeting, given first words, voice, opener, reader: each only if asked for."""
    if request.first_words:
        yield request.first_words
    if request.greeting:
        yield request.greeting
    if request.persona:
        about = "I would put it like this:" if opener else f"I have something to say about {request.topic}."
        yield f"As {request.persona}, {about}"
    if opener:
        yield _fill(opener, request.topic)
    if request.audience:
        yield f"This one is for {request.audience}."
    if request.temperature >= 1 and request.format in ("tweet", "headline", "list", "summary", "story"):
        yield _fill(request.pick(phrases.WILD, "lead"), request.topic)


def _joined(body: str, ending: str) -> str:
    separator = "\n\n" if "\n" in body else " "
    return separator.join(part for part in (body, ending) if part)


def _ending(request: Request) -> str:
    """What must not be cut off: mentions, a question, given last words, hashtags."""
    parts = [f"Worth mentioning: {mention}." for mention in request.mentions]
    if request.ends_with_question:
        parts.append(f"What is your experience with {request.topic}?")
    if request.last_words:
        parts.append(request.last_words)
    if request.emoji:
        parts.append(request.pick(("✨", "🌱", "🚀", "👀"), "emoji"))
    if request.hashtags:
        parts.append(" ".join(hashtags(request.topic)))
    return " ".join(parts)


def hashtags(topic: str) -> list[str]:
    """Up to three, of the topic's longest words in their order."""
    words = re.findall(r"\w+", topic)
    longest = sorted(words, key=len, reverse=True)[:2]
    tags = ["#" + word[0].upper() + word[1:] for word in words if word in longest and len(word) > 2][:2]
    return [*dict.fromkeys(tags), "#Scripted"]


def _closer(request: Request) -> str:
    return _fill(request.pick(phrases.CLOSERS[request.tone], "closer"), request.topic)


def _tweet(body: str, ending: str) -> str:
    """Whole sentences within a tweet's length, the ending included."""
    room = _TWEET_CHARACTERS - len(ending) - 1
    kept = ""
    for sentence in _SENTENCE.findall(body):
        if len((kept + sentence).strip()) > room:
            break
        kept += sentence
    return f"{kept.strip() or body[: room - 1].rsplit(' ', 1)[0] + '…'} {ending}".strip()


def _fit(text: str, limit: int) -> str:
    """The text's first sentences within so many words; at least its first words."""
    if len(text.split()) <= limit:
        return text
    kept, words = "", 0
    for sentence in _SENTENCE.findall(text):
        words += len(sentence.split())
        if words > limit:
            break
        kept += sentence
    kept = re.sub(r"(?:\n+(?:#[^\n]*|[-*]\s*)?)+\Z", "", kept.rstrip())
    return kept or " ".join(text.split()[:limit]).rstrip(",;:") + "…"


def _title(request: Request, purpose: str) -> str:
    words = [word if len(word) < 4 else _capital(word) for word in request.topic.split(" ")]
    return _fill(request.pick(phrases.HEADLINES, purpose), _capital(" ".join(words)))


def _rotated(pool: Sequence[str], request: Request) -> list[str]:
    start = pool.index(request.pick(pool, "start"))
    return [*pool[start:], *pool[:start]]


def _fill(phrase: str, topic: str) -> str:
    return phrase.replace("{topic}", topic).replace("{Topic}", _capital(topic))


def _capital(topic: str) -> str:
    return topic[:1].upper() + topic[1:]


def _first_sentence(text: str) -> str:
    """The first one that is more than an exclamation."""
    sentences = [sentence.strip() for sentence in _SENTENCE.findall(" ".join(text.split()))]
    return next((sentence for sentence in sentences if len(sentence.split()) > 2), text.strip())


def _count(parts: Sequence[str]) -> int:
    return sum(len(part.split()) for part in parts)


def in_voice(request: Request, text: str) -> str:
    """A short message of a conversation, with the greeting, the tone and the words that the prompt asks for."""
    hello = {"formal": "Dear customer,", "enthusiastic": "Hey there!", "witty": "Ahem."}.get(request.tone, "")
    first = not any(message.type == "ai" for message in request.messages)
    parts = [
        request.first_words,
        request.greeting or (hello if first else ""),
        _voiced(request, text),
        _ending(request),
    ]
    said = " ".join(part for part in parts if part)
    said = _fit(said, request.max_words) if request.max_words is not None else said
    return said.upper() if request.capitals else said


def _voiced(request: Request, text: str) -> str:
    match request.tone:
        case "formal":
            return text.replace("I am sorry to hear that.", "We regret the inconvenience.")
        case "friendly":
            return text.replace("I am sorry to hear that.", "Oh no, I am so sorry to hear that!")
        case "enthusiastic":
            return text.replace("I am sorry to hear that.", "Oh no! Let's fix that right away!")
        case "witty":
            return text.replace("I am sorry to hear that.", "That is not how it was meant to travel, and I am sorry.")
    return text

"""How the script classifies: by words that speak for a label, and by what the prompt says about it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sample_agents.scripted.reading import Request

_SIGNS = {
    r"billing|payment|invoice|money": r"invoice\w*|charg\w+|paid|pay\w*|refund\w*|price\w*|twice",
    r"bug|error|problem|technical|incident": r"crash\w*|errors?|broken|bugs?|fail\w*|freez\w+|not work\w*|blank",
    r"feature|idea|request|suggestion": r"would be (?:nice|great)|add|wish|feature|support for|could you|idea",
    r"question|how ?to|help": r"how|what|when|where|why|can i|is it possible|\?",
    r"praise|positive|happy|thanks|compliment": r"love\w*|great|thanks?|thank you|awesome|excellent|perfect|wonderful",
    r"negative|complaint|angry|unhappy": r"hate\w*|terrible|awful|bad|disappoint\w+|angry|worst|slow|late|rude",
    r"spam|scam|advert\w*": r"winner|free money|click here|prize|casino|lottery|offer ends|limited time",
    r"shipping|delivery|parcel|order": r"parcel|package|deliver\w*|shipp\w+|arriv\w+|track\w*|courier",
    r"account|login|access": r"password|log ?in|account|sign ?in|locked out|e-?mail address",
    r"urgent|critical|high": r"asap|immediately|urgent\w*|right now|down|outage|production",
}
_DOUBT = r"(?:when in doubt|if unsure|if in doubt|by default|prefer|default to)[^.\n]{0,40}?\b"


def choose_label(request: Request, labels: Sequence[Any]) -> tuple[Any, float]:
    """The label that fits the user's words best, and how sure that is (0 to 1, two digits).

    Without labels, only how sure: of those that the messages name in quotes or after “Labels:”.
    """
    names = [str(label) for label in labels] or _named(request)
    if not names:
        return None, 0.5
    text = request.said
    scores = {name: _score(name, text, request.system) for name in names}
    best = max(names, key=lambda name: scores[name])
    confidence = (scores[best] + 0.25) / (sum(scores.values()) + 0.25 * len(names))
    return (labels[names.index(best)] if labels else None), round(confidence, 2)


def _named(request: Request) -> list[str]:
    found = re.search(r"^Labels: (.+)$", request.system, re.MULTILINE)
    return [name.strip() for name in found[1].split(",")] if found else []


def _score(label: str, text: str, prompt: str) -> float:
    words = label.replace("_", " ").replace("-", " ")
    score = 2.0 * _count(re.escape(words), text)
    for labels, signs in _signs(prompt, words).items():
        if re.search(rf"\b(?:{labels})", words, re.IGNORECASE):
            score += _count(signs, text)
    return score + (0.6 if re.search(_DOUBT + re.escape(label), prompt, re.IGNORECASE) else 0)


def _signs(prompt: str, label: str) -> Mapping[str, str]:
    """The signs that everybody knows, and the prompt's own: “billing: invoices, price changes”."""
    own = re.search(rf"^\W*{re.escape(label)}\W*: (.+)$", prompt, re.IGNORECASE | re.MULTILINE)
    if own is None:
        return _SIGNS
    signs = (re.escape(sign.strip(" .")) for sign in own[1].split(",") if sign.strip(" ."))
    return {**_SIGNS, re.escape(label): "|".join(signs)}


def _count(pattern: str, text: str) -> int:
    return len(re.findall(rf"(?<!\w)(?:{pattern})(?!\w)", text, re.IGNORECASE))

"""How long the differences between two outputs of 200 kB take, by word, and difflib's in the same process.

python tests/benchmarks/compare_diff.py
"""

import random
import re
import sys
import time
from collections.abc import Callable
from difflib import SequenceMatcher
from itertools import accumulate
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from playground.compare.text_diff import diff_words, percent_equal
from playground.tui.compare.difference_lines import draw, output
from playground.tui.compare.differences import SideView, TurnView, compare
from tests.benchmarks.table import row

SIZE = 200_000
ROUNDS = 3
WORDS = [f"word{number}" for number in range(5_000)]
WEIGHTS = list(accumulate(1 / (number + 1) for number in range(len(WORDS))))  # as often as in a language


def main() -> None:
    """Print the table."""
    text = prose(1)
    others = {
        "entirely different": prose(2),
        "every other word": edited(text, 0.5),
        "a word in a hundred": edited(text, 0.01),
        "halves swapped": text[SIZE // 2 :] + text[: SIZE // 2],
    }
    for name, other in others.items():
        took = seconds(lambda other=other: diff_words(text, other))  # type: ignore[misc]
        equal = percent_equal(diff_words(text, other))
        row(f"diff, {name}", f"{took:.2f} s, {equal} % equal", "0.5 s", took <= 0.5)
    took = seconds(lambda: whole(text, others["entirely different"]))
    row("diff, to its lines", f"{took:.2f} s off the event loop", "1.5 s", took <= 1.5)
    ours = seconds(lambda: diff_words(text, others["entirely different"]))
    theirs = seconds(lambda: by_difflib(text, others["entirely different"]), rounds=1)
    row("difflib on the first ones", f"{theirs:.1f} s: {theirs / ours:.0f} times ours", "10 times", theirs > 10 * ours)


def seconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median of some rounds."""
    took = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        took.append(time.perf_counter() - started)
    return median(took)


def whole(left: str, right: str) -> object:
    """Everything from two outputs to the lines on the screen."""
    sides = [SideView("", {}, {}, (TurnView("asked", text, (), "done"),)) for text in (left, right)]
    return draw(output(compare(*sides)), 118)


def by_difflib(left: str, right: str) -> object:
    """The same words, and as exact."""
    words = [re.findall(r"\s*\w+|\s*[^\w\s]|\s+", text) for text in (left, right)]
    return SequenceMatcher(None, *words, autojunk=False).get_opcodes()


def prose(seed: int) -> str:
    """Sentences and paragraphs."""
    chance = random.Random(seed)
    words = chance.choices(WORDS, cum_weights=WEIGHTS, k=SIZE // 5)
    ends = chance.choices((" ", ", ", ". ", "\n\n"), weights=(85, 7, 7, 1), k=len(words))
    return "".join(word + end for word, end in zip(words, ends, strict=True))[:SIZE]


def edited(text: str, share: float) -> str:
    """The text with this share of its words replaced."""
    chance = random.Random(7)
    return " ".join(chance.choice(WORDS) if chance.random() < share else word for word in text.split(" "))


if __name__ == "__main__":
    main()

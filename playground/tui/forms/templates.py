"""Which variables a prompt has: `{name}` as Python formats it, `{{name}}` of mustache and jinja. Pure."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

_NAME: Final = r"[A-Za-z_]\w*"
_PATH: Final = rf"{_NAME}(?:\.\w+|\[[^\[\]{{}}\s]*\])*"
_FORMAT: Final = r":(?:%[^{}\n]*|[^\s{}]*)"  # a format has no spaces, but for dates; `{key: value}` is no variable

_PYTHON: Final = re.compile(rf"\{{\{{|\}}\}}|\{{({_PATH})(?:![rsa])?(?:{_FORMAT})?\}}")
_MUSTACHE: Final = re.compile(rf"\{{\{{\{{?\s*([#^/&]?)\s*({_PATH})\s*\}}?\}}\}}")
_SECTION: Final = re.compile(rf"\{{\{{\s*[#^/&]\s*{_NAME}")
_JINJA: Final = re.compile(r"\{#.*?#\}|\{%-?(.*?)-?%\}|\{\{-?(.*?)-?\}\}", re.DOTALL)
_JINJA_TAG: Final = re.compile(r"\{%.*?%\}|\{#.*?#\}|\{\{-?[^{}]*[|(\[][^{}]*\}\}", re.DOTALL)

_QUOTED: Final = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
# A name of an expression: not an attribute, a filter, a function or an argument's name.
_USED: Final = re.compile(rf"(?<![\w.|])(?<!\|\s)({_NAME}(?:\.{_NAME})*)(?!\w)(?!\s*[(=](?!=))")
_WORDS: Final = re.compile(  # of jinja itself
    "and|or|not|in|is|if|else|elif|endif|for|endfor|set|endset|block|endblock|filter|endfilter|with|endwith|without|"
    "context|recursive|true|false|none|True|False|None|defined|undefined|loop|macro|endmacro|include|import|from|"
    "extends|raw|endraw|as|ignore|missing"
)


def variables(text: str) -> tuple[str, ...]:
    """The variables of a prompt in the order in which they come, each once; `a.b` stays whole.

    A text with `{% … %}` is jinja. One with `{{name}}` and no `{name}` is mustache, or jinja, which reads the same.
    Else it is Python's: `{{` stands for a brace. What isn't a name between braces (JSON, say) is text.
    """
    if "{" not in text:
        return ()
    return tuple(dict.fromkeys(_found(text)))


def changed(before: str, after: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The variables that came and those that went."""
    old, new = variables(before), variables(after)
    return tuple(name for name in new if name not in old), tuple(name for name in old if name not in new)


def root(name: str) -> str:
    """What has to be given for a variable: `customer` for `customer.orders[0]`."""
    return re.split(r"[.\[]", name, maxsplit=1)[0]


def _found(text: str) -> Iterable[str]:
    if _JINJA_TAG.search(text):
        return _of_jinja(text)
    python = [] if _SECTION.search(text) else [match[1] for match in _PYTHON.finditer(text) if match[1]]
    return python or _of_mustache(text)


def _of_mustache(text: str) -> Iterator[str]:
    for match in _MUSTACHE.finditer(text):
        if match[1] != "/":
            yield match[2]


def _of_jinja(text: str) -> Iterator[str]:
    own: set[str] = set()  # made by the template itself
    for match in _JINJA.finditer(text):
        code = _QUOTED.sub("''", match[1] or match[2] or "")
        if made := re.match(r"\s*(?:for\s+(.+?)\s+in\b|set\s+(\w+)\s*=)", code):
            own |= set(re.findall(_NAME, made[1] or made[2]))
            code = code[made.end() :]
        for used in _USED.findall(code):
            if not _WORDS.fullmatch(used) and root(used) not in own and root(used) != "loop":
                yield used

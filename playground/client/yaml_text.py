"""JSON values as YAML text and back: `load(dump(value))` is the value. Nothing but JSON's types is read.

The types are YAML 1.2's: `yes`, `on`, dates and numbers that begin with 0 are texts. What YAML 1.1 would read
otherwise is quoted, so that other tools read the same. https://yaml.org/spec/1.2.2/#103-core-schema
"""

import math
import re
from typing import Any, Final

import yaml

MAP: Final = "tag:yaml.org,2002:map"
SEQUENCE: Final = "tag:yaml.org,2002:seq"
TEXT: Final = "tag:yaml.org,2002:str"

# As in `tui/forms/text.py`, and what YAML itself folds or forbids: carriage return, byte order mark, non-characters.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_ESCAPED = re.compile(f'["\\\\\t\n]|{_UNSAFE.pattern}')
_UNREADABLE = yaml.reader.Reader.NON_PRINTABLE
_LONGEST_NUMBER: Final = 4000  # digits; Python refuses to read more than 4,300

# The types of plain scalars: what they are told by, and their first characters.
_PLAIN: Final = (
    ("tag:yaml.org,2002:null", r"(?:~|null|Null|NULL|)", ["~", "n", "N", ""]),
    ("tag:yaml.org,2002:bool", r"(?:true|True|TRUE|false|False|FALSE)", list("tTfF")),
    ("tag:yaml.org,2002:int", r"[-+]?(?:0|[1-9][0-9]*)", list("-+0123456789")),
    (
        "tag:yaml.org,2002:float",
        r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+))",
        list("-+.0123456789"),
    ),
    ("!not-json", r"(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))", list("-+.")),
)

_SENTENCES: Final = (
    ("found character '\\t'", "a tab can't indent: use spaces"),
    ("mapping values are not allowed here", "a “:” can't stand here: quote the text, or indent it as its neighbours"),
    ("could not find expected ':'", "a key needs a “:” behind it, and a text of several lines a “|” before it"),
    ("found unexpected end of stream", "a quoted text doesn't end"),
    ("did not find expected", "this doesn't fit what is around it: look at its indentation"),
    ("expected <block end>", "this doesn't fit what is around it: look at its indentation"),
    ("expected ',' or", "a “,” or the closing bracket is missing"),
    ("expected the node content", "a value is missing here"),
    ("found unknown escape character", "an escape that YAML doesn't know; a “\\” itself is “\\\\”"),
    ("found character", "a text can't begin with this character: quote it"),
    ("but found another document", "this is a second document: only one can be read"),
)


class YamlError(ValueError):
    """A text that is no YAML of JSON values: a sentence for the user, and where; line and column begin at 1."""

    def __init__(self, sentence: str, line: int, column: int) -> None:
        super().__init__(f"line {line}, column {column}: {sentence}")
        self.sentence = sentence
        self.line = line
        self.column = column


def dump(value: Any) -> str:
    """A JSON value as YAML: a key a line in the value's order, texts of several lines as they are after a `|`.

    What a terminal would act on is escaped. Raises ValueError for a number that JSON doesn't have.
    """
    return yaml.dump(
        value, Dumper=_Dumper, default_flow_style=False, sort_keys=False, allow_unicode=True, width=math.inf
    )


def load(text: str) -> Any:
    """The JSON value of a YAML text; null of an empty one.

    Raises YamlError for what isn't YAML, and for what JSON doesn't have: tags, anchors and aliases, a key twice, keys
    that are no scalars, infinity and NaN, several documents.
    """
    node = compose(text)
    return None if node is None else _value(node)


def compose(text: str) -> yaml.Node | None:
    """The text's nodes with their marks, whose lines and columns begin at 0; None if it is empty. Raises YamlError."""
    unreadable = _UNREADABLE.search(text)
    if unreadable:
        sentence = f"the character U+{ord(unreadable[0]):04X} can't stand in YAML: write it as an escape in quotes"
        raise _error_at(sentence, text, unreadable.start())
    try:
        return _Loader(text).get_single_node()
    except yaml.MarkedYAMLError as error:
        raise _told(error, text) from None
    except RecursionError:
        raise YamlError("is nested too deeply", 1, 1) from None


class _Loader(
    yaml.reader.Reader, yaml.scanner.Scanner, yaml.parser.Parser, yaml.composer.Composer, yaml.resolver.BaseResolver
):
    """Reads text into nodes of JSON's types."""

    def __init__(self, text: str) -> None:
        yaml.reader.Reader.__init__(self, text)
        yaml.scanner.Scanner.__init__(self)
        yaml.parser.Parser.__init__(self)
        yaml.composer.Composer.__init__(self)
        yaml.resolver.BaseResolver.__init__(self)

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """The next node. Aliases, which can make gigabytes of a few lines, and tags are not read."""
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        if getattr(event, "anchor", None) is not None:
            raise _refused(event, "“&” and “*” at the start of a value are read as anchors and aliases: quote the text")
        if getattr(event, "tag", None) is not None:
            raise _refused(event, "“!” at the start of a value is read as a tag: quote the text")
        return super().compose_node(parent, index)


class _Dumper(yaml.SafeDumper):
    """Writes JSON values to be read by people."""

    def ignore_aliases(self, data: Any) -> bool:
        """A value that is there twice is written twice."""
        return True

    def analyze_scalar(self, scalar: str) -> Any:
        """In which styles a text can be written."""
        if _UNSAFE.search(scalar):
            return yaml.emitter.ScalarAnalysis(scalar, False, "\n" in scalar, False, False, False, True, False)
        if "\n" in scalar:  # spaces at the end of a line and tabs stay as they are behind a `|`
            return yaml.emitter.ScalarAnalysis(scalar, False, True, False, False, False, True, True)
        return super().analyze_scalar(scalar)

    def write_double_quoted(self, text: str, split: bool = True) -> None:
        """A quoted text on one line."""
        self.write_indicator(f'"{_ESCAPED.sub(_escape, text)}"', True)


def _represent_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar(TEXT, text, style="|" if "\n" in text else None)


def _represent_float(dumper: _Dumper, number: float) -> yaml.ScalarNode:
    if not math.isfinite(number):
        raise ValueError(f"JSON has no number {number}")
    return yaml.SafeDumper.represent_float(dumper, number)


_Dumper.add_representer(str, _represent_text)
_Dumper.add_representer(float, _represent_float)
for _tag, _pattern, _first in _PLAIN:
    for _class in (_Loader, _Dumper):
        _class.add_implicit_resolver(_tag, re.compile(rf"{_pattern}\Z"), _first)


def _value(node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return _object(node)
    if isinstance(node, yaml.SequenceNode):
        return [_value(entry) for entry in node.value]
    text: str = node.value
    match node.tag.rpartition(":")[2]:
        case "null":
            return None
        case "bool":
            return text.lower() == "true"
        case "int" if len(text) <= _LONGEST_NUMBER:
            return int(text)
        case "float" if math.isfinite(float(text)):
            return float(text)
        case "str":
            return text
    raise _error_of(node, "is no number that JSON has: quote it if it is a text")


def _object(node: yaml.MappingNode) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise _error_of(key, "a key must be a text")
        if key.value in found:
            raise _error_of(key, f"the key {_short(key.value)} is there twice")
        found[key.value] = _value(value)
    return found


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    if character in '"\\':
        return f"\\{character}"
    if character in "\t\n":
        return "\\t" if character == "\t" else "\\n"
    return f"\\x{ord(character):02x}" if character <= "\xff" else f"\\u{ord(character):04x}"


def _told(error: yaml.MarkedYAMLError, text: str) -> YamlError:
    """The library's error in words for users, at the place where it can be mended."""
    mark, opened, problem = error.problem_mark or error.context_mark, error.context_mark, error.problem or ""
    sentence = next((said for start, said in _SENTENCES if start in problem), problem or "isn't YAML")
    if mark is None:
        return YamlError(sentence, 1, 1)
    if text[mark.index : mark.index + 1] == "\t":
        sentence = "a tab can't indent: use spaces"
    elif opened is not None and problem == "found unexpected end of stream":
        mark = opened
    elif opened is not None and opened.line != mark.line and (error.context or "").startswith("while parsing a flow"):
        sentence = f"{sentence}; it opens in line {opened.line + 1}"
    return YamlError(sentence, mark.line + 1, mark.column + 1)


def _short(key: str) -> str:
    return f"“{key}”" if len(key) <= 40 else f"“{key[:39]}…”"


def _refused(event: Any, sentence: str) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=sentence, problem_mark=event.start_mark)


def _error_of(node: yaml.Node, sentence: str) -> YamlError:
    return YamlError(sentence, node.start_mark.line + 1, node.start_mark.column + 1)


def _error_at(sentence: str, text: str, index: int) -> YamlError:
    return YamlError(sentence, text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))

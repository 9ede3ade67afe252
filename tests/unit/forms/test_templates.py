"""The variables of a prompt, whatever it is a template of; braces that mean something else are text."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.tui.forms.templates import changed, root, variables


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ""),
        ("no braces", ""),
        ("You work for {company}, {name}. {company}!", "company name"),
        ("{a.b} {c[0]} {d[key].e}", "a.b c[0] d[key].e"),
        ("{price:.2f} {day:%d %B} {x!r:>10} {n:,}", "price day x n"),
        ("{{not}} {real} {{{also}}}", "real also"),
        ('Answer as {"order_id": "…", "items": [{"a": 1}]} for {name}', "name"),
        ("{name: string, age: number} {} {0} { spaced }", ""),
        ("{\n  company\n}", ""),
        ("{{company}} and {{ name }}", "company name"),
        (
            "{{#items}}{{title}}{{/items}}{{^none}}-{{/none}} {{{raw}}} {{&also}} {{! a comment}}",
            "items title none raw also",
        ),
        ("{% if vip and not muted %}Dear {{ user.name|title }}{% endif %}", "vip muted user.name"),
        ("{% for item in order.items %}{{ loop.index }}{{ item.id }}{% endfor %}{# {{ no }} #}", "order.items"),
        ("{% set greeting = 'hi {{x}}' ~ who %}{{ greeting }} {{ price | round(2) }} {{ f(a, b=c) }}", "who price a c"),
        ("{{ name | default('you') }}", "name"),
        ("{%- if x == 1 -%}{{ y }}{% endif %}", "x y"),
        ("a { b } c } d { e", ""),
        ("{{", ""),
        ("{größe}", "größe"),
    ],
)
def test_variables(text: str, names: str) -> None:
    assert variables(text) == tuple(names.split())


def test_what_came_and_what_went() -> None:
    assert changed("{a} {b}", "{b} {c.d}") == (("c.d",), ("a",))
    assert [root(name) for name in ("a", "a.b", "a[0].b")] == ["a", "a", "a"]


@given(st.lists(st.sampled_from(["{a}", "{b.c}", "{d:>3}", "{{", "}}", "x", " ", "\n"]), max_size=12))
def test_it_reads_a_format_string_as_python_does(parts: list[str]) -> None:
    text = "".join(parts)
    named = [name for _, name, _, _ in string.Formatter().parse(text) if name]
    if named:
        assert variables(text) == tuple(dict.fromkeys(named))


@given(st.text("{}%#ab.: |\n\"'[]!", max_size=60))
def test_no_text_is_too_strange(text: str) -> None:
    assert all(name and root(name) for name in variables(text))

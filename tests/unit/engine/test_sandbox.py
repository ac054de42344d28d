# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Programs that come with a model: no reach outside, an end in time, a bound on memory."""

import resource
import sys
import threading
import time

import pytest

from assistant.engine import sandbox
from assistant.engine.sandbox import Broken, Endless, Template

NAMES = {"messages": [{"role": "user", "content": "x"}], "bos_token": "<s>", "add_generation_prompt": True}
GROWING = "{% set ns = namespace(s='aaaaaaaaaa', l=[1]) %}"
LONG = "x" * 50_000
MEMORY = 300 << 20

BOMBS = [
    "{{ 'a' * 1000000000 }}",
    "{{ 1000000000 * 'a' }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ 'a' * -1000000000 }}",
    "{{ range(1000000000) | list }}",
    GROWING + "{% for i in range(60) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
    GROWING + "{% for i in range(60) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
    GROWING + "{% for i in range(60) %}{% set ns.l = ns.l + ns.l %}{% endfor %}",
    GROWING + "{% for i in range(99999) %}{% set ns.l = ns.l + [('a' * 90000) ~ i] %}{% endfor %}",
    "{{ 'a'.ljust(1000000000) }}",
    "{{ 'a' | center(1000000000) }}",
    "{{ 'a' | indent(1000000000) }}",
    "{{ [1] | tojson(indent=1000000000) }}",
    "{{ [1, 2] | batch(1000000000, 'x') | list }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ '%1000000000d' | format(1) }}",
    "{{ '%*d' % (1000000000, 1) }}",
    "{{ '{:>1000000000}'.format(1) }}",
    "{{ '{:>{}}'.format(1, '1000000000') }}",
    "{{ ('a' * 90000).replace('a', 'a' * 90000) }}",
    "{{ ('a' * 90000) | replace('a', 'a' * 90000) }}",
    "{{ ('a' * 90000).join('b' * 90000) }}",
    "{{ ('b' * 90000) | join('a' * 90000) }}",
    "{{ ('\t' * 90000).expandtabs(90000) }}",
    "{{ lipsum(n=100000) }}",
    "{% for i in range(99999) %}" + LONG + "{% endfor %}",
    "{% set b %}{% for i in range(99999) %}" + LONG + "{% endfor %}{% endset %}",
    "{% macro m() %}{% for i in range(99999) %}" + LONG + "{% endfor %}{% endmacro %}{{ m() }}",
    "{% filter upper %}{% for i in range(99999) %}" + LONG + "{% endfor %}{% endfilter %}",
]
NESTED = [
    GROWING + "{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}" + shown
    for shown in ("{{ ns.l }}", "{{ ns.l | tojson }}", "{{ ns.l | string }}", "{{ 'x' ~ ns.l }}")
]
REACHING = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ messages.append('x') }}",
    "{{ messages[0].update({'content': 'forged'}) }}",
    "{{ self.__init__.__globals__['os'] }}",
    "{{ raise_exception.__globals__['sys'] }}",
    "{{ '{0.__class__.__mro__}'.format('') }}",
    "{{ ('' | attr('__class__')).mro() }}",
    "{% import 'os' as os %}",
    "{% include '/etc/passwd' %}",
    "{% extends 'x' %}",
]
RECURSIVE = [
    "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
    "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
]
UNREADABLE = [
    "{% for %}",
    "{{ a b c }}",
    "{" * 20_000,
    "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
    "{% for a in [1] %}" * 25 + "{% endfor %}" * 25,
    "{% if 1 %}" * 3000 + "{% endif %}" * 3000,
]
ENDLESS = [
    "{% for a in range(99999) %}{% for b in range(9999) %}{{ loop.index is odd }}{% endfor %}{% endfor %}",
    "{% set r = range(99999) %}{% for a in r %}{% for b in r %}{% endfor %}{% endfor %}",
]


def peak() -> int:
    """Return the most memory this process has had, in bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most << 10


@pytest.mark.parametrize("source", BOMBS)
def test_what_would_fill_the_memory_is_refused(source: str):
    before, start = peak(), time.monotonic()
    with pytest.raises(Broken) as refused:
        Template(source).render(NAMES)
    assert isinstance(refused.value, Endless) or str(refused.value) in ("SecurityError", "UndefinedError")
    assert peak() - before < MEMORY
    assert time.monotonic() - start < 2 * sandbox.RENDER_SECONDS


@pytest.mark.parametrize("source", NESTED)
def test_lists_within_lists_are_not_written_out(source: str, monkeypatch):
    monkeypatch.setattr(sandbox, "BUDGET", 100_000)
    with pytest.raises(Broken, match="SecurityError"):
        Template(source).render(NAMES)


@pytest.mark.parametrize("source", REACHING)
def test_a_template_reaches_nothing_outside(source: str):
    names = {**NAMES, "messages": [{"role": "user", "content": "x"}]}
    try:
        shown = Template(source).render(names)
    except Broken:
        shown = ""
    assert shown == ""
    assert names["messages"] == [{"role": "user", "content": "x"}]


@pytest.mark.parametrize("source", RECURSIVE)
def test_a_template_that_calls_itself_is_refused(source: str):
    with pytest.raises(Broken, match="RecursionError"):
        Template(source).render(NAMES)


@pytest.mark.parametrize("source", UNREADABLE)
def test_a_template_that_cannot_be_compiled_is_refused(source: str):
    with pytest.raises(Broken):
        Template(source)


@pytest.mark.parametrize("source", ENDLESS)
def test_a_template_without_end_is_broken_off(source: str, monkeypatch):
    monkeypatch.setattr(sandbox, "RENDER_SECONDS", 0.2)
    with pytest.raises(Endless):
        Template(source).render(NAMES)
    assert not any(thread.name == "template" for thread in threading.enumerate())


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("{{ ('a,b'.split(',') + ['c']) | join('-') ~ '!' }}", "a-b-c!"),
        ("{{ '%s and %02d' % ('x', 3) }}{{ '{:.2f} {}'.format(0.5, 'y') }}", "x and 030.50 y"),
        ("{% generation %}{{ messages[0].content | upper }}{% endgeneration %}", "X"),
        ("{% for m in messages %}{% break %}{% endfor %}{{ bos_token * 2 }}", "<s><s>"),
        ("{{ messages | selectattr('role', 'equalto', 'user') | map(attribute='content') | list }}", "['x']"),
        ("{{ nothing }}{{ 3 * 4 + 2 ** 3 % 5 }}{{ 'today' if strftime_now('%Y') | int > 2000 }}", "15today"),
    ],
)
def test_what_templates_need_works(source: str, shown: str):
    assert Template(source).render(NAMES) == shown


def test_a_budget_is_for_one_run():
    template = Template("{{ ('a' * 99999) ~ ('b' * 99999) }}")
    assert {len(template.render(NAMES)) for _ in range(40)} == {199_998}

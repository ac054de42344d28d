# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A sandbox for the programs that models bring: no reach outside, an end in time, a bound on memory.

Jinja's own sandbox keeps a template from attributes and from changing what it is given. Here every
operation that can make much of little (+ * ** % ~, calls, filters, the output) is measured before it
is done, and constants are not worked out while compiling, where no limit on time would hold.
"""

import ctypes
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Never, TypeVar

import jinja2
from jinja2 import nodes, pass_context
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension, loopcontrols
from jinja2.parser import Parser
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

ResultT = TypeVar("ResultT")

RENDER_SECONDS = 2.0
MAX_NUMBER = 100_000  # for "a" * n, for widths and for repetitions
BUDGET = 4_000_000  # letters and items that one run may make in all
WIDE_FIELD = re.compile(r"[0-9]{4,}|%[^a-zA-Z%]*\*|\{[^{}]+\{")  # "%99999d", "%*d", "{:>{}}"
NOT_NEEDED = ("filesizeformat", "pprint", "random", "striptags", "urlize", "xmlattr")


class Broken(Exception):  # noqa: N818  not shown: says why a template gave nothing
    """A template is faulty, forbidden something, or refused what it was given."""


class Endless(Broken):
    """A template does not come to an end."""


class Template:
    """A compiled template."""

    def __init__(self, source: str) -> None:
        """Compile it. Raises Broken."""
        self._environment = _Environment()
        self._template = _in_time(lambda: self._environment.from_string(source))

    def render(self, names: Mapping[str, Any]) -> str:
        """Return the text it gives. Raises Broken."""
        self._environment.left = BUDGET
        return _in_time(lambda: self._template.render(names))


class _Generator(CodeGenerator):
    """Compiles `~` to a call that is measured."""

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802  Jinja's name
        self.write("environment.concatenated((")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")


class _Generation(Extension):
    """Reads {% generation %}, by which training marks what the model said, as nothing."""

    tags = {"generation"}  # noqa: RUF012  Jinja's own form

    def parse(self, parser: Parser) -> list[nodes.Node]:
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


class _Environment(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, with a budget."""

    code_generator_class = _Generator
    intercepted_binops = frozenset(("+", "*", "**", "%"))

    def __init__(self) -> None:
        super().__init__(
            trim_blocks=True,
            lstrip_blocks=True,
            optimized=False,
            extensions=[loopcontrols, _Generation],
            finalize=self._shown,
        )
        self.left = BUDGET
        self.filters = {
            name: _measured_filter(self, name, function)
            for name, function in self.filters.items()
            if name not in NOT_NEEDED
        }
        for name in ("lipsum", "cycler", "joiner"):
            del self.globals[name]
        self.globals["raise_exception"] = _raise_exception
        self.globals["strftime_now"] = lambda layout: datetime.now().astimezone().strftime(layout)

    def spend(self, amount: int) -> None:
        """Take from the budget. Raises SecurityError."""
        self.left -= amount
        if self.left < 0:
            raise SecurityError("too much is made")

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Refuse what would grow out of bounds."""
        sizes = [size_of(left), size_of(right)]
        if operator == "+":
            self.spend(sum(sizes))
        elif operator == "%" and isinstance(left, str):
            _check_layout(left)
            self.spend(_product(left, [right], {}))
        elif operator == "*":
            numbers = [value if isinstance(value, int | float) else 1 for value in (left, right)]
            _check_numbers(numbers)
            if not all(isinstance(value, int | float) for value in (left, right)):
                self.spend(int(max(sizes) * max(map(abs, numbers))))
        elif operator == "**":
            _check_numbers([left, right])
            if abs(right) > 64:
                raise SecurityError("too large a power")
        return super().call_binop(context, operator, left, right)

    def call(self, context: Context, function: Any, /, *args: Any, **named: Any) -> Any:
        """Measure the arguments of every call, and what methods of a text could make of it."""
        arguments = [_listed(value) for value in args]
        method = getattr(function, "__wrapped__", function)  # `format` comes wrapped by Jinja
        owner = getattr(method, "__self__", None)
        if isinstance(owner, str) and method.__name__.startswith("format"):
            _check_layout(owner)
        self.spend(_product(owner if isinstance(owner, str) else "", arguments, named))
        return super().call(context, function, *arguments, **named)

    def concatenated(self, parts: Sequence[Any]) -> str:
        """Return what `~` makes of its operands."""
        return self.concat(str(self._shown(part)) for part in parts)

    def concat(self, parts: Iterable[str]) -> str:
        """Put the output together, also that of macros and blocks."""
        kept = []
        for part in parts:
            self.spend(len(part))
            kept.append(part)
        return "".join(kept)

    def _shown(self, value: Any) -> Any:
        size_of(value)
        return value


def _measured_filter(
    environment: _Environment, name: str, function: Callable[..., Any]
) -> Callable[..., Any]:
    """Return a filter that measures first. It asks for the context, which keeps it from constants."""
    wants = str(getattr(function, "jinja_pass_arg", ""))

    @pass_context
    def measured(context: Context, value: Any, *args: Any, **named: Any) -> Any:
        value = _listed(value)
        if name == "format":
            _check_layout(str(value))
        environment.spend(_product(value, args, named))
        first: tuple[Any, ...] = ()
        if "context" in wants:
            first = (context.eval_ctx,) if "eval" in wants else (context,)
        elif "environment" in wants:
            first = (environment,)
        return function(*first, value, *args, **named)

    return measured


def size_of(value: Any) -> int:
    """Return the letters and items in a value, each as often as it would be shown.

    Raises SecurityError beyond the budget.
    """
    size, waiting = 0, [value]
    while waiting:
        one = waiting.pop()
        size += 1 + (len(one) if isinstance(one, str | bytes) else 0)
        if isinstance(one, int) and not isinstance(one, bool):
            size += one.bit_length() // 3
        if isinstance(one, Mapping):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list | tuple | set | frozenset):
            waiting += one
        if size + len(waiting) > BUDGET:
            raise SecurityError("too much is shown")
    return size


def _product(value: Any, args: Sequence[Any], named: Mapping[str, Any]) -> int:
    """Return what a method or filter can make at most. Raises SecurityError."""
    arguments = [*args, *named.values()]
    numbers = [one for one in arguments if isinstance(one, int | float)]
    _check_numbers(numbers)
    factor = sum(size_of(one) for one in arguments) + int(max(map(abs, numbers), default=0))
    made = size_of(value) * max(factor, 1)
    if made > BUDGET:
        raise SecurityError("too much is made")
    # What can be made is a bound, far above what is made as a rule: it is not what the budget is for.
    return min(made, size_of(value) + factor)


def _check_layout(layout: str) -> None:
    if WIDE_FIELD.search(layout):
        raise SecurityError("too wide a field")


def _check_numbers(numbers: Iterable[Any]) -> None:
    if any(not abs(number) <= MAX_NUMBER for number in numbers):
        raise SecurityError("too large a number")


def _listed(value: Any) -> Any:
    """Return the items of a generator as a list, so that they can be measured."""
    if not isinstance(value, Iterator) or isinstance(value, LoopContext):
        return value
    items = list(islice(value, MAX_NUMBER + 1))
    if len(items) > MAX_NUMBER:
        raise SecurityError("too many items")
    return items


def _raise_exception(message: str = "") -> Never:
    raise jinja2.TemplateError(message)


class _TooSlow(BaseException):
    """Raised within a template that does not end."""


def _in_time(work: Callable[[], ResultT]) -> ResultT:
    """Run a part of a template on a thread of its own, which can be broken off. Raises Broken."""
    outcome: list[ResultT] = []
    kinds: list[str] = []

    def run() -> None:
        try:
            outcome.append(work())
        except _TooSlow:
            pass
        except BaseException as error:  # noqa: BLE001  a foreign program may raise anything
            kinds.append(type(error).__name__)

    thread = threading.Thread(target=run, name="template", daemon=True)
    thread.start()
    thread.join(RENDER_SECONDS)
    if thread.is_alive():
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident or 0), ctypes.py_object(_TooSlow)
        )
        thread.join(RENDER_SECONDS)
        raise Endless
    if not outcome:
        raise Broken(*kinds)
    return outcome[0]

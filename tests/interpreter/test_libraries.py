"""The libraries of the sandbox give what CPython's own modules give, and load when they are first needed."""

from __future__ import annotations

import ast
import builtins
import heapq
import operator
import random
import re
import statistics
import string
import textwrap
import warnings
from collections.abc import Iterator

import pytest

from recode_core.interpreter import Finished, Interpreter, Raised, libraries
from recode_core.interpreter.libraries.library import PREFIX
from recode_core.statements.library_modules import LIBRARIES

_MODULES = {
    "heapq": heapq,
    "operator": operator,
    "statistics": statistics,
    "string": string,
    "textwrap": textwrap,
}


def _value(interpreter: Interpreter, code: str) -> object:
    turn = interpreter.feed(code)
    return turn.output if isinstance(turn, Finished) else getattr(turn, "type", turn)


def _by_cpython(code: str, scope: dict[str, object]) -> object:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            value: object = eval(code, scope)
    except Exception as error:
        return {"StatisticsError": "ValueError"}.get(type(error).__name__, type(error).__name__)
    return value


def test_every_module_has_the_names_that_it_is_said_to_have(interpreter: Interpreter) -> None:
    assert LIBRARIES.keys() == _MODULES.keys()
    for module, names in LIBRARIES.items():
        for name in names:
            assert isinstance(interpreter.feed(f"{PREFIX}{module}_this.{name}\nNone"), Finished), name
            assert hasattr(_MODULES[module], name)


@pytest.mark.parametrize("name", [name for name in LIBRARIES["string"] if name != "capwords"])
def test_the_constants_of_string_are_python_s(interpreter: Interpreter, name: str) -> None:
    assert _value(interpreter, f"{PREFIX}string_this.{name}") == getattr(string, name)


def _heap_calls(numbers: random.Random) -> Iterator[str]:
    yield f"heapify(h := {[numbers.randint(0, 9) for _ in range(numbers.randint(0, 12))]})"
    for _ in range(12):
        item = numbers.randint(0, 9)
        yield numbers.choice(
            [
                f"heappush(h, {item})",
                "heappop(h)",
                f"heappushpop(h, {item})",
                f"heapreplace(h, {item})",
                f"nlargest({item - 3}, h)",
                f"nsmallest({item}, h, key=lambda v: -v)",
            ]
        )


def test_a_heap_is_laid_out_as_in_cpython(interpreter: Interpreter) -> None:
    numbers = random.Random(0)
    for _ in range(60):
        scope: dict[str, object] = dict(vars(heapq))
        for call in _heap_calls(numbers):
            ours = call.replace("heap", f"{PREFIX}heapq_this.heap", 1).replace(
                "nlargest", f"{PREFIX}heapq_this.nlargest"
            )
            ours = ours.replace("nsmallest", f"{PREFIX}heapq_this.nsmallest")
            assert _value(interpreter, ours) == _by_cpython(call, scope), call
            assert _value(interpreter, "h") == scope["h"], call


def _samples(numbers: random.Random) -> Iterator[list[object]]:
    few: list[list[object]] = [[], [1], [1, 1], [True, False], [1.5], ["a", "b", "a"], [1, "a"], [0.0, 0]]
    few.append([float("inf"), 1.0])
    yield from few
    for _ in range(60):
        size = numbers.randint(1, 8)
        yield [numbers.randint(-9, 9) for _ in range(size)]
        yield [round(numbers.uniform(-5, 5), numbers.randint(1, 15)) for _ in range(size)]
        yield [numbers.choice([1, 2.5, 3, 1e300, 1e-300, 0.1]) for _ in range(size)]


@pytest.mark.parametrize("name", [name for name in LIBRARIES["statistics"] if name.islower()])
def test_statistics_are_exact_and_of_python_s_type(interpreter: Interpreter, name: str) -> None:
    for sample in _samples(random.Random(name)):
        text = repr(sample).replace("inf", "float('inf')")
        ours = _value(interpreter, f"{PREFIX}statistics_this.{name}({text})")
        if ours == "NotImplementedError":
            continue
        assert repr(ours) == repr(_by_cpython(f"{name}({text})", dict(vars(statistics)))), text


@pytest.mark.parametrize(
    "call",
    [
        r"dedent('  a\n    b\n\n   \n  c')",
        r"dedent('\ta\n  b')",
        r"dedent('a\n b')",
        r"dedent('')",
        r"dedent('   ')",
        r"indent('a\n\n b\n', '> ')",
        r"indent('a\nb', '-', lambda line: 'b' in line)",
    ],
)
def test_textwrap_is_python_s(interpreter: Interpreter, call: str) -> None:
    assert _value(interpreter, f"{PREFIX}textwrap_this.{call}") == _by_cpython(call, dict(vars(textwrap)))


@pytest.mark.parametrize(
    "call",
    [
        "itemgetter(1)([5, 6])",
        "itemgetter('a', 'b')({'a': 1, 'b': 2})",
        "attrgetter('real', 'imag')(5)",
        "methodcaller('split', ',')('a,b')",
        "methodcaller('foo')('a')",
        "concat('a', 'b')",
        "floordiv(-7, 2)",
        "pow(2, 5)",
        "contains('abc', 'b')",
        "countOf([1, 2, 1], 1)",
        "indexOf('abc', 'z')",
        "truth([])",
        "not_(0)",
        "abs(-3)",
        "invert(5)",
        "is_not(None, 1)",
        "add(1, 'a')",
    ],
)
def test_operators_are_python_s(interpreter: Interpreter, call: str) -> None:
    assert _value(interpreter, f"{PREFIX}operator_this.{call}") == _by_cpython(call, dict(vars(operator)))


PATTERNS = r"""
a$
$
^
^.
.$
\Z
a\Z
\A
\w+
\W
[\w ]+
\d*
\s*
\b
\B
x*
x*?
|a
a|
(a)|b
[a&&b]
[[]
[[a]b]
[[:alpha:]]+
\w*\b
(?i)A
(?m)^.
(?s).+
(?x) a b
.*
[^\W\d]+
(?P<n>\w)(?P=n)?
(\w)\1
(?<=a).
(?<!a)b
a{,2}
a{0}
[]]
[^]]
\.
(?:a|b)+
(a*)*
(a|b)*?c
\h
\z
\G
a++
(?>a)
(?#c)a
(?P<x>a)(?P<x>b)
(
a**
\p{L}
[\w-]+
{
a{
a{1
}
\x61
\101
\0
(?(1)a|b)
(a)(?(1)b|c)
[a--b]
[\b]
\_
\e
[z-a]
\<
(?i:A)b
a(?i)b
(?m)^\s*$
\$([\d,]+\.\d+)
(?<=,)\s*|\s+
(?:a?)*b
(\w+) (\d+)
(?m)$
\d+$
""".strip("\n").split("\n")
TEXTS = [
    "a\n",
    "a\nb\n",
    "abc",
    "axxb",
    "a b  c",
    "12 é3",
    "",
    "[x]",
    "m² ½",
    "foo bar1, baz 22.",
    "é\u0301 b",
]
CALLS = [
    "findall({p}, {t})",
    "sub({p}, '-', {t})",
    r"sub({p}, r'<\g<0>>', {t}, 1)",
    "subn({p}, lambda m: str(m.start()), {t})",
    "split({p}, {t})",
    "split({p}, {t}, 1)",
    "split({p}, {t}, -1)",
    "sub({p}, '-', {t}, -1)",
    "match({p}, {t}) is None",
    "search({p}, {t}) is None",
    "fullmatch({p}, {t}) is None",
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_finds_what_it_finds_in_cpython_or_is_refused(
    interpreter: Interpreter, pattern: str
) -> None:
    for text in TEXTS:
        for call in (shape.format(p=repr(pattern), t=repr(text)) for shape in CALLS):
            ours = _value(interpreter, f"{PREFIX}regex_{call}")
            expected = _by_cpython(call, dict(vars(re)))
            assert ours in (expected, "NotImplementedError") or str(ours) in ("PatternError", "error"), call
            if str(ours) in ("PatternError", "error"):
                assert str(expected) in ("PatternError", "error"), call


@pytest.mark.parametrize("name", sorted(libraries.NAMES))
def test_a_library_takes_all_builtins_that_it_uses_from_the_prelude(name: str) -> None:
    tree = ast.parse(libraries.source(name))
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} & set(dir(builtins))
    own = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    assert used - own <= set(libraries.BUILTINS)


def test_a_library_is_loaded_once_and_kept_in_an_image(interpreter: Interpreter) -> None:
    assert list(libraries.needed(f"{PREFIX}operator_this", frozenset())) == ["values", "lookups", "operator"]
    assert not list(libraries.needed("x = 1", frozenset()))
    before = interpreter.image()
    assert _value(interpreter, f"{PREFIX}operator_this.add(1, 2)") == 3
    after = interpreter.image()
    interpreter.load(before)
    assert _value(interpreter, f"{PREFIX}operator_this.add(1, 2)") == 3
    interpreter.load(after)
    assert _value(interpreter, f"{PREFIX}operator_this.add(1, 2)") == 3


def test_a_library_outlives_a_statement_that_is_lost(interpreter: Interpreter) -> None:
    assert _value(interpreter, f"{PREFIX}heapq_this.nsmallest(1, [2, 1])") == [1]
    lost = interpreter.feed("x = 'a' * 10**12")
    assert isinstance(lost, Raised)
    assert _value(interpreter, f"{PREFIX}heapq_this.nsmallest(1, [2, 1])") == [1]


def test_a_variable_that_is_called_like_a_builtin_does_not_reach_a_library(interpreter: Interpreter) -> None:
    interpreter.feed("type = len = getattr = sorted = isinstance = 5")
    assert _value(interpreter, f"{PREFIX}values_member('a', 'upper', lambda o: o.upper())()") == "A"
    assert _value(interpreter, f"{PREFIX}heapq_this.nlargest(1, [2, 3])") == [3]

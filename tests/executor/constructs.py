"""What generated code may contain: the one source of docs/language.md, which a test executes.

`make docs` writes the file.
"""

# ruff: noqa: E501 - a row of the table stands on one line

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.executor.alike import by_cpython

BAR = "\\|"  # a bar inside a cell of a table
PAGE = Path(__file__).parents[2] / "docs" / "language.md"

_HEAD = """# The language of expansions

Generated code is Python, run in a sandboxed interpreter. Each construct does what it does in CPython, or it is refused
with what to write instead: when the code is read, before any of it runs, or else by the statement that contains it,
before that acts. Where a row says *refused*, the text is the beginning of what the policy is told.

This page is made by `make docs`; the tests run every row in both interpreters.
"""

_TAIL = """
## What is not compared

- The `repr` of a function; a method that is a value is shown as a function.
- The `repr` of a dict that contains a view of itself.
- The order of a set's items, and of a list after a `sort` that failed: Python leaves both open.
- Characters that are newer than the Unicode version of one of the two interpreters.
- The texts of errors, and the exceptions of `statistics`, which are ValueError.

## What differs

- A dict that is given an equal key of another type (`d = {1: 'a'}; d[True] = 'b'`) has the new key; in CPython it keeps
  the old one. Items are found under both, in both.
"""


@dataclass(frozen=True)
class Construct:
    """A piece of code; `refusal` is how the message begins that refuses it, or empty where it works."""

    code: str
    refusal: str = ""

    @property
    def row(self) -> str:
        """The construct as a row of the table."""
        shown = self.code.replace("|", BAR).replace("\n", "⏎")
        if self.refusal:
            return f"| `` {shown} `` | refused: {self.refusal.replace('|', BAR)} |"
        error = by_cpython(self.code)[2]
        return f"| `` {shown} `` | {f'{error}, as in CPython' if error else 'works'} |"


def _works(codes: str) -> list[Construct]:
    return [Construct(code.replace("⏎", "\n")) for code in codes.strip().split("\n")]


def _refused(rows: str) -> list[Construct]:
    parts = (row.split("  →  ") for row in rows.strip().split("\n"))
    return [Construct(code.replace("⏎", "\n"), told) for code, told in parts]


SECTIONS: dict[str, list[Construct]] = {
    "Methods as values": _works(
        r"""
d = {'a': 2, 'b': 5}; x = max(d, key=d.get), sorted(d, key=d.__getitem__)
x = sorted(['b', 'C', 'a'], key=str.lower)
x = list(map(str.strip, [' a', 'b ']))
x = list(filter(str.isdigit, 'a1b2'))
l = ['b', 'a', 'b']; x = sorted(set(l), key=l.index), max(set(l), key=l.count)
l = []; add = l.append; add(1); add = None
x = str.join(', ', ['a', 'b']), dict.get({'a': 1}, 'a'), list.count([1, 1], 1)
x = len(set.union({1}, {2}, [3])), len({1}.union([2], [3]))
x = dict.fromkeys('ab'), list(map(dict.fromkeys, ['a']))
x = str.lower(5)
x = type('a').upper('b'), 'a'.__class__.__name__, (5).real, [1, 2].__len__()
"""
    )
    + _refused(
        """
x = (5).__add__(1)  →  `__add__` is not available; write the operator or the builtin that it stands for
x = (5).to_bytes(2, 'big')  →  'int' object has no attribute 'to_bytes'
"""
    ),
    "Looking at values": _works(
        """
x = hasattr('a', 'upper'), hasattr([], 'upper'), hasattr('a', '__len__')
x = getattr('a', 'upper')(), getattr([], 'foo', None)
name = 'upper'; x = getattr('a', name)()
x = callable(len), callable('a'.upper), callable(5), callable(str)
x = isinstance([], (list, tuple)), type(1).__name__, id(1) == id(1)
"""
    )
    + _refused(
        """
x = vars()  →  `vars` is not available; keep the values in a dict
x = issubclass(bool, int)  →  `issubclass` is not available; compare the types with `==` or `in`
x = getattr([], '__iter__')  →  '__iter__' of 'list' can't be had with getattr
"""
    ),
    "Formats": _works(
        """
x = f"{5:>4}|{'a':^5}|{2.5:.2f}|{1234:,}|{[1]!r:>6}"
x = f"{[1]:>10}"
x = '{:>5}'.format(None)
x = format([], '5')
w = 6; x = f"{'a':>{w}}", '{:{}}'.format('a', w), '{0[k]:>3}'.format({'k': 1})
x = '{a}-{b[0]}'.format_map({'a': 1, 'b': [2]})
x = '%-5s|%03d|%.1f%%' % ('a', 7, 2.55), '%(k)s' % {'k': 1}
x = 'abc'.translate(str.maketrans('ab', 'xy', 'c')), 'a'.translate({97: None})
"""
    ),
    "Regular expressions": _works(
        r"""
x = re.sub(r'\d+', lambda m: str(int(m.group()) + 1), 'a1 b22')
x = re.sub('s[01]', lambda m: run(m.group()), 's0 and s1')
x = re.subn('x*', '-', 'axb'), re.findall('x*', 'axb'), re.split('x*', 'axb')
x = re.findall(r'\d+$', 'desk 1\n'), re.search(r'1\Z', 'desk 1\n'), re.findall('[[]', '[')
p = re.compile('(a)|b', re.I); x = p.findall('Ab'), p.sub('-', 'ab'), p.pattern; p = None
m = re.match(r'(?P<n>\w+) (\d+)', 'desk 1'); x = m['n'], m.groups(), m.span(2)
from re import sub, findall; x = sub('a', lambda m: 'b', 'aa'), findall('a{,2}', 'aaa')
"""
    )
    + _refused(
        r"""
x = re.findall('|a', 'a')  →  the sandbox can not repeat a pattern that prefers to match nothing
x = re.findall('(a*)*', 'a')  →  a group that may be empty is repeated
x = re.findall(r'\w', 'é', re.ASCII)  →  re.ASCII is not available in the sandbox; write classes
x = re.match('(?P<n>a)', 'a').span('n')  →  Match.span takes no name here; give the number of the group
"""
    ),
    "Iterators that act": _works(
        """
x = next((p for p in ['s0', 's1', 's2'] if '1' in run(p)), None)
x = list(map(run, ['s0', 's1']))
for x in map(run, ['s0', 's1', 's2']):⏎    if '1' in x: break
g = (run(p) for p in ['s0', 's1']); x = [*g]
g = (run(p) for p in ['s0', 's1', 's2']); a, b = g
g = (run(p) for p in ['s0', 's1']); a, *b = g
g = (run(p) for p in ['s0', 's1']); x = (lambda *a: a)(*g)
d = {}; d.update((p, run(p)) for p in ['s0', 's1'])
g = (run(p) for p in ['s0', 's1']); l = []; l.extend(g); x = ','.join(run(p) for p in l)
x = any('1' in run(p) for p in ['s0', 's1', 's2']), sorted(run(p) for p in ['s2', 's1'])
"""
    )
    + _refused(
        """
g = (run(p) for p in ['s0']); x = [o for o in g]  →  `run` can't act while a builtin calls it
g = (run(p) for p in ['s0']); x = 'a' in g  →  `run` can't act while a builtin calls it
import itertools⏎g = (run(p) for p in ['s0'])⏎x = list(itertools.islice(g, 1))  →  `run` can't act while
l = ['s0']; l.sort(key=lambda p: run(p))  →  `run` can't act while a builtin calls it
x = list(filter(run, ['s0']))  →  `run` may only be called
act = run  →  `run` may only be called
"""
    ),
    "What does not exist fails before anything acts": _works(
        """
[].foo(run('s1'))
x = None⏎x.append(run('s1'))
import collections⏎collections.deque().foo(run('s1'))
l = [1]; l.foo(l.pop())
import math⏎math.nothing(run('s1'))
"""
    ),
    "Modules": _works(
        """
import heapq⏎h = [5, 1, 4]; heapq.heapify(h); heapq.heappush(h, 2); x = heapq.heappop(h), heapq.nsmallest(1, h)
from heapq import heappush as push, heappop⏎h = []; push(h, 1); x = heappop(h); push = heappop = None
import operator⏎x = sorted([(1, 'b'), (2, 'a')], key=operator.itemgetter(1)), operator.add(1, 2)
import statistics⏎x = statistics.mean([1, 2, 3]), statistics.median([1, 2]), statistics.stdev([1, 2, 4])
import string⏎x = string.digits, string.punctuation, string.capwords('a b')
import textwrap⏎x = textwrap.dedent('  a\\n    b'), textwrap.indent('a', '> ')
import math, json, random, itertools, functools, copy, datetime⏎x = json.dumps({'a': [1]}), math.isqrt(9)
from collections import Counter, defaultdict, deque⏎c = Counter('aab'); x = c.most_common(1), deque([1]).pop()
"""
    )
    + _refused(
        """
import heapq⏎x = heapq.merge([1], [2])  →  `heapq.merge` is not available; there are heapify
from textwrap import wrap  →  `textwrap.wrap` is not available; there are dedent, indent
from collections import OrderedDict  →  `collections.OrderedDict` is not available; a dict keeps its order: use {}
import sys⏎sys.exit()  →  `sys.exit` is not available; the code ends with its last statement
import os  →  module `os` is not available
from contextlib import suppress  →  module `contextlib` is not available
"""
    ),
    "Statements": _works(
        """
x = []; x += (1, 2); x += 'ab'; x[1:2] = [7, 8]; del x[0]
try:⏎    int('a')⏎except (ValueError, IOError) as error:⏎    x = type(error).__name__⏎finally:⏎    y = 1
match ('go', 'desk'):⏎    case ('go', where): x = where⏎    case _: x = None
(a, (b, *c)), d = (1, [2, 3]), 4
try:⏎    raise ValueError('a', [1])⏎except ValueError as error:⏎    x = str(error)
n = 0⏎while (n := n + 1) < 3:⏎    pass⏎else:⏎    x = n
f = lambda a, *b, c=2, **d: (a, b, c, d); x = f(1, 2, e=3); f = None
x = [a + b for a in 'ab' for b in 'cd' if a != b], {k: v for k, v in zip('ab', [1, 2])}
"""
    )
    + _refused(
        """
class A: pass  →  `class` is not allowed; use a dict
def f(): pass  →  `def` is not allowed
x = eval('1')  →  `eval` is not allowed: write the code itself
x = input('?')  →  `input` is not available; nobody answers; act with `run("…")`
f = open('a')  →  `open` is not available; there are no files
raise KeyError(5)  →  a KeyError is raised with one text here; write raise KeyError("…")
try: raise ValueError(5)⏎except ValueError as error: x = error.args  →  the args of an exception that was raised
exit()  →  `exit` is not available; the code ends with its last statement
try: pass⏎except ConnectionError: pass  →  `ConnectionError` is not available; catch Exception
"""
    ),
}
"""The table, by section."""


def page() -> str:
    """The text of docs/language.md."""
    parts = [_HEAD]
    for title, rows in SECTIONS.items():
        table = "\n".join(row.row for row in rows)
        parts.append(f"\n## {title}\n\n| construct | |\n|---|---|\n{table}\n")
    return "".join([*parts, _TAIL])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

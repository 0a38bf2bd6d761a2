"""Generator expressions, `map` and the like act when CPython's do: an item at a time, and no further."""

# ruff: noqa: E501 - a program stands on one line

from __future__ import annotations

import pytest

from recode_core.events import ActionReached, StatementFailed
from recode_core.executor import Limits
from recode_core.source import Source
from recode_core.testing import ROOT, MakeRun
from tests.executor.alike import assert_acts_alike

PROGRAMS = [
    "first = next((p for p in ['sidetable 1', 's2', 'shelf 1'] if '2' in run('s' + p)), None)",
    "x = next((i for i in range(5) if '2' in run(f's{i}')), None)",
    "x = any('2' in run(f's{i}') for i in range(5))",
    "x = all('2' not in run(f's{i}') for i in range(5))",
    "x = 'saw 2' in (run(f's{i}') for i in range(5))",
    "x = 'saw 9' not in (run(f's{i}') for i in range(3))",
    "p = 'outer'\nx = next(p for p in ['s1', 's2'] if '2' in run(p))",
    "x = []\nfor o in (run(f's{i}') for i in range(5)):\n    x.append(o)\n    if '2' in o:\n        break",
    "g = (run(f's{i}') for i in range(3))\na = next(g)\nb = next(g)\nx = list(g)\ny = list(g)",
    "a, b = (run(f's{i}') for i in range(5))",
    "a, b = (run(f's{i}') for i in range(2))",
    "a, *b = (run(f's{i}') for i in range(3))",
    "x = sum(run(f's{i}') for i in range(3))",
    "x = sum(len(run(f's{i}')) for i in range(3))",
    "x = [*(run(f's{i}') for i in range(3))]",
    "x = {*([run(f's{i}')] for i in range(3))}",
    "g = ([run(f's{i}')] for i in range(3))\nx = {0, *g}",
    "g = (run(f's{i}') for i in range(3))\nx = len({0, *g, run('s9')})",
    "x = sorted((run(f's{i}') for i in (2, 1)), reverse=True)",
    "x = ' '.join(run(f's{i}') for i in (2, 1))",
    "x = max((run(f's{i}') for i in (2, 1)), key=len)",
    "x = set(run(f's{i}') for i in (2, 1, 1)); y = sorted(x); x = 1",
    "x = dict((i, run(f's{i}')) for i in (2, 1, 1))",
    "x = dict(run(f's{i}') for i in (2, 1, 1))",
    "x = tuple(run(f's{i}') for i in (2, 1, 1))",
    "x = list(map(lambda i: run(i), ['s0', 's1']))",
    "act = lambda i: run(i)\nx = list(map(act, ['s0', 's1']))",
    "act = lambda i: run(i)\nx = any('0' in act(i) for i in ['s0', 's1'])",
    "act = lambda i: run(i)\nx = next(filter(lambda i: '1' in act(i), ['s0', 's1', 's2']))",
    "x = next(o for o in map(lambda i: run(i), ['s0', 's1', 's2']) if '1' in o)",
    "x = []\nfor i, o in enumerate(run(a) for a in ['s0', 's1', 's2']):\n    x.append((i, o))\n    if i == 1: break",
    "x = []\nfor i, o in zip(range(2), (run(a) for a in ['s0', 's1', 's2'])):\n    x.append((i, o))",
    "x = []\nfor o, i in zip((run(a) for a in ['s0', 's1', 's2', 's3']), range(2)):\n    x.append((i, o))",
    "x = next((a + b for a in ['s1', 's2'] if '2' in run(a) for b in ['x', 'y'] if 'Nothing' in run(b)), None)",
    "x = any('1' in run(a) for a in (b for b in ['s0', 's1', 's2'] if 'saw' in run(b)))",
    "x = any(any('1' in run(a + b) for b in ('0', '1')) for a in ('s', 'sx'))",
    "f = lambda ps: next((p for p in ps if '1' in run(p)), None)\nx = f(['s0', 's1', 's2'])\ny = f(['s5'])",
    "f = lambda g: next(g)\nx = f(run(p) for p in ['s0', 's1'])",
    "x = [next((p for p in ps if '1' in run(p)), None) for ps in (['s0', 's1', 's2'], ['s3', 's1'])]",
    "if any('1' in run(p) for p in ['s0', 's1', 's2']):\n    x = 1",
    "n = 0\nwhile not any('1' in run(f's{n}{p}') for p in (0, 1, 2)):\n    n += 1",
    "x = run('s9') + next(run(p) for p in ['s0', 's1']) + run('s8')",
    "x = next((run(p) for p in ['s0', 's1']), run('s7'))",
    "x = next((run(p) for p in []), run('s7'))",
    "x = next(run(p) for p in [])",
    "x = next(p for p in 5)",
    "try:\n    x = next(p for p in ['s0', 's1', 's2'] if '1' in run(p))\nexcept StopIteration:\n    x = None",
    "try:\n    x = next(p for p in ['s0', 's2'] if '1' in run(p))\nexcept StopIteration:\n    x = 'none'",
    "match next((run(p) for p in ['s0', 's2']), None):\n    case 'saw 0':\n        x = 1",
    "x = next((last := p) for p in ['s0', 's1'] if '1' in run(p))",
    "x = [y := run(p) for p in ['s0', 's1']]",
    "xs = [1, 2, 3, 4]\nfor i, v in enumerate(xs):\n    xs.remove(v)",
    "xs = [1, 2, 3, 4]\nfor v in reversed(xs):\n    xs.remove(v)",
    "x = any(1 / v for v in [1, 0])",
    "import itertools\nx = next(v for v in itertools.count() if v > 5)",
    "z = zip([1, 2], 'ab')\nx = list(z); y = list(z)",
    "m = map(str, [1, 2])\nx = next(m); y = list(m); z = list(m)",
    "e = enumerate('ab')\nx = next(e); y = list(e)",
    "r = reversed([1, 2])\nx = next(r); y = list(r)",
    "r = reversed('ab')\nx = next(r); y = list(r)",
    "f = filter(None, [0, 1, 2])\nx = next(f); y = list(f)",
    "g = (v for v in [])\nx = 1 if g else 2",
    "g = (v for v in [1])\nx = len(g)",
    "g = (v for v in [1])\nx = g[0]",
    "g = (int(v) for v in ['1', 'a', '2'])\nx = next(g)\ntry:\n    next(g)\nexcept ValueError:\n    y = list(g)",
    "g = (next(iter([])) for v in [1])\nx = list(g)",
    "it = iter([1, 2, 3])\nx = any(v == 2 for v in it)\ny = list(it)",
    "x = 2 in (v for v in [1, 2, 3])",
    "xs = [1]\nxs += (v for v in [2, 3])",
    "xs = [1]\nxs.extend(v for v in [2, 3])",
    "xs = []\nxs.extend(run(f's{v}') for v in [2, 3])",
    "xs = []\n(xs).extend((run(f's{v}') for v in [2, 3]))",
    "xs = []\nxs.extend(map(lambda v: run(f's{v}'), [2, 3]))",
    "xs = []\nxs += (run(f's{v}') for v in [2, 3])",
    "xs = []\nxs += [run(f's{v}') for v in [2, 3]]",
    "x = max(['s0', 's11'], key=lambda i: len(run(i)))",
    "x = sorted(['s5', 's11', 's2'], key=lambda i: run(i), reverse=True)",
    "x = min(['s5', 's11', 's2'], key=lambda i: run(i))",
    "x = [o for o in (run(p) for p in ['s0', 's1'])]",
    "x = {o for o in map(lambda p: run(p), ['s0', 's1'])} == {'saw 0', 'saw 1'}",
    "x = {o: 1 for o in (run(p) for p in ['s0', 's1'])}",
    "try:\n    for o in (run(p) for p in ['s0', 's1']):\n        break\nexcept ValueError:\n    pass",
    "print(*(run(p) for p in ['s0', 's1']))",
    "x = {'a': run(p) for p in ['s0', 's1']}",
    "k = 3\ng = (v * k for v in [1, 2])\nk = 10\nx = list(g)",
    "xs = [1, 2]\ng = (v for v in xs)\nxs = [9]\nx = list(g)",
    "xs = [1, 2]\ng = (v for v in xs)\nxs.append(3)\nx = list(g)",
    "x = [p for p in ['s0', 's1'] if '1' in run(p)][0]",
    "x = any(  # which?\n    '1' in run(p)   # look\n    for p in ['s0', 's1', 's2']  # all\n    if p != 'é'\n)",
    "x = ('é' + 'ü', any('1' in run(p) for p in ['s0', 's1', 's2']), 'ö')",
    "x = any([run('s0') == 'saw 0', run('s1')])",
    "d = {'k': ['s0', 's1', 's2']}\nx = next((k, v) for k, vs in d.items() for v in vs if '1' in run(v))",
    "x = next(((a, b) for a, b in [('s0', 1), ('s1', 2)] if '1' in run(a)), (None, None))[1]",
    "a, b = next((q for q in [('s0', 1), ('s1', 2)] if '1' in run(q[0])), (None, None))",
    "x = len(list(v for v in range(3))), sum(1 for v in 'aba' if v == 'a'), max((len(s), s) for s in ['a', 'bb'])",
    "import re\nx = next(re.finditer('a', 'ba')).start()",
    "x = next(iter(v for v in [4, 5]))",
    "x = 'a' if any(run(p) == 'saw 1' for p in ('s0', 's1', 's2')) else 'b'",
    "x = any(run(p) == 'saw 1' for p in ('s0', 's1', 's2')) and 'saw 5' == run('s5')",
    "xs = [3, 1, 2]\nx = all(a <= b for a, b in zip(xs, xs[1:]))",
    "places = ['s0', 's1', 's2']\nx = next((i for i, p in enumerate(places) if '1' in run(p)), -1)",
    "x = list(zip(*[(1, 'a'), (2, 'b')]))",
    "x = dict(zip('ab', map(int, '12')))",
    "x = dict(enumerate('ab')), list(reversed(range(3))), tuple(map(str.upper, 'ab')) if False else 0",
    "for i in range(2):\n    x = next((p for p in ['s0', 's1', 's2'] if str(i) in run(p)), None)",
    "fs = [lambda: next((p for p in ['s0', 's1', 's2'] if '1' in run(p)), None), lambda: any(run(p) for p in ['s5'])]\nx = [f() for f in fs]",
    "x = next((o for p in ['s0', 's1', 's2'] if '1' in (o := run(p))), None)",
    "def_ = 1\nx = list(v for v in range(3) if (def_ := v))",
    "for _ in (run(p) for p in ['s0', 's1']): pass",
    "x, y = map(lambda p: run(p), ['s0', 's1', 's2', 's3'])",
    "for a in map(lambda p: run(p), ['s0', 's1', 's2', 's3']):\n    if '1' in a: break",
    "x = sum(len(o) for o in (run(p) for p in ['s0', 's1']))",
    "xs = ['s0', 's1']\nx = any(run(p) for p in xs) or any(run(p) for p in xs)",
    "x = frozenset(run(p) for p in ['s0']), list(filter(lambda p: '1' in run(p), ['s0', 's1']))",
    "assert any('1' in run(p) for p in ['s0', 's1', 's2']), 'none'",
    "x = f\"{next((p for p in ['s0', 's1', 's2'] if '1' in run(p)), None)}!\"",
    "try:\n    for o in (run(p) for p in ['s0', 's1', 's2']):\n        if '1' in o: break\n    else:\n        x = 2\nexcept ValueError:\n    pass",
    "try:\n    for o in (run(p) for p in ['s0', 's1', 's2']): x = o; continue\n    else: y = 2\nfinally:\n    z = 1",
    "try:\n    for a, o in zip([1, 2], (run(p) for p in ['s0', 's1', 's2'])):  # c\n        # comment\n        if a == 2:\n            for b, c in enumerate(run(q) for q in ('s7', 's8')):\n                break\n    else:\n        x = 2\nexcept ValueError:\n    pass",
    "x = {o: 1 for o in (run(p) for p in ['s0', 's1'])}",
    "g = (run(f's{i}') for i in range(5))\nx = []\nfor o in g:\n    x.append(o)\n    if '1' in o: break\nfor o in g:\n    x.append(o + '!')\n    if '3' in o: break\ny = next(g)\nz = next(g, None)",
    "g = (run(f's{i}') for i in range(3))\nh = (o.upper() for o in g)\na = next(h)\nb = list(h)",
    "g = (run(f's{i}') for i in range(3))\nx = any('1' in o for o in g)\ny = list(g)",
    "g = map(lambda i: run(f's{i}'), range(3))\nx = next(g); y = sum(len(o) for o in list(g))",
    "pairs = ((a, run(a)) for a in ('s0', 's1', 's2'))\nfor a, o in pairs:\n    if '1' in o:\n        x = a\n        break\nelse:\n    x = None",
    "pairs = ((a, run(a)) for a in ('s0', 's1'))\nx = dict(pairs)",
    "x = [a for a, o in ((a, run(a)) for a in ('s0', 's1', 's2')) if '1' in o]",
    "x = {a: o for a, o in ((a, run(a)) for a in ('s0', 's1')) if '1' in o}",
    "xs = ['s0', 's1', 's2']\nfound = None\nwhile xs and not (found := next((p for p in xs[:2] if '2' in run(p)), None)):\n    xs = xs[1:]",
    "x = max(len(run(p)) for p in ['s0', 's11'])",
    "x = min((len(run(p)), p) for p in ['s10', 's1'])",
    "x = sum((1 for p in ['s10', 's1'] if '0' in run(p)), 5)",
    "x = sum([len(run(p)) for p in ['s10', 's1']])",
    "x = next((p for p in sorted(['s1', 's0'], key=lambda q: q) if '1' in run(p)), 'no')",
    "x = len([p for p in ['s1', 's0'] if '1' in run(p)])",
    "x = ','.join(sorted({run(p) for p in ['s1', 's0']}))",
    "x = [next((q for q in 'ab' if q == p), None) for p in 'abc']",
    "f = lambda p, seen=[]: (seen.append(p), run(p))[1]\nx = any('1' in f(p) for p in ('s0', 's1', 's2'))\nf = 0",
    "x = list(range(3)); x[:] = (v * 2 for v in x)",
    "a = [1, 2, 3]\nb = [v for v in a if any(v == w for w in a[1:])]\nc = {k: any(k in w for w in ['x', 'y']) for k in 'xz'}",
    "x = all(any(c in w for w in ['ab', 'b']) for c in 'ab')",
    "x = next((i for i, p in enumerate(run(f's{n}') for n in range(4)) if '2' in p), -1)",
    "x = list(zip((run(f's{n}') for n in range(2)), (run(f's{n}') for n in range(5, 9))))",
    "x = sorted(enumerate('ba'), key=lambda t: t[1])",
    "x = list(reversed([run('s0'), run('s1')]))",
    "x = 'saw 1' in map(lambda p: run(p), ['s0', 's1', 's2'])",
    "x = 'saw 1' in [run(p) for p in ['s0', 's1', 's2']]",
    "it = iter(lambda: run('s1'), 'saw 1')\nx = 0\nit = 0",
    "n = 5\nx = [n for n in (n * 2 for n in range(n))]",
    "x = (lambda xs, t: any(t in run(q) for q in xs))(['s0', 's1', 's2'], '1')",
    "x = (lambda xs: [any(t in q for q in xs) for t in 'ab'])(['a', 'c'])",
    "t = \"yes\" if next((True for p in ['s1', 's2'] if 'saw' in run(p)), False) else \"no\"",
    "try:\n    x = any(1 / v for v in [0, 1] if run('s1'))\nexcept ZeroDivisionError:\n    x = 'z'",
    "with_ = [run(p) for p in ('s1',)]; x = any(with_), all(with_), list(with_), tuple(with_), set(with_) == {'saw 1'}, sum([]), sorted(with_), min(with_), max(with_)",
]


@pytest.mark.parametrize("code", PROGRAMS)
def test_an_iterator_acts_when_it_does_in_cpython(code: str) -> None:
    assert_acts_alike(code)


def test_an_action_in_a_generator_is_told_with_its_own_place(make_run: MakeRun) -> None:
    code = "y = next(p for p in ('é', 'b') if 'b' in run(p))"
    played = make_run({ROOT: code}, limits=Limits(repairs=0))
    played.to_end()
    spans = [Source(code).text_of(event.span) for event in played.events(ActionReached)]
    assert spans == ["run(p)", "run(p)"]


def test_what_a_builtin_calls_cannot_act_and_the_failure_says_what_to_write(make_run: MakeRun) -> None:
    code = "f = lambda p: run(p)\nxs = ['a']\nxs.sort(key=f)"
    played = make_run({ROOT: code}, limits=Limits(repairs=0))
    played.to_end()
    failed = played.events(StatementFailed)[0]
    assert (played.actions, failed.failure.type) == ([], "NotImplementedError")
    assert "Write a loop" in failed.failure.message


def test_a_helper_that_is_not_defined_is_a_name_error_where_the_code_catches_one(make_run: MakeRun) -> None:
    code = "try:\n    x = helper(run('a'))\nexcept NameError:\n    x = 'none'"
    played = make_run({ROOT: code})
    assert played.to_end().outcome == "finished"
    assert (played.values()["x"], played.actions) == ("'none'", [])

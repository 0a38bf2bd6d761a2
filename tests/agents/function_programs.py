"""Programs with functions, in blocks, each block a turn of CodeAct.

A row of `=` parts two programs, one of `-` two blocks.
"""

from __future__ import annotations

_PROGRAMS = r'''
def find(thing, places, seen=None):
    seen = [] if seen is None else seen
    for place in places:
        observation = run(f"go to {place}")
        seen.append(place)
        if thing in observation:
            return place, seen
    return None, seen
x = find('b', ['a', 'b', 'c'])
=====
def find(thing, places, seen=None):
    seen = [] if seen is None else seen
    for place in places:
        observation = run(f"go to {place}")
        seen.append(place)
        if thing in observation:
            return place, seen
    return None, seen
-----
x = find('c', ['a', 'b', 'c'])
-----
y, z = find('q', 'ab', seen=['start'])
=====
def f(a, b=2, *args, c=3, **kw):
    return (a, b, args, c, kw)
-----
x = [f(1), f(1, 5, 6, c=7, z=8)]
=====
def f(a, /, b, *, c):
    return a, b, c
x = f(1, b=2, c=3)
-----
y = f(1, 2, 3)
=====
def f(item, found=[]):
    found.append(item)
    return found
-----
f(1)
x = f(2)
=====
k = 1
def f(a=k, b=run('default')):
    return a, b
k = 2
x = f()
=====
def f(a, b):
    return a, b
x = f(*[1], **{'b': 2})
-----
y = f(1)
-----
z = f(1, 2, 3)
-----
w = f(1, c=3)
=====
def f(n):
    return 1 if n < 2 else n * f(n - 1)
-----
x = f(20)
=====
def f(n):
    run(f'down {n}')
    if n:
        f(n - 1)
    run(f'up {n}')
-----
f(2)
=====
def f(n):
    return f(n + 1)
-----
x = f(0)
-----
y = 1
=====
def even(n):
    return n == 0 or odd(n - 1)
def odd(n):
    return n != 0 and even(n - 1)
x = even(10)
=====
def walk(tree):
    return [run(tree['name'])] + [o for c in tree.get('in', []) for o in walk(c)]
-----
x = walk({'name': 'a', 'in': [{'name': 'b'}, {'name': 'c', 'in': [{'name': 'd'}]}]})
=====
def counter():
    n = 0
    def step():
        nonlocal n
        n += 1
        return n
    return step
-----
c, d = counter(), counter()
x = [c(), c(), d()]
-----
y = c()
c = d = 0
=====
def f():
    made = []
    for i in range(3):
        made.append(lambda: i)
    return [g() for g in made]
x = f()
=====
def f():
    made = []
    for i in range(3):
        def g(i=i):
            return i
        made.append(g)
    return [g() for g in made]
x = f()
=====
def outer(a):
    def inner(b):
        def inmost(c):
            return run(f'{a}{b}{c}')
        return inmost
    return inner
-----
x = outer(1)(2)(3)
=====
def twice(g):
    def both(*args):
        return g(*args), g(*args)
    return both
@twice
def look(at):
    return run(f'look {at}')
-----
x = look('a')
=====
def f():
    total = 0
    def add(n):
        nonlocal total
        total += n
    for n in (1, 2, 3):
        add(n)
    return total
x = f()
=====
n = 1
def f():
    n = 2
    return n
x = f()
=====
n = 1
def f():
    global n, made
    n += 1
    made = 'new'
f()
-----
f()
x = n
=====
z = 0
def f():
    print(z)
    z = 1
-----
f()
=====
def f():
    return later()
-----
f()
-----
def later():
    return 7
x = f()
=====
def f():
    import math
    from re import match
    return math.floor(2.5), bool(match('a', 'ab'))
-----
x = f()
=====
def f(list):
    return [item for item in list]
x = f([1, 2])
=====
def f():
    try:
        1 / 0
    except ZeroDivisionError as error:
        return type(error).__name__ == 'x'
x = f()
=====
def max(*args):
    return 'mine'
x = max(1, 2)
-----
y = max([3])
-----
def filter(items):
    return run('mine')
-----
z = filter([1])
=====
def f():
    while True:
        for i in range(3):
            if run(f's{i}') == 'saw s1':
                return i
        else:
            break
x = f()
=====
def f():
    try:
        return run('a')
    finally:
        run('b')
x = f()
=====
def f():
    try:
        raise ValueError('no', 5)
    except ValueError:
        return 'caught'
x = f()
=====
def f(x):
    if x:
        return
    run('on')
x = [f(1), f(0)]
=====
def f():
    'A docstring.'
    pass
x = f()
=====
if True:
    def f(): return run('a')
else:
    def f(): return run('b')
x = f()
=====
for name in 'ab':
    def f(name=name): return run(name)
    x = f()
f = 0
=====
try:
    def f(): return run('a')
    x = f()
except ValueError:
    pass
=====
def f():
    return 1 / 0
-----
x = f()
-----
y = 5
=====
def f(items):
    del items[0]
    return items
x = f([1, 2])
=====
def f(items):
    items += 'ab'
    return items
x = f([1])
y = f('c')
=====
def f(x):
    match x:
        case [a, *rest]:
            return run(a), rest
        case _:
            return None
x = f(['a', 'b']), f(3)
=====
def f(xs):
    return next((x for x in xs if run(x) == 'saw b'), None)
-----
x = f(['a', 'b', 'c'])
-----
y = f('z')
=====
def f(xs): return next((x for x in xs if run(x) == 'saw b'), None)
-----
x = f(['a', 'b', 'c'])
=====
def f(xs): k = 'b'; return any(run(x + k) == 'saw bb' for x in xs)
-----
x = f(['a', 'b', 'c'])
=====
def f(xs):
    k = 1
    made = (x * k for x in xs)
    a = next(made)
    k = 10
    return a, list(made)
x = f([1, 2, 3])
=====
def f(xs):
    if xs:
        return all(run(x) == 'saw a' for x in xs)
    else: return sum(i for i in (1, 2))
x = f('aba'), f('')
=====
def f(rows):
    return [cell for row in (run(r).split() for r in rows) for cell in row]
x = f('ab')
=====
def f(xs):
    def ok(x):
        return run(x) == 'saw b'
    return next(filter(ok, xs), None), list(map(ok, 'ab'))
x = f(['a', 'b', 'c'])
=====
def f(xs):
    for x in (run(x) for x in xs):
        if x == 'saw b':
            return x
x = f('abc')
=====
def f(xs):
    @staticmethod_like
    def g(): return 1
    return (x for x in xs)
-----
x = f([1])
=====
def deco(g):
    return lambda *a: ('deco', g(*a))
def f(xs):
    @deco
    def first(k): return next(x for x in xs if x > k)
    return first(1)
x = f([1, 2, 3])
=====
def key(x):
    return run(str(x))
x = sorted([3, 1, 2], key=key)
y = max([1, 2], key=key)
=====
def f(x):
    return [run(f'{x}{y}') for y in range(2)]
x = [f(i) for i in range(2)]
=====
def f(n):
    return {k: run(k) for k in 'ab' if n}, {run(k) for k in 'c'}
x = f(1)
=====
def f():
    text = """two
  lines"""
    return next(line for line in text.split('\n') if run(line) and 'l' in line)
x = f()
=====
def ok(x):
    return run(x) == 'saw b'
if ok('a'):
    x = 1
elif ok('b'):
    x = 2
=====
def ok(x):
    return run(f'is {x}') == 'saw is 2'
n = 0
while not ok(n):
    n += 1
=====
def places():
    run('list')
    return ['a', 'b']
for place in places():
    run(place)
place = 0
=====
count = 0
def ok():
    global count
    count += 1
    return count > 2
while not ok():
    run('on')
=====
log = []
def note(x):
    log.append(run(x))
note('a')
note('b')
=====
def go(x): return run(x)
x = go('a') + go('b')
y = (lambda: go('c'))()
=====
def f(ps):
    global hits
    hits = 0
    return next(p for p in ps if run(p) and hits == 0)
x = f('ab')
=====
def f(ps):
    n = 0
    def g():
        nonlocal n
        n += 1
        return next(p for p in ps if run(p) and n < 5)
    return g(), n
x = f('ab')
=====
def f(xs):
    k = 2
    g = lambda: next(x for x in xs if x > k)
    return g()
x = f([1,2,3])
=====
def f(xs):
    g = lambda k: next(x for x in xs if x > k and run(str(x)))
    return g(1)
x = f([1,2,3])
=====
def f(xs):
    return [m := x for x in xs], m
x = f('abc')
=====
def f(xs):
    if (o := run('a')) and any(x in o for x in xs): return o
x = f('abw')
=====
def f(x):
    x = (x for x in x)
    return list(x)
x = f('abc')
=====
def f(a, *, b=(y for y in 'pq')):
    return next(b)
x = f(1)
y = f(1)
=====
def f(): return run(next(p for p in 'ab' if run(p) == 'saw b'))
x = f()
=====
def f(): return [run(p) for p in (q for q in 'ab') if run(p + '!')]
x = f()
=====
def f(ps):
    for i, p in enumerate(ps):
        if run(p) == 'saw b': break
    else:
        return None
    return i, p
x = f('abc')
=====
def f(ps):
    while ps and (p := ps.pop()):
        run(p)
f(['a','b'])
=====
def f(ps):
    return zip(ps, (run(p) for p in ps))
x = list(f('ab'))
=====
def f(ps):
    return sorted(ps, key=lambda p: run(p))
x = f('ba')
=====
def f(ps):
    a, b = (run(p) for p in ps)
    return a
x = f('ba')
y = f('bac')
=====
def f(**kw):
    return ', '.join(f'{k}={run(v)}' for k, v in kw.items())
x = f(a='1', b='2')
=====
def f(ps):
    return {p: run(p) for p in ps if 'x' not in p}
x = f(['a','x','b'])
=====
def f(o):
    try:
        return next(w for w in o.split() if w.isdigit())
    except StopIteration:
        return None
x = f('a 1'), f('a')
=====
def f(o):
    try:
        x = run(o)
        raise KeyError(x)
    except KeyError as e:
        r = str(e)
    return r
x = f('a')
=====
def f(n):
    if n == 0: raise ValueError('done')
    run(str(n)); f(n - 1)
try:
    f(2)
except ValueError as e:
    x = str(e)
=====
def f(x): return x.upper()
x = list(map(f, 'ab'))
y = [f(c) for c in 'cd']
z = max('ab', key=f)
=====
def f(xs):
    xs.sort(key=lambda x: -x)
    return xs
x = f([1,3,2])
=====
def f(xs):
    xs.sort(key=key)
    return xs
def key(x): return -x
x = f([1,3,2])
=====
x = 5
def f(x=x, y=[x for x in range(2)]): return x, y
x = f()
=====
def f():
    import re
    return re.findall(r'\d+', run('a1b22'))
x = f()
=====
from collections import defaultdict
def f():
    d = defaultdict(list)
    d['a'].append(run('z'))
    return dict(d)
x = f()
=====
def f(text):
    lines = [l.strip() for l in text.split('\n') if l.strip()]
    return {l: i for i, l in enumerate(lines)}
x = f('a\n\n b')
=====
f = lambda: 1
def g(): return f()
def f(): return 2
x = g()
=====
def f(items, start=0, *rest, last=None):
    total = start
    for item in (*items, *rest):
        total += item
    return total, last
x = f([1, 2], 3, 4, 5, last='z')
=====
def f(x):
    return f'{x!r:>5}|{run(x)}'
x = f('a')
=====
def f():
    return (yield_ := 3)
x = f()
=====
def outer():
    def rec(n):
        return [] if n == 0 else [run(str(n)), *rec(n - 1)]
    return rec(3)
x = outer()
=====
def f(d):
    del d['a'], d['b']
    return d
x = f({'a':1,'b':2,'c':3})
=====
def f():
    with_ = 1
    assert with_ == 2, 'no'
try:
    f()
except AssertionError as e:
    x = 1
=====
def a():
    return b()
def b():
    return c
x = a()
-----
c = 5
x = a()
=====
if 1 > 2:
    def never(): pass
x = never()
=====
def f(n):
    """doc"""
    return (x for x in range(n) if run(str(x)))
g = f(3)
x = next(g)
y = next(g)
g = 0
=====
def f(ps):
    return (run(p) for p in ps)
-----
x = list(f('ab'))
y = any(o == 'saw b' for o in f('abc'))
z = max(f('a'))
-----
n = tuple(f('')), set(f('a')), sorted(f('ba'))
=====
def f(ps):
    return (run(p) for p in ps)
-----
def g():
    for o in f('ab'):
        if 'b' in o: break
    else: o = None
    return o
-----
x = g()
=====
def first(results, word):
    number = 0
    for result in results:
        if word in result:
            return number
        number += 1
    return -1
-----
x = first((run(p) for p in 'abc'), 'b')
-----
y = first([run('c')], 'b')
=====
def total(items):
    n = 0
    for item in items: n += item; items = None
    else:
        n += 100
    return n
-----
x = total([1, 2]), total({3: 4}), total(range(3)), total(())
-----
y = total(5)
=====
def grow(items):
    for item in items:
        if len(items) < 5: items.append(item)
        if item == 2: continue
        run(str(item))
    return items
-----
x = grow([1, 2])
=====
def best(d):
    return max(d, key=d.get)
x = best({"a": 1, "b": 2})
=====
def bare(t):
    import string
    return t.translate(str.maketrans("", "", string.punctuation))
y = bare("a.b")
=====
def each(ps):
    return (run(p) for p in ps)
a, b = each(["s1", "s2"])
-----
x = [*each(["s3"])]
-----
l = []
l.extend(each(["s4"]))
=====
def padded(x):
    return f"{x:>5}"
-----
x = padded("a")
-----
y = padded([1])
=====
def fail(e):
    raise ValueError(e, 1)
try:
    fail(2)
except ValueError as e:
    x = str(e)
'''

PROGRAMS = [tuple(program.split("\n-----\n")) for program in _PROGRAMS.strip("\n").split("\n=====\n")]

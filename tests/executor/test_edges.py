"""Control flow is the executor's own; at every edge it does what CPython does."""

from __future__ import annotations

from collections.abc import Callable

import pytest

PROGRAMS = [
    # What is left of an iterator that a loop shares with other code.
    "it = iter(range(6))\nfor x in it:\n    if x == 1: break\nrest = list(it); it = 0",
    "it = iter(range(6))\nfor x in it:\n    y = next(it, None)\nz = x; it = 0",
    "it = iter(range(6))\nfor x in it:\n    try: break\n    finally: pass\nrest = list(it); it = 0",
    "it = iter(range(6))\nfor x in it:\n    for y in it:\n        if y == 3: break\nrest = (x, y); it = 0",
    "it = iter(range(6))\nfor x in it:\n    z = run(f'{x}')\n    if x == 2: break\nrest = list(it); it = 0",
    # The loop's own list, changed while it is walked.
    "a = [1, 2, 3]\nfor x in a:\n    a.remove(x)",
    "a = [1]\nfor x in a:\n    if len(a) < 5: a.append(x + 1)\n    run(f'{a}')",
    "d = {'a': 1}\nfor k in d:\n    d[k] = 2\n    d['b'] = 3",
    "d = {'a': 1}\nfor k in list(d):\n    d.pop(k)\nelse:\n    d['z'] = 0",
    # Targets.
    "for a, (b, *c) in [(1, (2, 3, 4)), (5, (6,))]:\n    run(f'{a}{b}{c}')",
    "a = [0]\nfor a[0] in (1, 2):\n    run(f'{a}')",
    "d = {}\nfor d['k'], x in [(1, 2)]:\n    pass\nelse:\n    y = d['k']",
    "for a, b in [(1, 2), (3,)]:\n    x = a",
    "for x in 5:\n    pass",
    "x = 1\nfor x in ():\n    x = 2\nelse:\n    y = x",
    # `else`, `break` and `continue` at every depth.
    """
for i in (1, 2, 3):
    for j in 'ab':
        if j == 'b': break
    else:
        x = 1
    if i == 2: continue
    y = i
else:
    z = 1
""",
    "for i in (1, 2):\n    for j in ():\n        pass\n    else:\n        break\nelse:\n    z = 1",
    """
n = 0
while n < 5:
    n += 1
    if n == 2: continue
    elif n == 4: break
    run(f'{n}')
else:
    z = 1
""",
    "n = 0\nwhile (n := n + 1) < 4:\n    run(f'{n}')\nelse:\n    z = n",
    "n = 3\nwhile n: n -= 1",
    "while False:\n    pass\nelse:\n    x = 1",
    # Jumps out of blocks that run whole.
    """
for i in range(4):
    try:
        if i == 1: continue
        if i == 3: break
        run(f'{i}')
    finally:
        x = ('f', i)
else:
    y = 1
""",
    """
for i in range(3):
    try:
        1 / i
    except ZeroDivisionError:
        continue
    else:
        x = i
        break
""",
    "for i in range(3):\n    try:\n        break\n    finally:\n        continue",
    """
for i in range(3):
    match i:
        case 1:
            break
        case _:
            for j in 'ab':
                break
            else:
                continue
""",
    """
for i in range(3):
    for j in range(3):
        try:
            if j: break
        finally:
            x = (i, j)
    else:
        y = i
""",
    "while True:\n    try:\n        x = run('a')\n    finally:\n        break",
    """
for i in range(2):
    try:
        for j in range(3):
            if j == 1: break
        else:
            continue
        y = j
    except ValueError:
        pass
""",
    # Failures, at each part of a statement.
    "x = 1\nif x.missing:\n    y = 1",
    "while [][0]:\n    pass",
    "for i in (1, 0):\n    x = 1 / i",
    "try:\n    raise KeyError('k')\nfinally:\n    x = run('a')",
    """
try:
    x = run('a')
    raise ValueError('v')
except ValueError as error:
    y = str(error)
z = error
""",
    "assert run('a') == 'no', run('b')",
    "a, b = [1]",
    "x = undefined",
    # Where a test acts or binds.
    "if run('a') == 'obs 1' and run('b') == 'no' or run('c'):\n    x = 1\nelif run('d'):\n    y = 1",
    "if (x := run('a')) == 'no':\n    pass\nelif (y := run('b')):\n    z = x + y",
    "while 'obs 3' not in (o := run('look')):\n    x = o",
    "for p in [run('a'), run('b')]:\n    run(p)",
    # Several statements on a line, strings and expressions on several.
    "a = 1; b = a + 1; run(f'{b}'); c = b",
    "if 1: a = 1; b = 2\nelse: c = 3",
    "for i in (1, 2): run(f'{i}'); x = i",
    "x = '''one\n  two'''\nif x:\n    y = '''a\nb'''",
    "if True:\n    x = (1 +\n2)\n    y = [\n1,\n  2]",
    "if 1:\n\tx = 'é'\n\tif x:\n\t\ty = run('ü')",
    "x = 1 + \\\n    2\nif x:\n    y = 3 + \\\n4",
    # Names.
    "iter = 1\nfor i in (1, 2):\n    iter += i\nlen = type = locals = 0",
    "x = 1\ndel x\ny = 2\nx = 3",
    "x = 1\nfor i in (1, 2):\n    del x\n    x = i",
    "x = 1\ndel x\nif x:\n    y = 1",
    "x = 1\ndel x\ny = [x for i in (1,)]",
    "del x",
    "i = 5\na = [i for i in range(3)]\nb = (lambda i: i)(7)",
    "f = lambda s: run(s)\nx = [f(s) for s in 'ab']\nfor s in 'cd':\n    y = f(s)\nf = 0",
    "x = next(i for i in (1, 2) if i > 1)\ny = next((i for i in ()), 'none')\nz = next(map(str, [5]))",
    "a = [1, 2, 3, 4]\ndel a[0], a[-1]\nd = {'k': 1}\ndel d['k']\nb = [1, 2, 3]\ndel b[1:]",
    "a = [[]]\nb = a[0]\nfor i in (1, 2):\n    b.append(i)\nc = a",
]


@pytest.mark.parametrize("code", PROGRAMS)
def test_a_program_with_an_edge_does_what_it_does_in_cpython(
    compare: Callable[[str], None], code: str
) -> None:
    compare(code)

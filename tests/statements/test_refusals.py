from __future__ import annotations

import pytest

from recode_core.statements import RuleBroken, parse

DEFINED = frozenset({"a", "b", "d", "places", "m"})


def _refusal(code: str) -> RuleBroken:
    with pytest.raises(RuleBroken) as caught:
        parse(code, DEFINED)
    return caught.value


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("def f(): pass", "`def`"),
        ("async def f(): pass", "`async def`"),
        ("class C: pass", "`class`"),
        ("return a", "`return`"),
        ("yield a", "`yield`"),
        ("x = yield", "`yield`"),
        ("yield from a", "`yield`"),
        ("await a", "`await`"),
        ("async for x in a: pass", "`async for`"),
        ("async with a: pass", "`async with`"),
        ("x = [y async for y in a]", "asynchronous"),
        ("nonlocal a", "`nonlocal`"),
        ("try: a\nexcept* E: pass", "`except*`"),
        ("break", "outside a loop"),
        ("continue", "outside a loop"),
        ("if a: break", "outside a loop"),
        ("for x in a: pass\nelse: break", "outside a loop"),
        ("import os", "`os`"),
        ("import os.path as p", "`os.path`"),
        ("from subprocess import run", "`subprocess`"),
        ("from . import x", "`.`"),
        ("import math, socket", "`socket`"),
        ("from math import *", "import *"),
        ("exec('x = 1')", "`exec`"),
        ("compile('x', 'y', 'exec')", "`compile`"),
        ("__import__('os')", "`__import__`"),
        ("x = exec", "`exec`"),
        ("x = eval('1')", "`eval`"),
        ("q = eval\nq('exec')", "`eval`"),
        ("run = 1", "`run`"),
        ("run += 1", "`run`"),
        ("run: int = 1", "`run`"),
        ("for run in a: pass", "`run`"),
        ("(run := a)", "`run`"),
        ("import math as run", "`run`"),
        ("from math import sqrt as run", "`run`"),
        ("with a as run: pass", "`run`"),
        ("try: a\nexcept E as run: pass", "`run`"),
        ("match a:\n    case run: pass", "`run`"),
        ("match a:\n    case [*run]: pass", "`run`"),
        ("match a:\n    case {**run}: pass", "`run`"),
        ("del run", "`run`"),
        ("x = run", "`run`"),
        ("x = list(filter(run, a))", "`run`"),
        ("__rc_x = 1", "`__rc_`"),
        ("x = __rc_locals()", "`__rc_`"),
        ("del a.b", "`del`"),
        ("del a[::2]", "`del`"),
        ("x = a +", "syntax error"),
        ("x = 'a", "syntax error"),
        ("  x = 1", "syntax error"),
    ],
)
def test_what_no_expansion_may_contain_is_refused_with_its_line(line: str, rule: str) -> None:
    refusal = _refusal(f"b = 1\n# a comment\n{line}")
    assert 3 <= refusal.line <= 3 + line.count("\n")
    assert rule in refusal.rule


@pytest.mark.parametrize(
    "expression",
    [
        "[f(x) for x in a]",
        "[x for x in a if f(x)]",
        "[x for y in a for x in f(y)]",
        "{f(x) for x in a}",
        "{x: f(x) for x in a}",
        "any(f(x) for x in a)",
        "lambda x: f(x)",
        "a and f(b)",
        "a or f(b)",
        "f(b) if a else b",
        "a if b else f(b)",
        "a < b < f(b)",
    ],
)
@pytest.mark.parametrize("place", ["x = {}", "if {}: pass", "while {}: pass", "for y in {}: pass"])
def test_a_placeholder_that_may_not_be_evaluated_once_is_refused(expression: str, place: str) -> None:
    refusal = _refusal("b = 1\n" + place.format(f"({expression})"))
    assert refusal.line == 2
    assert "`f(…)`" in refusal.rule


@pytest.mark.parametrize(
    ("block", "line"),
    [
        ("try:\n    f()\nexcept E:\n    pass", 2),
        ("try:\n    pass\nexcept E:\n    x = f()", 4),
        ("try:\n    pass\nfinally:\n    f()", 4),
        ("with a:\n    f()", 2),
        ("with f() as x:\n    pass", 1),
        ("match a:\n    case 1:\n        f()", 3),
        ("match f():\n    case 1:\n        pass", 1),
    ],
)
def test_a_placeholder_in_a_block_that_runs_whole_is_refused_with_its_line(block: str, line: int) -> None:
    refusal = _refusal(block)
    assert refusal.line == line
    assert "`f(…)`" in refusal.rule


def test_a_placeholder_in_the_target_of_a_loop_is_refused() -> None:
    assert "target" in _refusal("for d[f()] in a: pass").rule


def test_a_placeholder_that_would_overtake_an_action_is_refused() -> None:
    refusal = _refusal("b = 1\nif run('look') == f(a):\n    pass")
    assert refusal.line == 2
    assert "after an action" in refusal.rule


@pytest.mark.parametrize("code", ["", "\n\n", "# only a comment", "   "])
def test_code_without_a_statement_is_refused(code: str) -> None:
    refusal = _refusal(code)
    assert refusal.line == 0
    assert "no statement" in refusal.rule


def test_the_first_of_several_broken_rules_is_the_one_that_is_told() -> None:
    refusal = _refusal("a = 1\ndef f():\n    return 1\nimport os")
    assert (refusal.line, "`def`" in refusal.rule) == (2, True)


def test_a_refusal_reads_as_one_sentence_with_its_line() -> None:
    assert str(_refusal("a = 1\nimport os")).startswith("line 2: module `os` is not available; there are ")


@pytest.mark.parametrize("depth", [5_000, 20_000])
def test_code_that_the_parser_gives_up_on_is_told_to_be_too_deep(depth: int) -> None:
    assert _refusal("x = " + "-" * depth + "1").rule.endswith(("nested too deeply", "too deeply; split it"))


@pytest.mark.parametrize(
    "code",
    [
        "for x in a:\n    try:\n        break\n    finally:\n        pass",
        "while a:\n    match b:\n        case 1:\n            continue",
        "for x in a:\n    if x:\n        break\n    elif b:\n        continue\nelse:\n    b = 1",
        "for x in a:\n    for y in x:\n        pass\n    else:\n        break",
        "x = [run(y) for y in a]",
        "f = lambda y: run(y)",
        "del a, d['k'], d[0], places[1:2]",
        "with a as x, b as y:\n    pass",
    ],
)
def test_what_is_only_unusual_is_accepted(code: str) -> None:
    assert parse(code, DEFINED).tops


@pytest.mark.parametrize(
    ("code", "line", "column"),
    [
        ("x = 1\ny = (2", 2, 4),
        ("x = 1\nif x: return x", 2, 6),
        ("for x in a: pass\nelse: break", 2, 6),
        ("y = a and find(b)", 1, 10),
        ("é = 'ü'; y = a and find(b)", 1, 19),
        ("try:\n    go(a)\nexcept E: pass", 2, 4),
        ("if run('look') == go(a): pass", 1, 18),
        ("", 0, 0),
    ],
)
def test_a_refusal_says_where_in_characters(code: str, line: int, column: int) -> None:
    refusal = _refusal(code)

    assert (refusal.line, refusal.column) == (line, column)


def test_the_first_edition_blames_the_statement_around_a_name_that_may_not_be_bound() -> None:
    with pytest.raises(RuleBroken) as first:
        parse("if a:\n    run = 1", DEFINED, edition=1)
    assert (first.value.line, _refusal("if a:\n    run = 1").line) == (1, 2)

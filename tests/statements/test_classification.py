from __future__ import annotations

import builtins
import re

import pytest

from recode_core.statements import Code, For, If, RuleBroken, While, parse, statement_kind, unavailable


def _kinds(code: str, *defined: str) -> list[str]:
    return [statement_kind(top) for top in parse(code, frozenset(defined)).tops]


@pytest.mark.parametrize(
    "code",
    [
        "find_mug(places)",
        "mug = find_mug(places)",
        "a, b = look_around()",
        "d['k'] = look_around()",
        "total += count_mugs()",
        "mug: str = find_mug()",
        "print(find_mug())",
        "x = [y for y in list_places()]",
        "x = pick()[0].strip()",
        "x = pick() and 1",
        "x = 1 if pick() else 2",
        "assert check()",
        "x = (lambda y=pick(): y)",
        "mug = find(find_place())",
        "x = f'{pick()}'",
        "del d[pick()]",
    ],
)
def test_a_call_of_a_name_that_nothing_defines_is_a_placeholder(code: str) -> None:
    assert _kinds(code, "places", "total", "d") == ["placeholder"]


@pytest.mark.parametrize(
    "code",
    [
        "x = run('look')",
        "x = len(places)",
        "x = places.sort()",
        "x = helper(places)",
        "random.random()",
        "x = undefined_name",
        "x = undefined_name.method()",
        "x = undefined_name[0](1)",
        "f = lambda g: g(1)",
        "f = lambda *a, k, **b: a(1) + k(b(2))",
        "x = [f(1) for f in places]",
        "x = {k: v() for k, v in places}",
        "x = (y := helper)(1)",
        "pick = pick()",
        "import math",
        "from math import sqrt",
        "pass",
    ],
)
def test_everything_else_is_code(code: str) -> None:
    assert _kinds(code, "places", "helper") == ["code"]


@pytest.mark.parametrize("code", ["if a: pass", "for b in a: pass", "while a: pass"])
def test_if_for_and_while_are_control_flow(code: str) -> None:
    assert _kinds(code, "a") == ["control"]


@pytest.mark.parametrize("name", sorted(n for n in dir(builtins) if n.islower() and n.isalpha()))
def test_a_builtin_of_python_is_never_a_placeholder_even_where_the_interpreter_lacks_it(name: str) -> None:
    if name in ("exec", "eval", "compile") or name in unavailable.BUILTINS:
        with pytest.raises(RuleBroken, match=name):
            parse(f"x = {name}(1)")
    else:
        assert _kinds(f"x = {name}(1)") == ["code"]


def test_a_name_is_defined_from_the_statement_that_binds_it_on() -> None:
    assert _kinds("pick(1)\npick = lambda x: x\npick(1)") == ["placeholder", "code", "code"]


@pytest.mark.parametrize(
    "binding",
    [
        "f = 1",
        "f, g = 1, 2",
        "[*f] = []",
        "(f := 1)",
        "import math as f",
        "from math import sqrt as f",
        "for f in []: pass",
        "for i in []: f = 1",
        "if (f := 1): pass",
        "while (f := 0): pass",
        "f: int = 1",
        "try:\n    f = 1\nexcept E:\n    pass",
        "with a as f: pass",
        "match a:\n    case [f]: pass",
        "match a:\n    case {**f}: pass",
        "match a:\n    case 1 as f: pass",
        "match a:\n    case [*f]: pass",
    ],
)
def test_every_way_to_bind_a_name_defines_it(binding: str) -> None:
    assert _kinds(f"{binding}\nf()", "a", "E")[-1] == "code"


def test_a_call_of_a_deleted_name_fails_as_in_python() -> None:
    assert _kinds("f = 1\ndel f\nf()") == ["code", "code", "code"]


def test_a_name_bound_only_in_a_lambda_or_comprehension_stays_undefined() -> None:
    assert _kinds("x = [f for f in []]\ny = lambda f: f\nf()") == ["code", "code", "placeholder"]


def test_a_placeholder_knows_what_it_calls_mentions_and_must_bind() -> None:
    (code,) = parse("a, b = find(obs[0], d['k'], len(x), helper(y))", frozenset({"helper"})).tops
    assert isinstance(code, Code)
    assert (code.calls, code.mentions, code.targets) == (("find",), ("obs", "d", "x", "y"), ("a", "b"))


def test_a_placeholder_inside_control_flow_is_numbered_in_source_order() -> None:
    program = parse(
        "for i in x:\n    a = f(i)\n    b = 1\n    if b:\n        c = g()\n    h()", frozenset("x")
    )
    loop = program.tops[0]
    assert isinstance(loop, For)
    branch = loop.body[2]
    assert isinstance(branch, If)
    inner = [*loop.body[:2], branch.body[0], loop.body[3]]
    assert [code.order for code in inner if isinstance(code, Code)] == [0, None, 1, 2]


def test_a_placeholder_in_a_test_is_taken_out_under_a_readable_name() -> None:
    program = parse("if is_ready(mug) and x:\n    a = 1", frozenset({"mug", "x"}))
    taken, branch = program.block
    assert isinstance(taken, Code)
    assert isinstance(branch, If)
    assert (taken.text, branch.test.fed.text) == ("is_ready_result = is_ready(mug)", "is_ready_result and x")
    assert program.source.text_of(taken.span) == "is_ready(mug)"
    assert program.tops == (branch,)


def test_several_placeholders_in_one_test_are_taken_out_in_order_under_names_of_their_own() -> None:
    program = parse("if f(1) + f(2) > g():\n    pass", frozenset({"f_result_2"}))
    *taken, branch = program.block
    assert isinstance(branch, If)
    texts = ["f_result = f(1)", "f_result_3 = f(2)", "g_result = g()"]
    assert [code.text for code in taken if isinstance(code, Code)] == texts
    assert branch.test.fed.text == "f_result + f_result_3 > g_result"


def test_a_placeholder_in_an_iterable_is_taken_out_before_the_loop() -> None:
    taken, loop = parse("for i in sorted(list_places()):\n    pass").block
    assert isinstance(taken, Code)
    assert isinstance(loop, For)
    assert taken.text == "list_places_result = list_places()"
    assert loop.iterable.fed.text == "__rc_sorted(list_places_result)"


def test_a_placeholder_in_the_test_of_a_while_is_taken_out_for_each_pass() -> None:
    (loop,) = parse("while not done(x):\n    pass", frozenset("x")).block
    assert isinstance(loop, While)
    (taken,) = loop.prelude
    assert isinstance(taken, Code)
    assert (taken.text, loop.test.fed.text) == ("done_result = done(x)", "not done_result")


def test_a_placeholder_in_an_elif_is_taken_out_only_when_it_is_reached() -> None:
    program = parse("if a:\n    pass\nelif f(a):\n    pass", frozenset("a"))
    (branch,) = program.block
    assert isinstance(branch, If)
    taken, inner = branch.orelse
    assert isinstance(taken, Code)
    assert isinstance(inner, If)
    assert taken.text == "f_result = f(a)"


def test_a_placeholder_inside_a_placeholder_is_taken_out_with_it() -> None:
    taken, _ = parse("if f(g(1)):\n    pass").block
    assert isinstance(taken, Code)
    assert (taken.text, taken.calls) == ("f_result = f(g(1))", ("f",))


def test_a_test_that_is_healed_and_taken_apart_stays_whole() -> None:
    program = parse("if f(next(map(g, y))) and next(x for x in y):\n    pass", frozenset("yg"))
    taken, branch = program.block
    assert isinstance(taken, Code)
    assert isinstance(branch, If)
    assert taken.fed.text == "f_result = (f or f)(next(__rc_map(g, y)))"
    assert re.fullmatch(r"f_result and next\(__rc_g\d+\(__rc_iter\(\(y\)\)\)\)", branch.test.fed.text)


@pytest.mark.parametrize(
    ("written", "fed"),
    [
        ("find(x).count('a')", "__rc_lib_values_member((find_result), 'count', {})('a')"),
        ("[*find(x)]", "[*(__rc_items(find_result))]"),
        ("','.join(find(x))", "__rc_lib_values_join((','), (find_result))"),
    ],
)
def test_what_is_written_around_a_placeholder_that_is_taken_out_stays(written: str, fed: str) -> None:
    _, loop = parse(f"for i in {written}:\n    pass", frozenset("x")).block
    assert isinstance(loop, For)
    call = "lambda __rc_o, *__rc_a, **__rc_k: __rc_o.count(*__rc_a, **__rc_k)"
    assert loop.iterable.fed.text == fed.format(call)

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recode_core.source import Source
from recode_core.statements import Code, For, If, Program, RuleBroken, While, parse
from recode_core.values import Span


def _texts(program: Program) -> list[str]:
    return [program.source.text_of(top.span) for top in program.tops]


@pytest.mark.parametrize(
    ("code", "texts"),
    [
        ("a = 1; b = 2;c=3", ["a = 1", "b = 2", "c=3"]),
        ("a = 1  # why\n# alone\nb = 2", ["a = 1", "b = 2"]),
        ('a = """one\n  two\n"""; b = 2', ['a = """one\n  two\n"""', "b = 2"]),
        ("a = f(\n    1,\n    2,\n)\nb = 2", ["a = f(\n    1,\n    2,\n)", "b = 2"]),
        ("if a:\n\tb = 1\n\tc = 2\n\nd = 3", ["if a:\n\tb = 1\n\tc = 2", "d = 3"]),
        ("é = 'ünï'; b = '😀'; c = é", ["é = 'ünï'", "b = '😀'", "c = é"]),
        ("a = 1\r\nb = 2\rc = 3\r\n", ["a = 1", "b = 2", "c = 3"]),
        ("a = 1 + \\\n    2\nb = 3", ["a = 1 + \\\n    2", "b = 3"]),
        ("for i in x:\n  a\nelse:\n  b\nc", ["for i in x:\n  a\nelse:\n  b", "c"]),
        ("a = 'x\\\ny'; b = (1)", ["a = 'x\\\ny'", "b = (1)"]),
    ],
)
def test_each_statement_has_the_characters_it_was_written_with(code: str, texts: list[str]) -> None:
    assert _texts(parse(code, frozenset("afx"))) == texts


def test_lines_count_from_one_and_columns_from_zero_in_characters() -> None:
    program = parse("é = 'ünï'; b = 2\nc = '''\n'''")
    spans = [top.span for top in program.tops]
    assert spans == [Span(1, 0, 1, 9), Span(1, 11, 1, 16), Span(2, 0, 3, 3)]


def test_an_expression_of_a_test_keeps_its_range_on_several_lines() -> None:
    program = parse("while (a and\n       b):\n    c = 1", frozenset("ab"))
    loop = program.tops[0]
    assert isinstance(loop, While)
    assert program.source.text_of(loop.test.span) == "a and\n       b"


def test_statements_inside_control_flow_keep_their_ranges() -> None:
    program = parse("for i in x:\n\tif i: a = 'é'; b = 2\n\telse:\n\t\tc = 3", frozenset("x"))
    loop = program.tops[0]
    assert isinstance(loop, For)
    branch = loop.body[0]
    assert isinstance(branch, If)
    inner = [program.source.text_of(s.span) for s in (*branch.body, *branch.orelse)]
    assert inner == ["a = 'é'", "b = 2", "c = 3"]


def test_an_elif_is_a_range_of_its_own() -> None:
    program = parse("if a:\n    b = 1\nelif c:\n    d = 2", frozenset("ac"))
    branch = program.tops[0]
    assert isinstance(branch, If)
    assert [program.source.text_of(s.span) for s in branch.orelse] == ["elif c:\n    d = 2"]


NAMES = st.sampled_from(["a", "b", "é", "obs", "日本"])
VALUES = st.sampled_from(["1", "'x'", "'é😀'", '"""a\nb"""', "[1,\n 2]", "{'k': 'ß'}", "(a,\n)", "f'{a}é'"])
SIMPLE = st.one_of(
    st.builds("{} = {}".format, NAMES, VALUES),
    st.builds("{}={}".format, NAMES, VALUES),
    st.builds("print({}, {})".format, VALUES, NAMES),
    st.builds("{} += 1".format, NAMES),
    st.builds("{} = run({})".format, NAMES, VALUES),
    st.builds("{} = find({}, {})".format, NAMES, NAMES, VALUES),
    st.just("pass"),
)
LINE = st.lists(SIMPLE, min_size=1, max_size=3).map("; ".join)


def _indented(block: str, indent: str) -> str:
    """Every line of `block` deeper, the continued ones too."""
    return "\n".join(indent + line for line in block.split("\n"))


def _compound(blocks: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    head = st.sampled_from(
        ["if a:", "for b in obs:", "while a:", "if a and\\\n b:", "for a, b in [(1, 'é')]:"]
    )
    indent = st.sampled_from(["    ", "\t", "  "])
    return st.builds(lambda h, b, i: f"{h}\n{_indented(b, i)}", head, blocks, indent)


BLOCK = st.recursive(
    LINE, lambda blocks: st.lists(st.one_of(LINE, _compound(blocks)), min_size=1, max_size=4).map("\n".join)
)


@given(BLOCK)
def test_every_statement_of_a_program_is_the_slice_that_python_sees(code: str) -> None:
    program = parse(code, frozenset({"a", "b", "é", "obs", "日本"}))
    expected = [ast.get_source_segment(code, node) for node in ast.parse(code).body]
    assert _texts(program) == expected


@given(BLOCK)
def test_every_statement_inside_is_the_slice_that_python_sees(code: str) -> None:
    program = parse(code, frozenset({"a", "b", "é", "obs", "日本"}))
    inner = [s for s in ast.walk(ast.parse(code)) if isinstance(s, ast.stmt)]
    expected = {ast.get_source_segment(code, node) for node in inner}
    found, open_blocks = set(), [program.block]
    while open_blocks:
        for statement in open_blocks.pop():
            found.add(program.source.text_of(statement.span))
            match statement:
                case If() | For() | While():
                    open_blocks += [statement.body, statement.orelse]
    assert found == expected


@given(st.text())
def test_any_text_is_parsed_or_refused(code: str) -> None:
    try:
        program = parse(code)
    except RuleBroken as refusal:
        assert refusal.rule
        assert 0 <= refusal.line <= code.count("\n") + code.count("\r") + 1
    else:
        assert program.tops


REAL = """
locations = ['countertop 1', 'é 2']
for place in locations:
    obs = run(f'go to {place}')
    found = [x for x in parse(obs) if x.startswith("mug")]
    while not found and len(obs) > 3:
        obs = run("look"); found = pick(obs)
        if 'nothing' in obs: break
    else:
        del locations[0]
try:
    first = next(x for x in locations if x)
except (StopIteration, ValueError) as error:
    print(f'{error!r:>20}')
finally:
    done = {'k': (lambda y: y + 1)(2)}
answer = finish(found) if found else None
"""


@given(st.data())
def test_damaged_code_is_parsed_or_refused(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(REAL)))
    end = data.draw(st.integers(start, min(len(REAL), start + 30)))
    code = REAL[:start] + data.draw(st.text(max_size=10)) + REAL[end:]
    try:
        program = parse(code)
    except RuleBroken as refusal:
        assert refusal.rule
    else:
        assert all(code.strip() for code in _texts(program))


@pytest.mark.parametrize(
    "code", ["(" * 5000, "x = " + "-" * 100_000 + "1", "[" * 300 + "]" * 300, "\0", "\ud800"]
)
def test_what_python_itself_cannot_read_is_refused(code: str) -> None:
    with pytest.raises(RuleBroken):
        parse(code)


@given(st.text(alphabet=st.sampled_from("aé😀\n\u2028\t"), max_size=40), st.data())
def test_an_offset_and_its_position_are_the_same_place(text: str, data: st.DataObject) -> None:
    source = Source(text)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert source.text_of(source.span(start, end)) == text[start:end]


def test_a_warning_of_the_compiler_reaches_nobody() -> None:
    program = parse("a = '\\d'\nb = 1 is 1")
    assert all(isinstance(top, Code) for top in program.tops)

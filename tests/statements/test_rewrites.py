from __future__ import annotations

import pytest

from recode_core.statements import Code, parse


def _only(code: str) -> Code:
    (top,) = parse(code, frozenset("abdx")).tops
    assert isinstance(top, Code)
    return top


@pytest.mark.parametrize(
    ("written", "fed"),
    [
        ("y = next(map(str, a))", "y = next(__rc_map(str, a))"),
        ("y = next(filter(None, a), 0)", "y = next(__rc_filter(None, a), 0)"),
        ("y = next(zip(a, b)); ", "y = next(__rc_zip(a, b))"),
        ("y = next(enumerate(a))", "y = next(__rc_enumerate(a))"),
        ("y = next(reversed(a))", "y = next(__rc_reversed(a))"),
        ("y = list(map(str, [a]))", "y = list(map(str, [a]))"),
        ("a += b", "a += __rc_iadd(a, (b))"),
        ("a += 1, b", "a += __rc_iadd(a, (1, b))"),
        ("a += 1", "a += 1"),
        ("y = next(a)", "y = next(a)"),
        ("del a", "a; __rc_del_a()"),
        ("del a, b", "a; __rc_del_a(); b; __rc_del_b()"),
        ("del d['k']", "d.pop('k')"),
        ("del d[0][1:2]", "d[0][1:2] = []"),
        ("del a, d[-1]", "a; __rc_del_a(); d.pop(-1)"),
    ],
)
def test_what_the_interpreter_lacks_is_said_in_other_words(written: str, fed: str) -> None:
    assert _only(written).fed.text == fed


def test_what_is_shown_is_what_was_written() -> None:
    program = parse("y = next(x for x in a); del a", frozenset("a"))
    texts = [program.source.text_of(top.span) for top in program.tops]
    assert texts == ["y = next(x for x in a)", "del a"]


@pytest.mark.parametrize("needle", ["next", "a)", "é", "z"])
def test_a_place_in_healed_text_is_the_place_in_what_was_written(needle: str) -> None:
    written = "y = next((x for x in a), 'é') + z"
    fed = _only(written).fed
    assert fed.origin(fed.text.index(needle)) == written.index(needle)


def test_a_place_in_a_definition_is_the_place_in_what_was_written() -> None:
    written = "y = next((run('é' + x) for x in a if x > b), 'é')"
    lead = _only(written).fed.definitions
    assert lead is not None
    for needle in ("run('é'", "x > b"):
        assert lead.origin(lead.text.index(needle)) == written.index(needle)


def test_a_place_inside_a_replacement_is_where_the_replaced_text_begins() -> None:
    written = "del d['k']"
    fed = _only(written).fed
    assert fed.origin(fed.text.index("pop")) == 0
    assert fed.origin(len(fed.text)) == len(written)

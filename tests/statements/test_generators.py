"""Generator expressions and the like are fed as iterators that stop between two items."""

from __future__ import annotations

import pytest

from recode_core.statements import Code, RuleBroken, parse

DEFINED = frozenset({"a", "xs", "f"})


def _fed(code: str) -> str:
    top = parse(code, DEFINED).tops[-1]
    assert isinstance(top, Code)
    return (top.fed.definitions.text if top.fed.definitions else "") + top.fed.text


@pytest.mark.parametrize("code", ["y = sum(x for x in xs)", "y = ', '.join(str(x) for x in xs)"])
def test_a_generator_that_only_computes_and_is_used_up_at_once_stays_a_list(code: str) -> None:
    assert _fed(code) == code


@pytest.mark.parametrize(
    "code",
    [
        "y = sum(run(x) for x in xs)",
        "y = sum(f(x) for x in xs)",
        "g = (x for x in xs)",
        "y = any(x for x in xs)",
        "y = [x for x in (run(z) for z in xs)]",
    ],
)
def test_a_generator_that_acts_or_is_kept_becomes_an_iterator(code: str) -> None:
    assert "__rc_generator(" in _fed(code)


def test_a_builtin_that_is_shadowed_is_left_alone() -> None:
    assert _fed("any = 1\nmap = f\ny = map(f, xs)") == "y = map(f, xs)"


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("a.fromkeys(run(x) for x in xs if x)", "for x in xs:\n    if x:\n        item = run(x)"),
        ("y = 1 < 2 in (run(x) for x in xs)", "for x in xs:\n    item = run(x)"),
        ("y = (lambda: next(z := run(x) for x in xs))()", "for x in xs:\n    item = (z := run(x))"),
        ("y = next(run('a') for a.b in xs)", "for a.b in xs:"),
    ],
)
def test_what_cannot_stop_between_two_items_is_refused_with_the_loop_to_write(code: str, advice: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        parse(code, DEFINED)
    assert advice in caught.value.rule


def test_the_first_edition_feeds_generators_as_they_are() -> None:
    top = parse("y = next(x for x in xs if run(x)); del xs", DEFINED, edition=1).tops[0]
    assert isinstance(top, Code)
    assert top.fed.text == "y = next(__rc_iter(x for x in xs if run(x)))"
    assert top.fed.definitions is None

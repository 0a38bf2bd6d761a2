"""What is offered for code at a cursor, the lines with placeholders, and what an action becomes in code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recode_core.session import read
from recode_core.timeline import Timeline
from recode_tui.debug.code_completion import GIVEN, complete, insertion, words_at, words_of
from recode_tui.debug.dialogs.validation import find_placeholders
from recode_tui.debug.edit_targets import edit_target
from tests.tui.debug.conftest import SAMPLES
from tests.tui.debug.fake_view import ControllerHarness

WORDS = ("location", "locations", "obj", "find_it(", "len", "re")
ACTIONS = ("go to desk 1", "go to desk 2", "take mug 1 from desk 2", "say it's me")


def applied(line: str, column: int, option: str) -> str:
    found = complete(line, column, WORDS, ACTIONS)
    assert found is not None
    return line[: found.start] + found.text(option) + line[found.end :]


@pytest.mark.parametrize(
    ("before", "options"),
    [
        ("x = loc", ("location", "locations")),
        ("x = location", ("locations",)),
        ("find", ("find_it(",)),
        ("x.le", None),
        ("x = 'le", None),
        ("x = 'it' + le", ("len",)),
        ('x = "it\'s" + le', ("len",)),
        ("# le", None),
        ("x = ", None),
        ("    ", None),
        ("", None),
        ("x = 5", None),
        ("x5 = obj", None),
        ("run('go to", ("go to desk 1", "go to desk 2")),
        ("a = run( 'mug", ("take mug 1 from desk 2",)),
        ('a = run("', ACTIONS),
        ("run('nowhere", ()),
        ("rerun('go", None),
        ("run('go') + loc", ("location", "locations")),
    ],
)
def test_what_fits_is_offered(before: str, options: tuple[str, ...] | None) -> None:
    found = complete(before, len(before), WORDS, ACTIONS)
    assert (found.options if found is not None else None) == options


def test_without_a_beginning_all_names_are_offered_only_on_request() -> None:
    assert complete("x = ", 4, WORDS, ()) is None
    found = complete("x = ", 4, WORDS, (), is_forced=True)
    assert found is not None and found.options == WORDS
    assert complete("x.", 2, WORDS, (), is_forced=True) is None


def test_the_name_that_the_cursor_is_in_is_not_offered() -> None:
    found = complete("x = location2", 7, ("location2", "location"), ())
    assert found is not None and found.options == ("location",)


@pytest.mark.parametrize(
    ("line", "column", "after"),
    [
        ("a = run('go", 11, "a = run('go to desk 1')"),
        ("a = run('go')", 11, "a = run('go to desk 1')"),
        ('a = run("go")  # x', 11, "a = run('go to desk 1')  # x"),
        ("a = run('go desk')", 11, "a = run('go to desk 1')"),
    ],
)
def test_an_action_replaces_the_whole_argument(line: str, column: int, after: str) -> None:
    assert applied(line, column, "go to desk 1") == after


def test_an_action_is_quoted() -> None:
    assert applied("run('say", 8, "say it's me") == 'run("say it\'s me")'
    assert insertion("a = ", 4, "it's \\ \n") == (4, 4, 'run("it\'s \\\\ \\n")')
    assert insertion("a = run('x", 10, "go") == (8, 10, "'go')")
    assert insertion("  b = 1", 7, "go") == (7, 7, "\n  run('go')")
    assert insertion("if b:", 5, "go") == (5, 5, "\n    run('go')")
    assert insertion("if  :", 3, "go") == (3, 3, "run('go')")


@given(st.text(max_size=30), st.integers(0, 30), st.booleans())
def test_any_line_can_be_completed(line: str, column: int, is_forced: bool) -> None:
    column = min(column, len(line))
    found = complete(line, column, WORDS, ACTIONS, is_forced)
    assert found is None or 0 <= found.start <= column <= found.end <= len(line)


def test_the_names_of_a_text_are_its_identifiers() -> None:
    assert list(words_of("for place in places:\n    seen.add(place)")) == ["place", "places", "seen"]


def test_variables_placeholders_and_what_is_always_there_are_known() -> None:
    debug = ControllerHarness(SAMPLES / "household-puttwo.jsonl", stop=20)
    frame = debug.view.frame
    assert frame is not None
    words = words_at(frame)
    assert set(frame.moment.variables()) <= set(words)
    assert any(word.endswith("(") for word in words)
    assert set(GIVEN) <= set(words) and "run" in words and "open" not in words


def test_lines_with_placeholders_are_those_of_the_engine() -> None:
    find = find_placeholders(frozenset({"places"}))
    loop = "for p in near(places):\n    if is_ok(p):\n        go(\n            p)"
    code = f"x = look_at(1)\nrun('go')\n{loop}\ny = len(x)"
    assert find(code) == frozenset({1, 3, 4, 5})
    assert find("look_at = len\nlook_at(1)") == frozenset()
    assert find("x = (") is None
    assert find("") == frozenset()
    assert find_placeholders(None)("f(1)") == frozenset()


def test_lines_are_found_in_code_that_a_sample_recorded() -> None:
    session = read(SAMPLES / "household-puttwo.jsonl")
    debug = ControllerHarness(session.path, stop=-1)
    frame = debug.view.frame
    assert frame is not None and isinstance(frame.timeline, Timeline)
    for node, history in tuple(frame.timeline.expansions.histories.items()):
        code = history.codes[-1]
        target = edit_target(frame, "code", node)
        assert not isinstance(target, str)
        marked = {child.span.line for child in code.children if child.kind == "placeholder"}
        assert marked <= (target.placeholders(code.text) or set())


def test_a_single_statement_is_marked_in_its_place() -> None:
    debug = ControllerHarness(SAMPLES / "household-puttwo.jsonl")
    frame = debug.view.frame
    assert frame is not None
    plan = frame.timeline.tree
    node = next(node for node in plan.present() if plan.call_of(node) == "0" and node != "0")
    target = edit_target(frame, "code", node)
    assert not isinstance(target, str)
    assert target.placeholders("x = something_new(1)") == frozenset({1})
    assert target.placeholders("x = 1") == frozenset()

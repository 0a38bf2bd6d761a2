"""What a person goes by who writes code: readable whatever the values are."""

from __future__ import annotations

from recode_core.timeline.actions import Action
from recode_core.values import Observation, Variable
from recode_tui.debug.request_note import request_note


def of(name: str, value: object) -> Variable:
    return Variable(name, type(value).__name__, repr(value))


def test_the_observation_comes_first_and_after_a_repair() -> None:
    last = Action(7, 5, None, "look", Observation("A room.\nA desk."))
    assert request_note([of("n", 3)], last) == (
        "The last observation, after look:\n  A room.\n  A desk.\n\nn (int): 3"
    )
    assert request_note([], last, "It failed.").startswith("It failed.\n\nThe last observation")
    first = Action(0, 0, None, "", Observation("A room."))
    assert request_note([], first) == "The first observation:\n  A room."
    assert request_note([], None) == ""


def test_an_observation_that_a_variable_holds_is_shown_once() -> None:
    last = Action(0, 0, None, "", Observation("A room.\nA desk."))
    assert request_note([of("seen", "A room.\nA desk.")], last) == "seen (str):\n  A room.\n  A desk."


def test_text_has_neither_quotes_nor_escapes() -> None:
    assert request_note([of("a", "it's"), of("b", 'say "x"')], None) == 'a (str): it\'s\nb (str): say "x"'


def test_a_container_is_on_one_line_if_it_fits_and_else_in_items() -> None:
    assert request_note([of("a", [1, 2])], None) == "a (list): [1, 2]"
    assert request_note([of("a", {"k": "x\ny"})], None) == "a (dict):\n  'k':\n    x\n    y"
    items = request_note([of("a", ["some words"] * 60)], None).split("\n")
    assert items[:2] == ["a (list):", "  0: some words"] and items[-1] == "  … 10 more items"


def test_a_shortened_value_says_how_long_it_is() -> None:
    cut = Variable("a", "str", "'the beginning'", 4000)
    assert request_note([cut], None) == "a (str, shortened from 4,000 characters): the beginning"

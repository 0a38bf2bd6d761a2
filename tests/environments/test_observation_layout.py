"""Observations as their environments lay them out: easy to read, and not a word of them lost."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recode_core.environments import observation_layout
from recode_core.environments.alfworld import Alfworld
from recode_core.environments.household import Household
from recode_core.environments.layout import Page, Role, Row, as_it_is, row
from recode_core.environments.observation_layout import laid_out, no_effect_test
from recode_core.environments.registry import names
from recode_core.environments.scienceworld import ScienceWorld
from recode_core.environments.webshop import WebShop
from recode_core.events import ActionFinished, WorldReset
from recode_core.session import read

SAMPLES = sorted((Path(__file__).parents[2] / "sessions").glob("*.jsonl"))
RESULTS = """[Back to Search]
Page 2 (Total results: 50)
[< Prev]
[Next >]
[B07HYF111T]
KETO BARS : The Original. [Chocolate Peanut Butter, 10 Pack]
$29.95
[B002C56QX6]
Crunchmaster
$3.0 to $100.0"""
PRODUCT = """You have clicked Sea Salt.
[Back to Search]
[< Prev]
flavor name
[pecan]
[sea salt]
size
[4.25 ounce (pack of 1)]
[Nut Thins]
Price: $34.44
Rating: N.A.
[Description]
[Features]
[Reviews]
[Buy Now]"""
KITCHEN = (
    "This room is called the kitchen. In it, you see: \n\tthe agent\n\ta chair. On the chair is: nothing.\n"
    "\ta counter. On the counter is: a bowl (containing a red apple, a banana), a drawer.\n"
    "\ta glass jar (containing a substance called sodium chloride)\n"
    "\ta toilet. In the toilet is: A drain, which is closed, a substance called water.\n"
    "\ta thermometer, currently reading a temperature of 10 degrees celsius\n"
    "You also see:\n\tA door to the hallway (that is open)"
)


def roles(page: Page, role: Role) -> list[str]:
    """The texts that have a role, in order."""
    return [piece.text for line in page.rows for piece in line.pieces if piece.role == role]


def shown(page: Page) -> list[str]:
    """The lines, moved in."""
    return ["  " * line.indent + line.text for line in page.rows]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_observation_of_the_samples_is_laid_out_whole(path: Path) -> None:
    session = read(path)
    name = session.header.settings.environment
    events = [record.event for record in session.records]
    told = [e.observation.text for e in events if isinstance(e, ActionFinished | WorldReset)]
    assert told or session.header.imported
    for text in told:
        page = laid_out(name, text)
        assert page != as_it_is(text) or "\n" not in text
        assert Counter(" ".join(shown(page)).split()) == Counter(text.split())


ENVIRONMENTS: tuple[Household | Alfworld | ScienceWorld | WebShop, ...] = (
    Household(),
    Alfworld(),
    ScienceWorld(),
    WebShop(),
)
_PIECES = (
    *"\n\t [](),.:",
    *("you see a ", "a b 1", ", and a", "On the x is: ", "(containing ", "0:\t", "[Buy Now]", "[Search]"),
    *("Price: $1", "Page 1 (Total results: 5)", "[Back to Search]", "[B07HYF111T]", "You have clicked x."),
)


@given(st.lists(st.sampled_from(_PIECES), max_size=30).map("".join))
def test_no_text_is_too_odd_for_a_layout_and_no_word_of_it_is_lost(text: str) -> None:
    for environment in ENVIRONMENTS:
        assert isinstance(environment.laid_out(text), Page)
        page = laid_out(environment.name, text)
        assert Counter(" ".join(shown(page)).split()) == Counter(text.split())


@pytest.mark.parametrize("name", ["household", "alfworld"])
def test_a_place_is_a_heading_and_what_lies_there_a_line_each(name: str) -> None:
    page = laid_out(
        name, "You open the fridge 1. The fridge 1 is open. In it, you see a eggcup 1, and a egg 2."
    )
    assert shown(page) == [
        "You open the fridge 1.",
        "The fridge 1 is open.",
        "In it, you see",
        "  a eggcup 1,",
        "  and a egg 2.",
    ]
    assert roles(page, "heading") == ["You open the fridge 1."]
    assert roles(page, "thing") == ["eggcup 1", "egg 2"]


def test_the_first_observation_of_a_house_has_its_room_and_its_task_for_headings() -> None:
    page = laid_out("household", Household().open("put:7").reset().text)
    room, task = roles(page, "heading")
    assert room == "You are in the middle of a room." and task.startswith("Your task is to: put a cd")
    assert len(roles(page, "thing")) == 18
    assert roles(page, "quiet")[0] == "-= Welcome to TextWorld, ALFRED! =-"


def test_what_did_nothing_is_set_apart() -> None:
    assert roles(laid_out("alfworld", "Nothing happens."), "refused") == ["Nothing happens."]
    unknown = "No known action matches that input."
    assert roles(laid_out("scienceworld", unknown), "refused") == [unknown]
    invalid = "Invalid action 'fly': nothing happens. Possible are search[WORDS]:"
    page = laid_out("webshop", f"{invalid}\nfind a cup\n[Search]")
    assert (page.kind, roles(page, "refused"), roles(page, "button")) == (
        "the search",
        [invalid],
        ["[Search]"],
    )


def test_results_are_a_product_a_line_with_its_price() -> None:
    page = laid_out("webshop", RESULTS)
    assert page.kind == "results"
    assert shown(page) == [
        "Page 2 (Total results: 50)",
        "[Back to Search] [< Prev] [Next >]",
        "",
        "[B07HYF111T]  $29.95          KETO BARS : The Original. [Chocolate Peanut Butter, 10 Pack]",
        "[B002C56QX6]  $3.0 to $100.0  Crunchmaster",
    ]
    assert roles(page, "button")[3:] == ["[B07HYF111T]", "[B002C56QX6]"]
    assert [text.strip() for text in roles(page, "price")] == ["$29.95", "$3.0 to $100.0"]


def test_a_product_shows_which_options_are_chosen_and_its_buttons() -> None:
    page = laid_out("webshop", PRODUCT)
    assert page.kind == "a product"
    assert shown(page) == [
        "You have clicked Sea Salt.",
        "",
        "[Nut Thins]",
        "Price: $34.44",
        "Rating: N.A.",
        "[Back to Search] [< Prev]",
        "",
        "flavor name",
        "[pecan] [sea salt]",
        "size",
        "[4.25 ounce (pack of 1)]",
        "",
        "[Description] [Features] [Reviews] [Buy Now]",
    ]
    assert roles(page, "chosen") == ["[sea salt]"]
    assert roles(page, "heading") == ["[Nut Thins]"]


def test_the_other_pages_of_the_shop_say_what_they_are() -> None:
    assert laid_out("webshop", "[Back to Search]\n[< Prev]\nSoft.\n[red]").kind == "more of a product"
    assert laid_out("webshop", "Your score (min 0.0, max 1.0): 1.0").kind == "the till"
    assert laid_out("webshop", "Nothing happens: the purchase is made.").kind == ""


def test_things_stand_below_what_they_are_in_or_on() -> None:
    page = laid_out("scienceworld", KITCHEN)
    assert shown(page) == [
        "This room is called the kitchen. In it, you see:",
        "  the agent",
        "  a chair. On the chair is: nothing.",
        "  a counter. On the counter is:",
        "    a bowl (containing",
        "      a red apple,",
        "      a banana),",
        "    a drawer.",
        "  a glass jar (containing a substance called sodium chloride)",
        "  a toilet. In the toilet is:",
        "    A drain, which is closed,",
        "    a substance called water.",
        "  a thermometer, currently reading a temperature of 10 degrees celsius",
        "You also see:",
        "  A door to the hallway (that is open)",
    ]
    assert roles(page, "thing")[2:6] == ["counter", "bowl", "red apple", "banana"]
    assert roles(page, "thing")[-2:] == ["thermometer", "door to the hallway"]


def test_a_question_has_its_choices_for_buttons() -> None:
    asked = "Ambiguous request: Please enter the number for the action you intended (or blank to cancel):"
    page = laid_out(
        "scienceworld", f"{asked}\n0:\tmove seed (in jar) to pot\n1:\tmove seed (in bag) to pot\n"
    )
    assert page.kind == "a question: the next action is a number"
    assert roles(page, "heading") == [asked]
    assert roles(page, "button") == ["0:", "1:"]
    assert shown(page)[1] == "  0: move seed (in jar) to pot"


class OneLayout(Household):
    """An environment of another package, whose layout may do anything."""

    def __init__(self, made: Page | Exception) -> None:
        self.made = made

    def laid_out(self, observation: str) -> Page:
        if isinstance(self.made, Exception):
            raise self.made
        return self.made


@pytest.mark.parametrize(
    "made", [Page((row("You may"),)), Page((row("You may not go."), row("now"))), ValueError("no"), Page(())]
)
def test_a_layout_that_fails_loses_words_or_makes_some_up_is_not_shown(
    made: Page | Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(observation_layout, "environment", lambda name: OneLayout(made))
    assert laid_out("theirs", "You may not go.") == as_it_is("You may not go.")


def test_another_packages_layout_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page((Row(), row("You may not go.", "refused")))
    monkeypatch.setattr(observation_layout, "environment", lambda name: OneLayout(page))
    assert laid_out("theirs", "You may\nnot go.") == page


def test_an_environment_that_is_not_there_or_has_no_layout_shows_text_as_it_is() -> None:
    assert "theirs" not in names()
    assert laid_out("theirs", "[b]a[/b]\n\n c") == as_it_is("[b]a[/b]\n\n c")
    long = "You see a cup 1, and a cup 2. " * 10_000
    assert laid_out("household", long) == as_it_is(long)


@pytest.mark.parametrize(
    ("name", "observation", "did_nothing"),
    [
        ("household", "Nothing happens.", True),
        ("household", "You turn on the desklamp 1.", False),
        ("alfworld", "Nothing happens.", True),
        ("alfworld", "You arrive at desk 1. Nothing happens.", False),
        ("scienceworld", "No known action matches that input.", True),
        ("scienceworld", "The door is now open.", False),
        ("webshop", "Invalid action 'fly': nothing happens. Possible are search[WORDS]:", True),
        ("webshop", "Nothing happens: the purchase is made.", True),
        ("webshop", "You have clicked red.", False),
        ("theirs", "Nothing happens.", False),
    ],
)
def test_an_environment_tells_by_an_observation_that_an_action_did_nothing(
    name: str, observation: str, did_nothing: bool
) -> None:
    assert no_effect_test(name)(observation) is did_nothing


@pytest.mark.parametrize(("answer", "told"), [(True, True), (1, False), (ValueError("no"), False)])
def test_another_package_may_tell_what_did_nothing(
    answer: object, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Theirs(Household):
        def had_no_effect(self, observation: str) -> bool:
            if isinstance(answer, Exception):
                raise answer
            return answer  # type: ignore[return-value]

    monkeypatch.setattr(observation_layout, "environment", lambda name: Theirs())
    assert no_effect_test("theirs")("any") is told


def test_an_environment_need_not_tell_what_did_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(observation_layout, "environment", lambda name: object())
    assert not no_effect_test("theirs")("Nothing happens.")

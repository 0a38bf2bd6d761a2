"""The actions that the world would do something on, offered while one is typed."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from recode_core.environments.scripted import ScriptedWorld
from recode_core.errors import EnvironmentUnavailable
from recode_core.events import ActionReplaced
from recode_tui.debug.offers import fitting, taken, typed
from recode_tui.opening import Open
from tests.tui.debug.conftest import Scripting, Sit
from tests.tui.debug.seat import Seat

CODE = "a = run('look')\nb = run('go')\nc = run('wait')"
ACTIONS = ("click[Buy Now]", "go to desk 1", "go to desk 2", "open drawer 1", "take mug 1 from desk 2")


class Telling(ScriptedWorld):
    """A world that tells what is possible, when it is let go."""

    def __init__(
        self, let_go: threading.Event | None = None, told: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__({"look": "A room.", "go": "You went."})
        self._let_go, self._told = let_go, told

    @property
    def possible(self) -> tuple[str, ...]:
        if self._let_go is not None:
            assert self._let_go.wait(10)
        self._told()
        return ACTIONS


@pytest.fixture
def telling(scripting: Scripting) -> Open:
    return scripting(CODE, world=Telling)


async def to_action(seat: Seat, node: str = "0.0") -> None:
    """Go on to the action of a node."""
    while seat.at != ("action", node):
        await seat.press("s")


def offered(seat: Seat) -> str:
    """What is seen of the offers."""
    return seat.panel("offers")


async def test_tab_offers_what_is_possible_and_takes_the_one_that_is_chosen(sit: Sit, telling: Open) -> None:
    async with sit(telling) as seat:
        await to_action(seat)
        await seat.hit("a")
        assert seat.prompt == 'action "look"'
        assert not seat.screen.query_one("#offers").display
        await seat.hit("tab")
        await seat.until(lambda: "5 of 5 possible here" in offered(seat))
        assert all(action in offered(seat) for action in ACTIONS)
        await seat.hit("down", "down", "up", "down")
        assert "▸ go to desk 2" in offered(seat)
        await seat.hit("tab")
        assert seat.prompt == 'action "go to desk 2"'
        assert not seat.screen.query_one("#offers").display
        await seat.press("enter")
        assert [event.action for event in seat.events(ActionReplaced)] == ["go to desk 2"]


async def test_what_is_typed_narrows_the_offers(sit: Sit, telling: Open) -> None:
    async with sit(telling) as seat:
        await to_action(seat)
        await seat.hit("colon")
        await seat.write('action "desk')
        await seat.hit("tab")
        await seat.until(lambda: "3 of 5 possible here" in offered(seat))
        await seat.write(" 2")
        assert "2 of 5 possible here" in offered(seat)
        await seat.write(" window")
        assert "nothing that is possible now has 'desk 2 window' in it" in offered(seat)
        await seat.hit("tab")
        assert seat.prompt == 'action "desk 2 window'
        await seat.hit(*["backspace"] * 7)
        await seat.hit("down", "tab")
        assert seat.prompt == 'action "take mug 1 from desk 2"'


async def test_an_offer_is_taken_with_the_mouse_and_the_line_goes_on(sit: Sit, telling: Open) -> None:
    async with sit(telling) as seat:
        await to_action(seat)
        await seat.hit("a", "tab")
        await seat.until(lambda: "possible here" in offered(seat))
        await seat.pilot.click("#offers", offset=(5, 2))
        assert seat.prompt == 'action "go to desk 1"'
        await seat.press("enter")
        assert [event.action for event in seat.events(ActionReplaced)] == ["go to desk 1"]


async def test_the_action_that_is_typed_is_the_one_that_is_chosen_first(sit: Sit, telling: Open) -> None:
    async with sit(telling) as seat:
        await to_action(seat)
        await seat.hit("colon")
        await seat.write('action "open drawer 1"')
        await seat.hit("tab")
        await seat.until(lambda: "▸ open drawer 1" in offered(seat))


async def test_escape_leaves_the_offers_and_then_the_line(sit: Sit, telling: Open) -> None:
    async with sit(telling) as seat:
        await to_action(seat)
        await seat.hit("a", "tab")
        await seat.until(lambda: "possible here" in offered(seat))
        await seat.hit("escape")
        assert not seat.screen.query_one("#offers").display
        assert seat.prompt == 'action "look"'
        await seat.hit("up")
        assert "a command; tab completes" in seat.prompt  # it recalls again
        await seat.hit("escape")
        assert not seat.screen.query_one("#prompt").display


async def test_another_command_is_offered_no_actions(sit: Sit, telling: Open) -> None:
    async with sit(telling) as seat:
        await to_action(seat)
        await seat.hit("colon")
        await seat.write("print x")
        await seat.hit("tab")
        await seat.taken()
        assert not seat.screen.query_one("#offers").display
        await seat.hit("escape", "slash")
        await seat.write("action ")
        await seat.hit("tab")
        await seat.taken()
        assert not seat.screen.query_one("#offers").display


async def test_nobody_waits_for_a_world_that_takes_its_time(sit: Sit, scripting: Scripting) -> None:
    let_go = threading.Event()
    async with sit(scripting(CODE, world=lambda: Telling(let_go))) as seat:
        await to_action(seat)
        await seat.hit("a", "tab")
        assert "asking the world what is possible…" in offered(seat)
        await seat.hit("backspace")
        assert seat.prompt == 'action "look'
        await seat.hit("escape", "escape", "4")
        assert seat.focus == "variables"
        let_go.set()
        await seat.press("s")
        assert not seat.screen.query_one("#offers").display
        assert seat.at == ("statement", "0.1")


async def test_a_world_that_stands_elsewhere_is_said_to_be_brought_back(
    sit: Sit, scripting: Scripting
) -> None:
    let_go, hold = threading.Event(), threading.Event()
    hold.set()

    def world() -> ScriptedWorld:
        assert hold.wait(10)
        return Telling(let_go)

    async with sit(scripting(CODE, world=world)) as seat:
        await to_action(seat, "0.1")
        await seat.press("S", "S")
        assert seat.at == ("action", "0.0")
        hold.clear()
        await seat.hit("a", "tab")
        await seat.until(lambda: "bringing the world back to this moment" in offered(seat))
        hold.set()
        let_go.set()
        await seat.until(lambda: "5 of 5 possible here" in offered(seat))
        known = len(seat.records)
        await seat.hit("escape", "escape")
        assert (seat.at, len(seat.records)) == (("action", "0.0"), known)


async def test_an_environment_that_tells_nothing_says_so_and_the_line_goes_on(
    sit: Sit, scripting: Scripting
) -> None:
    async with sit(scripting(CODE)) as seat:
        await to_action(seat)
        await seat.hit("a", "tab")
        await seat.until(lambda: "this environment doesn't tell which actions are possible" in offered(seat))
        await seat.press("enter")
        assert [event.action for event in seat.events(ActionReplaced)] == ["look"]


async def test_a_world_that_is_gone_says_so_and_another_one_is_asked_next(
    sit: Sit, scripting: Scripting
) -> None:
    faults = iter([EnvironmentUnavailable("the house burnt down")])

    def told() -> None:
        for fault in faults:
            raise fault

    async with sit(scripting(CODE, world=lambda: Telling(told=told))) as seat:
        await to_action(seat)
        await seat.hit("a", "tab")
        await seat.until(lambda: "the house burnt down" in offered(seat))
        await seat.hit("escape", "tab")
        await seat.until(lambda: "5 of 5 possible here" in offered(seat))


async def test_a_world_that_answers_otherwise_when_it_is_brought_back_is_told_whole(
    sit: Sit, scripting: Scripting
) -> None:
    rooms = iter(["A room.", "A hall."])

    def world() -> ScriptedWorld:
        made = Telling()
        made._by_action = {"look": next(rooms)}
        return made

    async with sit(scripting(CODE, world=world)) as seat:
        await to_action(seat, "0.2")
        await seat.press("S", "S")
        await seat.hit("a", "tab")
        await seat.until(lambda: "now:      A hall." in offered(seat))
        assert "accept goes on from there" in offered(seat)
        assert "tries another" in offered(seat)  # its end, in a line below


async def test_a_recording_says_how_it_is_gone_on_with(sit: Sit, recording: Open) -> None:
    async with sit(recording) as seat:
        await seat.press("s")
        await seat.hit("colon")
        await seat.write('action "')
        await seat.hit("tab")
        await seat.until(lambda: "this is a recording, to be looked at only" in offered(seat))


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_a_household_offers_its_actions_at_every_size(
    sit: Sit, expert: Open, size: tuple[int, int]
) -> None:
    async with sit(expert, size=size) as seat:
        while seat.at[0] != "action":
            await seat.press("s")
        await seat.hit("a", *["backspace"] * len('desk 1"'), "tab")
        await seat.until(lambda: "possible here" in offered(seat))
        await seat.write("desk")
        assert "▸ go to desk 1" in offered(seat)
        assert seat.prompt in seat.seen.split("\n")[-2]


def test_what_is_typed_of_an_action() -> None:
    lines = (
        "action ",
        'action "',
        'action "go',
        "action go to",
        'action "go"',
        "action 'go'",
        "actions",
        "set a",
    )
    assert [typed(line) for line in lines] == ["", "", "go", "go to", "", "", None, None]
    assert typed(taken('say "hi"')) == ""


def test_what_begins_with_the_text_comes_first() -> None:
    assert fitting(("take go", "go to a", "stay"), "GO") == ("go to a", "take go")

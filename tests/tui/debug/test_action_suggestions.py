"""The actions that the world would do something on, offered while one is typed."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from recode_core.environments.scripted import ScriptedWorld
from recode_core.errors import EnvironmentUnavailable
from recode_core.events import ActionReplaced
from recode_tui.debug.action_line import action_line, matching, typed_action
from recode_tui.session_sources import Open
from tests.support.waiting import PATIENCE
from tests.tui.debug.conftest import OpenScreen, ScriptRun
from tests.tui.debug.debugger_pilot import DebuggerPilot

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
            assert self._let_go.wait(PATIENCE)
        self._told()
        return ACTIONS


@pytest.fixture
def telling(script_run: ScriptRun) -> Open:
    return script_run(CODE, world=Telling)


async def to_action(ui: DebuggerPilot, node: str = "0.0") -> None:
    """Go on to the action of a node."""
    while ui.at != ("action", node):
        await ui.press("s")


def offered(ui: DebuggerPilot) -> str:
    """What is seen of the offers."""
    return ui.panel("suggestions")


async def test_tab_offers_what_is_possible_and_takes_the_one_that_is_chosen(
    open_screen: OpenScreen, telling: Open
) -> None:
    async with open_screen(telling) as ui:
        await to_action(ui)
        await ui.hit("a")
        assert ui.prompt == 'action "look"'
        assert not ui.screen.query_one("#suggestions").display
        await ui.hit("tab")
        await ui.until(lambda: "5 of 5 possible here" in offered(ui))
        assert all(action in offered(ui) for action in ACTIONS)
        await ui.hit("down", "down", "up", "down")
        assert "▸ go to desk 2" in offered(ui)
        await ui.hit("tab")
        assert ui.prompt == 'action "go to desk 2"'
        assert not ui.screen.query_one("#suggestions").display
        await ui.press("enter")
        assert [event.action for event in ui.events(ActionReplaced)] == ["go to desk 2"]


async def test_enter_takes_the_marked_action(open_screen: OpenScreen, telling: Open) -> None:
    async with open_screen(telling) as ui:
        await to_action(ui)
        await ui.hit("a", "tab")
        await ui.until(lambda: "5 of 5 possible here" in offered(ui))
        assert "enter takes" in offered(ui)
        await ui.hit("down", "down")
        assert "▸ go to desk 2" in offered(ui)
        await ui.press("enter")
        assert [event.action for event in ui.events(ActionReplaced)] == ["go to desk 2"]
        assert not ui.screen.query_one("#prompt").display
        await ui.hit("colon", "up")
        assert ui.prompt == 'action "go to desk 2"'  # it is in the history, too


async def test_enter_takes_the_action_that_is_marked_for_what_was_typed_ahead(
    open_screen: OpenScreen, telling: Open
) -> None:
    async with open_screen(telling) as ui:
        await to_action(ui)
        await ui.hit("colon")
        await ui.write('action "')
        await ui.hit("tab")
        await ui.until(lambda: "5 of 5 possible here" in offered(ui))
        for key in ("m", "u", "g", "enter"):
            ui.post(key)
        await ui.until(lambda: bool(ui.events(ActionReplaced)))
        assert [event.action for event in ui.events(ActionReplaced)] == ["take mug 1 from desk 2"]


async def test_enter_executes_the_line_if_no_action_is_marked(open_screen: OpenScreen, telling: Open) -> None:
    async with open_screen(telling) as ui:
        await to_action(ui)
        await ui.hit("colon")
        await ui.write("action sing")
        await ui.hit("tab")
        await ui.until(lambda: "nothing that is possible now has 'sing' in it" in offered(ui))
        await ui.press("enter")
        assert [event.action for event in ui.events(ActionReplaced)] == ["sing"]


@pytest.mark.slow
async def test_what_is_typed_narrows_the_offers(open_screen: OpenScreen, telling: Open) -> None:
    async with open_screen(telling) as ui:
        await to_action(ui)
        await ui.hit("colon")
        await ui.write('action "desk')
        await ui.hit("tab")
        await ui.until(lambda: "3 of 5 possible here" in offered(ui))
        await ui.write(" 2")
        assert "2 of 5 possible here" in offered(ui)
        await ui.write(" window")
        assert "nothing that is possible now has 'desk 2 window' in it" in offered(ui)
        await ui.hit("tab")
        assert ui.prompt == 'action "desk 2 window'
        await ui.hit(*["backspace"] * 7)
        await ui.hit("down", "tab")
        assert ui.prompt == 'action "take mug 1 from desk 2"'


async def test_an_offer_is_taken_with_the_mouse_and_the_line_goes_on(
    open_screen: OpenScreen, telling: Open
) -> None:
    async with open_screen(telling) as ui:
        await to_action(ui)
        await ui.hit("a", "tab")
        await ui.until(lambda: "go to desk 1" in offered(ui))
        await ui.taken()  # until the list has its place
        await ui.pilot.click("#suggestions", offset=(5, 2))
        assert ui.prompt == 'action "go to desk 1"'
        await ui.press("enter")
        assert [event.action for event in ui.events(ActionReplaced)] == ["go to desk 1"]


async def test_the_action_that_is_typed_is_the_one_that_is_chosen_first(
    open_screen: OpenScreen, telling: Open
) -> None:
    async with open_screen(telling) as ui:
        await to_action(ui)
        await ui.hit("colon")
        await ui.write('action "open drawer 1"')
        await ui.hit("tab")
        await ui.until(lambda: "▸ open drawer 1" in offered(ui))


async def test_escape_leaves_the_offers_and_then_the_line(open_screen: OpenScreen, telling: Open) -> None:
    async with open_screen(telling) as ui:
        await to_action(ui)
        await ui.hit("a", "tab")
        await ui.until(lambda: "possible here" in offered(ui))
        await ui.hit("escape")
        assert not ui.screen.query_one("#suggestions").display
        assert ui.prompt == 'action "look"'
        await ui.hit("up")
        assert "a command; tab completes" in ui.prompt  # it recalls again
        await ui.hit("escape")
        assert not ui.screen.query_one("#prompt").display


async def test_another_command_is_offered_no_actions(open_screen: OpenScreen, telling: Open) -> None:
    async with open_screen(telling) as ui:
        await to_action(ui)
        await ui.hit("colon")
        await ui.write("print x")
        await ui.hit("tab")
        await ui.taken()
        assert not ui.screen.query_one("#suggestions").display
        await ui.hit("escape", "slash")
        await ui.write("action ")
        await ui.hit("tab")
        await ui.taken()
        assert not ui.screen.query_one("#suggestions").display


async def test_nobody_waits_for_a_world_that_takes_its_time(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    let_go = threading.Event()
    async with open_screen(script_run(CODE, world=lambda: Telling(let_go))) as ui:
        await to_action(ui)
        await ui.hit("a", "tab")
        assert "asking the world for the possible actions…" in offered(ui)
        await ui.hit("backspace")
        assert ui.prompt == 'action "look'
        await ui.hit("escape", "escape", "4")
        assert ui.focus == "variables"
        let_go.set()
        await ui.press("s")
        assert not ui.screen.query_one("#suggestions").display
        assert ui.at == ("statement", "0.1")


async def test_a_world_that_stands_elsewhere_is_said_to_be_brought_back(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    let_go, hold = threading.Event(), threading.Event()
    hold.set()

    def world() -> ScriptedWorld:
        assert hold.wait(PATIENCE)
        return Telling(let_go)

    async with open_screen(script_run(CODE, world=world)) as ui:
        await to_action(ui, "0.1")
        await ui.press("S", "S")
        assert ui.at == ("action", "0.0")
        hold.clear()
        await ui.hit("a", "tab")
        await ui.until(lambda: "restoring the world to this moment" in offered(ui))
        hold.set()
        let_go.set()
        await ui.until(lambda: "5 of 5 possible here" in offered(ui))
        known = len(ui.records)
        await ui.hit("escape", "escape")
        assert (ui.at, len(ui.records)) == (("action", "0.0"), known)


async def test_an_environment_that_tells_nothing_says_so_and_the_line_goes_on(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    async with open_screen(script_run(CODE)) as ui:
        await to_action(ui)
        await ui.hit("a", "tab")
        await ui.until(lambda: "this environment does not list its admissible actions" in offered(ui))
        await ui.press("enter")
        assert [event.action for event in ui.events(ActionReplaced)] == ["look"]


async def test_a_world_that_is_gone_says_so_and_another_one_is_asked_next(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    faults = iter([EnvironmentUnavailable("the house burnt down")])

    def told() -> None:
        for fault in faults:
            raise fault

    async with open_screen(script_run(CODE, world=lambda: Telling(told=told))) as ui:
        await to_action(ui)
        await ui.hit("a", "tab")
        await ui.until(lambda: "the house burnt down" in offered(ui))
        await ui.hit("escape", "tab")
        await ui.until(lambda: "5 of 5 possible here" in offered(ui))


@pytest.mark.slow
async def test_a_world_that_answers_otherwise_when_it_is_brought_back_is_told_whole(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    rooms = iter(["A room.", "A hall."])

    def world() -> ScriptedWorld:
        made = Telling()
        made._by_action = {"look": next(rooms)}
        return made

    async with open_screen(script_run(CODE, world=world)) as ui:
        await to_action(ui, "0.2")
        await ui.press("S", "S")
        await ui.hit("a", "tab")
        await ui.until(lambda: "now:      A hall." in offered(ui))
        assert "`accept` continues in this world" in offered(ui)
        assert "tries another" in offered(ui)  # its end, in a line below


async def test_a_recording_says_how_it_is_gone_on_with(open_screen: OpenScreen, recording: Open) -> None:
    async with open_screen(recording) as ui:
        await ui.press("s")
        await ui.hit("colon")
        await ui.write('action "')
        await ui.hit("tab")
        await ui.until(lambda: "this is a recording: G goes on" in offered(ui))


@pytest.mark.slow_variants
@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_a_household_offers_its_actions_at_every_size(
    open_screen: OpenScreen, expert: Open, size: tuple[int, int]
) -> None:
    async with open_screen(expert, size=size) as ui:
        while ui.at[0] != "action":
            await ui.press("s")
        await ui.hit("a", *["backspace"] * len('desk 1"'), "tab")
        await ui.until(lambda: "possible here" in offered(ui))
        await ui.write("desk")
        assert "▸ go to desk 1" in offered(ui)
        assert ui.prompt in ui.seen.split("\n")[-2]


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
    assert [typed_action(line) for line in lines] == ["", "", "go", "go to", "", "", None, None]
    assert typed_action(action_line('say "hi"')) == ""


def test_what_begins_with_the_text_comes_first() -> None:
    assert matching(("take go", "go to a", "stay"), "GO") == ("go to a", "take go")
    assert matching(("go to desk 10", "go to desk 1"), "go to desk 1") == ("go to desk 1", "go to desk 10")

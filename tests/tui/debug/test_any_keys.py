"""Whatever keys are pressed, the screen shows what the engine has; every key of the table has its action."""

from __future__ import annotations

import random

import pytest

from recode_tui.debug import keys
from recode_tui.debug.screen import DebugScreen
from recode_tui.session_sources import Open
from tests.support.markers import first_quick
from tests.tui.debug.conftest import ROOT, OpenScreen, ScriptRun
from tests.tui.debug.debugger_pilot import DebuggerPilot

PRESSED = sorted(
    {name for group in keys.GROUPS.values() for key in group for name in key.keys.split(",")}
    - {"q", "ctrl+q", "ctrl+c", "ctrl+e"}
)
MOVING = [
    "up",
    "down",
    "left",
    "right",
    "home",
    "end",
    "pageup",
    "pagedown",
    "enter",
    "space",
    "j",
    "k",
    "h",
    "l",
    "o",
]
TYPED = [
    "print a",
    "goto 0.1",
    "switch main",
    "watch a",
    "break placeholder first",
    "limit depth 9",
    "note 0 'x'",
]
SIZES = [(120, 40), (80, 24), (200, 50), (60, 12)]
CODE = {
    ROOT: ["a = first(1)\nfor n in range(2):\n    b = run(f'look {n}')\n    c = second(n)\nassert a", "a = 1"]
    * 40,
    "a = first(1)": ["x = 'soap'\na = run('go')"] * 40,
    "c = second(n)": ["c = [n]\nprint('[Buy Now]', c)"] * 80,
}


@pytest.fixture
def walk(script_run: ScriptRun) -> Open:
    return script_run(CODE)


def test_every_key_calls_an_action_that_the_screen_has() -> None:
    for group in keys.GROUPS.values():
        for key in group:
            name = key.action.partition("(")[0]
            assert name == "noop" or callable(getattr(DebugScreen, f"action_{name}", None)), key


def test_no_key_stands_twice_in_the_table() -> None:
    names = [name for group in keys.GROUPS.values() for key in group for name in key.keys.split(",")]
    assert len(names) == len(set(names))


def check(ui: DebuggerPilot) -> None:
    """The screen is where the engine is."""
    debugger = ui.screen.engine._debugger
    assert debugger is not None
    line = debugger.timeline
    frame = ui.frame.at_cursor
    assert frame.branch == debugger.branch
    assert frame.n == line.stops[line.stop_index(debugger.cursor)].n
    assert frame.timeline.records == line.records
    assert frame.annotations == debugger.annotations
    plan = frame.timeline.tree
    assert ui.screen.plan.node in plan.nodes or not plan.nodes
    assert "\x1b" not in ui.seen


async def press_any(ui: DebuggerPilot, chance: random.Random) -> str:
    """One thing that a person could do."""
    match chance.randrange(20):
        case 0:
            size = chance.choice(SIZES)
            await ui.pilot.resize_terminal(*size)
            return f"resize to {size}"
        case 1:
            width, height = ui.app.size
            offset = chance.randrange(width), chance.randrange(height)
            await ui.pilot.click(offset=offset, times=chance.choice([1, 1, 2]))
            return f"click at {offset}"
        case 2:
            line = chance.choice(TYPED)
            if not ui.has_dialog:
                await ui.command(line)
            return f":{line}"
        case 3 | 4 if ui.has_dialog:
            await ui.hit("escape")
            return "escape"
    key = chance.choice(MOVING if chance.random() < 0.3 else PRESSED)
    await ui.hit(key)
    return key


@pytest.mark.slow
@pytest.mark.parametrize("seed", first_quick(range(2)))
async def test_after_any_keys_the_screen_is_where_the_engine_is(
    open_screen: OpenScreen, walk: Open, seed: int
) -> None:
    chance = random.Random(seed)
    async with open_screen(walk) as ui:
        done = []
        for _ in range(25):
            done.append(await press_any(ui, chance))
            await ui.settle()
            try:
                check(ui)
            except AssertionError as error:
                error.add_note(f"after {done}")
                raise

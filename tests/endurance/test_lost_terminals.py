"""A terminal that goes away while keys are pressed takes the debugger with it, and leaves a whole session."""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from recode_core.debugger import debug_session
from recode_core.session import read
from tests.endurance.rounds import LOST_TERMINALS
from tests.tui.terminal import Terminal
from tests.tui.vanishing import HOWS, vanish

RUN = ["debug", "--env", "household", "--task", "puttwo:3:large"]

KEYS = [*"sssssnnnfcccSNCpxrzZbBwmTFM/.,y?:tvag", *"1234567", *"jkhl+[]<>="]
KEYS += ["enter", "enter", "escape", "escape", "escape", "tab", "up", "down", "left", "right", "ctrl+t"]
"""Keys to press: most move, some change the run, some open a dialog or type into one. None writes a file."""


def pressing(chance: random.Random) -> Callable[[Terminal], None]:
    """Press random keys from a random moment of the start on; the last ones are not read any more."""

    def ready(terminal: Terminal) -> None:
        if chance.random() < 0.8:
            terminal.wait_for("at the start", "1 Plan")
        with contextlib.suppress(OSError):  # they may have left the debugger
            for _ in range(chance.randrange(50)):
                terminal.press(chance.choice(KEYS))
                terminal.read_until(time.monotonic() + chance.choice([0, 0, 0.02, 0.1]))
            terminal.press(*chance.choices(KEYS, k=chance.randrange(10)))

    return ready


# Slow because it starts the real command in a terminal and waits until its processes are gone.
@pytest.mark.parametrize("seeds", LOST_TERMINALS.parameters())
def test_a_terminal_that_goes_while_keys_are_pressed_leaves_a_session_to_go_on_with(
    tmp_path: Path, seeds: range
) -> None:
    for seed in seeds:
        folder = tmp_path / f"{seed}"
        folder.mkdir()
        chance = random.Random(seed)
        left = vanish(folder, RUN, HOWS[seed % len(HOWS)], pressing(chance))
        assert left.is_nothing, (seed, left)
        for path in folder.rglob("*.jsonl"):
            session = read(path)
            assert (session.torn, session.damage) == (0, ""), seed
            go_on(path)


def go_on(path: Path) -> None:
    """Continue a session from where it is, a few stops far."""
    with debug_session.open_live(path) as opened:
        debugger, known = opened.debugger, len(opened.debugger.log)
        for _ in range(5):
            if debugger.stop.kind == "end":
                return
            debugger.step()
        assert len(debugger.log) > known

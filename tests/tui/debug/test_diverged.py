"""A world that answers otherwise when it is brought back: the user sees both answers, and chooses."""

from __future__ import annotations

import pytest

from recode_core.environments.scripted import ScriptedWorld
from recode_tui.opening import Open
from tests.tui.debug.conftest import ROOT, Scripting, Sit
from tests.tui.debug.seat import Seat

CODE = "a = run('go')\nb = run('look')\nc = 3"


@pytest.fixture
def fickle(scripting: Scripting) -> Open:
    """A run in a world of which the second one lies, and the third is as the first."""
    answers = iter(["You went.", "You fell.", "You went."])

    def world() -> ScriptedWorld:
        return ScriptedWorld({"go": next(answers), "look": "A door.", "jump": "You jumped."})

    return scripting({ROOT: [CODE] * 3}, world=world)


async def differing(seat: Seat) -> None:
    """Act in the past, where the world must be brought back."""
    await seat.press("c", "S")
    while seat.at != ("action", "0.1"):
        await seat.press("S")
    await seat.command('action "jump"')
    await seat.until(lambda: seat.has_dialog)


async def test_both_answers_are_shown_and_keeping_changes_nothing(sit: Sit, fickle: Open) -> None:
    async with sit(fickle) as seat:
        await differing(seat)
        assert "You went." in seat.seen
        assert "You fell." in seat.seen
        known = len(seat.records)
        await seat.press("k")
        assert (seat.at, len(seat.records)) == (("action", "0.1"), known)
        assert "nothing was changed" in seat.footer


async def test_the_new_world_is_accepted_on_a_branch(sit: Sit, fickle: Open) -> None:
    async with sit(fickle) as seat:
        await differing(seat)
        await seat.press("a")
        await seat.until(lambda: "accept-1" in seat.status)
        await seat.settle()
        assert "You fell." in seat.panel("environment")


async def test_another_world_is_tried(sit: Sit, fickle: Open) -> None:
    async with sit(fickle) as seat:
        await differing(seat)
        await seat.press("t")
        await seat.until(lambda: "action-1" in seat.status)
        await seat.settle()
        await seat.press("s")
        assert "You jumped." in seat.panel("environment")

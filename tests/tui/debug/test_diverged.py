"""A world that diverges when it is restored: the user sees both answers, and chooses."""

from __future__ import annotations

import pytest

from recode_core.environments.scripted import ScriptedWorld
from recode_tui.session_sources import Open
from tests.tui.debug.conftest import ROOT, OpenScreen, ScriptRun
from tests.tui.debug.debugger_pilot import DebuggerPilot

CODE = "a = run('go')\nb = run('look')\nc = 3"


@pytest.fixture
def fickle(script_run: ScriptRun) -> Open:
    """A run in a world of which the second one lies, and the third is as the first."""
    answers = iter(["You went.", "You fell.", "You went."])

    def world() -> ScriptedWorld:
        return ScriptedWorld({"go": next(answers), "look": "A door.", "jump": "You jumped."})

    return script_run({ROOT: [CODE] * 3}, world=world)


async def differing(ui: DebuggerPilot) -> None:
    """Act in the past, where the world must be brought back."""
    await ui.press("c", "S")
    while ui.at != ("action", "0.1"):
        await ui.press("S")
    await ui.command('action "jump"')
    await ui.until(lambda: ui.has_dialog)


@pytest.mark.slow
async def test_both_answers_are_shown_and_keeping_changes_nothing(
    open_screen: OpenScreen, fickle: Open
) -> None:
    async with open_screen(fickle) as ui:
        await differing(ui)
        assert "You went." in ui.seen
        assert "You fell." in ui.seen
        known = len(ui.records)
        await ui.press("k")
        assert (ui.at, len(ui.records)) == (("action", "0.1"), known)
        assert "nothing was changed" in ui.footer


async def test_the_new_world_is_accepted_on_a_branch(open_screen: OpenScreen, fickle: Open) -> None:
    async with open_screen(fickle) as ui:
        await differing(ui)
        await ui.press("a")
        await ui.until(lambda: "accept-1" in ui.status)
        await ui.settle()
        assert "You fell." in ui.panel("environment")


@pytest.mark.slow
async def test_another_world_is_tried(open_screen: OpenScreen, fickle: Open) -> None:
    async with open_screen(fickle) as ui:
        await differing(ui)
        await ui.press("t")
        await ui.until(lambda: "action-1" in ui.status)
        await ui.settle()
        await ui.press("s")
        assert "You jumped." in ui.panel("environment")

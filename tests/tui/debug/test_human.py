"""A person as the policy: every expansion is written in the editor, with what there is to go by beside it."""

from __future__ import annotations

import pytest

from recode_core.events import ExpansionAccepted, ExpansionReplied
from recode_core.policies.human import Human
from recode_tui.session_sources import Open
from recode_tui.widgets.text_box import TextBox
from tests.tui.debug.conftest import OpenScreen, ScriptRun
from tests.tui.debug.debugger_pilot import DebuggerPilot


@pytest.fixture
def by_hand(script_run: ScriptRun) -> Open:
    return script_run(policy=Human(), answers={"go": "You went."})


async def asked(ui: DebuggerPilot, *keys: str) -> None:
    """Go on to where code is wanted."""
    await ui.hit(*keys)
    await ui.until(lambda: bool(ui.app.screen.query(TextBox)) and "accept" in ui.seen)


def cells(ui: DebuggerPilot) -> list[str]:
    """The lines of the dialog, without borders and scroll bars."""
    return [row.split("│")[2].strip("▁▂▃▄▅▆▇█ ") for row in ui.seen.split("\n") if row.count("│") > 2]


async def written(ui: DebuggerPilot, code: str) -> None:
    editor = ui.app.screen
    editor.query_one(TextBox).replace_all(code)
    await ui.hit("ctrl+s")
    await ui.until(lambda: ui.app.screen is not editor)


async def test_every_expansion_is_asked_for_and_run(open_screen: OpenScreen, by_hand: Open) -> None:
    async with open_screen(by_hand) as ui:
        await asked(ui, "c")
        assert "solve(instruction, observation)" in ui.seen
        assert "You begin." in ui.seen
        await written(ui, "a = run('go')\nhelp_me(a)")
        await ui.until(lambda: "Expand help_me(a)" in ui.seen)
        await written(ui, "b = 'done'")
        await ui.settle()
        assert ui.at == ("end", "0")
        assert [event.code for event in ui.events(ExpansionAccepted)] == [
            "a = run('go')\nhelp_me(a)",
            "b = 'done'",
        ]


async def test_the_last_observation_is_there_and_values_are_readable(
    open_screen: OpenScreen, by_hand: Open
) -> None:
    async with open_screen(by_hand, (120, 40)) as ui:
        await asked(ui, "c")
        assert "instruction (str): " in ui.seen and "The first observation" not in ui.seen
        await written(ui, "a = run('go')\nseen = {'desk': 'a mug\\na pen'}\nb = 'it is'\nhelp_me(b, seen)")
        await ui.until(lambda: "Expand help_me(b, seen)" in ui.seen)
        note = cells(ui)
        at = note.index("The last observation, after go:")
        assert note[at + 1] == "You went."
        assert note[at + 3] == "b (str): it is"
        await ui.hit("f4", *["down"] * 9)
        await ui.until(lambda: "a pen" in ui.seen)
        note = cells(ui)
        at = note.index("seen (dict):")
        assert note[at + 1 : at + 4] == ["'desk':", "a mug", "a pen"]
        await ui.hit("f4")
        await written(ui, "c = 1")
        await ui.settle()


async def test_what_breaks_a_rule_is_refused_in_the_editor(open_screen: OpenScreen, by_hand: Open) -> None:
    async with open_screen(by_hand) as ui:
        await asked(ui, "c")
        ui.app.screen.query_one(TextBox).replace_all("def f(): pass")
        await ui.hit("ctrl+s")
        await ui.until(lambda: "not accepted: 1:1" in ui.seen)
        await written(ui, "a = 1")
        await ui.settle()
        assert ui.at == ("end", "0")


@pytest.mark.slow
async def test_who_writes_nothing_leaves_the_run_where_it_is(open_screen: OpenScreen, by_hand: Open) -> None:
    async with open_screen(by_hand) as ui:
        await asked(ui, "c")
        await ui.hit("escape")
        await ui.settle()
        assert ui.at == ("model", "0")
        assert "write it" in ui.footer
        assert not ui.events(ExpansionReplied)
        await asked(ui, "e")
        await written(ui, "a = 1")
        await ui.settle()
        assert ui.at == ("statement", "0.0")


async def test_leaving_while_code_is_wanted_ends_the_app(open_screen: OpenScreen, by_hand: Open) -> None:
    async with open_screen(by_hand) as ui:
        await asked(ui, "c")
        await ui.hit("escape")
        await ui.settle()
        await ui.hit("q")
        await ui.until(lambda: not ui.app.is_running)

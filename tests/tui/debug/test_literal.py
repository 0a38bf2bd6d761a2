"""Text from a model, a world or a file is shown as it is: never markup, never control codes, in any panel."""

from __future__ import annotations

import pytest

from recode_core.environments.scripted import ScriptedWorld
from recode_core.policies.scripted import Scripted
from recode_core.values import Observation
from recode_tui.session_sources import Open
from tests.tui.debug.conftest import ROOT, OpenScreen, ScriptRun
from tests.tui.debug.debugger_pilot import DebuggerPilot
from tests.tui.debug.doubles import reply

BUY = "[Buy Now]"
LINK = "[@click=app.quit]go[/]"
ESCAPE = "\x1b[31mred\x1b[0m\x07"
SEEN = "␛[31mred␛[0m␇"
BAD = ("\x1b", "\x07", "\x9b", "\u202e")


def check(ui: DebuggerPilot, *texts: str) -> None:
    """Everything is seen, and no control code is."""
    assert [text for text in texts if text not in ui.seen] == []
    assert not any(bad in ui.seen for bad in BAD)


CODE = f'''a = "{BUY}"
b = run("click{BUY}")
print("{LINK}", b)
buy_it("{BUY}")
assert 0, "{BUY} \\x1b[31mred"'''


@pytest.fixture
def shop(script_run: ScriptRun) -> Open:
    """Everything in it is bracketed, and most of it coloured."""
    said = Observation(f"{BUY} {LINK} {ESCAPE} \u202e\x9b5m ok")
    policy = Scripted(
        {
            ROOT: reply(CODE, f"{BUY} thinks {ESCAPE}"),
            f'buy_it("{BUY}")': reply("c = 1", f"{BUY} again"),
        }
    )
    world = lambda: ScriptedWorld(  # noqa: E731
        {f"click{BUY}": said}, instruction=f"{BUY} now.", first=Observation(f"{BUY} {ESCAPE} first")
    )
    return script_run(policy=policy, world=world)


async def test_code_thought_plan_and_titles_are_literal(open_screen: OpenScreen, shop: Open) -> None:
    async with open_screen(shop) as ui:
        await ui.press("c", "home")
        check(ui, f'a = "{BUY}"', f'buy_it("{BUY}")', f"{BUY} thinks {SEEN}")
        await ui.press("down", "down", "down", "down")
        check(ui, "0.3 buy_it", f"{BUY} again")


async def test_prompts_replies_and_outputs_are_literal(open_screen: OpenScreen, shop: Open) -> None:
    async with open_screen(shop, size=(200, 60)) as ui:
        await ui.press("c", "home", "2", "right_square_bracket", "end")
        check(ui, f"{BUY} now.")
        await ui.press("right_square_bracket", "end")
        check(ui, BUY, SEEN)
        await ui.press("right_square_bracket")
        check(ui, LINK)


@pytest.mark.slow
async def test_observations_are_literal_in_rows_details_windows_and_the_clipboard(
    open_screen: OpenScreen, shop: Open
) -> None:
    async with open_screen(shop, size=(200, 50)) as ui:
        await ui.press("c", "3", "end")
        environment = ui.panel("environment")
        assert f"click{BUY}" in environment
        assert f"{BUY} {LINK} {SEEN}" in environment
        check(ui)
        await ui.hit("enter")
        await ui.until(lambda: ui.has_dialog and LINK in ui.seen)
        check(ui, f"click{BUY}", f"{BUY} {LINK} {SEEN}")
        await ui.hit("escape", "y")
        assert ui.app.clipboard == f"{BUY} {LINK} {ESCAPE} \u202e\x9b5m ok"
        assert f"copied the observation of click{BUY}" in ui.footer
        check(ui)


@pytest.mark.slow
async def test_variables_watches_and_their_changes_are_literal(open_screen: OpenScreen, shop: Open) -> None:
    async with open_screen(shop, size=(200, 50)) as ui:
        await ui.press("c")
        variables = ui.panel("variables")
        assert f"'{BUY}'" in variables
        assert LINK in variables
        await ui.command("watch a + '[/]'")
        await ui.until(lambda: f"⊙ a + '[/]' = '{BUY}[/]'" in ui.panel("variables"))
        await ui.press("4", "home", "down", "down", "down")
        await ui.hit("enter")
        await ui.until(lambda: ui.has_dialog)
        check(ui)


@pytest.mark.slow
async def test_errors_and_failures_are_literal(open_screen: OpenScreen, shop: Open) -> None:
    async with open_screen(shop, size=(200, 50)) as ui:
        await ui.command(f"print {BUY}")
        check(ui, BUY)
        await ui.command("goto [/nowhere]")
        assert "[/nowhere]" in ui.footer
        await ui.command(f"{BUY} [red]")
        assert "unknown command '[Buy'" in ui.footer
        await ui.press("c")
        check(ui, BUY)


@pytest.mark.slow
async def test_notes_breakpoints_and_their_hits_are_literal(open_screen: OpenScreen, shop: Open) -> None:
    async with open_screen(shop, size=(200, 50)) as ui:
        await ui.press("s", "s")
        await ui.command(f'note 0 "{BUY}"')
        await ui.command(f"break action click{BUY}")
        await ui.press("c")
        assert "breakpoint 1" in ui.footer
        assert f"click{BUY}" in ui.footer
        await ui.hit("B")
        await ui.until(lambda: ui.has_dialog)
        check(ui, f"click{BUY}")


async def test_a_model_and_a_task_with_brackets_have_them_in_the_status_bar(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    policy = Scripted({ROOT: reply("a = 1")})
    policy.model = f"{BUY}/{ESCAPE}"
    async with open_screen(script_run(policy=policy)) as ui:
        assert f"{BUY}/{SEEN}" in ui.status
        check(ui)


@pytest.mark.slow
async def test_dialogs_show_code_prompts_and_branches_literally(open_screen: OpenScreen, shop: Open) -> None:
    async with open_screen(shop, size=(200, 50)) as ui:
        await ui.press("c", "home")
        await ui.hit("e")
        await ui.until(lambda: f'a = "{BUY}"' in ui.seen)
        check(ui)
        await ui.hit("escape")
        await ui.until(lambda: not ui.has_dialog)
        await ui.press("down", "down", "r", "T")
        await ui.until(lambda: "retry-1" in ui.seen)
        check(ui)
        await ui.hit("escape")
        await ui.hit("g")
        await ui.until(lambda: ui.has_dialog)
        check(ui)

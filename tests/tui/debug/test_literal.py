"""Text from a model, a world or a file is shown as it is: never markup, never control codes, in any panel."""

from __future__ import annotations

import pytest

from recode_core.environments.scripted import ScriptedWorld
from recode_core.policies.scripted import Scripted
from recode_core.values import Observation
from recode_tui.opening import Open
from tests.tui.debug.conftest import ROOT, Scripting, Sit
from tests.tui.debug.doubles import reply
from tests.tui.debug.seat import Seat

BUY = "[Buy Now]"
LINK = "[@click=app.quit]go[/]"
ESCAPE = "\x1b[31mred\x1b[0m\x07"
SEEN = "␛[31mred␛[0m␇"
BAD = ("\x1b", "\x07", "\x9b", "\u202e")


def check(seat: Seat, *texts: str) -> None:
    """Everything is seen, and no control code is."""
    assert [text for text in texts if text not in seat.seen] == []
    assert not any(bad in seat.seen for bad in BAD)


CODE = f'''a = "{BUY}"
b = run("click{BUY}")
print("{LINK}", b)
buy_it("{BUY}")
assert 0, "{BUY} \\x1b[31mred"'''


@pytest.fixture
def shop(scripting: Scripting) -> Open:
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
    return scripting(policy=policy, world=world)


async def test_code_thought_plan_and_titles_are_literal(sit: Sit, shop: Open) -> None:
    async with sit(shop) as seat:
        await seat.press("c", "home")
        check(seat, f'a = "{BUY}"', f'buy_it("{BUY}")', f"{BUY} thinks {SEEN}")
        await seat.press("down", "down", "down", "down")
        check(seat, "0.3 buy_it", f"{BUY} again")


async def test_prompts_replies_and_outputs_are_literal(sit: Sit, shop: Open) -> None:
    async with sit(shop, size=(200, 60)) as seat:
        await seat.press("c", "home", "2", "right_square_bracket", "end")
        check(seat, f"{BUY} now.")
        await seat.press("right_square_bracket", "end")
        check(seat, BUY, SEEN)
        await seat.press("right_square_bracket")
        check(seat, LINK)


async def test_observations_are_literal_in_rows_details_windows_and_the_clipboard(
    sit: Sit, shop: Open
) -> None:
    async with sit(shop, size=(200, 50)) as seat:
        await seat.press("c", "3", "end")
        environment = seat.panel("environment")
        assert f"click{BUY}" in environment
        assert f"{BUY} {LINK} {SEEN}" in environment
        check(seat)
        await seat.hit("enter")
        await seat.until(lambda: seat.has_dialog and LINK in seat.seen)
        check(seat, f"click{BUY}", f"{BUY} {LINK} {SEEN}")
        await seat.hit("escape", "y")
        assert seat.app.clipboard == f"{BUY} {LINK} {ESCAPE} \u202e\x9b5m ok"
        assert f"copied: {BUY}" in seat.footer
        check(seat)


async def test_variables_watches_and_their_changes_are_literal(sit: Sit, shop: Open) -> None:
    async with sit(shop, size=(200, 50)) as seat:
        await seat.press("c")
        variables = seat.panel("variables")
        assert f"'{BUY}'" in variables
        assert LINK in variables
        await seat.command("watch a + '[/]'")
        await seat.until(lambda: f"⊙ a + '[/]' = '{BUY}[/]'" in seat.panel("variables"))
        await seat.press("4", "home", "down", "down", "down")
        await seat.hit("enter")
        await seat.until(lambda: seat.has_dialog)
        check(seat)


async def test_errors_and_failures_are_literal(sit: Sit, shop: Open) -> None:
    async with sit(shop, size=(200, 50)) as seat:
        await seat.command(f"print {BUY}")
        check(seat, BUY)
        await seat.command("goto [/nowhere]")
        assert "[/nowhere]" in seat.footer
        await seat.command(f"{BUY} [red]")
        assert "'[Buy' is no command" in seat.footer
        await seat.press("c")
        check(seat, BUY)


async def test_notes_breakpoints_and_their_hits_are_literal(sit: Sit, shop: Open) -> None:
    async with sit(shop, size=(200, 50)) as seat:
        await seat.press("s", "s")
        await seat.command(f'note 0 "{BUY}"')
        await seat.command(f"break action click{BUY}")
        await seat.press("c")
        assert "breakpoint 1" in seat.footer
        assert f"click{BUY}" in seat.footer
        await seat.hit("B")
        await seat.until(lambda: seat.has_dialog)
        check(seat, f"click{BUY}")


async def test_a_model_and_a_task_with_brackets_have_them_in_the_status_bar(
    sit: Sit, scripting: Scripting
) -> None:
    policy = Scripted({ROOT: reply("a = 1")})
    policy.model = f"{BUY}/{ESCAPE}"
    async with sit(scripting(policy=policy)) as seat:
        assert f"{BUY}/{SEEN}" in seat.status
        check(seat)


async def test_dialogs_show_code_prompts_and_branches_literally(sit: Sit, shop: Open) -> None:
    async with sit(shop, size=(200, 50)) as seat:
        await seat.press("c", "home")
        await seat.hit("e")
        await seat.until(lambda: f'a = "{BUY}"' in seat.seen)
        check(seat)
        await seat.hit("escape")
        await seat.until(lambda: not seat.has_dialog)
        await seat.press("down", "down", "r", "T")
        await seat.until(lambda: "retry-1" in seat.seen)
        check(seat)
        await seat.hit("escape")
        await seat.hit("g")
        await seat.until(lambda: seat.has_dialog)
        check(seat)

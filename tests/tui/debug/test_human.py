"""A person as the policy: every expansion is written in the editor, with what there is to go by beside it."""

from __future__ import annotations

import pytest

from recode_core.events import ExpansionAccepted, ExpansionReplied
from recode_core.policies.human import Human
from recode_tui.debug.dialogs.textbox import TextBox
from recode_tui.opening import Open
from tests.tui.debug.conftest import Scripting, Sit
from tests.tui.debug.seat import Seat


@pytest.fixture
def by_hand(scripting: Scripting) -> Open:
    return scripting(policy=Human(), answers={"go": "You went."})


async def asked(seat: Seat, *keys: str) -> None:
    """Go on to where code is wanted."""
    await seat.hit(*keys)
    await seat.until(lambda: bool(seat.app.screen.query(TextBox)) and "accept" in seat.seen)


async def written(seat: Seat, code: str) -> None:
    editor = seat.app.screen
    editor.query_one(TextBox).replace_all(code)
    await seat.hit("ctrl+s")
    await seat.until(lambda: seat.app.screen is not editor)


async def test_every_expansion_is_asked_for_and_run(sit: Sit, by_hand: Open) -> None:
    async with sit(by_hand) as seat:
        await asked(seat, "c")
        assert "solve(instruction, observation)" in seat.seen
        assert "You begin." in seat.seen
        await written(seat, "a = run('go')\nhelp_me(a)")
        await seat.until(lambda: "Expand help_me(a)" in seat.seen)
        await written(seat, "b = 'done'")
        await seat.settle()
        assert seat.at == ("end", "0")
        assert [event.code for event in seat.events(ExpansionAccepted)] == [
            "a = run('go')\nhelp_me(a)",
            "b = 'done'",
        ]


async def test_what_breaks_a_rule_is_refused_in_the_editor(sit: Sit, by_hand: Open) -> None:
    async with sit(by_hand) as seat:
        await asked(seat, "c")
        seat.app.screen.query_one(TextBox).replace_all("def f(): pass")
        await seat.hit("ctrl+s")
        await seat.until(lambda: "not accepted: 1:1" in seat.seen)
        await written(seat, "a = 1")
        await seat.settle()
        assert seat.at == ("end", "0")


async def test_who_writes_nothing_leaves_the_run_where_it_is(sit: Sit, by_hand: Open) -> None:
    async with sit(by_hand) as seat:
        await asked(seat, "c")
        await seat.hit("escape")
        await seat.settle()
        assert seat.at == ("model", "0")
        assert "write it" in seat.footer
        assert not seat.events(ExpansionReplied)
        await asked(seat, "e")
        await written(seat, "a = 1")
        await seat.settle()
        assert seat.at == ("statement", "0.0")


async def test_leaving_while_code_is_wanted_ends_the_app(sit: Sit, by_hand: Open) -> None:
    async with sit(by_hand) as seat:
        await asked(seat, "c")
        await seat.hit("escape")
        await seat.settle()
        await seat.hit("q")
        await seat.until(lambda: not seat.app.is_running)

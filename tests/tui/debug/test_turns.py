"""Agents that take turns on the screen: a turn is a row, its code and its prompt are on the pages."""

from __future__ import annotations

from pathlib import Path

from recode_core.session import Settings
from recode_tui import opening
from tests.tui.debug.conftest import Sit


async def test_the_turns_of_react_are_seen_and_stepped(sit: Sit, path: Path) -> None:
    run = opening.new_run(Settings("household", "put:7", agent="react"), path)
    async with sit(run) as seat:
        await seat.press("s")
        assert "while True:" in seat.row
        assert "The agent's own loop" in seat.code
        await seat.press("s", "s")
        assert "run('go to desk 1')" in seat.row
        assert "0#1.0 next_action" in seat.code
        await seat.press("n")
        assert seat.at == ("model", "0#2.0")
        await seat.press("c")
        assert seat.at[0] == "end"
        await seat.press("home")
        assert "✔" in seat.row


async def test_a_block_of_codeact_that_is_edited_is_held_to_its_rules_and_runs(sit: Sit, path: Path) -> None:
    run = opening.new_run(Settings("household", "put:7", agent="codeact"), path)
    async with sit(run) as seat:
        await seat.press("s", "s", "e")
        assert seat.has_dialog
        await seat.write("x = [help_me(i) for i in 'ab']")
        await seat.press("ctrl+s")
        await seat.press("ctrl+s")
        await seat.press("c")
        assert seat.at == ("failure", "0#1.0.0")

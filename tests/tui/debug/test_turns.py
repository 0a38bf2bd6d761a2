"""Agents that take turns on the screen: a turn is a row, its code and its prompt are on the pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from recode_core import episode
from recode_core.policies.reply import ParsedReply
from recode_core.policies.scripted import Scripted
from recode_core.session import Settings
from recode_tui import session_sources
from tests.tui.debug.conftest import OpenScreen


async def test_the_turns_of_react_are_seen_and_stepped(open_screen: OpenScreen, path: Path) -> None:
    run = session_sources.new_run(Settings("household", "put:7", agent="react"), path)
    async with open_screen(run) as ui:
        await ui.press("s")
        assert "while True:" in ui.row
        assert "The agent's own loop" in ui.code
        await ui.press("s", "s")
        assert "run('go to desk 1')" in ui.row
        assert "0#1.0 next_action" in ui.code
        await ui.press("n")
        assert ui.at == ("model", "0#2.0")
        await ui.press("c")
        assert ui.at[0] == "end"
        await ui.press("home")
        assert "✔" in ui.row


@pytest.mark.slow
async def test_a_block_of_codeact_that_is_edited_is_held_to_its_rules_and_runs(
    open_screen: OpenScreen, path: Path
) -> None:
    run = session_sources.new_run(Settings("household", "put:7", agent="codeact"), path)
    async with open_screen(run) as ui:
        await ui.press("s", "s", "e")
        assert ui.has_dialog
        await ui.write("x = [help_me(i) for i in 'ab']")
        await ui.press("ctrl+s")
        await ui.press("ctrl+s")
        await ui.press("c")
        assert ui.at == ("failure", "0#1.0.0")


async def test_the_function_that_an_action_stands_in_is_named(open_screen: OpenScreen, path: Path) -> None:
    codes = ("def go(to):\n    return run(f'go to {to}')", "seen = go('desk 1')", "task_finished = True")
    policy = Scripted(str(ParsedReply("a reason", code)) for code in codes)
    with episode.start(
        Settings("household", "put:7", agent="codeact", policy="scripted"), path, policy
    ) as run:
        run.run()
    async with open_screen(session_sources.recording(path)) as ui:
        await ui.command("goto 0#2.0.0")
        await ui.press("s")
        assert ui.at[0] == "action"
        assert "in a function, line 2 of 0#1.0" in ui.seen
        await ui.press("s", "3", "up", "down")
        assert "in a function, line 2 of 0#1.0" in ui.seen

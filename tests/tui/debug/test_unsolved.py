"""A run that ended unsolved looks unsolved; marked are actions without effect, and what blame found."""

from __future__ import annotations

from pathlib import Path

import pytest

from recode_core.debugger import debug_session
from recode_core.policies.policy import Policy, Reply, Request
from recode_core.policies.scripted import Scripted
from recode_core.result import result_of
from recode_core.session import Settings
from recode_core.timeline import Moment
from recode_core.values import Observation, Usage
from recode_tui.cli.output import result_line
from recode_tui.session_sources import Open
from tests.tui.debug.conftest import ROOT, OpenScreen, ScriptRun
from tests.tui.debug.doubles import reply

WON = Observation("Won.", 1.0, True, True)


class Priced(Scripted):
    """A policy whose calls cost something."""

    def expand(self, request: Request, stream: object) -> Reply:
        text = super().expand(request, lambda piece: None).text
        return Reply(text, Usage(1000, completion_tokens=100, cost_usd=0.0003))


@pytest.fixture
def household(path: Path) -> Open:
    """A household run whose policy tries what is not possible."""
    policy = Scripted({ROOT: reply("run('dance')\nrun('look')\nfor i in range(2):\n    run('sing')")})
    return lambda: debug_session.start(Settings("household", "put:7"), path, policy)


def second_try(policy: type[Scripted]) -> Policy:
    """A policy whose second try at `a()` would have solved the task."""
    right = reply("run('right')")
    return policy({ROOT: reply("a()\nb = 1"), "a()": iter([reply("run('wrong')"), *[right] * 40])})


async def test_the_root_and_the_header_say_that_the_task_is_not_solved(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    async with open_screen(script_run("run('go')")) as ui:
        await ui.press("c")
        assert "□ not solved" in ui.status
        assert "□ solve(instruction, observation)" in ui.plan and "✔ run('go')" in ui.plan
        await ui.press("S")
        assert "□" not in ui.plan and "□" not in ui.status


async def test_a_solved_root_has_the_glyph_of_done(open_screen: OpenScreen, script_run: ScriptRun) -> None:
    async with open_screen(script_run("run('go')", {"go": WON})) as ui:
        await ui.press("c")
        assert "✔ solve(instruction, observation)" in ui.plan and "✔ solved" in ui.status


async def test_an_action_that_did_nothing_is_marked(open_screen: OpenScreen, household: Open) -> None:
    async with open_screen(household) as ui:
        await ui.press("c")
        rows = [line for line in ui.panel("environment").split("\n") if "dance" in line or "look" in line]
        assert "∅ 0.0" in rows[0] and "∅" not in rows[1]
        plan = {line for line in ui.plan.split("\n") if "∅" in line}
        assert len(plan) == 1 and "run('dance')" in plan.pop()


async def test_at_the_end_unsolved_blame_is_offered_with_its_price(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    async with open_screen(script_run(policy=second_try(Priced))) as ui:
        await ui.press("c")
        offer = "not solved · :blame, about $0.0027 · g ask again · e edit"
        await ui.until(lambda: offer in ui.footer)
        assert not ui.has_dialog


async def test_without_a_price_none_is_told(open_screen: OpenScreen, script_run: ScriptRun) -> None:
    async with open_screen(script_run("run('go')")) as ui:
        await ui.press("c")
        await ui.until(lambda: "not solved · :blame · g ask again · e edit" in ui.footer)


async def test_the_culprit_that_blame_found_is_marked_until_the_branch_is_left(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    async with open_screen(script_run(policy=second_try(Scripted), answers={"right": WON})) as ui:
        await ui.press("c")
        assert "⚑" not in ui.plan
        await ui.command("blame 1")
        await ui.press("escape")
        marked = [line for line in ui.plan.split("\n") if "⚑" in line]
        assert len(marked) == 1 and "a()" in marked[0]
        await ui.press("S")
        assert "⚑" in ui.plan
        await ui.press("x")  # starts a branch
        assert ui.frame.branch != "main" and "⚑" not in ui.plan


async def test_depth_is_that_of_the_moment_and_at_the_end_that_of_show(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    async with open_screen(script_run({ROOT: "a()", "a()": "run('go')\nb()", "b()": "x = 1"})) as ui:
        depths = []
        while ui.at[0] != "end":
            depths.append(ui.frame.depth)
            await ui.press("s")
        assert (depths[0], max(depths), depths[3]) == (0, 3, 2)
        assert "depth 3" in ui.status
        moment: Moment = ui.frame.timeline.end
        assert moment.depth == 3 and "depth 3" in result_line(result_of(ui.frame.timeline))


async def test_one_action_is_one_step(open_screen: OpenScreen, script_run: ScriptRun) -> None:
    async with open_screen(script_run("run('go')")) as ui:
        await ui.press("c")
        assert "1 step  " in ui.status and "1 call  " in ui.status and "no cost" in ui.status
        assert "score 0 · 1 of 1,000 steps" in ui.panel("environment")


async def test_the_header_has_the_task_in_words_first(open_screen: OpenScreen, expert: Open) -> None:
    async with open_screen(expert) as ui:
        assert "household put:7 · expert" in ui.status
        await ui.press("s")
        assert "put a cd in shelf · expert · household put:7" in ui.status


async def test_the_help_explains_every_glyph_and_count(open_screen: OpenScreen, expert: Open) -> None:
    async with open_screen(expert) as ui:
        await ui.press("question_mark")
        await ui.write("depth")
        await ui.until(lambda: "were open at once" in ui.seen)
        assert "how many expansions are open" in ui.seen

"""The environment's actions in the editor: asked without blocking, by people who are the policy too."""

from __future__ import annotations

import threading

import pytest

from recode_core.events import ActionFinished
from recode_core.policies.human import Human
from recode_tui.debug.dialogs.editor import EditorScreen
from recode_tui.widgets.text_box import TextBox
from tests.tui.debug.conftest import ROOT, OpenScreen, ScriptRun
from tests.tui.debug.test_action_suggestions import CODE, Telling


async def test_the_actions_of_the_moment_are_listed_and_taken(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    async with open_screen(script_run(CODE, world=Telling)) as ui:
        await ui.press("s", "s", "home", "e")
        await ui.until(lambda: "5 of 5 possible here" in ui.seen)
        await ui.hit("f2")
        await ui.write("mug")
        await ui.hit("enter")
        editor = ui.app.screen.query_one(TextBox)
        await ui.until(lambda: editor.text.startswith("run('take mug 1 from desk 2')"))
        await ui.hit("tab")  # typing goes on in the text
        assert editor.has_focus


async def test_the_editor_is_used_while_the_world_takes_its_time(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    let_go = threading.Event()
    async with open_screen(script_run(CODE, world=lambda: Telling(let_go))) as ui:
        await ui.press("s", "s", "home", "e")
        await ui.until(lambda: "asking the world" in ui.seen)
        await ui.write("x = 1")
        assert ui.app.screen.query_one(TextBox).text.startswith("x = 1")
        let_go.set()
        await ui.until(lambda: "5 of 5 possible here" in ui.seen)


async def test_a_world_that_is_elsewhere_is_brought_back_only_on_request(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    opened: list[Telling] = []

    def world() -> Telling:
        opened.append(Telling())
        return opened[-1]

    async with open_screen(script_run(CODE, world=world)) as ui:
        await ui.press("c", "S", "S", "S", "home", "e")
        await ui.until(lambda: "f2 restores this one" in " ".join(ui.seen.replace("│", " ").split()))
        assert len(opened) == 1
        await ui.hit("f2")
        await ui.until(lambda: "5 of 5 possible here" in ui.seen)
        assert len(opened) == 2


class Counting(Telling):
    """A world that tells how many actions it was sent."""

    @property
    def possible(self) -> tuple[str, ...]:
        return (f"action {len(self.actions)}",)


@pytest.mark.parametrize(("downs", "node", "actions"), [(1, "0.0", 0), (2, "0.1", 1), (3, "0.2", 2)])
async def test_the_actions_are_those_where_the_edited_statement_begins(
    open_screen: OpenScreen, script_run: ScriptRun, downs: int, node: str, actions: int
) -> None:
    async with open_screen(script_run(CODE, world=Counting)) as ui:
        await ui.press("c", "home", *["down"] * downs, "e")
        await ui.until(lambda: f"f2 restores that of {node}," in " ".join(ui.seen.replace("│", " ").split()))
        assert f"possible at {node}" in ui.seen
        await ui.hit("f2")
        await ui.until(lambda: f"1 of 1 possible at {node}" in ui.seen and f"action {actions}" in ui.seen)
        await ui.press("escape", "escape")
        assert ui.at == ("end", "0")  # the cursor stayed where it was


async def test_the_actions_beside_a_statement_that_comes_later_in_the_recording(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    async with open_screen(script_run(CODE, world=Counting)) as ui:
        await ui.press("c", "C", "s", "s", "home", "end", "e")
        await ui.hit("f2")
        await ui.until(lambda: "1 of 1 possible at 0.2" in ui.seen and "action 2" in ui.seen)


async def test_in_the_code_in_which_the_run_is_the_actions_are_those_of_this_moment(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    async with open_screen(script_run(CODE, world=Counting)) as ui:
        await ui.press("s", "s", "s", "s")
        assert ui.at == ("statement", "0.1")
        await ui.press("2", "e")
        await ui.until(lambda: "1 of 1 possible here" in ui.seen and "action 1" in ui.seen)
        await ui.press("escape", "c", "2", "e")
        await ui.hit("f2")  # the run is over: the code begins with its first statement
        await ui.until(lambda: "1 of 1 possible at 0" in ui.seen and "action 0" in ui.seen)


async def test_an_environment_that_cannot_tell_says_so(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    async with open_screen(script_run(CODE)) as ui:
        await ui.press("s", "s", "home", "e")
        await ui.until(lambda: "this environment does not list" in ui.seen)


async def test_a_person_who_is_the_policy_sees_the_actions_of_the_world_as_it_is(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    async with open_screen(script_run(policy=Human(), world=Telling)) as ui:
        await ui.hit("c")
        await ui.until(lambda: "5 of 5 possible here" in ui.seen)
        await ui.write("a = run('look')")
        await ui.hit("enter")
        await ui.write("more(a)")
        editor = ui.app.screen
        await ui.until(lambda: list(editor.query_one(TextBox).marks) == [2])
        await ui.hit("ctrl+s")
        await ui.until(lambda: isinstance(ui.app.screen, EditorScreen) and ui.app.screen is not editor)
        await ui.until(lambda: "Expand more(a)" in ui.seen and "5 of 5 possible here" in ui.seen)
        await ui.write("run('op")
        await ui.hit("tab")
        assert ui.app.screen.query_one(TextBox).text == "run('open drawer 1')"
        await ui.hit("ctrl+s")
        await ui.settle()
        assert ui.at == ("end", "0") and len(ui.events(ActionFinished)) == 2


async def test_a_person_whose_environment_cannot_tell_writes_all_the_same(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    async with open_screen(script_run(policy=Human())) as ui:
        await ui.hit("c")
        await ui.until(lambda: f"Expand {ROOT}" in ui.seen and "this environment does not list" in ui.seen)
        await ui.write("x = 1")
        await ui.hit("ctrl+s")
        await ui.settle()
        assert ui.at == ("end", "0")

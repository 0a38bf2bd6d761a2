"""The timeline: moments are previewed along it by keys, wheel and mouse, before enter goes there."""

from __future__ import annotations

import pytest
from textual import events

from recode_core.events import ExpansionReplied, NoteSet
from recode_core.policies.scripted import Scripted
from recode_tui.help_screen import HelpScreen
from recode_tui.session_sources import Open
from tests.tui.debug.conftest import ROOT, OpenScreen, ScriptRun
from tests.tui.debug.debugger_pilot import DebuggerPilot
from tests.tui.debug.doubles import BlockingPolicy, reply

CODE = "a = run('go')\nb = run('look')\nc = 3"
ANSWERS = {"go": "You went.", "look": "A door.", "jump": "You jumped."}
LOOP = "n = 0\nwhile n < 300:\n    n = n + 1\nb = run('look')"
BEGIN = 16  # the column of the first cell, in the panel with its border


@pytest.fixture
def walk(script_run: ScriptRun) -> Open:
    """A run of two actions."""
    return script_run({ROOT: [CODE] * 3}, ANSWERS)


def timeline(ui: DebuggerPilot) -> str:
    return ui.panel("timeline")


def label(ui: DebuggerPilot) -> str:
    """What the lower border says."""
    return timeline(ui).split("\n")[-1].strip("╰─╯ ")


def row(ui: DebuggerPilot, number: int = 0) -> str:
    """The cells of a branch."""
    return timeline(ui).split("\n")[1 + number][BEGIN:-1]


def passes(ui: DebuggerPilot) -> tuple[int, ...]:
    """The passes of the loops around the stop that is shown."""
    return ui.frame.stop.place.passes if ui.frame.stop.place is not None else ()


async def at_the_end(ui: DebuggerPilot) -> int:
    """Run to the end, give the focus to the timeline, and return the last record."""
    await ui.press("c", "5")
    assert ui.at[0] == "end"
    return ui.frame.n


async def test_moving_along_the_timeline_previews_each_stop_in_all_panels(
    open_screen: OpenScreen, walk: Open
) -> None:
    async with open_screen(walk) as ui:
        last = await at_the_end(ui)
        kinds = []
        for _ in ui.frame.timeline.stops[1:]:
            await ui.press("left")
            assert ui.frame.is_preview and ui.frame.at_cursor.n == last
            kinds.append(ui.at)
        assert kinds == [
            ("statement", "0.2"),
            ("action", "0.1"),
            ("statement", "0.1"),
            ("action", "0.0"),
            ("statement", "0.0"),
            ("model", "0"),
            ("start", "0"),
        ]
        await ui.press("right", "l", "l")
        assert ui.at == ("action", "0.0")
        assert "◁ preview: before an action" in ui.status
        assert "▶ a = run('go')" in ui.plan
        assert "▶ 1  a = run('go')" in ui.code
        assert "▶ 0.0 " in ui.panel("environment")
        assert "┃" in row(ui) and "▲" in row(ui)


async def test_a_label_says_which_stop_it_is(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await at_the_end(ui)
        assert label(ui) == "stop 7 of 7 · at the end · finished"
        await ui.press("left", "left")
        assert label(ui) == "preview: stop 5 of 7 · before an action · 0.1 · look"
        await ui.press("left")
        assert label(ui) == "preview: stop 4 of 7 · before a statement · 0.1 · b = run('look')"
        await ui.press("home")
        assert label(ui) == "preview: stop 0 of 7 · at the start"
        await ui.press("right")
        assert label(ui) == f"preview: stop 1 of 7 · before the model · 0 · {ROOT}"
        assert "enter goes there, esc back" in timeline(ui)
        await ui.press("enter")
        assert label(ui) == f"stop 1 of 7 · before the model · 0 · {ROOT}"
        assert "enter goes there" not in timeline(ui)


async def test_enter_goes_to_the_previewed_moment(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await at_the_end(ui)
        written = len(ui.records)
        await ui.press("left", "left", "left")
        assert len(ui.records) == written
        n = ui.frame.n
        await ui.press("enter")
        assert not ui.frame.is_preview and ui.frame.n == n
        assert ui.focus == "timeline" and "┃" not in row(ui)
        await ui.press("home", "enter")
        assert ui.at[0] == "start"


async def test_escape_goes_back_to_the_cursor_and_only_that(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        last = await at_the_end(ui)
        await ui.press("plus", "left", "left", "escape")
        assert not ui.frame.is_preview and ui.frame.n == last
        assert "┃" not in row(ui) and ui.screen.has_class("-zoomed")
        await ui.press("escape")
        assert not ui.screen.has_class("-zoomed")


@pytest.mark.parametrize("key", ["1", "tab", "colon", "slash", "question_mark", "T"])
async def test_leaving_the_timeline_ends_the_preview(open_screen: OpenScreen, walk: Open, key: str) -> None:
    async with open_screen(walk) as ui:
        last = await at_the_end(ui)
        await ui.press("left", "left")
        assert ui.frame.is_preview
        await ui.hit(key)
        await ui.until(lambda: not ui.frame.is_preview)
        await ui.settle()
        assert ui.frame.n == last and "┃" not in row(ui)


async def test_the_plan_goes_back_to_its_node(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.press("c", "home", "down", "down")
        assert "b = run('look')" in ui.row
        await ui.press("5", "home", "right", "right")
        assert "a = run('go')" in ui.row
        await ui.press("escape")
        assert "b = run('look')" in ui.row and not ui.screen.plan.follow


async def test_a_command_acts_at_the_cursor(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.press("s", "s", "s", "s")
        assert ui.at == ("statement", "0.1")
        await ui.press("5", "home")
        assert ui.frame.is_preview
        await ui.press("s")
        assert ui.at == ("action", "0.1") and not ui.frame.is_preview
        await ui.press("left", "left", "left")
        assert ui.at == ("statement", "0.0")
        await ui.press("b")
        assert not ui.frame.is_preview
        assert [point.pattern for point in ui.frame.annotations.breakpoints.values()] == ["0:2"]


async def test_a_note_is_left_at_the_cursors_node(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.press("s", "s", "s", "s", "5", "home", "right", "right")
        assert ui.frame.node == "0.0"
        await ui.hit("m")
        await ui.write("here")
        await ui.press("enter")
        assert ui.events(NoteSet)[-1].node == "0.1"


async def test_a_command_that_fails_shows_the_cursor_again(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        last = await at_the_end(ui)
        await ui.press("left", "s")
        assert not ui.frame.is_preview and ui.frame.n == last
        assert "┃" not in row(ui)


async def test_watches_are_not_shown_for_another_moment(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.press("c")
        await ui.command("watch c + 1")
        await ui.until(lambda: "⊙" in ui.panel("variables"))
        await ui.press("5", "left", "left")
        assert "⊙" not in ui.panel("variables")
        await ui.press("escape")
        assert "⊙" in ui.panel("variables")


async def test_page_keys_take_larger_steps(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await at_the_end(ui)
        await ui.press("pageup")
        assert ui.frame.is_preview
        stops = ui.frame.timeline.stops
        assert ui.frame.timeline.stop_index(ui.frame.n) < len(stops) - 2
        await ui.press("pagedown", "pagedown")
        assert ui.frame.n == stops[-1].n
        await ui.press("home", "end")
        assert ui.frame.n == stops[-1].n


async def test_the_wheel_previews(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.press("c")
        panel = ui.screen.query_one("#timeline")

        async def turn(kind: type[events.MouseEvent]) -> None:
            await ui.pilot._post_mouse_events([kind], widget="#timeline", offset=(30, 1))
            await ui.settle()

        await turn(events.MouseScrollUp)
        assert ui.at == ("statement", "0.2") and ui.frame.is_preview and panel.has_focus
        await turn(events.MouseScrollUp)
        assert ui.at == ("action", "0.1")
        await turn(events.MouseScrollDown)
        assert ui.at == ("statement", "0.2")


async def test_dragging_previews_and_a_click_goes_there(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        last = await at_the_end(ui)
        cell = row(ui).index("┿")
        await ui.pilot.mouse_down("#timeline", offset=(BEGIN + row(ui).index("▲"), 1))
        await ui.pilot.hover("#timeline", offset=(BEGIN + cell, 1))
        await ui.settle()
        assert ui.at == ("action", "0.0") and ui.frame.is_preview
        await ui.pilot.hover("#timeline", offset=(2, 1))
        await ui.settle()
        assert ui.at[0] == "start"
        await ui.pilot.hover("#timeline", offset=(BEGIN + cell, 1))
        await ui.pilot.mouse_up("#timeline", offset=(BEGIN + cell, 1))
        await ui.settle()
        assert ui.at == ("action", "0.0") and ui.frame.is_preview and ui.frame.at_cursor.n == last
        await ui.pilot.hover("#timeline", offset=(BEGIN + 1, 1))
        await ui.settle()
        assert ui.at == ("action", "0.0")
        await ui.pilot.click("#timeline", offset=(BEGIN + cell, 1))
        await ui.settle()
        assert ui.at == ("action", "0.0") and not ui.frame.is_preview


async def forked(ui: DebuggerPilot) -> None:
    """Run to the end, and retry the first statement on a branch; the focus is on the timeline."""
    await ui.press("c", "home", "down", "r", "c", "5")
    assert "▸ retry-1" in ui.status


async def test_moments_of_another_branch_are_previewed(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await forked(ui)
        assert row(ui, 1).lstrip().startswith("╰")
        written = len(ui.records)
        await ui.press("up")
        await ui.until(lambda: ui.frame.branch == "main")
        await ui.settle()
        assert ui.frame.is_preview and ui.frame.at_cursor.branch == "retry-1"
        await ui.press("home", "right")
        assert label(ui) == f"preview: stop 1 of 7 · before the model · 0 · {ROOT}"
        await ui.press("down")
        assert ui.frame.branch == "retry-1" and ui.frame.is_preview
        await ui.press("escape")
        assert not ui.frame.is_preview and "▸ retry-1" in ui.status
        assert len(ui.records) == written
        await ui.press("up")
        await ui.until(lambda: ui.frame.branch == "main")
        await ui.press("left", "left", "enter")
        assert ui.frame.branch == "main" and not ui.frame.is_preview


async def test_marks_stay_in_their_columns_while_the_run_grows(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.press("s", "s", "s", "s", "s")
        before = row(ui).rstrip()
        await ui.press("c")
        assert row(ui).startswith(before[: before.index("▲")])
        await ui.press("home", "down", "r", "c")
        assert row(ui).rstrip("━ ").replace("━", "") in ("◆┿┿", "◆┿┿▲")
        assert row(ui)[: len(before) - 1].replace("▲", "━").startswith(before[: before.index("┿") + 1])


async def test_a_runaway_loop_is_one_mark_and_zooming_shows_its_passes(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    async with open_screen(script_run(LOOP, ANSWERS)) as ui:
        await ui.press("c")
        await ui.until(lambda: ui.frame.stop.kind == "end")
        await ui.press("5")
        assert "×300" in row(ui)
        assert row(ui).index("┿") > row(ui).index("×300") > row(ui).index("◆")
        await ui.press("home", *["right"] * 6)
        assert passes(ui) == (3,)
        await ui.press("right", "right", "right")
        assert passes(ui) > (9,)
        assert "zoom ×" not in timeline(ui)
        await ui.press(*["i"] * 12)
        assert "zoom ×" in timeline(ui) and "o out" in timeline(ui)
        assert "×" not in row(ui)
        (number,) = passes(ui)
        await ui.press("right")
        assert passes(ui) == (number + 1,)
        await ui.press("o")
        assert "zoom ×" in timeline(ui)
        await ui.press("0")
        assert "zoom ×" not in timeline(ui)
        await ui.press("escape")
        assert "×300" in row(ui)


async def test_the_zoomed_part_follows_the_moment(open_screen: OpenScreen, script_run: ScriptRun) -> None:
    async with open_screen(script_run("a = 1\n" * 20)) as ui:
        await at_the_end(ui)
        await ui.press("home", "i", "i", "i", "i", "i")
        assert row(ui).endswith("›") and "┃" in row(ui)
        await ui.press("end")
        assert "┃" in row(ui) and row(ui).startswith("‹")
        await ui.press("home", "escape")
        assert "▲" in row(ui)
        await ui.press("S", "S")
        assert "▲" in row(ui)


async def test_a_preview_stays_while_the_run_goes_on(open_screen: OpenScreen, script_run: ScriptRun) -> None:
    model = BlockingPolicy(Scripted({ROOT: reply("look_around()"), "look_around()": reply("c = 3")}))
    model.let_go.set()
    async with open_screen(script_run(policy=model)) as ui:
        await ui.press("s", "s", "5")
        model.let_go.clear()
        model.asked.clear()
        await ui.hit("c")
        await ui.until(lambda: model.asked.is_set() and "waiting for slow" in ui.status)
        await ui.hit("home")
        await ui.until(lambda: ui.frame.is_preview)
        assert ui.at[0] == "start"
        await ui.until(lambda: "preview" in ui.status and "waiting for slow" in ui.status)
        model.let_go.set()
        await ui.until(lambda: len(ui.events(ExpansionReplied)) == 2)
        await ui.settle()
        assert ui.frame.is_preview and ui.frame.at_cursor.stop.kind == "end"
        await ui.press("escape")
        assert ui.at[0] == "end"


async def test_the_help_has_the_keys_of_the_timeline(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.press("5")
        await ui.hit("question_mark")
        await ui.until(lambda: isinstance(ui.app.screen, HelpScreen))
        await ui.write("zoom")
        await ui.until(lambda: "zoom out" in ui.seen)
        assert "zoom in" in ui.seen


async def test_entering_a_branch_without_the_nodes_of_the_one_before(
    open_screen: OpenScreen, walk: Open
) -> None:
    async with open_screen(walk) as ui:
        await ui.press("c")
        await ui.command("goto 0.1")
        await ui.press("colon")
        await ui.paste(f"edit 0 <<END\n{CODE}\nd = 4\ne = 5\nEND")
        await ui.until(lambda: ui.frame.branch == "edit-1")
        await ui.press("c", "1", "end", "5", "up")
        await ui.until(lambda: ui.frame.branch == "main")
        await ui.press("enter")
        assert ui.frame.branch == "main" and not ui.frame.is_preview
        assert "e = 5" not in ui.plan

"""Breakpoints are seen, switched, deleted, made and changed, each by a command."""

from __future__ import annotations

import msgspec
import pytest
from textual.widgets import Select

from recode_core.debugger.annotations import Annotations
from recode_core.debugger.commands import AddBreakpoint, Command
from recode_core.events import BreakpointSet
from recode_tui.debug.dialogs.breakpoint_form import BreakpointForm
from recode_tui.debug.dialogs.breakpoints import BreakpointsScreen
from tests.tui.keys import press
from tests.tui.themed import DialogApp

POINTS = (
    BreakpointSet(1, "placeholder", "put_*"),
    BreakpointSet(2, "line", "0.3:4", enabled=False, text="obs = run('[x]')"),
    BreakpointSet(5, "observation", "/nothing here/", "len(x) > 3", 2, True, True),
)


class BreakpointsApp(DialogApp):
    """Keeps the commands that the dialog wants to be executed."""

    def __init__(self, *points: BreakpointSet) -> None:
        self.executed: list[Command] = []
        self.screen_ = BreakpointsScreen(marks(*points), self._execute)
        super().__init__(self.screen_)

    def _execute(self, *commands: Command) -> None:
        self.executed.extend(commands)

    @property
    def lines(self) -> list[str]:
        """The commands as they would be typed."""
        return [command.format().text for command in self.executed]


def marks(*points: BreakpointSet) -> Annotations:
    return Annotations({point.id: point for point in points})


async def test_each_breakpoint_is_shown_as_it_would_be_typed() -> None:
    app = BreakpointsApp(*POINTS)
    async with app.run_test(size=(80, 24)):
        rows = [row.strip("│ ") for row in app.seen.split("\n")]
        first = next(number for number, row in enumerate(rows) if "Breakpoints" in row) + 1
        assert rows[first : first + 3] == [
            "●   1  placeholder  put_*",
            "○   2  line         0.3:4  obs = run('[x]')",
            "●   5  observation  /nothing here/  if len(x) > 3 after 2 log once",
        ]


async def test_space_switches_and_d_deletes_the_one_under_the_cursor() -> None:
    app = BreakpointsApp(*POINTS)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("space", "down", "space", "d")
        assert app.lines == ["disable 1", "enable 2", "delete 2"]
        app.screen_.annotations = marks(msgspec.structs.replace(POINTS[0], enabled=False), *POINTS[1:])
        await pilot.pause()
        assert "○   1  placeholder" in app.seen
        app.screen_.annotations = marks(POINTS[0], POINTS[2])
        await pilot.pause()
        assert "0.3:4" not in app.seen
        await pilot.press("d", "escape")
        assert app.lines[-1] == "delete 5" and app.answers == [None]


async def test_without_any_it_says_how_to_make_one() -> None:
    app = BreakpointsApp()
    async with app.run_test(size=(80, 24)) as pilot:
        assert "No breakpoints yet. n adds one" in app.seen
        await pilot.press("space", "d")
        assert app.lines == []
        app.screen_.annotations = marks(*POINTS)
        await pilot.pause()
        assert "No breakpoints yet" not in app.seen and "put_*" in app.seen


async def test_a_new_one_is_made_in_a_form() -> None:
    app = BreakpointsApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "n")
        assert "A new breakpoint" in app.seen
        app.screen.query_one(Select).value = "action"
        await pilot.pause()
        assert "a glob or /regex/ on the action" in app.seen
        await press(pilot, "tab", *"go to *", "tab", *"obj == 1", "tab", "3", "tab", "space", "tab", "space")
        assert "▐✔▌ log, go on" in app.seen and "▐✔▌ once" in app.seen
        await press(pilot, "space")
        assert "▐ ▌ once" in app.seen
        await press(pilot, "space", "ctrl+s")
        assert app.lines == ['break action "go to *" if obj == 1 after 3 log once']


@pytest.mark.slow
async def test_the_kind_is_chosen_by_keys_and_one_without_a_pattern_has_no_field_for_it() -> None:
    app = BreakpointsApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("a", "enter", *["down"] * 5, "enter")
        assert "before-model" in app.seen and "which" not in app.seen
        await pilot.press("ctrl+s")
        assert app.lines == ["break before-model"]


@pytest.mark.slow_variants
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("tab", *"*"), ""),
        (("tab",), "action breakpoints take a glob or /regex/ on the action, not ''"),
        (("tab", *"/(/"), "is not a regular expression"),
        (("tab", *"*", "tab", *"1 +"), "'1 +' is not an expression"),
        (("tab", *"*", "tab", *"event.x"), "unknown field of event 'x'"),
    ],
)
async def test_what_is_wrong_is_said_in_the_form(typed: tuple[str, ...], said: str) -> None:
    app = BreakpointsApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("n", *typed, "enter" if len(typed) > 1 else "ctrl+s")
        assert said in " ".join(app.seen.split())
        assert app.lines == ([] if said else ["break action *"])


@pytest.mark.slow
async def test_one_is_changed_by_adding_a_new_one_and_then_deleting_the_old_one() -> None:
    app = BreakpointsApp(*POINTS)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "down", "enter")
        assert "Breakpoint 5" in app.seen
        await pilot.press("end", "backspace", *"!/", "enter")
        changed = 'break observation "/nothing here!/" if len(x) > 3 after 2 log once'
        assert app.lines == [changed, "delete 5"]
        new = msgspec.structs.replace(POINTS[2], id=6, pattern="/nothing here!/")
        app.screen_.annotations = marks(*POINTS[:2], new)
        await pilot.pause()
        assert "/nothing here!/" in app.seen


@pytest.mark.slow
async def test_why_a_change_is_refused_is_shown_until_the_next_one() -> None:
    app = BreakpointsApp(*POINTS)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("e", *"put_o", "enter")
        assert app.lines == ["break placeholder put_o", "delete 1"]
        app.screen_.show_error("no [such] thing\x1b[2J")
        await pilot.pause()
        assert "no [such] thing␛[2J" in app.seen
        await pilot.press("space")
        assert "no [such] thing" not in app.seen


@pytest.mark.slow
async def test_a_form_that_changes_nothing_or_is_left_runs_nothing() -> None:
    app = BreakpointsApp(*POINTS)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("e", "enter", "e", *"xyz", "escape")
        assert app.lines == [] and app.screen is app.screen_


@pytest.mark.parametrize("pattern", ["a b", "log", "it's", "a if b", "after 3", "x once"])
async def test_a_pattern_is_taken_as_it_was_typed(pattern: str) -> None:
    app = BreakpointsApp(BreakpointSet(1, "action", "?", "not log", 3, True, False))
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "e", "end", "backspace", *pattern, "enter")
        assert app.executed[0] == AddBreakpoint("action", pattern, "not log", 3, log=True)


async def test_the_result_of_a_command_after_the_dialog_was_dismissed_is_not_for_it() -> None:
    app = BreakpointsApp(BreakpointSet(1, "line", "0:2"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert app.screen_.is_ready
        await pilot.press("escape")
        await pilot.pause()
        assert not app.screen_.is_ready
        app.screen_.annotations = marks()  # nothing is left to show it in
        await pilot.pause()


async def test_typing_goes_to_a_kind_in_the_open_list() -> None:
    app = DialogApp(BreakpointForm())
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "enter", *"var", "enter")
        assert app.screen.query_one(Select).value == "variable"
        assert app.answers == []


@pytest.mark.parametrize("size", [(80, 24), (60, 18)])
async def test_the_list_of_kinds_stays_inside_the_form(size: tuple[int, int]) -> None:
    app = DialogApp(BreakpointForm())
    async with app.run_test(size=size) as pilot:
        for keys in (["enter"], ["end"], ["home"]):
            await press(pilot, *keys)
            choices = app.screen.query_one("SelectOverlay")
            assert choices.display
            assert app.screen.query_one("#box").content_region.contains_region(choices.region)
        await press(pilot, "escape")
        assert app.answers == []

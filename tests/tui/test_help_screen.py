"""The help tells every key, command and glyph, and searches as one types."""

from __future__ import annotations

from typing import ClassVar

import pytest
from textual.binding import Binding, BindingType
from textual.screen import Screen

from recode_core.debugger.commands import COMMANDS
from recode_tui.concepts import CONCEPTS
from recode_tui.help_screen import HelpEntry, HelpScreen
from recode_tui.statuses import LEGEND
from recode_tui.widgets.text_view import TextView
from tests.tui.themed import ThemedApp


class Under(Screen[None]):
    """A screen with keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x", "bell", "ring the bell", group=Binding.Group("Changes")),
        Binding("s,f11", "bell", "to the next stop", group=Binding.Group("Moves")),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.rung = 0

    def action_bell(self) -> None:
        self.rung += 1


class HelpApp(ThemedApp):
    """A screen with its help over it."""

    def on_mount(self) -> None:
        self.push_screen(Under())

    async def help(self) -> HelpScreen:
        screen = HelpScreen(self.screen.active_bindings, LEGEND, ("Moves", "Changes"), COMMANDS.values())
        await self.push_screen(screen)
        return screen

    @property
    def told(self) -> str:
        return self.screen.query_one(TextView).copied()


async def test_every_key_command_and_glyph_is_told_in_order() -> None:
    app = HelpApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.help()
        await pilot.pause()
        lines = app.told.split("\n")
        assert lines[:6] == [
            "Moves",
            f"  {'s f11':<12}to the next stop",
            "",
            "Changes",
            f"  {'x':<12}ring the bell",
            "",
        ]
        for command in COMMANDS.values():
            assert command.usage in " ".join(app.told.split())
        for meaning, glyph in LEGEND:
            assert f"  {glyph.text:<12}{meaning}" in lines
        assert all(len(line) <= app.screen.query_one(TextView).text_width for line in lines)


@pytest.mark.slow_variants
@pytest.mark.parametrize(("width", "columns"), [(120, 2), (100, 2), (99, 1)])
async def test_a_wide_terminal_shows_two_columns(width: int, columns: int) -> None:
    app = HelpApp()
    async with app.run_test(size=(width, 40)) as pilot:
        await app.help()
        await pilot.pause()
        lines = app.told.split("\n")
        view = app.screen.query_one(TextView)
        assert all(len(line) <= view.text_width for line in lines)
        if columns == 1:
            assert lines[:2] == ["Moves", f"  {'s f11':<12}to the next stop"]
            return
        half = (view.text_width - 3) // 2 + 3
        left, right = ([line[at].strip() for line in lines] for at in (slice(half), slice(half, None)))
        assert left[:2] == ["Moves", f"{'s f11':<12}to the next stop"]
        below = left.index("Commands, after a colon or in a script")
        assert right.index("Glyphs") < below
        for meaning, glyph in LEGEND:
            assert any(line.startswith(f"{glyph.text:<12}{meaning[:20]}") for line in right)
        for usage in (command.usage for command in COMMANDS.values()):
            if len(usage) < half - 5:
                assert (usage in left[below:]) != (usage in right[below:])
        last = [max(n for n, line in enumerate(column) if line) for column in (left, right)]
        assert abs(last[0] - last[1]) <= 4


async def test_a_search_is_shown_in_the_columns() -> None:
    app = HelpApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.help()
        await pilot.press(*"ring the bell")
        assert app.told == f"Changes\n  {'x':<12}ring the bell"
        await pilot.press("escape", *"graft")
        assert app.told.split("\n")[:3] == [
            "Commands, after a colon or in a script",
            "  graft K",
            "    continue with a candidate · undo: earlier",
        ]


async def test_the_keys_of_the_focused_panel_come_first() -> None:
    app = HelpApp()
    async with app.run_test(size=(120, 40)) as pilot:
        view = TextView()
        await app.screen.mount(view)
        view.focus()
        await pilot.pause()
        await app.help()
        await pilot.pause()
        assert app.told.startswith("Focused panel")
        assert "Page Left" not in app.told  # nothing is wider than its widget


@pytest.mark.slow
async def test_typing_searches_and_escape_backs_out_step_by_step() -> None:
    app = HelpApp()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await app.help()
        await pilot.press(*"bell")
        assert app.told == f"Changes\n  {'x':<12}ring the bell"
        await pilot.press(*"zzz")
        assert "nothing is called 'bellzzz'" in app.told
        await pilot.press("escape")
        assert "to the next stop" in app.told
        await pilot.press("escape")
        assert app.screen is not screen


@pytest.mark.parametrize("key", ["q", "question_mark", "escape"])
async def test_the_help_closes_as_it_was_opened(key: str) -> None:
    app = HelpApp()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await app.help()
        await pilot.press(key)
        assert app.screen is not screen


async def test_a_q_in_a_search_is_a_letter() -> None:
    app = HelpApp()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await app.help()
        await pilot.press("slash", "s", "q")
        assert app.screen is screen


async def test_the_arrows_scroll_while_one_types() -> None:
    app = HelpApp()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await app.help()
        await pilot.pause()
        view = screen.query_one(TextView)
        seen = []
        for key in ("down", "pagedown", "ctrl+end", "up", "pageup", "ctrl+home"):
            await pilot.press(key)
            seen.append(view.scroll_offset.y)
        page = view.size.height - 1
        last = view.max_scroll_y
        assert seen == [1, 1 + page, last, last - 1, last - 1 - page, 0]


async def test_enter_runs_the_only_key_that_is_found() -> None:
    app = HelpApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.help()
        await pilot.press(*"ring the bell", "enter")
        await pilot.pause()
        assert isinstance(app.screen, Under) and app.screen.rung == 1


async def test_enter_leaves_the_help_open_while_several_keys_are_found() -> None:
    app = HelpApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.help()
        await pilot.press(*"the", "enter")
        await pilot.pause()
        assert isinstance(app.screen, HelpScreen)


@pytest.mark.parametrize(
    ("wanted", "is_found"),
    [
        ("break", True),
        ("breakpoint", True),
        ("KIND breakpoint", True),
        ("hits first ignore", True),
        ("breakpoint zzz", False),
        ("breakfast", True),
        ("if", True),
    ],
)
def test_words_are_found_in_any_order_and_a_name_by_longer_words(wanted: str, is_found: bool) -> None:
    entry = HelpEntry("Commands", "break KIND", "add one, if EXPR; after N: ignore the first N hits")
    assert entry.has(wanted) == is_found


def test_a_short_name_is_not_found_by_longer_words() -> None:
    assert not HelpEntry("Moves", "s f11", "to the next").has("sum")


async def test_the_concepts_come_first_and_the_number_of_hits_is_shown() -> None:
    app = HelpApp()
    async with app.run_test(size=(120, 40)) as pilot:
        screen = HelpScreen(app.screen.active_bindings, LEGEND, (), COMMANDS.values(), concepts=CONCEPTS)
        await app.push_screen(screen)
        await pilot.pause()
        lines = app.told.split("\n")
        assert lines[0] == "Concepts"
        for line, (name, text) in zip(lines[1:], CONCEPTS, strict=False):
            assert line == f"  {name:<12}{text}"
        box = screen.query_one("#box")
        assert not box.border_subtitle
        await pilot.press(*"next stop")
        hits = sum(entry.has("next stop") for entry in screen.entries)
        assert hits and box.border_subtitle == f"{hits} of {len(screen.entries)} found"
        await pilot.press("escape")
        assert not box.border_subtitle


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_concept_is_a_line(size: tuple[int, int]) -> None:
    app = HelpApp()
    async with app.run_test(size=size) as pilot:
        await app.push_screen(HelpScreen({}, (), concepts=CONCEPTS))
        await pilot.pause()
        assert app.told.count("\n") == len(CONCEPTS)

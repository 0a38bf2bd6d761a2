"""The home screen, key by key."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.command import CommandPalette
from textual.events import Key
from textual.widgets import Footer, Input

from recode_core.session import Settings
from recode_tui.home.panels import SamplesPanel, SessionsPanel
from recode_tui.home.session_list import ColumnHeader
from recode_tui.home.toolbar import KeyHint
from recode_tui.widgets.text_view import TextView
from tests.tui.home.home_pilot import SAMPLES, open_home, text_of, write_session, write_solved

# Display.


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (160, 45)])
async def test_every_session_has_a_row_with_what_came_of_it(three: Path, size: tuple[int, int]) -> None:
    async with open_home(three, size) as ui:
        damaged, solved, begun = ui.rows()
        assert solved.startswith("✔ ") and "put a cd in shelf" in solved and "solved" in solved
        assert all(text in solved for text in ("household", "recode", "expert", "22 Nov"))
        assert begun.startswith("‖ ") and "heat:1" in begun and "begun" in begun
        assert damaged.startswith("! licence.jsonl:") or damaged.startswith("!  licence.jsonl:")
        assert "is not a session" in damaged


async def test_score_steps_cost_and_date_are_in_the_row(folder: Path) -> None:
    write_solved(folder, "a")
    async with open_home(folder, (120, 40)) as ui:
        score, steps, *cost, day, month, _ = ui.rows()[0].split()[-7:]
        assert (score, steps, cost) == ("1", "5", ["no", "cost"])
        assert (day, month) == ("22", "Nov")


async def test_the_detail_says_what_was_to_be_done_and_what_came_of_it(folder: Path) -> None:
    write_solved(folder, "a")
    async with open_home(folder) as ui:
        assert "put a cd in shelf." in ui.detail
        assert "solved · score 1 · 5 steps · 3 calls" in ui.detail
        assert "a.jsonl · 33 kB" in ui.detail


async def test_a_damaged_file_says_in_the_detail_what_is_wrong(three: Path) -> None:
    async with open_home(three) as ui:
        assert ui.name == "licence"
        assert "its first line is not a complete header" in ui.detail


async def test_without_a_session_the_screen_says_what_to_do_first(folder: Path) -> None:
    async with open_home(folder) as ui:
        said = text_of(ui.app.home.query_one("#message"))
        assert "No sessions yet" in said
        assert "d  opens the demo: an agent that failed, and a tour of how to mend it" in said


async def test_a_folder_that_cannot_be_read_is_named(folder: Path) -> None:
    folder.write_text("no folder")
    async with open_home(folder) as ui:
        assert f"{folder} cannot be read: Not a directory" in text_of(ui.app.home.query_one("#message"))


async def test_text_from_a_file_is_neither_markup_nor_a_control_code(folder: Path) -> None:
    write_session(folder, "a", "[red]put\x1b[2J:7[/red]", policy="[@click=app.quit]x[/]")
    async with open_home(folder) as ui:
        assert "[red]put␛[2J:7[/red]" in ui.detail
        assert "[@click=app.quit]x[/]"[:10] in ui.rows()[0]


async def test_the_samples_are_in_a_section_of_their_own(folder: Path) -> None:
    async with open_home(folder) as ui:
        assert ui.names("samples") == sorted(path.stem for path in SAMPLES.glob("*.jsonl"))
        assert ui.app.home.query_one(SamplesPanel).display


async def test_everything_is_readable_at_80_by_24(three: Path) -> None:
    async with open_home(three, (80, 24)) as ui:
        assert ui.app.home.query_one(Footer).max_scroll_x == 0
        assert ui.listing().size.height >= 9
        assert all(hint.region.right <= 80 for hint in ui.app.home.query(KeyHint))


# Keys.


async def test_enter_goes_on_with_the_session_at_the_cursor(three: Path) -> None:
    async with open_home(three) as ui:
        await ui.press("down", "enter")
        assert ui.app.opened == [(three / "solved.jsonl", "debug")]


async def test_r_opens_it_as_a_recording(three: Path) -> None:
    async with open_home(three) as ui:
        await ui.press("j", "r")
        assert ui.app.opened == [(three / "solved.jsonl", "replay")]


async def test_a_file_that_is_no_session_cannot_be_opened(three: Path) -> None:
    async with open_home(three) as ui:
        await ui.press("enter", "r", "R")
        assert (ui.app.opened, ui.app.runs) == ([], [])
        assert not {"Go on", "Replay", "Again"} & set(ui.footer)
        await ui.press("down")
        assert {"Go on", "Replay", "Again"} <= set(ui.footer)


async def test_capital_r_starts_the_same_settings_again(three: Path) -> None:
    async with open_home(three) as ui:
        await ui.press("end", "R")
        assert ui.app.runs == [Settings("household", "heat:1", "human")]


async def test_a_colon_opens_the_command_palette_and_is_text_in_the_search(three: Path) -> None:
    async with open_home(three) as ui:
        await ui.press("slash", "colon")
        assert ui.app.screen is ui.app.home
        await ui.press("escape", "colon")
        assert isinstance(ui.app.screen, CommandPalette)


async def test_d_starts_the_demo(folder: Path) -> None:
    async with open_home(folder) as ui:
        await ui.press("d")
        assert ui.app.demos == 1


@pytest.mark.slow_variants
@pytest.mark.parametrize("key", ["n", "e", "i", "x", "question_mark"])
async def test_a_window_over_home_that_is_closed_twice_is_closed_once(folder: Path, key: str) -> None:
    write_session(folder, "mine")
    async with open_home(folder) as ui:
        await ui.press(key)
        assert ui.app.screen is not ui.app.home
        for _ in range(3):
            ui.app.post_message(Key("escape", None))
        await ui.settle()
        assert ui.app.screen is ui.app.home


async def test_all_samples_are_seen_where_there_is_room(folder: Path) -> None:
    async with open_home(folder, size=(120, 80)) as ui:
        assert ui.listing("samples").size.height == len(ui.names("samples")) > 4


async def test_samples_leave_room_for_the_sessions(folder: Path) -> None:
    async with open_home(folder, size=(120, 40)) as ui:
        shown = ui.listing("samples").size.height
        assert 4 < shown < len(ui.names("samples"))
        await ui.press("tab", "end")
        assert ui.listing("samples").scroll_offset.y == len(ui.names("samples")) - shown


async def test_a_sample_is_copied_before_one_goes_on_with_it(folder: Path) -> None:
    async with open_home(folder) as ui:
        second = ui.names("samples")[1]
        await ui.press("tab", "down", "enter")
        assert ui.app.opened == [(folder / f"{second}.jsonl", "debug")]
        copy, sample = folder / f"{second}.jsonl", SAMPLES / f"{second}.jsonl"
        assert copy.read_bytes() == sample.read_bytes()


async def test_keys_that_follow_each_other_fast_are_not_lost(folder: Path) -> None:
    async with open_home(folder) as ui:
        for key in ("tab", "r"):
            ui.app.post_message(Key(key, key if len(key) == 1 else None))
        await ui.settle()
        assert ui.app.opened == [(SAMPLES / f"{ui.names('samples')[0]}.jsonl", "replay")]


async def test_a_sample_is_looked_at_where_it_lies(folder: Path) -> None:
    async with open_home(folder) as ui:
        await ui.press("tab", "r")
        assert ui.app.opened == [(SAMPLES / f"{ui.names('samples')[0]}.jsonl", "replay")]
        assert not folder.exists()


async def test_a_sample_is_neither_renamed_nor_deleted(folder: Path) -> None:
    async with open_home(folder) as ui:
        await ui.press("tab")
        assert {"Go on", "Replay", "Again"} <= set(ui.footer)
        assert not {"Rename", "Delete"} & set(ui.footer)
        await ui.press("x", "e", "delete", "f2")
        assert not ui.has_dialog()


async def test_s_sorts_by_the_next_column_and_capital_s_the_other_way_round(three: Path) -> None:
    async with open_home(three) as ui:
        await ui.press("s")
        header = ui.app.home.query_one(ColumnHeader)
        assert header.column == "Outcome"
        assert ui.names() == ["solved", "begun", "licence"]
        await ui.press("S")
        assert ui.names() == ["licence", "begun", "solved"]
        await ui.press("s")
        assert (header.column, ui.names()) == ("Task", ["begun", "solved", "licence"])
        assert "Task▴" in header.render_line(0).text


async def test_no_column_is_sorted_by_that_is_not_seen(three: Path) -> None:
    async with open_home(three, (80, 24)) as ui:
        header = ui.app.home.query_one(ColumnHeader)
        for _ in range(9):
            await ui.press("s")
            assert any(mark in header.render_line(0).text for mark in "▾▴")


async def test_the_cursor_stays_on_its_session_when_they_are_sorted(three: Path) -> None:
    async with open_home(three) as ui:
        await ui.press("down")
        assert ui.name == "solved"
        await ui.press("s", "S")
        assert (ui.name, ui.listing().cursor) == ("solved", 2)


async def test_what_is_typed_after_a_slash_is_searched_at_once(three: Path) -> None:
    async with open_home(three) as ui:
        await ui.press("slash")
        await ui.write("heat")
        assert ui.names() == ["begun"]
        assert str(ui.app.home.query_one(SessionsPanel).border_subtitle) == "1 of 3 sessions"
        await ui.press("enter", "R")
        assert [settings.task for settings in ui.app.runs] == ["heat:1"]
        await ui.press("escape")
        assert len(ui.names()) == 3
        assert ui.app.home.query_one("#search", Input).value == ""


async def test_all_words_of_a_search_have_to_be_found_wherever_they_are(three: Path) -> None:
    async with open_home(three) as ui:
        await ui.press("slash")
        await ui.write("cd EXPERT shelf")
        assert ui.names() == ["solved"]


async def test_the_search_filters_the_samples_too_and_enter_goes_to_them(three: Path) -> None:
    async with open_home(three) as ui:
        samples = ui.names("samples")
        await ui.press("slash")
        await ui.write("model-failed")
        assert (ui.names(), ui.names("samples")) == ([], ["model-failed"])
        message = text_of(ui.app.home.query_one("#message"))
        assert "No sessions with 'model-failed'." in message
        assert "1 sample below: enter goes there" in message
        await ui.press("enter")
        assert ui.listing("samples").has_focus
        await ui.press("enter")
        assert [path.stem for path, _ in ui.app.opened] == ["model-failed"]
        await ui.press("slash", "escape")
        assert ui.names("samples") == samples


async def test_esc_leaves_the_search_and_goes_back_to_the_list(three: Path) -> None:
    async with open_home(three) as ui:
        await ui.press("slash")
        await ui.write("nothing")
        assert "No sessions with 'nothing'" in text_of(ui.app.home.query_one("#message"))
        assert ui.footer == ["To the list", "Complete", "Leave the search"]
        await ui.press("escape")
        assert len(ui.names()) == 3
        assert ui.listing().has_focus


async def test_f_shows_one_kind_of_outcome_after_the_other(three: Path) -> None:
    async with open_home(three) as ui:
        seen = []
        for _ in range(6):
            await ui.press("f")
            seen.append(ui.names())
        assert seen == [["solved"], [], ["begun"], [], ["licence"], ["licence", "solved", "begun"]]


async def test_tab_completes_a_field_and_its_value_in_the_search(three: Path) -> None:
    async with open_home(three) as ui:
        await ui.press("slash")
        await ui.write("pol")
        await ui.press("tab")
        await ui.write("hum")
        await ui.press("tab")
        assert ui.app.home.query_one("#search", Input).value == "policy:human"
        assert ui.names() == ["begun"]
        await ui.press("tab")
        assert not ui.app.home.query_one("#search", Input).has_focus


async def test_x_deletes_after_asking(three: Path) -> None:
    async with open_home(three) as ui:
        await ui.press("down", "x")
        assert ui.has_dialog()
        await ui.press("n")
        assert (three / "solved.jsonl").exists()
        await ui.press("delete", "y")
        assert not (three / "solved.jsonl").exists()
        assert ui.names() == ["licence", "begun"]
        assert ui.name == "begun"


@pytest.mark.slow_variants
@pytest.mark.parametrize("key", ["escape", "enter", "x", "space"])
async def test_no_other_key_deletes(three: Path, key: str) -> None:
    async with open_home(three) as ui:
        await ui.press("x", key)
        assert (three / "licence.jsonl").exists()


async def test_e_renames_and_the_cursor_goes_along(three: Path) -> None:
    async with open_home(three) as ui:
        await ui.press("down", "e")
        await ui.write("mine")
        await ui.press("enter")
        assert (three / "mine.jsonl").exists() and not (three / "solved.jsonl").exists()
        assert ui.name == "mine"
        assert not ui.has_dialog()


async def test_a_name_that_is_taken_is_said_beside_the_field(three: Path) -> None:
    async with open_home(three) as ui:
        await ui.press("down", "f2")
        await ui.write("begun")
        await ui.press("enter")
        assert "a session 'begun' exists already" in ui.error()
        await ui.press("x", "enter")
        assert ui.error() == ""
        assert ui.name == "begunx"


@pytest.mark.slow
async def test_i_copies_a_session_into_the_list(folder: Path, tmp_path: Path) -> None:
    source = write_solved(tmp_path / "elsewhere", "theirs")
    async with open_home(folder) as ui:
        await ui.press("i")
        await ui.write(str(source))
        await ui.press("enter")
        assert (folder / "theirs.jsonl").read_bytes() == source.read_bytes()
        assert ui.name == "theirs"


@pytest.mark.slow
async def test_what_cannot_be_imported_is_said_beside_the_field(three: Path, tmp_path: Path) -> None:
    (tmp_path / "foreign").write_text("hello")
    async with open_home(three) as ui:
        for typed, why in (
            ("", "enter a path"),
            (str(tmp_path / "foreign"), "is not a session: its first line"),
            (str(tmp_path / "none"), "No such file"),
            (str(three / "solved.jsonl"), "solved.jsonl is in the list already"),
        ):
            await ui.press("i")
            await ui.write(typed)
            await ui.press("enter")
            assert why in ui.error()
            await ui.press("escape")
        assert len(ui.names()) == 3


@pytest.mark.parametrize("key", ["f5", "ctrl+r"])
async def test_a_new_file_is_seen_on_refreshing(three: Path, key: str) -> None:
    async with open_home(three) as ui:
        write_session(three, "new", hour=23)
        await ui.press(key)
        assert "new" in ui.names()


async def test_coming_back_to_the_screen_refreshes_it(three: Path) -> None:
    async with open_home(three) as ui:
        await ui.press("question_mark")
        write_session(three, "new", hour=23)
        await ui.press("escape")
        assert "new" in ui.names()


async def test_the_help_shows_every_key_of_the_screen_with_what_it_does(three: Path) -> None:
    async with open_home(three) as ui:
        await ui.press("question_mark")
        lines = ui.app.screen.query_one(TextView).copied().splitlines()
        for key, help in (
            ("R", "Start a new run with the same"),
            ("f5", "Read the folder"),
            ("x del", "Delete the marked sessions"),
            ("↑ k", "One up"),
            ("‖", "unfinished"),
        ):
            assert any(f"  {key} " in line and help in line for line in lines)
        await ui.press("escape")
        assert not ui.has_dialog()


@pytest.mark.parametrize("is_clicked", [True, False])
async def test_what_is_said_of_a_session_is_read_whole(three: Path, is_clicked: bool) -> None:
    async with open_home(three, (80, 24)) as ui:
        await ui.press("home")
        assert "is not a session" in ui.detail
        if is_clicked:
            await ui.pilot.click("DetailPanel")
            await ui.settle()
        else:
            await ui.press("M")
        whole = ui.app.screen.query_one(TextView).copied()
        assert "is not a session" in whole and "licence.jsonl · " in whole


async def test_q_quits(folder: Path) -> None:
    async with open_home(folder) as ui:
        await ui.pilot.press("q")
        await ui.pilot.pause()
        assert not ui.app.is_running


# Mouse.


async def test_a_click_puts_the_cursor_there_and_a_double_click_opens(three: Path) -> None:
    async with open_home(three) as ui:
        await ui.pilot.click("#sessions", offset=(5, 2))
        await ui.settle()
        assert (ui.name, ui.app.opened) == ("begun", [])
        await ui.pilot.click("#sessions", offset=(5, 1), times=2)
        await ui.settle()
        assert ui.app.opened == [(three / "solved.jsonl", "debug")]


async def test_a_click_below_the_last_session_does_nothing(three: Path) -> None:
    async with open_home(three) as ui:
        await ui.pilot.click("#sessions", offset=(5, 9), times=2)
        await ui.settle()
        assert (ui.name, ui.app.opened) == ("licence", [])


async def test_a_click_on_a_head_sorts_and_a_second_one_the_other_way_round(three: Path) -> None:
    async with open_home(three) as ui:
        at = ui.app.home.query_one(ColumnHeader).render_line(0).text.index("Steps")
        await ui.pilot.click(ColumnHeader, offset=(at, 0))
        await ui.settle()
        assert ui.names() == ["begun", "solved", "licence"]
        await ui.pilot.click(ColumnHeader, offset=(at, 0))
        await ui.settle()
        assert ui.names() == ["solved", "begun", "licence"]


async def test_a_click_on_a_hint_does_what_its_key_does(folder: Path) -> None:
    async with open_home(folder) as ui:
        await ui.pilot.click(ui.app.home.query(KeyHint)[1])
        await ui.settle()
        assert ui.app.demos == 1

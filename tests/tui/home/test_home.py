"""The home screen, key by key."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.events import Key
from textual.widgets import Footer, Input

from recode_core.executor.limits import Limits
from recode_core.session import Settings
from recode_tui.home.entries import Heads, Samples
from recode_tui.home.hint import Hint
from recode_tui.home.sessions import Sessions
from tests.tui.home.desk import SAMPLES, at_home, made, solved, text_of

# What is seen.


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (160, 45)])
async def test_every_session_has_a_row_with_what_came_of_it(three: Path, size: tuple[int, int]) -> None:
    async with at_home(three, size) as desk:
        rows = {row.split()[1]: row for row in desk.rows()}
        assert rows["solved" if size[0] == 80 else "put:7"].startswith("✔ ")
        assert "household" in desk.rows()[1] and "expert" in desk.rows()[1]
        assert rows["begun" if size[0] == 80 else "heat:1"].startswith("◐ ")
        assert rows["licence.jsonl:"].startswith("! ")
        assert "is no session" in rows["licence.jsonl:"]


async def test_score_steps_cost_and_date_are_in_the_row(folder: Path) -> None:
    solved(folder, "a")
    async with at_home(folder, (80, 24)) as desk:
        score, steps, cost, *date = desk.rows()[0].split()[-6:]
        assert (score, steps, cost) == ("1", "5", "–")
        assert date[:2] == ["22", "Nov"]


async def test_the_detail_says_what_was_to_be_done_and_what_came_of_it(folder: Path) -> None:
    solved(folder, "a")
    async with at_home(folder) as desk:
        assert "put a cd in shelf." in desk.detail
        assert "solved · score 1 · 5 steps · 3 calls" in desk.detail
        assert "a.jsonl · 33 kB" in desk.detail


async def test_a_damaged_file_says_in_the_detail_what_is_wrong(three: Path) -> None:
    async with at_home(three) as desk:
        assert desk.name == "licence"
        assert "its first line is not a whole header" in desk.detail


async def test_without_a_session_the_screen_says_what_to_do_first(folder: Path) -> None:
    async with at_home(folder) as desk:
        said = text_of(desk.app.home.query_one("#nothing"))
        assert "No sessions yet" in said
        assert "d  plays the demo: household put:7, by the expert" in said


async def test_a_folder_that_cannot_be_read_is_named(folder: Path) -> None:
    folder.write_text("no folder")
    async with at_home(folder) as desk:
        assert f"{folder} cannot be read: Not a directory" in text_of(desk.app.home.query_one("#nothing"))


async def test_text_from_a_file_is_neither_markup_nor_a_control_code(folder: Path) -> None:
    made(folder, "a", "[red]put\x1b[2J:7[/red]", policy="[@click=app.quit]x[/]")
    async with at_home(folder) as desk:
        assert "[red]put␛[2J:7[/red]" in desk.detail
        assert "[@click=app.quit]x[/]"[:10] in desk.rows()[0]


async def test_the_samples_are_in_a_section_of_their_own(folder: Path) -> None:
    async with at_home(folder) as desk:
        assert desk.names("samples") == sorted(path.stem for path in SAMPLES.glob("*.jsonl"))
        assert desk.app.home.query_one(Samples).display


async def test_everything_is_readable_at_80_by_24(three: Path) -> None:
    async with at_home(three, (80, 24)) as desk:
        assert desk.app.home.query_one(Footer).max_scroll_x == 0
        assert desk.listing().size.height >= 9
        assert all(hint.region.right <= 80 for hint in desk.app.home.query(Hint))


# What keys do.


async def test_enter_goes_on_with_the_session_at_the_cursor(three: Path) -> None:
    async with at_home(three) as desk:
        await desk.press("down", "enter")
        assert desk.app.opened == [(three / "solved.jsonl", "debug")]


async def test_r_opens_it_as_a_recording(three: Path) -> None:
    async with at_home(three) as desk:
        await desk.press("j", "r")
        assert desk.app.opened == [(three / "solved.jsonl", "replay")]


async def test_a_file_that_is_no_session_cannot_be_opened(three: Path) -> None:
    async with at_home(three) as desk:
        await desk.press("enter", "r", "R")
        assert (desk.app.opened, desk.app.runs) == ([], [])
        assert not {"Go on", "Replay", "Again"} & set(desk.footer)
        await desk.press("down")
        assert {"Go on", "Replay", "Again"} <= set(desk.footer)


async def test_capital_r_starts_the_same_settings_again(three: Path) -> None:
    async with at_home(three) as desk:
        await desk.press("end", "R")
        assert desk.app.runs == [Settings("household", "heat:1", "human")]


async def test_d_starts_the_demo(folder: Path) -> None:
    async with at_home(folder) as desk:
        await desk.press("d")
        assert desk.app.runs == [Settings("household", "put:7", "expert", limits=Limits())]


@pytest.mark.parametrize("key", ["n", "e", "i", "x", "question_mark"])
async def test_a_window_over_home_that_is_closed_twice_is_closed_once(folder: Path, key: str) -> None:
    made(folder, "mine")
    async with at_home(folder) as desk:
        await desk.press(key)
        assert desk.app.screen is not desk.app.home
        for _ in range(3):
            desk.app.post_message(Key("escape", None))
        await desk.settle()
        assert desk.app.screen is desk.app.home


async def test_all_samples_are_seen_where_there_is_room(folder: Path) -> None:
    async with at_home(folder, size=(120, 40)) as desk:
        assert desk.listing("samples").size.height == len(desk.names("samples")) > 4


async def test_a_sample_is_copied_before_one_goes_on_with_it(folder: Path) -> None:
    async with at_home(folder) as desk:
        await desk.press("tab", "down", "enter")
        assert desk.app.opened == [(folder / "household-puttwo.jsonl", "debug")]
        copy, sample = folder / "household-puttwo.jsonl", SAMPLES / "household-puttwo.jsonl"
        assert copy.read_bytes() == sample.read_bytes()


async def test_keys_that_follow_each_other_fast_are_not_lost(folder: Path) -> None:
    async with at_home(folder) as desk:
        for key in ("tab", "r"):
            desk.app.post_message(Key(key, key if len(key) == 1 else None))
        await desk.settle()
        assert desk.app.opened == [(SAMPLES / "household-mended.jsonl", "replay")]


async def test_a_sample_is_looked_at_where_it_lies(folder: Path) -> None:
    async with at_home(folder) as desk:
        await desk.press("tab", "r")
        assert desk.app.opened == [(SAMPLES / "household-mended.jsonl", "replay")]
        assert not folder.exists()


async def test_a_sample_is_neither_renamed_nor_deleted(folder: Path) -> None:
    async with at_home(folder) as desk:
        await desk.press("tab")
        assert {"Go on", "Replay", "Again"} <= set(desk.footer)
        assert not {"Rename", "Delete"} & set(desk.footer)
        await desk.press("x", "e", "delete", "f2")
        assert not desk.has_dialog()


async def test_s_sorts_by_the_next_column_and_capital_s_the_other_way_round(three: Path) -> None:
    async with at_home(three) as desk:
        await desk.press("s")
        heads = desk.app.home.query_one(Heads)
        assert heads.column == "Outcome"
        assert desk.names() == ["solved", "begun", "licence"]
        await desk.press("S")
        assert desk.names() == ["licence", "begun", "solved"]
        await desk.press("s")
        assert (heads.column, desk.names()) == ("Task", ["begun", "solved", "licence"])
        assert "Task▴" in heads.render_line(0).text


async def test_no_column_is_sorted_by_that_is_not_seen(three: Path) -> None:
    async with at_home(three, (80, 24)) as desk:
        heads = desk.app.home.query_one(Heads)
        for _ in range(9):
            await desk.press("s")
            assert any(mark in heads.render_line(0).text for mark in "▾▴")


async def test_the_cursor_stays_on_its_session_when_they_are_sorted(three: Path) -> None:
    async with at_home(three) as desk:
        await desk.press("down")
        assert desk.name == "solved"
        await desk.press("s", "S")
        assert (desk.name, desk.listing().cursor) == ("solved", 2)


async def test_what_is_typed_after_a_slash_is_searched_at_once(three: Path) -> None:
    async with at_home(three) as desk:
        await desk.press("slash")
        await desk.write("heat")
        assert desk.names() == ["begun"]
        assert str(desk.app.home.query_one(Sessions).border_subtitle) == "1 of 3 sessions"
        await desk.press("enter", "R")
        assert [settings.task for settings in desk.app.runs] == ["heat:1"]
        await desk.press("escape")
        assert len(desk.names()) == 3
        assert desk.app.home.query_one("#search", Input).value == ""


async def test_all_words_of_a_search_have_to_be_found_wherever_they_are(three: Path) -> None:
    async with at_home(three) as desk:
        await desk.press("slash")
        await desk.write("cd EXPERT shelf")
        assert desk.names() == ["solved"]


async def test_esc_leaves_the_search_and_goes_back_to_the_list(three: Path) -> None:
    async with at_home(three) as desk:
        await desk.press("slash")
        await desk.write("nothing")
        assert "There is no session with 'nothing'" in text_of(desk.app.home.query_one("#nothing"))
        assert desk.footer == ["To the list", "Leave the search"]
        await desk.press("escape")
        assert len(desk.names()) == 3
        assert desk.listing().has_focus


async def test_f_shows_one_kind_of_outcome_after_the_other(three: Path) -> None:
    async with at_home(three) as desk:
        seen = []
        for _ in range(5):
            await desk.press("f")
            seen.append(desk.names())
        assert seen == [["solved"], [], ["begun"], ["licence"], ["licence", "solved", "begun"]]


async def test_x_deletes_after_asking(three: Path) -> None:
    async with at_home(three) as desk:
        await desk.press("down", "x")
        assert desk.has_dialog()
        await desk.press("n")
        assert (three / "solved.jsonl").exists()
        await desk.press("delete", "y")
        assert not (three / "solved.jsonl").exists()
        assert desk.names() == ["licence", "begun"]
        assert desk.name == "begun"


@pytest.mark.parametrize("key", ["escape", "enter", "x", "space"])
async def test_no_other_key_deletes(three: Path, key: str) -> None:
    async with at_home(three) as desk:
        await desk.press("x", key)
        assert (three / "licence.jsonl").exists()


async def test_e_renames_and_the_cursor_goes_along(three: Path) -> None:
    async with at_home(three) as desk:
        await desk.press("down", "e")
        await desk.write("mine")
        await desk.press("enter")
        assert (three / "mine.jsonl").exists() and not (three / "solved.jsonl").exists()
        assert desk.name == "mine"
        assert not desk.has_dialog()


async def test_a_name_that_is_taken_is_said_beside_the_field(three: Path) -> None:
    async with at_home(three) as desk:
        await desk.press("down", "f2")
        await desk.write("begun")
        await desk.press("enter")
        assert "there is a session 'begun' already" in desk.fault()
        await desk.press("x", "enter")
        assert desk.fault() == ""
        assert desk.name == "begunx"


async def test_i_copies_a_session_into_the_list(folder: Path, tmp_path: Path) -> None:
    source = solved(tmp_path / "elsewhere", "theirs")
    async with at_home(folder) as desk:
        await desk.press("i")
        await desk.write(str(source))
        await desk.press("enter")
        assert (folder / "theirs.jsonl").read_bytes() == source.read_bytes()
        assert desk.name == "theirs"


async def test_what_cannot_be_imported_is_said_beside_the_field(three: Path, tmp_path: Path) -> None:
    (tmp_path / "foreign").write_text("hello")
    async with at_home(three) as desk:
        for typed, why in (
            ("", "no path is given"),
            (str(tmp_path / "foreign"), "is no session: its first line"),
            (str(tmp_path / "none"), "No such file"),
            (str(three / "solved.jsonl"), "solved.jsonl is in the list already"),
        ):
            await desk.press("i")
            await desk.write(typed)
            await desk.press("enter")
            assert why in desk.fault()
            await desk.press("escape")
        assert len(desk.names()) == 3


@pytest.mark.parametrize("key", ["f5", "ctrl+r"])
async def test_a_new_file_is_seen_on_refreshing(three: Path, key: str) -> None:
    async with at_home(three) as desk:
        made(three, "new", hour=23)
        await desk.press(key)
        assert "new" in desk.names()


async def test_coming_back_to_the_screen_refreshes_it(three: Path) -> None:
    async with at_home(three) as desk:
        await desk.press("question_mark")
        made(three, "new", hour=23)
        await desk.press("escape")
        assert "new" in desk.names()


async def test_the_help_shows_every_key_of_the_screen_with_what_it_does(three: Path) -> None:
    async with at_home(three) as desk:
        await desk.press("question_mark")
        said = "".join(text_of(static) for static in desk.app.screen.query("HelpDialog Static"))
        for key, does in (
            ("R", "Start a new run with the same"),
            ("f5", "Read the folder"),
            ("◐", "unfinished"),
        ):
            assert any(key in line and does in line for line in said.splitlines())
        await desk.press("escape")
        assert not desk.has_dialog()


async def test_q_quits(folder: Path) -> None:
    async with at_home(folder) as desk:
        await desk.pilot.press("q")
        await desk.pilot.pause()
        assert not desk.app.is_running


# What the mouse does.


async def test_a_click_puts_the_cursor_there_and_a_double_click_opens(three: Path) -> None:
    async with at_home(three) as desk:
        await desk.pilot.click("#sessions", offset=(5, 2))
        await desk.settle()
        assert (desk.name, desk.app.opened) == ("begun", [])
        await desk.pilot.click("#sessions", offset=(5, 1), times=2)
        await desk.settle()
        assert desk.app.opened == [(three / "solved.jsonl", "debug")]


async def test_a_click_below_the_last_session_does_nothing(three: Path) -> None:
    async with at_home(three) as desk:
        await desk.pilot.click("#sessions", offset=(5, 9), times=2)
        await desk.settle()
        assert (desk.name, desk.app.opened) == ("licence", [])


async def test_a_click_on_a_head_sorts_and_a_second_one_the_other_way_round(three: Path) -> None:
    async with at_home(three) as desk:
        at = desk.app.home.query_one(Heads).render_line(0).text.index("Steps")
        await desk.pilot.click(Heads, offset=(at, 0))
        await desk.settle()
        assert desk.names() == ["begun", "solved", "licence"]
        await desk.pilot.click(Heads, offset=(at, 0))
        await desk.settle()
        assert desk.names() == ["solved", "begun", "licence"]


async def test_a_click_on_a_hint_does_what_its_key_does(folder: Path) -> None:
    async with at_home(folder) as desk:
        await desk.pilot.click(desk.app.home.query(Hint)[1])
        await desk.settle()
        assert [settings.task for settings in desk.app.runs] == ["put:7"]

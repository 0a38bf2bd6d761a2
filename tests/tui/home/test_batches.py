"""Batches on the home screen, and what is done with several sessions at once."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest
from textual.widgets import Input

from recode_core.batch import Batch, BatchOptions, plan_batch
from recode_core.batch.groups import REGISTER, register, scan_batches
from recode_core.executor.limits import Limits
from recode_core.session import Settings, Writer, entry_cache, read
from recode_core.session.catalog import SessionEntry, load_result, scan
from recode_core.session.tags import tags_of
from recode_tui.home import session_loader
from recode_tui.home.panels import SessionsPanel
from tests.tui.home.home_pilot import HomePilot, open_home, text_of, write_session, write_solved

TASKS = ["put:7", "puttwo:1", "put:1", "puttwo:2"]


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A batch of the expert with too few steps for some of its tasks."""
    folder = tmp_path_factory.mktemp("batches") / "june"
    settings = Settings("household", "", limits=Limits(steps=6))
    with Batch(folder, plan_batch(settings, tasks=TASKS)) as opened:
        opened.run(BatchOptions(2))
    return folder


@pytest.fixture
def with_batch(folder: Path, batch: Path) -> Path:
    """A folder with a session, and the batch below it."""
    write_solved(folder, "single")
    shutil.copytree(batch, folder / "june")
    return folder


def failed(folder: Path) -> list[Path]:
    (group,) = scan_batches(folder)
    entries = [load_result(entry) for entry in group.entries]
    return [entry.path for entry in entries if entry.result is not None and not entry.result.solved]


def subtitle(ui: HomePilot) -> str:
    return str(ui.app.home.query_one(SessionsPanel).border_subtitle)


async def write_in_dialog(ui: HomePilot, text: str) -> None:
    ui.app.screen.query_one(Input).value = text
    await ui.press("enter")


# batches


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_batch_is_a_row_with_its_success_rate(with_batch: Path, size: tuple[int, int]) -> None:
    lost = len(failed(with_batch))
    assert 0 < lost < 4
    async with open_home(with_batch, size) as ui:
        row = next(row for row in ui.rows() if "june" in row)
        assert row.startswith("▸ june · household · recode · expert")
        assert row.endswith(f"{4 - lost} of 4 solved ({(4 - lost) / 4:.0%})".replace("%", " %"))
        assert ui.names() == ["single"]


async def test_it_unfolds_to_its_runs_in_the_order_of_its_tasks_and_folds_again(with_batch: Path) -> None:
    async with open_home(with_batch) as ui:
        await ui.press("home", "enter")
        episodes = ui.names()[:4]
        assert [name[:4] for name in episodes] == ["0001", "0002", "0003", "0004"]
        assert ui.rows()[0].startswith("▾ june") and ui.rows()[1][1:].startswith("    put a cd in shelf")
        await ui.press("down", "down", "h")
        assert ui.names() == ["single"] and ui.listing().group is not None
        await ui.press("l")
        assert len(ui.names()) == 5


async def test_one_key_opens_a_failed_run_and_again_the_next(with_batch: Path) -> None:
    paths = failed(with_batch)
    async with open_home(with_batch) as ui:
        await ui.press("home", *["exclamation_mark"] * (len(paths) + 1))
        assert ui.app.opened == [(path, "replay") for path in [*paths, paths[0]]]


async def test_a_filter_shows_the_runs_of_a_batch_that_match(with_batch: Path) -> None:
    async with open_home(with_batch) as ui:
        await ui.press("slash")
        await ui.write("batch:june failed")
        assert [with_batch / "june" / f"{name}.jsonl" for name in ui.names()] == failed(with_batch)
        await ui.press("escape")
        await ui.press("slash")
        await ui.write("name:single")
        assert ui.names() == ["single"] and not any("june" in row for row in ui.rows())


async def test_a_batch_elsewhere_is_listed_once_it_was_registered(folder: Path, batch: Path) -> None:
    register(batch, folder)
    register(batch, folder)
    assert (folder / REGISTER).read_text() == f'["{batch}"]'
    async with open_home(folder) as ui:
        assert ui.rows()[0].startswith("▸ june")
    (folder / REGISTER).write_text("no list")
    async with open_home(folder) as ui:
        assert ui.rows() == []


def test_a_batch_that_is_below_the_folder_or_gone_is_not_registered(folder: Path, tmp_path: Path) -> None:
    folder.mkdir()
    register(folder / "june", folder)
    assert not (folder / REGISTER).exists()
    gone, here = tmp_path / "gone", tmp_path / "here"
    here.mkdir()
    register(gone, folder)
    register(here, folder)
    assert (folder / REGISTER).read_text() == f'["{here}"]'


# several at once


async def test_marked_sessions_are_deleted_together_after_a_question_with_their_number(
    folder: Path,
) -> None:
    for number in range(5):
        write_session(folder, f"s{number}", hour=number)
    async with open_home(folder) as ui:
        await ui.press("home", "space", "space", "space")
        assert "3 marked" in subtitle(ui) and ui.name == "s1"
        assert [row[1] for row in ui.rows()] == ["»", "»", "»", " ", " "]
        await ui.press("x")
        shown = " ".join(text_of(widget) for widget in ui.app.screen.query("#box Static"))
        assert "Delete 3 sessions? s4, s3, s2." in shown and "can't be undone" in shown
        await ui.press("n")
        assert len(ui.names()) == 5
        await ui.press("x", "y")
        assert ui.names() == ["s1", "s0"] and "marked" not in subtitle(ui)


async def test_one_that_is_being_written_is_not_deleted_and_the_others_are(folder: Path) -> None:
    write_session(folder, "a", hour=1)
    path = write_solved(folder, "b", hour=2)
    with closing(Writer.reopen(path)[0]):
        async with open_home(folder) as ui:
            await ui.press("ctrl+a", "x", "y")
            assert ui.names() == ["b"]


async def test_a_batch_is_marked_as_a_whole(with_batch: Path) -> None:
    async with open_home(with_batch) as ui:
        await ui.press("home", "space")
        assert "4 marked" in subtitle(ui)
        await ui.press("home", "space")
        assert "marked" not in subtitle(ui)


async def test_tags_are_added_removed_shown_and_filtered_by(folder: Path) -> None:
    one, two = write_solved(folder, "one", hour=2), write_solved(folder, "two", hour=1)
    async with open_home(folder) as ui:
        await ui.press("ctrl+a", "t")
        await write_in_dialog(ui, "flaky june")
        assert [tags_of(read(path).records) for path in (one, two)] == [("flaky", "june")] * 2
        assert "#flaky #june put a cd" in ui.rows()[0]
        await ui.press("ctrl+a", "home", "t")
        await write_in_dialog(ui, "-flaky")
        await ui.press("slash")
        await ui.write("tag:flaky")
        assert ui.names() == ["two"]


async def test_what_is_no_tag_is_said_in_the_dialog(folder: Path) -> None:
    path = write_solved(folder, "one")
    before = path.read_bytes()
    async with open_home(folder) as ui:
        await ui.press("t")
        await write_in_dialog(ui, "a&b")
        assert "invalid tag 'a&b'" in ui.error()
        assert path.read_bytes() == before


async def test_marked_sessions_are_exported_into_a_folder(folder: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_solved(folder, name)
    async with open_home(folder) as ui:
        await ui.press("ctrl+a", "E")
        await write_in_dialog(ui, "pdf x")
        assert "unknown format 'pdf' (available: html, json, graphml, sft)" in ui.error()
        await write_in_dialog(ui, f"html {tmp_path / 'out'}")
        assert not ui.has_dialog()
        assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["one.html", "two.html"]
        await ui.press("E")
        await write_in_dialog(ui, f"html {tmp_path / 'out'}")
        assert "exists and is never overwritten" in ui.error()
        await write_in_dialog(ui, f"sft {tmp_path / 'out'}")
        assert (tmp_path / "out" / "training-data.jsonl").exists()


# running sessions and what is known already


async def test_a_session_that_another_process_writes_is_running_and_is_followed(folder: Path) -> None:
    path = write_session(folder, "live")
    writer, _ = Writer.reopen(path)
    async with open_home(folder) as ui:
        assert ui.rows()[0].startswith("◐")
        await ui.press("r")
        assert ui.app.opened == [(path, "follow")]
        writer.close()
        ui.app.home._look_for_changes()
        await ui.settle()
        assert ui.rows()[0].startswith("‖")


async def test_a_session_that_another_program_adds_is_listed_by_itself(folder: Path) -> None:
    write_session(folder, "one")
    async with open_home(folder) as ui:
        write_session(folder, "two")
        ui.app.home._look_for_changes()
        await ui.settle()
        assert set(ui.names()) == {"one", "two"}


def test_what_an_earlier_program_has_read_is_not_read_again_unless_it_changed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(entry_cache._WORTH):
        write_solved(folder, f"s{number:02}")
    *_, entries = session_loader.load_incrementally(folder)
    assert entry_cache.load(folder) == tuple(entries)
    changed = write_session(folder, "s03", hour=3)
    asked: list[Path] = []

    def asks(entry: SessionEntry) -> SessionEntry:
        asked.append(entry.path)
        return entry

    monkeypatch.setattr(session_loader, "load_result", asks)
    assert [entry.path for entry in scan(folder)][-1] == changed
    list(session_loader.load_incrementally(folder))
    assert asked == [changed]


@pytest.mark.parametrize("content", [b"", b"\x00\xff", b"\x82\xa6format\xa11\xa7entries\x90"])
def test_a_cache_that_is_damaged_or_of_another_version_is_passed_over(folder: Path, content: bytes) -> None:
    write_solved(folder, "one")
    (folder / entry_cache.NAME).write_bytes(content)
    assert entry_cache.load(folder) == ()
    *_, entries = session_loader.load_incrementally(folder)
    assert entries[0].result is not None

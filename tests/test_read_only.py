"""A process that may only look refuses everything else, in the core."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import recode_core
from recode_core import episode, files, read_only
from recode_core.debugger import debug_session
from recode_core.errors import ReadOnlyError, RecodeError
from recode_core.session import Settings, Writer, folder, new_header
from recode_tui import preferences

SAMPLE = Path(__file__).parent.parent / "sessions" / "household-mended.jsonl"
TASK = Settings("household", "put:7")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Path]:
    """A session in a folder; nothing in the folder may change."""
    path = Path(shutil.copy(SAMPLE, tmp_path / "one.jsonl"))
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    with read_only.enforced():
        yield path
    assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before


@pytest.mark.parametrize(
    "change",
    [
        lambda path: debug_session.start(TASK, path.with_name("new.jsonl")),
        lambda path: debug_session.open_live(path),
        lambda path: episode.resume(path),
        lambda path: episode.check_all(path),
        lambda path: recode_core.run("household", "put:7"),
        lambda path: recode_core.debug("household", "put:7"),
        lambda path: folder.rename(path, "two"),
        lambda path: folder.delete(path),
        lambda path: folder.import_file(path, path.parent / "more"),
        lambda path: folder.save(path.parent / "more", "two", new_header("two", TASK), ()),
        lambda path: Writer.create(path.with_name("new.jsonl"), new_header("new", TASK)),
        lambda path: Writer.reopen(path),
        lambda path: files.write_new(path.with_name("new.txt"), "x"),
        lambda path: files.replace(path, b"x"),
    ],
)
def test_nothing_is_run_written_or_deleted(session: Path, change: Callable[[Path], object]) -> None:
    with pytest.raises(ReadOnlyError, match="started with --read-only"):
        change(session)


def test_a_recording_can_be_looked_at(session: Path) -> None:
    with debug_session.open_readonly(session) as opened:
        debugger = opened.debugger
        debugger.goto(50)
        assert debugger.evaluate("obj") == "'cd'"
        for change in (debugger.skip, debugger.retry, lambda: debugger.edit("0.8", "x = 1")):
            with pytest.raises(RecodeError, match="started with --read-only"):
                change()
        with pytest.raises(RecodeError, match="started with --read-only"):
            opened.save(session.with_name("copy.jsonl"))


def test_preferences_hold_for_the_process_but_are_not_written(
    session: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(session.parent / "state"))
    preferences.save_theme("nord")
    assert preferences.load().theme == ""


def test_it_ends_with_the_block(tmp_path: Path) -> None:
    with read_only.enforced(), read_only.enforced():
        pass
    assert not read_only.is_enforced()
    files.write_new(tmp_path / "new.txt", "x")

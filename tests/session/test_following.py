"""A session file is read on while another process appends to it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from recode_core.errors import NotASession
from recode_core.session import Writer, following, lock, read
from recode_core.session.following import FollowedFile
from recode_core.session.lock import is_being_written

SAMPLE = Path(__file__).parents[2] / "sessions" / "household-mended.jsonl"
LINES = SAMPLE.read_bytes().splitlines(keepends=True)
RECORDS = read(SAMPLE).records


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with the header and the first ten records of a sample."""
    path = tmp_path / "run.jsonl"
    path.write_bytes(b"".join(LINES[:11]))
    return path


@pytest.fixture
def file(path: Path) -> Iterator[FollowedFile]:
    """The file, of which all has been read."""
    with closing(FollowedFile(path)) as file:
        assert file.read() == RECORDS[:10]
        yield file


def state_of(file: FollowedFile) -> str:
    return file.state


def append(path: Path, data: bytes) -> None:
    with path.open("ab") as stream:
        stream.write(data)


def test_only_what_was_appended_is_read(path: Path, file: FollowedFile) -> None:
    assert file.read() == []
    append(path, b"".join(LINES[11:14]))
    assert file.read() == RECORDS[10:13]
    append(path, b"".join(LINES[14:]))
    assert file.read() == RECORDS[13:]
    assert file.read() == []


def test_an_incomplete_line_is_waited_for(path: Path, file: FollowedFile) -> None:
    line = LINES[11]
    for at in range(0, len(line) - 1, 7):
        append(path, line[at : min(at + 7, len(line) - 1)])
        assert file.read() == []
    assert file.torn == len(line) - 1
    append(path, b"\n" + LINES[12])
    assert file.read() == RECORDS[10:12]
    assert file.torn == 0 and state_of(file) != "damaged"


def test_a_torn_line_that_a_resumed_run_replaces_is_read_as_it_is_then(
    path: Path, file: FollowedFile
) -> None:
    append(path, LINES[11][:20])
    assert file.read() == []
    writer, session = Writer.reopen(path)
    with closing(writer):
        writer.write(RECORDS[len(session.records)])
        assert file.read() == RECORDS[10:11]
        assert state_of(file) == "written"


def test_it_is_known_whether_another_process_writes_it(path: Path, file: FollowedFile) -> None:
    file.read()
    assert state_of(file) == "closed"
    with closing(Writer.reopen(path)[0]):
        file.read()
        assert state_of(file) == "written"
    file.read()
    assert state_of(file) == "closed"


def test_following_takes_no_lock_and_changes_nothing(path: Path, file: FollowedFile) -> None:
    before = path.stat()
    with closing(Writer.reopen(path)[0]):
        file.read()
    file.read()
    after = path.stat()
    assert (before.st_size, before.st_mtime_ns, before.st_mode) == (
        after.st_size,
        after.st_mtime_ns,
        after.st_mode,
    )
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("is_told", [True, False])
def test_without_a_table_of_locks_a_shared_lock_is_tried(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_told: bool
) -> None:
    if not is_told:
        monkeypatch.setattr(lock, "_LOCKS", tmp_path / "none")
    assert is_being_written(path) is False
    with closing(Writer.reopen(path)[0]):
        assert is_being_written(path) is True
    assert is_being_written(path) is False


def test_a_device_with_another_number_is_found_by_the_process(
    path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """On btrfs and overlayfs the table has another device than `stat`."""
    table = tmp_path / "locks"
    inode, process = path.stat().st_ino, os.getpid()
    table.write_text(f"1: FLOCK  ADVISORY  WRITE {process} 00:ff:{inode} 0 EOF\n")
    monkeypatch.setattr(lock, "_LOCKS", table)
    assert is_being_written(path) is False
    with closing(Writer.reopen(path)[0]):
        assert is_being_written(path) is True


def test_a_file_that_was_cut_short_is_not_read_on(path: Path, file: FollowedFile) -> None:
    os.truncate(path, len(LINES[0]))
    assert file.read() == []
    assert state_of(file) == "cut"
    append(path, b"".join(LINES[1:20]))
    assert file.read() == [] and state_of(file) == "cut"


def test_a_file_that_was_deleted_or_moved_says_so_and_is_read_on_if_it_is_back(
    path: Path, file: FollowedFile
) -> None:
    away = path.rename(path.with_name("away.jsonl"))
    append(away, LINES[11])
    assert file.read() == RECORDS[10:11]
    assert state_of(file) == "moved"
    away.rename(path)
    file.read()
    assert state_of(file) == "closed"
    path.unlink()
    file.read()
    assert state_of(file) == "moved"


def test_another_file_in_its_place_is_not_taken_for_it(path: Path, file: FollowedFile) -> None:
    other = path.with_name("other.jsonl")
    other.write_bytes(SAMPLE.read_bytes())
    other.replace(path)
    assert file.read() == []
    assert state_of(file) == "replaced"


@pytest.mark.parametrize(
    "line", [b"no record\n", LINES[15], b"\xff\xfe\n", LINES[11].replace(b'"n":10', b'"n":19')]
)
def test_a_line_that_is_not_the_next_record_ends_it(path: Path, file: FollowedFile, line: bytes) -> None:
    append(path, LINES[11].replace(b"\n", b"\n" + line) + LINES[12])
    assert file.read() == RECORDS[10:11]
    assert state_of(file) == "damaged" and file.damage
    assert file.read() == []


def test_an_event_of_a_later_version_names_that_version(path: Path, file: FollowedFile) -> None:
    append(path, b'{"n":10,"branch":"main","time":1,"event":{"type":"dreamt"}}\n')
    assert file.read() == []
    assert "unknown event 'dreamt'" in file.damage


def test_a_file_without_a_header_is_refused_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "_HEADER_PATIENCE", 0.05)
    for text in (b"", b"hello\n"):
        path = tmp_path / "none.jsonl"
        path.write_bytes(text)
        with pytest.raises(NotASession):
            FollowedFile(path)

"""The lock of a session: on the file itself, with nothing beside it, and a notice where there is none."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from recode_core import episode
from recode_core.batch import Batch, plan_batch
from recode_core.debugger import debug_session
from recode_core.errors import SessionBusy, SessionError
from recode_core.session import Settings, Writer, folder, new_header, read

SETTINGS = Settings("household", "put:7")
HEADER = new_header("run", SETTINGS)
WITHOUT_LOCKS = [errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS, errno.EBADF, errno.EINVAL]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "run.jsonl"
    Writer.create(path, HEADER).close()
    return path


@pytest.fixture(params=WITHOUT_LOCKS, ids=errno.errorcode.get)
def no_locks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A file system without locks, and what it says."""

    def flock(file: int, operation: int) -> None:
        raise OSError(request.param, os.strerror(request.param))

    monkeypatch.setattr(fcntl, "flock", flock)
    return os.strerror(request.param)


def names(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir()}


def lock_file(path: Path) -> Path:
    """The file that older versions lock."""
    return path.with_name(f".{path.name}.lock")


@pytest.fixture
def older_writer(path: Path) -> Iterator[Path]:
    """A session that an older version is writing."""
    file = os.open(lock_file(path), os.O_RDWR | os.O_CREAT)
    fcntl.flock(file, fcntl.LOCK_EX)
    yield path
    os.close(file)


def test_nothing_is_made_beside_a_session_that_could_be_deleted_to_let_a_second_writer_in(path: Path) -> None:
    with closing(Writer.reopen(path)[0]):
        assert names(path.parent) == {path.name}
        with pytest.raises(SessionBusy, match="another process"):
            Writer.reopen(path)


def test_whoever_would_write_a_busy_session_is_told_how_to_look_at_it(path: Path) -> None:
    with closing(Writer.reopen(path)[0]), pytest.raises(SessionBusy) as busy:
        Writer.reopen(path)
    assert str(busy.value).endswith(
        f"wait for it, or end it; recode replay --follow {path} shows it read-only"
    )


def test_a_hard_link_to_a_session_is_the_same_session(path: Path) -> None:
    os.link(path, link := path.with_name("link.jsonl"))
    with closing(Writer.reopen(path)[0]), pytest.raises(SessionBusy):
        Writer.reopen(link)


def test_a_session_that_an_older_version_writes_is_busy(older_writer: Path) -> None:
    for use in (Writer.reopen, folder.delete, lambda path: folder.rename(path, "b")):
        with pytest.raises(SessionBusy, match="another process"):
            use(older_writer)
    assert lock_file(older_writer).exists()


@pytest.mark.parametrize("content", [b"", b"4711\nsome-host\n"])
def test_a_lock_file_that_was_left_behind_is_no_writer_and_is_removed(path: Path, content: bytes) -> None:
    lock_file(path).write_bytes(content)
    Writer.reopen(path)[0].close()
    assert names(path.parent) == {path.name}


def test_what_only_has_the_name_of_a_lock_file_is_no_writer_and_stays(path: Path) -> None:
    lock_file(path).mkdir()
    Writer.reopen(path)[0].close()
    assert lock_file(path).is_dir()


@pytest.mark.parametrize("error", [errno.EAGAIN, errno.EACCES])
def test_a_lock_held_elsewhere_is_busy(path: Path, monkeypatch: pytest.MonkeyPatch, error: int) -> None:
    def flock(file: int, operation: int) -> None:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(fcntl, "flock", flock)
    with pytest.raises(SessionBusy):
        Writer.reopen(path)


def test_without_locks_a_run_goes_on_with_a_notice(path: Path, no_locks: str) -> None:
    new = path.with_name("new.jsonl")
    with episode.start(SETTINGS, new) as played:
        assert f"{new} cannot be locked ({no_locks})" in played.notice
        assert "open it in one program only" in played.notice
        played.run()
    with debug_session.open_live(new) as opened:
        assert f"{new} cannot be locked ({no_locks})" in opened.notice
    assert read(new).timeline().end.outcome == "solved"
    assert folder.rename(new, "renamed").exists()
    folder.delete(path)
    assert names(path.parent) == {"renamed.jsonl"}


def test_without_locks_a_lock_file_that_was_left_behind_is_no_writer(path: Path, no_locks: str) -> None:
    lock_file(path).write_bytes(b"4711\nsome-host\n")
    writer, _ = Writer.reopen(path)
    writer.close()
    assert no_locks in writer.notice


def test_a_batch_is_locked_by_its_folder(tmp_path: Path) -> None:
    asked = plan_batch(SETTINGS, "test", count=1)
    with Batch(tmp_path / "batch", asked), pytest.raises(SessionBusy):
        Batch(tmp_path / "batch", asked)
    assert names(tmp_path / "batch") == {"batch.json"}
    with Batch(tmp_path / "batch", asked) as batch:
        assert batch.notice == ""


@pytest.mark.slow_variants
def test_a_batch_without_locks_has_a_notice(tmp_path: Path, no_locks: str) -> None:
    with Batch(tmp_path / "batch", plan_batch(SETTINGS, "test", count=1)) as batch:
        assert f"{tmp_path / 'batch'} cannot be locked ({no_locks})" in batch.notice


def test_a_file_that_is_replaced_while_it_is_opened_is_opened_anew(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really_lock: Callable[[int, int], None] = fcntl.flock
    replaced: list[Path] = []

    def flock(file: int, operation: int) -> None:
        if not replaced:
            replaced.append(path)
            (copy := path.with_name("copy")).write_bytes(path.read_bytes())
            copy.replace(path)
        really_lock(file, operation)

    monkeypatch.setattr(fcntl, "flock", flock)
    with closing(Writer.reopen(path)[0]), pytest.raises(SessionBusy):
        Writer.reopen(path)


def test_a_session_that_is_gone_is_no_busy_one(path: Path) -> None:
    path.unlink()
    with pytest.raises(SessionError, match="No such file"):
        folder.delete(path)


@pytest.mark.parametrize("error", [errno.EINVAL, errno.ENOTSUP])
def test_a_file_system_that_cannot_sync_is_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    def fsync(file: int) -> None:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(os, "fsync", fsync)
    with episode.start(SETTINGS, tmp_path / "run.jsonl") as played:
        played.run()
    assert read(tmp_path / "run.jsonl").timeline().end.outcome == "solved"

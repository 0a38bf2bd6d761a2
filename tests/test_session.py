"""The session file: what is whole in it is read, and what is no session is left as it is."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recode_core.errors import (
    DamagedSession,
    NewerFormat,
    NotASession,
    NotWritable,
    SessionBusy,
    SessionError,
)
from recode_core.events import (
    ActionAsked,
    ActionFinished,
    BranchStarted,
    CallFailed,
    Event,
    ExpansionReplied,
    ExpansionRequested,
    MessageRef,
    Place,
    Printed,
    Resumed,
    TextStored,
    WorldReset,
)
from recode_core.log import Record
from recode_core.session import Settings, Writer, new_header, read
from recode_core.values import Observation, Span, Usage

HEADER = new_header("a-run", Settings("household", "put:7"))
PLACE = Place("0", (2,), Span(1, 0, 1, 9))
EVENTS: tuple[Event, ...] = (
    WorldReset("put a cd in shelf.", Observation("You are in a room.\nüß\x1b[31m")),
    TextStored("h", "text\n\u2028"),
    ExpansionRequested(PLACE, 1, "first", "solve()", (), (MessageRef("user", "h"),), "", ""),
    ExpansionReplied("0", "<execute>\nx = 1\n</execute>", Usage(10, 0, 5)),
    Printed(PLACE, "two\nlines"),
    ActionFinished(Observation("done", 1.0, True, True), 0.25),
    Resumed(3),
)
RECORDS = [Record(n, "main", 1000.0 + n, event) for n, event in enumerate(EVENTS)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run.jsonl"


def write(path: Path, records: list[Record]) -> bytes:
    with closing(Writer.create(path, HEADER)) as writer:
        for record in records:
            writer.write(record)
    return path.read_bytes()


def names(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir()}


def test_a_session_is_read_as_it_was_written(path: Path) -> None:
    data = write(path, RECORDS)
    session = read(path)
    assert (session.header, session.records) == (HEADER, RECORDS)
    assert (session.size, session.torn, session.notice) == (len(data), 0, "")


def test_a_call_that_failed_is_read_with_what_it_took_and_without_where_none_was_written(path: Path) -> None:
    failed = CallFailed("0", "it broke off", Usage(90, 10, 7, 3, None), "user")
    write(path, [*RECORDS[:3], Record(3, "main", 1000.0, failed)])
    earlier = (
        b'{"n":4,"branch":"main","time":1000.0,"event":{"type":"call_failed","node":"0","message":"gone"}}'
    )
    path.write_bytes(path.read_bytes() + earlier + b"\n")
    assert [record.event for record in read(path).records[3:]] == [failed, CallFailed("0", "gone", Usage())]


def test_every_record_is_one_line(path: Path) -> None:
    assert len(write(path, RECORDS).splitlines()) == 1 + len(RECORDS)


def test_the_header_is_there_before_the_first_record(path: Path) -> None:
    with closing(Writer.create(path, HEADER)):
        assert read(path).header == HEADER


def test_a_torn_last_line_is_left_out_with_a_notice_and_reading_changes_nothing(path: Path) -> None:
    data = write(path, RECORDS)[:-5]
    path.write_bytes(data)
    session = read(path)
    assert session.records == RECORDS[:-1]
    assert "incomplete line" in session.notice
    assert str(session.torn) in session.notice
    assert path.read_bytes() == data


def test_a_torn_last_line_is_cut_off_before_anything_is_appended(path: Path) -> None:
    path.write_bytes(write(path, RECORDS)[:-5])
    writer, session = Writer.reopen(path)
    with closing(writer):
        writer.write(RECORDS[-1])
    assert session.torn > 0
    assert read(path).records == RECORDS


def test_a_session_can_be_taken_up_where_it_ended(path: Path) -> None:
    write(path, RECORDS[:3])
    writer, session = Writer.reopen(path)
    with closing(writer):
        for record in RECORDS[len(session.records) :]:
            writer.write(record)
    assert read(path).records == RECORDS


def test_cut_at_any_byte_it_is_a_session_error_or_the_first_records(path: Path) -> None:
    data = write(path, RECORDS)
    for end in range(len(data), -1, -1):
        os.truncate(path, end)
        try:
            session = read(path)
        except SessionError:
            assert end <= data.index(b"\n")
        else:
            assert session.records == RECORDS[: len(session.records)]
            assert session.size + session.torn == end


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(at=st.integers(0, 10_000), junk=st.binary(max_size=30))
def test_whatever_stands_in_the_file_only_session_errors_are_raised(path: Path, at: int, junk: bytes) -> None:
    data = path.read_bytes() if path.exists() else write(path, RECORDS)
    broken = path.with_name("broken.jsonl")
    at %= len(data)
    broken.write_bytes(data[:at] + junk + data[at + len(junk) :])
    try:
        records = read(broken).records
    except SessionError as error:
        assert str(broken) in str(error)
    else:
        assert [record.n for record in records] == list(range(len(records)))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"hello\n", "is not a session"),
        (b'{"format": "something else", "version": 1}\n', "is not a session"),
        (b'{"format": "recode.session", "version": 1}\n', "header is damaged"),
        (b'{"format": "recode.session", "version": 0}\n', "is not a session"),
        (b'{"format": "recode.session", "vers', "is not a session"),
        (b"[" * 100_000, "is not a session"),
        (b"\x00" * 3_000_000, "is not a session"),
        (b"\xff\xfe\x00", "is not a session"),
    ],
)
def test_what_is_no_session_is_told_and_left_alone(path: Path, content: bytes, says: str) -> None:
    path.write_bytes(content)
    with pytest.raises(NotASession, match=says):
        read(path)
    with pytest.raises(NotASession, match=says):
        Writer.reopen(path)
    assert path.read_bytes() == content
    assert names(path.parent) == {path.name}


def test_a_missing_file_or_a_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="No such file"):
        read(tmp_path / "absent.jsonl")
    with pytest.raises(SessionError, match="not a regular file"):
        Writer.reopen(tmp_path)


def test_a_later_format_asks_for_a_newer_recode(path: Path) -> None:
    path.write_bytes(b'{"format":"recode.session","version":2,"all":"else"}\n')
    with pytest.raises(NewerFormat, match="newer recode"):
        read(path)


def test_an_event_of_a_later_version_asks_for_a_newer_recode(path: Path) -> None:
    data = write(path, RECORDS)
    path.write_bytes(data.replace(b'"resumed"', b'"teleported"'))
    with pytest.raises(NewerFormat, match=r"line 8: unknown event 'teleported'.* install"):
        read(path)


@pytest.mark.parametrize("damage", [b"", b"{}", b"\x00\x00", b'{"n":2,"branch":"main"', b"\xff"])
def test_a_damaged_line_in_the_middle_is_told_and_nothing_is_lost(path: Path, damage: bytes) -> None:
    lines = write(path, RECORDS).splitlines(keepends=True)
    lines[3] = damage + b"\n" if damage else b""
    path.write_bytes(b"".join(lines))
    session = read(path)
    assert session.records == RECORDS[:2]
    assert session.damage.startswith("line 4: ")
    with pytest.raises(
        DamagedSession, match=r"is damaged in line 4: .* only the 2 records .* recode import FILE"
    ):
        Writer.reopen(path)
    assert path.read_bytes() == b"".join(lines)


@pytest.mark.parametrize(
    ("branch", "event"),
    [
        ("fork-1", Printed(PLACE, "from a branch that never started")),
        ("fork-1", BranchStarted("fork-1", 2, "its own parent")),
        ("fork-1", BranchStarted("fork-9", 2, "an unknown parent")),
        ("fork-1", BranchStarted("main", 100, "a parent's future")),
        ("main", BranchStarted("main", 2, "twice")),
    ],
)
def test_a_branch_that_starts_nowhere_is_damage(path: Path, branch: str, event: Event) -> None:
    write(path, [*RECORDS, Record(len(RECORDS), branch, 0.0, event)])
    session = read(path)
    assert session.records == RECORDS
    assert session.damage.startswith("line 9: ") and "branch" in session.damage


def test_the_line_of_a_session_is_that_of_its_current_branch(path: Path) -> None:
    number = len(RECORDS)
    forked = [
        Record(number, "fork-1", 0.0, BranchStarted("main", 2, "an edit")),
        Record(number + 1, "fork-1", 0.0, Printed(PLACE, "another future")),
    ]
    write(path, [*RECORDS, *forked])
    assert read(path).line() == [*RECORDS[:3], *forked]


def test_an_existing_file_is_never_overwritten(path: Path) -> None:
    path.write_bytes(b"precious")
    with pytest.raises(SessionError, match="exists"):
        Writer.create(path, HEADER)
    assert path.read_bytes() == b"precious"


def test_a_session_has_one_writer_and_any_number_of_readers(path: Path) -> None:
    write(path, RECORDS)
    writer, _ = Writer.reopen(path)
    with closing(writer):
        with pytest.raises(SessionBusy, match="another process"):
            Writer.reopen(path)
        assert read(path).records == RECORDS
    Writer.reopen(path)[0].close()


def test_a_link_to_a_session_is_the_same_session(path: Path) -> None:
    write(path, RECORDS)
    link = path.with_name("link.jsonl")
    link.symlink_to(path)
    writer, _ = Writer.reopen(path)
    with closing(writer), pytest.raises(SessionBusy):
        Writer.reopen(link)


KILLED = """
import os, signal, sys
from pathlib import Path
from recode_core.session import Writer
writer, _ = Writer.reopen(Path(sys.argv[1]))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_writer_leaves_no_lock(path: Path) -> None:
    write(path, RECORDS)
    killed = subprocess.run([sys.executable, "-c", KILLED, path])
    assert killed.returncode < 0
    writer, session = Writer.reopen(path)
    writer.close()
    assert session.records == RECORDS


def test_nothing_is_left_beside_a_session_that_is_closed(path: Path) -> None:
    write(path, RECORDS)
    Writer.reopen(path)[0].close()
    assert names(path.parent) == {path.name}


def test_a_lock_that_went_with_its_writer_is_taken_anew(path: Path) -> None:
    write(path, RECORDS)
    for _ in range(3):
        writer, _session = Writer.reopen(path)
        with pytest.raises(SessionBusy):
            Writer.reopen(path)
        writer.close()


def test_a_pipe_is_no_session_and_is_not_waited_for(path: Path) -> None:
    os.mkfifo(path)
    for opened in (read, Writer.reopen):
        with pytest.raises(SessionError, match="not a regular file"):
            opened(path)


@pytest.mark.skipif(os.name != "posix", reason="names are text elsewhere")
@pytest.mark.parametrize("name", [b"\xff.jsonl", b"\xff/run.jsonl"])
def test_a_name_that_is_no_text_is_refused_and_nothing_is_left(tmp_path: Path, name: bytes) -> None:
    with pytest.raises(SessionError, match="must be UTF-8"):
        Writer.create(tmp_path / os.fsdecode(name), HEADER)
    assert names(tmp_path) == set()


def test_a_folder_that_is_a_file_is_told(path: Path) -> None:
    path.write_text("mine")
    with pytest.raises(SessionError, match=f"{path} is not a folder"):
        Writer.create(path / "run.jsonl", HEADER)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="there is no folder that takes no files")
def test_a_folder_that_takes_no_files_is_not_another_process() -> None:
    with pytest.raises(SessionError, match=r"/proc/run.jsonl cannot be created: No such file"):
        Writer.create(Path("/proc/run.jsonl"), HEADER)


def test_a_session_that_cannot_be_begun_leaves_no_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "write", lambda file, line: 0)
    with pytest.raises(SessionError, match="full"):
        Writer.create(path, HEADER)
    assert names(path.parent) == set()


def test_a_session_that_can_only_be_read_is_told_apart(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(path, RECORDS)
    really_open = os.open

    def read_only(file: Path, flags: int, mode: int = 0o777) -> int:  # for root, too
        if flags & os.O_WRONLY:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return really_open(file, flags, mode)

    monkeypatch.setattr(os, "open", read_only)
    with pytest.raises(NotWritable, match="cannot be written: Read-only file system"):
        Writer.reopen(path)


def test_a_full_disk_leaves_whole_lines_only(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    really_write = os.write
    with closing(Writer.create(path, HEADER)) as writer:
        writer.write(RECORDS[0])
        monkeypatch.setattr(os, "write", lambda file, line: really_write(file, line[: len(line) // 2]))
        with pytest.raises(SessionError, match="full"):
            writer.write(RECORDS[1])
        monkeypatch.undo()
    session = read(path)
    assert (session.records, session.torn) == (RECORDS[:1], 0)


def synced(path: Path, monkeypatch: pytest.MonkeyPatch, *, actions: bool) -> list[type[Event]]:
    """The events after which a file was synced."""
    calls: list[int] = []
    asked = Record(len(RECORDS), "main", 0.0, ActionAsked("go"))
    found: list[type[Event]] = []
    with closing(Writer.create(path, HEADER)) as writer:
        if actions:
            writer.make_actions_durable()
        monkeypatch.setattr(os, "fsync", calls.append)
        for record in [*RECORDS, asked]:
            before = len(calls)
            writer.write(record)
            found += [type(record.event)] * (len(calls) - before)
    return found


def test_a_reply_is_on_disk_before_it_is_used(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert synced(path, monkeypatch, actions=False) == [ExpansionReplied]


def test_actions_that_cannot_be_repeated_are_on_disk_too(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert synced(path, monkeypatch, actions=True) == [ExpansionReplied, ActionFinished, ActionAsked]


def test_fields_of_a_later_version_are_passed_over(path: Path) -> None:
    data = write(path, RECORDS)
    path.write_bytes(data.replace(b'"recovered":3', b'"recovered":3,"mood":"good"'))
    assert read(path).records == RECORDS


def test_the_header_names_all_that_a_run_was_started_with(path: Path) -> None:
    write(path, [])
    header = msgspec.json.decode(path.read_bytes().splitlines()[0])
    assert set(header) == {
        "format",
        "version",
        "id",
        "created",
        "versions",
        "settings",
        "imported",
        "edition",
    }
    assert {"recode", "python", "pydantic-monty"} == set(header["versions"])
    assert set(header["settings"]["sandbox"]) == {"seconds", "memory_mb", "seed", "clock"}


def test_a_record_that_does_not_reach_the_disk_is_not_in_the_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fsync(file: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    *before, replied = RECORDS[:4]
    with closing(Writer.create(path, HEADER)) as writer:
        for record in before:
            writer.write(record)
        with monkeypatch.context() as failing:
            failing.setattr(os, "fsync", fsync)
            with pytest.raises(SessionError, match="Input/output error; all earlier records are intact"):
                writer.write(replied)
        writer.write(replied)
    assert read(path).records == RECORDS[:4]

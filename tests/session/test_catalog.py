"""What a list of sessions shows of each file."""

from __future__ import annotations

import os
import shutil
import threading
import time
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from recode_core.errors import SessionError
from recode_core.events import Place, Printed
from recode_core.log import Record
from recode_core.session import Settings, Writer, new_header, read
from recode_core.session.catalog import SessionEntry, load_result, scan
from recode_core.values import Span

SAMPLES = Path(__file__).parents[2] / "sessions"


def made(folder: Path, name: str, created: str = "2026-11-22T18:00:00+00:00") -> Path:
    """A session without a record, started at a time."""
    header = msgspec.structs.replace(new_header(name, Settings("household", "put:7")), created=created)
    with closing(Writer.create(folder / f"{name}.jsonl", header)) as writer:
        return writer.path


def names(entries: list[SessionEntry]) -> list[str]:
    return [entry.path.stem for entry in entries]


def test_the_newest_session_is_first(tmp_path: Path) -> None:
    made(tmp_path, "b", "2026-11-22T18:00:00+00:00")
    made(tmp_path, "c", "2026-11-20T18:00:00+00:00")
    made(tmp_path, "a", "2026-11-22T18:00:00+02:00")
    assert names(scan(tmp_path)) == ["b", "a", "c"]


def test_only_the_header_is_read_by_listing(tmp_path: Path) -> None:
    shutil.copy(SAMPLES / "household-mended.jsonl", tmp_path)
    (entry,) = scan(tmp_path)
    assert entry.header is not None
    assert (entry.header.settings.task, entry.result, entry.is_read) == ("put:7", None, False)


def test_a_completed_entry_says_what_came_of_the_run(tmp_path: Path) -> None:
    path = SAMPLES / "household-mended.jsonl"
    (entry,) = (load_result(entry) for entry in scan(SAMPLES) if entry.path == path)
    assert entry.result is not None
    assert (entry.result.outcome, entry.result.score, entry.result.steps) == ("solved", 1.0, 5)
    assert (entry.instruction, entry.branches) == ("put a cd in shelf.", len(read(path).log().branches))
    assert entry.is_read and not entry.error


def test_a_run_that_was_broken_off_has_a_result_without_an_outcome(tmp_path: Path) -> None:
    made(tmp_path, "a")
    entry = load_result(scan(tmp_path)[0])
    assert entry.result is not None and entry.result.outcome is None


def test_files_that_are_no_sessions_are_entries_with_their_error(tmp_path: Path) -> None:
    (tmp_path / "foreign.jsonl").write_text("{}\n")
    (tmp_path / "empty.jsonl").touch()
    (tmp_path / "folder.jsonl").mkdir()
    newer = made(tmp_path, "newer")
    newer.write_text(newer.read_text().replace('"version":1', '"version":9'))
    errors = {entry.path.stem: entry.error for entry in scan(tmp_path)}
    assert sorted(errors) == ["empty", "folder", "foreign", "newer"]
    assert "is not a session" in errors["foreign"]
    assert "is empty" in errors["empty"]
    assert "cannot be read" in errors["folder"]
    assert "install a newer recode" in errors["newer"]


def test_a_session_that_is_damaged_further_down_keeps_its_settings(tmp_path: Path) -> None:
    path = made(tmp_path, "a")
    with path.open("a") as file:
        file.write('{"n":0,"branch":"main","time":1,"event":{"type":"printed"}}\n')
    (entry,) = scan(tmp_path)
    assert not entry.is_read
    entry = load_result(entry)
    assert entry.header is not None and entry.result is None
    assert "damaged in line 2" in entry.error


def test_records_that_do_not_follow_from_each_other_are_an_error(tmp_path: Path) -> None:
    lines = (SAMPLES / "household-mended.jsonl").read_bytes().splitlines(keepends=True)
    kept = [line for line in lines if b'"expansion_requested"' not in line]
    renumbered = [kept[0]] + [
        line.replace(line[: line.index(b",")], b'{"n":%d' % number, 1) for number, line in enumerate(kept[1:])
    ]
    (tmp_path / "a.jsonl").write_bytes(b"".join(renumbered))
    assert "damaged" in load_result(scan(tmp_path)[0]).error


def test_locks_and_other_files_are_no_entries(tmp_path: Path) -> None:
    made(tmp_path, "a")
    (tmp_path / ".b.jsonl").write_text("{}")
    (tmp_path / "notes.txt").write_text("x")
    assert names(scan(tmp_path)) == ["a"]


def test_a_folder_that_does_not_exist_yet_has_no_sessions(tmp_path: Path) -> None:
    assert scan(tmp_path / "sessions") == []


def test_a_file_is_no_folder_of_sessions(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SessionError, match="Not a directory"):
        scan(tmp_path / "file")


def test_what_has_not_changed_is_not_read_again(tmp_path: Path) -> None:
    made(tmp_path, "a")
    path = made(tmp_path, "b")
    known = [load_result(entry) for entry in scan(tmp_path)]
    with path.open("a") as file:
        file.write("torn")
    again = {entry.path.stem: entry for entry in scan(tmp_path, known)}
    assert again["a"] is next(entry for entry in known if entry.path.stem == "a")
    assert not again["b"].is_read
    assert "incomplete line" in load_result(again["b"]).notice


def test_an_entry_whose_file_is_gone_says_so(tmp_path: Path) -> None:
    path = made(tmp_path, "a")
    (entry,) = scan(tmp_path)
    path.unlink()
    assert "No such file" in load_result(entry).error


def test_a_time_of_creation_that_is_none_is_that_of_the_file(tmp_path: Path) -> None:
    path = made(tmp_path, "a", "yesterday")
    os.utime(path, (1000, 1000))
    assert scan(tmp_path)[0].created == 1000


def test_while_a_large_file_is_read_other_threads_go_on(tmp_path: Path) -> None:
    """A chunk is decoded at a time, so that nobody waits for the whole file."""
    path = made(tmp_path, "large")
    encoder = msgspec.json.Encoder()
    event = Printed(Place("0", (), Span(1, 0, 1, 1)), "x" * 200)
    with path.open("ab") as file:
        for number in range(60_000):
            file.write(encoder.encode(Record(number, "main", 1.0, event)) + b"\n")
    reader = threading.Thread(target=read, args=(path,))
    turns = 0
    reader.start()
    while reader.is_alive():
        time.sleep(0)  # gives the interpreter away, and needs it back
        turns += 1
    assert turns > 10


def test_a_fault_far_down_in_a_large_file_is_named_by_its_line(tmp_path: Path) -> None:
    path = made(tmp_path, "large")
    lines = [
        f'{{"n":{n},"branch":"main","time":1,"event":{{"type":"resumed","recovered":{n}}}}}'
        for n in range(9000)
    ]
    lines[8000] = lines[8000].replace("recovered", "recoverd")
    with path.open("a") as file:
        file.write("\n".join(lines) + "\n")
    assert path.stat().st_size > 2 * (1 << 18)
    (entry,) = scan(tmp_path)
    assert "damaged in line 8002" in load_result(entry).error


def test_hundreds_of_sessions_are_listed(tmp_path: Path) -> None:
    text = (SAMPLES / "household-mended.jsonl").read_bytes()
    for number in range(300):
        (tmp_path / f"{number}.jsonl").write_bytes(text)
    assert len(scan(tmp_path)) == 300

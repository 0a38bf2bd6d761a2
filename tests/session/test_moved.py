"""A session file that another program changes under a run: nothing that was recorded is lost."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from recode_core import episode
from recode_core.batch import Budgets, plan_batch
from recode_core.batch.budget import BudgetLedger
from recode_core.batch.episode_job import BatchContext, run_episode
from recode_core.debugger import debug_session
from recode_core.errors import SessionError
from recode_core.events import Event, WorldFailed
from recode_core.executor.run_state import RunState
from recode_core.log import Record
from recode_core.session import Settings, Writer, new_header, read

HOUSEHOLD = Settings("household", "put:7")
HEADER = new_header("run", HOUSEHOLD)
RECORDS = [Record(n, "main", 1000.0 + n, WorldFailed(f"line {n}")) for n in range(4)]


def delete(path: Path) -> None:
    path.unlink()


def cut(path: Path) -> None:
    os.truncate(path, 10)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def replace(path: Path) -> None:
    other = path.with_name("other")
    other.write_text("something else\n")
    other.replace(path)


def replace_by_an_older_copy(path: Path) -> None:
    copy = path.with_name("copy")
    copy.write_bytes(path.read_bytes()[:-1])
    copy.replace(path)


def move(path: Path) -> None:
    path.rename(path.with_name("moved"))


def append(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"a line of another program\n")


def delete_the_folder(path: Path) -> None:
    shutil.rmtree(path.parent)


CHANGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "deleted": (delete, "was deleted"),
    "cut": (cut, "was cut short"),
    "emptied": (empty, "was cut short"),
    "replaced": (replace, "was replaced"),
    "an older copy": (replace_by_an_older_copy, "was replaced"),
    "moved": (move, "was moved"),
    "written to": (append, "was written to"),
    "its folder deleted": (delete_the_folder, "was deleted"),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "run.jsonl"


@pytest.fixture(params=CHANGES)
def change(request: pytest.FixtureRequest) -> Iterator[tuple[Callable[[Path], None], str]]:
    yield CHANGES[request.param]


def test_what_was_recorded_before_and_after_is_in_a_new_file(
    path: Path, change: tuple[Callable[[Path], None], str]
) -> None:
    happens, why = change
    told: list[str] = []
    with closing(Writer.create(path, HEADER)) as writer:
        writer.on_moved = told.append
        for record in RECORDS[:2]:
            writer.write(record)
        happens(path)
        others = path.read_bytes() if path.exists() else None
        for record in RECORDS[2:]:
            writer.write(record)
    assert writer.path == path.with_name("run-2.jsonl")
    assert read(writer.path).records == RECORDS
    assert read(writer.path).header.id == "run-2"
    assert told == [
        f"{path} {why} by another program; the whole session is now in {writer.path} and continues there"
    ]
    assert (path.read_bytes() if path.exists() else None) == others


def test_it_is_noticed_in_a_session_that_was_taken_up(path: Path) -> None:
    with closing(Writer.create(path, HEADER)) as writer:
        writer.write(RECORDS[0])
    reopened, _ = Writer.reopen(path)
    with closing(reopened):
        reopened.write(RECORDS[1])
        path.unlink()
        reopened.write(RECORDS[2])
    assert read(path.with_name("run-2.jsonl")).records == RECORDS[:3]


def test_it_is_noticed_again_in_the_new_file_and_nothing_is_overwritten(path: Path) -> None:
    path.parent.mkdir()
    path.with_name("run-2.jsonl").write_text("precious")
    with closing(Writer.create(path, HEADER)) as writer:
        for record in RECORDS:
            writer.write(record)
            writer.path.unlink()
        writer.write(Record(4, "main", 1004.0, WorldFailed("the last")))
        assert read(writer.path).records[:-1] == RECORDS
    assert path.with_name("run-2.jsonl").read_text() == "precious"


def test_a_new_file_that_cannot_be_written_is_an_error_and_tried_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(Writer.create(path, HEADER)) as writer:
        writer.write(RECORDS[0])
        path.unlink()
        with monkeypatch.context() as full:
            full.setattr(os, "write", lambda file, line: 0)
            with pytest.raises(SessionError, match=r"was deleted by another program, and .* is full"):
                writer.write(RECORDS[1])
        assert list(path.parent.iterdir()) == []
        writer.write(RECORDS[1])
        assert read(writer.path).records == RECORDS[:2]


def test_a_file_that_is_numbered_anew_by_its_file_system_is_still_the_same(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os.path, "samestat", lambda one, other: False)
    with closing(Writer.create(path, HEADER)) as writer:
        for record in RECORDS:
            writer.write(record)
    assert read(path).records == RECORDS


def events(path: Path) -> list[Event]:
    return [record.event for record in read(path).records]


def test_an_episode_goes_on_in_the_new_file_and_says_so(path: Path) -> None:
    told: list[str] = []
    stops: list[RunState] = []
    with episode.start(HOUSEHOLD, path) as outcome:
        outcome.on_moved(told.append)

        def on_stop(stop: RunState) -> None:
            stops.append(stop)
            if len(stops) == 5:
                path.unlink()

        outcome.run(on_stop)
        assert outcome.path == path.with_name("run-2.jsonl")
    assert [text.partition(" was ")[2].partition(";")[0] for text in told] == ["deleted by another program"]
    assert episode.check(outcome.path).divergence == ""
    assert read(outcome.path).timeline().end.outcome == "solved"


def test_a_debugger_goes_on_in_the_new_file_and_so_does_a_rerun(path: Path) -> None:
    told: list[str] = []
    with debug_session.start(HOUSEHOLD, path) as opened:
        opened.on_moved = told.append
        opened.debugger.step()
        path.unlink()
        opened.debugger.step()
        assert opened.path == opened.debugger.path == path.with_name("run-2.jsonl")
        assert len(events(opened.path)) == len(opened.debugger.log)
        opened.rerun()
        opened.debugger.step()
        before = opened.path
        before.unlink()
        opened.debugger.step()
        assert opened.path == before.with_stem(f"{before.stem}-2")
    assert len(told) == 2


def test_an_episode_of_a_batch_says_that_its_file_is_another_one(tmp_path: Path) -> None:
    manifest = plan_batch(HOUSEHOLD, "test", count=1)
    context, job = BatchContext(manifest, tmp_path), manifest.jobs[0]
    path = tmp_path / job.file
    stops: list[RunState] = []

    def on_stop(stop: RunState) -> None:
        stops.append(stop)
        if len(stops) == 5:
            path.unlink()

    outcome = run_episode(job, context, BudgetLedger(Budgets()), on_stop=on_stop)
    assert outcome.status == "ended"
    assert outcome.notice.startswith(f"{path} was deleted by another program")
    assert read(path.with_stem(f"{path.stem}-2")).timeline().end.outcome == "solved"

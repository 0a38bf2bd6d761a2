"""A read-only debugger adds what another process appends, and keeps its cursor where it belongs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from recode_core.debugger.debug_session import DebugSession, open_followed, open_live, start
from recode_core.debugger.following import Following
from recode_core.errors import ReadOnlyError
from recode_core.session import Settings, read
from recode_core.timeline import Timeline
from tests.support.gated_run import GatedRun
from tests.support.waiting import wait_until


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run.jsonl"


@pytest.fixture
def writing(path: Path) -> Iterator[DebugSession]:
    """A debugger that writes the session, at its first stops."""
    with start(Settings("household", "put:7"), path) as opened:
        for _ in range(3):
            opened.debugger.step()
        yield opened


@pytest.fixture
def watching(path: Path, writing: DebugSession) -> Iterator[DebugSession]:
    """Another one that follows it."""
    with open_followed(path) as opened:
        yield opened


def following_of(opened: DebugSession) -> Following:
    assert opened.following is not None
    return opened.following


def poll(opened: DebugSession) -> bool:
    return following_of(opened).poll()


def assert_equals_file(opened: DebugSession, path: Path) -> None:
    """The log and the timeline are those of the file as it is read now."""
    session = read(path)
    debugger = opened.debugger
    assert debugger.log.records == session.records
    afresh = Timeline(session.log().line(debugger.branch), debugger.branch)
    assert debugger.timeline.records == afresh.records
    assert debugger.timeline.stops == afresh.stops
    assert debugger.timeline.end.variables() == afresh.end.variables()


def test_the_cursor_follows_the_end_while_it_is_there(
    path: Path, writing: DebugSession, watching: DebugSession
) -> None:
    assert not poll(watching)
    for _ in range(4):
        stop = writing.debugger.step()
        assert poll(watching)
        assert watching.debugger.cursor == stop.n
        assert_equals_file(watching, path)
    assert following_of(watching).state.kind == "running"


def test_the_cursor_stays_where_it_was_put_until_it_goes_back_to_the_end(
    path: Path, writing: DebugSession, watching: DebugSession
) -> None:
    here = watching.debugger.back().n
    writing.debugger.step()
    assert poll(watching)
    assert watching.debugger.cursor == here
    following_of(watching).go_to_end()
    assert watching.debugger.cursor == writing.debugger.cursor
    assert watching.debugger.step is not None
    stop = writing.debugger.step()
    poll(watching)
    assert watching.debugger.cursor == stop.n


def test_steps_lead_to_the_end_and_then_it_is_followed_again(
    writing: DebugSession, watching: DebugSession
) -> None:
    watching.debugger.back()
    watching.debugger.step()
    stop = writing.debugger.step()
    poll(watching)
    assert watching.debugger.cursor == stop.n
    with pytest.raises(ReadOnlyError, match="followed while another process writes it; F goes to its end"):
        watching.debugger.step()


def test_marks_of_the_one_who_looks_do_not_change_the_numbers_of_records(
    path: Path, writing: DebugSession, watching: DebugSession
) -> None:
    watching.debugger.add_breakpoint("action", "*")
    watching.debugger.watch("obj")
    before = path.read_bytes()
    writing.debugger.watch("1 + 1")
    writing.debugger.step()
    poll(watching)
    assert watching.debugger.annotations.watches == ("obj", "1 + 1")
    assert watching.debugger.annotations.breakpoints.keys() == {1}
    assert_equals_file(watching, path)
    assert path.read_bytes().startswith(before)
    assert read(path).records == writing.debugger.log.records


def test_a_branch_that_the_writer_starts_is_followed_and_another_one_stays_to_be_looked_at(
    path: Path, writing: DebugSession, watching: DebugSession
) -> None:
    writing.debugger.resume()
    poll(watching)
    assert following_of(watching).state.text == "the run has ended: solved"
    writing.debugger.goto("0.1")
    writing.debugger.skip()
    poll(watching)
    assert watching.debugger.branch == "skip-1"
    assert following_of(watching).state.kind == "running"
    watching.debugger.switch("main")
    writing.debugger.step()
    poll(watching)
    assert watching.debugger.branch == "main"
    assert watching.debugger.log.branch == "skip-1"
    assert_equals_file(watching, path)
    following_of(watching).go_to_end()
    assert watching.debugger.cursor == writing.debugger.cursor


def test_a_run_that_is_closed_before_its_end_says_how_to_go_on_and_is_followed_when_it_does(
    path: Path, writing: DebugSession, watching: DebugSession
) -> None:
    writing.close()
    assert poll(watching)
    state = following_of(watching).state
    assert state.kind == "stopped"
    assert state.text == (
        f"the run stopped before its end, and no process writes it: recode debug {path} goes on with it"
    )
    with open_live(path) as again:
        again.debugger.step()
        assert poll(watching)
        assert following_of(watching).state.kind == "running"
        assert watching.debugger.cursor == again.debugger.cursor


def test_a_lost_file_is_told_in_words_and_what_was_read_stays(
    path: Path, writing: DebugSession, watching: DebugSession
) -> None:
    count = len(watching.debugger.log)
    path.unlink()
    assert poll(watching)
    assert following_of(watching).state.kind == "lost"
    assert following_of(watching).state.text.startswith(f"{path} was moved or deleted: what was read stays")
    assert len(watching.debugger.log) == count
    assert watching.debugger.back().n >= -1


def test_a_run_in_another_process_is_followed_to_its_end(tmp_path: Path, path: Path) -> None:
    with GatedRun(tmp_path, path) as run, open_followed(path) as opened:
        assert following_of(opened).state.kind == "running"
        at_first = opened.debugger.cursor
        run.let()
        wait_until(lambda: poll(opened) and opened.debugger.cursor > at_first)
        run.finish()
        wait_until(lambda: poll(opened) or following_of(opened).state.kind == "ended")
        while poll(opened):
            pass
        assert following_of(opened).state.text == "the run has ended: solved"
        assert opened.debugger.stop.kind == "end"
        assert_equals_file(opened, path)


def test_a_killed_run_is_told_from_one_that_waits(tmp_path: Path, path: Path) -> None:
    with GatedRun(tmp_path, path) as run, open_followed(path) as opened:
        while poll(opened):
            pass
        assert following_of(opened).state.kind == "running"
        run.kill()
        wait_until(lambda: poll(opened))
        assert following_of(opened).state.kind == "stopped"
        assert_equals_file(opened, path)

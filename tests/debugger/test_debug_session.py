"""Opening a debugger: what is recorded, what is brought back, what a recording refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from recode_core import episode
from recode_core.debugger.debug_session import open_live, open_readonly, start
from recode_core.debugger.debugger import Debugger
from recode_core.environments.environment import Restoration, Task
from recode_core.environments.scripted import GUIDE, ScriptedWorld
from recode_core.errors import ReadOnlyError, RecodeError, SessionBusy, SessionError
from recode_core.events import ActionAsked, Event, Resumed
from recode_core.policies.policy import Policy
from recode_core.policies.reply import ParsedReply
from recode_core.policies.scripted import Scripted
from recode_core.session import Settings, read

SETTINGS = Settings("doubles", "one")
CODE = "a = run('look')\nb = run('go')\nc = run('stay')"


class FakeEnvironment:
    """An environment of scripted worlds, which remembers those that it opened."""

    name = "doubles"
    guide = GUIDE

    def __init__(self, restoration: Restoration) -> None:
        self.restoration = restoration
        self.answers = {"look": "a door", "go": "a hall"}
        self.opened: list[ScriptedWorld] = []

    def tasks(self, split: str | None = None) -> Iterator[Task]:
        yield Task("one", "do it.")

    def open(self, task_id: str) -> ScriptedWorld:
        self.opened.append(ScriptedWorld(self.answers))
        return self.opened[-1]

    def expert(self, task_id: str) -> Policy | None:
        return Scripted([str(ParsedReply("a reason", CODE))])


@pytest.fixture
def doubles(monkeypatch: pytest.MonkeyPatch) -> Callable[..., FakeEnvironment]:
    """Makes an environment of doubles, and lets runs find it."""

    def make(restoration: Restoration = "replay") -> FakeEnvironment:
        made = FakeEnvironment(restoration)
        monkeypatch.setattr(episode, "find_environment", lambda name: made)
        return made

    return make


@pytest.fixture
def home(doubles: Callable[..., FakeEnvironment]) -> FakeEnvironment:
    return doubles()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run.jsonl"


def events(path: Path, kind: type[Event]) -> list[Event]:
    return [record.event for record in read(path).records if isinstance(record.event, kind)]


def recorded(path: Path, to: str = "0.2") -> None:
    """A session that stands before a statement."""
    with start(SETTINGS, path) as opened:
        opened.debugger.until(to)


def test_what_was_cleaned_of_an_answer_to_be_recorded_is_no_divergence(
    path: Path, home: FakeEnvironment
) -> None:
    home.answers["look"] = "a \ud800 door"
    with start(SETTINGS, path) as opened:
        opened.debugger.resume()
        opened.debugger.goto("0.1")
        assert opened.debugger.skip().kind == "statement"


def test_a_new_run_is_paused_at_its_start_and_recorded_from_there(path: Path, home: FakeEnvironment) -> None:
    with start(SETTINGS, path) as opened:
        assert opened.debugger.stop.kind == "start"
        assert read(path).records == []
        opened.debugger.resume()
        assert opened.result.outcome == "finished"
        assert read(path).records == opened.debugger.log.records
    assert read(path).header.settings.model == "scripted"
    assert home.opened[0].actions == ["look", "go", "stay"]


def test_a_session_goes_on_where_it_stood_with_its_marks(path: Path, home: FakeEnvironment) -> None:
    with start(SETTINGS, path) as opened:
        opened.debugger.until("0.2")
        opened.debugger.add_breakpoint("action", "stay")
        opened.debugger.watch("a")
        opened.debugger.note("0.1", "here")
        stood, marks = opened.debugger.stop, opened.debugger.annotations
    count = len(read(path).records)
    with open_live(path) as opened:
        assert (opened.debugger.stop, opened.debugger.annotations) == (stood, marks)
        assert opened.debugger.evaluate("a + b") == "'a doora hall'"
        assert opened.debugger.resume().kind == "action"
    assert events(path, Resumed) == [Resumed(count)]
    assert home.opened[-1].actions == ["look", "go"]


def test_a_session_goes_on_on_the_branch_that_it_was_left_on(path: Path, home: FakeEnvironment) -> None:
    with start(SETTINGS, path) as opened:
        opened.debugger.until("0.2")
        opened.debugger.goto("0.1")
        opened.debugger.set("a", "'set'")
    with open_live(path) as opened:
        assert opened.debugger.branch == "set-1"
        assert opened.debugger.evaluate("a") == "'set'"
        opened.debugger.resume()
        assert opened.debugger.switch("main").place is not None


def test_one_debugger_at_a_time_writes_a_session(path: Path, home: FakeEnvironment) -> None:
    with start(SETTINGS, path) as opened:
        with pytest.raises(SessionBusy):
            open_live(path)
        opened.debugger.note("0", "something to keep")
    open_live(path).close()
    with open_live(path) as opened:
        opened.close()
        opened.close()


def test_a_session_whose_world_answers_differently_says_so_and_waits(
    path: Path, home: FakeEnvironment
) -> None:
    recorded(path)
    before = path.read_bytes()
    home.answers["go"] = "a wall"
    with open_live(path) as opened:
        assert "a wall" in opened.notice
        assert "accept" in opened.notice
        assert opened.debugger.parts.live_run().executor.run.world is None
    assert path.read_bytes().startswith(before)
    home.answers["go"] = "a hall"
    with open_live(path) as opened:
        assert not opened.notice


def test_a_torn_line_is_noticed(path: Path, home: FakeEnvironment) -> None:
    recorded(path)
    path.write_bytes(path.read_bytes()[:-5])
    with open_readonly(path) as opened:
        assert "incomplete line" in opened.notice
    with open_live(path) as opened:
        assert "incomplete line" in opened.notice


def test_a_world_that_cannot_be_put_back_is_taken_as_it_is(
    path: Path, doubles: Callable[..., FakeEnvironment]
) -> None:
    home = doubles("none")
    recorded(path)
    with open_live(path) as opened:
        assert opened.debugger.evaluate("b") == "'a hall'"
        opened.debugger.resume()
        assert opened.result.steps == 3
    assert home.opened[-1].actions == ["stay"]


def test_an_action_in_doubt_is_not_repeated_unasked(
    path: Path, doubles: Callable[..., FakeEnvironment]
) -> None:
    home = doubles("none")
    with start(SETTINGS, path) as opened:
        opened.debugger.resume()
    lines = path.read_bytes().splitlines(keepends=True)
    asked = [record.n for record in read(path).records if isinstance(record.event, ActionAsked)]
    path.write_bytes(b"".join(lines[: asked[-1] + 2]))
    with pytest.raises(SessionError, match="action 'stay', whose observation is missing"):
        open_live(path)
    with open_live(path, repeat_action=True) as opened:
        opened.debugger.resume()
    assert home.opened[-1].actions == ["stay"]


def test_time_counts_from_the_first_record_in_a_run_that_is_restored(
    path: Path, home: FakeEnvironment
) -> None:
    recorded(path)
    with open_live(path) as opened:
        opened.debugger.goto("0.1")
        opened.debugger.set("a", "1")
        run = opened.debugger.parts.live_run().executor.run
        assert 0 <= run.clock() - run.began < 60


def test_a_recording_is_looked_at_without_its_environment_and_while_it_is_written(
    path: Path, home: FakeEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    with start(SETTINGS, path) as writing:
        writing.debugger.until("0.2")
        before = path.read_bytes()
        monkeypatch.undo()
        with open_readonly(path) as opened:
            debugger = opened.debugger
            assert debugger.evaluate("a") == "'a door'"
            debugger.watch("b")
            debugger.add_breakpoint("action", "go")
            assert debugger.back_continue().kind == "action"
            assert debugger.variables()["a"].value == "'a door'"
            assert debugger.goto("0.0").place is not None
            assert debugger.messages("0")[-1].role == "user"
            assert debugger.resume().kind == "action"
            debugger.undo()
        assert path.read_bytes() == before


@pytest.mark.parametrize(
    "act",
    [
        lambda debugger: debugger.step(),
        lambda debugger: debugger.skip(),
        lambda debugger: debugger.set("a", "1"),
        lambda debugger: debugger.edit("0.2", "pass"),
        lambda debugger: debugger.regenerate("0"),
        lambda debugger: debugger.limit("steps", 3),
        lambda debugger: debugger.retry("0.1"),
    ],
)
def test_acting_in_a_recording_says_that_it_is_one_and_changes_nothing(
    path: Path, home: FakeEnvironment, act: Callable[[Debugger], object]
) -> None:
    recorded(path)
    before = path.read_bytes()
    with open_readonly(path) as opened:
        records = list(opened.debugger.log.records)
        with pytest.raises(
            ReadOnlyError, match=f"this session is read-only; to continue it, run: recode debug {path}"
        ):
            act(opened.debugger)
        assert opened.debugger.log.records == records
    assert path.read_bytes() == before
    assert len(home.opened) == 1


def test_a_recording_of_nothing_is_at_its_start_and_stays_there(path: Path, home: FakeEnvironment) -> None:
    episode.start(SETTINGS, path, keep_empty=True).close()
    with open_readonly(path) as opened:
        assert opened.debugger.stop.kind == "start"
        with pytest.raises(ReadOnlyError):
            opened.debugger.step()


def test_a_run_is_started_again_in_a_session_beside_it_with_its_breakpoints(
    path: Path, home: FakeEnvironment
) -> None:
    with start(SETTINGS, path) as opened:
        opened.debugger.add_breakpoint("action", "go")
        opened.debugger.note("0", "of this run")
        opened.debugger.resume()
        debugger = opened.rerun()
        assert debugger is opened.debugger
        assert debugger.stop.kind == "start"
        assert debugger.resume().kind == "action"
        assert debugger.annotations.notes == {}
        assert opened.path.parent == path.parent
        assert opened.path != path
        open_live(path).close()
    assert read(opened.path).header.settings == read(path).header.settings


def test_a_run_that_is_started_again_keeps_its_limits_and_has_nothing_to_undo(
    path: Path, home: FakeEnvironment
) -> None:
    with start(SETTINGS, path) as opened:
        opened.debugger.limit("steps", 1)
        opened.debugger.limit("environment steps", 7)
        opened.debugger.resume()
        opened.debugger.limit("steps", 2)
        opened.debugger.parts.live_run().reuse = False
        debugger = opened.rerun()
        assert not debugger.parts.live_run().reuse
        with pytest.raises(RecodeError, match="nothing to undo"):
            debugger.undo()
        assert debugger.resume().kind == "limit"
        assert opened.result.steps == 2
        assert debugger.parts.live_run().executor.run.step_limit == 7
        assert debugger.path == opened.path


def test_a_change_in_place_that_was_undone_stays_undone_when_the_session_is_opened_again(
    path: Path, home: FakeEnvironment
) -> None:
    with start(SETTINGS, path) as opened:
        opened.debugger.until("0.1")
        opened.debugger.set("a", "'a wall'")
        opened.debugger.undo()
    with open_live(path) as opened:
        assert opened.debugger.evaluate("a") == "'a door'"
        assert opened.debugger.log.branches["undone-1"] is not None
        opened.debugger.resume()
        opened.debugger.switch("main")
        assert opened.debugger.evaluate("a") == "'a wall'"


def test_a_session_that_is_closed_with_nothing_undone_has_no_further_branch(
    path: Path, home: FakeEnvironment
) -> None:
    with start(SETTINGS, path) as opened:
        opened.debugger.until("0.1")
        opened.debugger.set("a", "'a wall'")
        opened.debugger.undo()
        opened.debugger.redo()
        opened.debugger.back()
        opened.debugger.undo()
    with open_live(path) as opened:
        assert list(opened.debugger.log.branches) == ["main"]
        assert opened.debugger.evaluate("a") == "'a wall'"


def test_a_copy_is_saved_and_no_file_is_overwritten(
    path: Path, home: FakeEnvironment, tmp_path: Path
) -> None:
    with start(SETTINGS, path) as opened:
        opened.debugger.until("0.1")
        copy = tmp_path / "copy.jsonl"
        opened.save(copy)
        assert copy.read_bytes() == path.read_bytes()
        with pytest.raises(SessionError, match="exists and is never overwritten"):
            opened.save(copy)

"""A session in which nothing happened leaves no file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from recode_core import episode
from recode_core.batch import Batch, BatchOptions, plan_batch
from recode_core.debugger import debug_session
from recode_core.environments.environment import Restoration, Task
from recode_core.environments.scripted import GUIDE, ScriptedWorld
from recode_core.errors import EnvironmentUnavailable, PolicyUnavailable
from recode_core.policies.policy import Policy, Reply, Request
from recode_core.policies.scripted import Scripted
from recode_core.session import Settings, read

SETTINGS = Settings("doubles", "one")


class Doubles:
    """An environment whose world may fail, and whose expert acts once."""

    name = "doubles"
    restoration: Restoration = "replay"
    guide = GUIDE
    first: str | Exception = "You begin."

    def tasks(self, split: str | None = None) -> Iterator[Task]:
        yield Task("one", "do it.")

    def open(self, task_id: str) -> ScriptedWorld:
        return ScriptedWorld(first=self.first)

    def expert(self, task_id: str) -> Policy:
        return Scripted(["<execute>\nrun('go')\n</execute>"])


class Failing:
    """A policy that can't be reached."""

    model = "none"

    def __init__(self) -> None:
        self.sampling: dict[str, str | float | int] = {}

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        raise PolicyUnavailable("no key")

    def abort(self) -> None:
        """No call is ever in flight."""


@pytest.fixture
def doubles(monkeypatch: pytest.MonkeyPatch) -> Doubles:
    made = Doubles()
    for name in ("recode_core.episode.find_environment", "recode_core.batch.manifest.environment"):
        monkeypatch.setattr(name, lambda name: made)
    return made


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run.jsonl"


def left(path: Path) -> list[str]:
    """What is in the folder, lock files too."""
    return sorted(each.name for each in path.parent.iterdir())


def test_a_run_that_is_only_looked_at_leaves_nothing(doubles: Doubles, path: Path) -> None:
    with debug_session.start(SETTINGS, path) as opened:
        assert path.exists()
        debugger = opened.debugger
        debugger.step()
        debugger.add_breakpoint("failure")
        debugger.watch("instruction")
        debugger.limit("steps", 3)
        debugger.back()
        assert opened.is_leftover
    assert left(path) == []


@pytest.mark.parametrize("do", ["note", "edit", "act"])
def test_a_note_a_change_and_an_action_are_kept(doubles: Doubles, path: Path, do: str) -> None:
    with debug_session.start(SETTINGS, path) as opened:
        debugger = opened.debugger
        debugger.step()
        if do == "note":
            debugger.note("0", "look here")
        elif do == "edit":
            debugger.set("mood", "'good'")
        else:
            debugger.resume()
        assert not opened.is_leftover
    assert read(path).records


def test_a_run_that_fails_before_its_first_action_leaves_nothing(doubles: Doubles, path: Path) -> None:
    doubles.first = OSError("no game")
    with pytest.raises(EnvironmentUnavailable, match="no game"), episode.start(SETTINGS, path) as started:
        started.run()
    assert left(path) == []


def test_a_call_that_failed_is_kept_to_be_gone_on_with(doubles: Doubles, path: Path) -> None:
    with pytest.raises(PolicyUnavailable), episode.start(SETTINGS, path, Failing()) as started:
        started.run()
    assert left(path) == [path.name]


def test_a_session_that_was_there_before_is_kept(doubles: Doubles, path: Path) -> None:
    episode.start(SETTINGS, path, keep_empty=True).close()
    assert left(path) == [path.name]
    with episode.resume(path) as resumed:
        assert not resumed.is_leftover
    debug_session.open_live(path).close()
    assert left(path) == [path.name]


def test_a_file_that_took_the_place_of_the_session_is_left_alone(doubles: Doubles, path: Path) -> None:
    with episode.start(SETTINGS, path):
        path.unlink()
        path.write_text("something else")
    assert path.read_text() == "something else"


def test_the_file_goes_when_the_working_directory_has_changed(
    doubles: Doubles, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(path.parent)
    with episode.start(SETTINGS, Path("run.jsonl")):
        monkeypatch.chdir("/")
    assert left(path) == []


def test_a_run_that_is_begun_again_leaves_nothing_either(doubles: Doubles, path: Path) -> None:
    with debug_session.start(SETTINGS, path) as opened:
        opened.rerun()
        assert opened.is_leftover
    assert left(path) == []


def test_an_episode_of_a_batch_keeps_its_file(doubles: Doubles, tmp_path: Path) -> None:
    doubles.first = OSError("no game")
    folder = tmp_path / "batch"
    with Batch(folder, plan_batch(SETTINGS, None, ["one"])) as batch:
        progress = batch.run(BatchOptions(1))
    assert len(progress.failures) == 1
    assert [path.name for path in folder.glob("*.jsonl")] == ["0001-one.jsonl"]

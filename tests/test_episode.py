"""Episodes: started, broken off, taken up again and checked, without a screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from recode_core import episode
from recode_core.environments.environment import Restoration, Task
from recode_core.environments.scripted import GUIDE, ScriptedWorld
from recode_core.errors import (
    Diverged,
    EnvironmentUnavailable,
    PolicyUnavailable,
    RecodeError,
    SessionBusy,
    SessionError,
)
from recode_core.events import (
    ActionAsked,
    ActionFinished,
    EpisodeFinished,
    ExpansionReplied,
    LimitReached,
    Resumed,
    StatementFailed,
)
from recode_core.executor import Limits
from recode_core.policies.policy import Policy
from recode_core.policies.reply import ParsedReply
from recode_core.policies.scripted import Scripted
from recode_core.result import seconds_spent
from recode_core.session import Settings, read
from recode_core.values import Observation

HOUSEHOLD = Settings("household", "put:7")
CODE = "a = run('look')\nb = run('go')\nc = run('stay')"


class FakeEnvironment:
    """An environment of scripted worlds, which remembers those that it opened."""

    name = "doubles"
    guide = GUIDE

    def __init__(self, restoration: Restoration, code: str = CODE) -> None:
        self.restoration = restoration
        self.code = code
        self.answers: dict[str, str | Observation | Exception] = {"look": "a door", "go": "a hall"}
        self.opened: list[ScriptedWorld] = []

    def tasks(self, split: str | None = None) -> Iterator[Task]:
        yield Task("one", "do it.")

    def open(self, task_id: str) -> ScriptedWorld:
        self.opened.append(ScriptedWorld(self.answers))
        return self.opened[-1]

    def expert(self, task_id: str) -> Policy | None:
        return Scripted([str(ParsedReply("a reason", self.code))])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run.jsonl"


@pytest.fixture
def doubles(monkeypatch: pytest.MonkeyPatch) -> Callable[..., FakeEnvironment]:
    """Makes an environment of doubles, and lets episodes find it."""

    def make(restoration: Restoration = "replay", code: str = CODE) -> FakeEnvironment:
        made = FakeEnvironment(restoration, code)
        monkeypatch.setattr(episode, "find_environment", lambda name: made)
        return made

    return make


def make_run(path: Path, settings: Settings = HOUSEHOLD) -> None:
    with episode.start(settings, path) as played:
        played.run()


def cut_after(path: Path, kind: type[msgspec.Struct], count: int = 1) -> None:
    """End a session with the `count`-th event of a kind."""
    lines = path.read_bytes().splitlines(keepends=True)
    numbers = [record.n for record in read(path).records if isinstance(record.event, kind)]
    path.write_bytes(b"".join(lines[: numbers[count - 1] + 2]))


def without_annotations(path: Path) -> list[object]:
    """What happened, with durations left out."""
    events = [record.event for record in read(path).records if not isinstance(record.event, Resumed)]
    return [
        msgspec.structs.replace(event, seconds=0.0)
        if isinstance(event, ActionFinished | ExpansionReplied)
        else event
        for event in events
    ]


def test_an_episode_runs_to_its_end_and_is_recorded(path: Path) -> None:
    with episode.start(HOUSEHOLD, path) as played:
        stops: list[object] = []
        played.run(stops.append)
        assert played.result.solved
        assert stops[-1] == played.executor.state
    session = read(path)
    assert isinstance(session.records[-1].event, EpisodeFinished)
    assert session.header.id == "run"
    assert session.header.settings.model == "expert"


def test_a_limit_ends_an_episode_and_is_named_in_its_result(path: Path) -> None:
    with episode.start(msgspec.structs.replace(HOUSEHOLD, limits=Limits(steps=2)), path) as played:
        played.run()
        result = played.result
    assert (result.outcome, result.limit, result.steps, result.hit_own_limit) == ("limit", "steps", 2, True)


def test_the_environments_own_limit_is_not_the_users(
    path: Path, doubles: Callable[..., FakeEnvironment]
) -> None:
    doubles(code="while True:\n    run('wait')")
    with episode.start(Settings("doubles", "one"), path) as played:
        played.run()
        assert (played.result.limit, played.result.hit_own_limit) == ("environment steps", False)
        assert played.result.steps == 1000


def test_a_failure_is_repaired_and_does_not_end_the_episode(
    path: Path, doubles: Callable[..., FakeEnvironment]
) -> None:
    doubles()
    policy = Scripted([str(ParsedReply("hm", "1 / 0")), str(ParsedReply("ah", "x = 1"))])
    with episode.start(Settings("doubles", "one"), path, policy) as played:
        played.run()
        assert played.result.outcome == "finished"
    failed = [r.event for r in read(path).records if isinstance(r.event, StatementFailed)]
    assert [event.failure.type for event in failed] == ["ZeroDivisionError"]


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        (Settings("nowhere", "put:7"), r"unknown environment 'nowhere' \(available: household"),
        (Settings("household", "fly:7"), "has no task 'fly:7'"),
        (
            Settings("household", "put:7", policy="nobody"),
            r"unknown policy 'nobody' \(available: expert, human",
        ),
        (
            Settings("household", "put:7", agent="other"),
            r"unknown agent 'other' \(available: recode, react, codeact\)",
        ),
    ],
)
def test_an_unknown_name_is_told_before_a_file_is_made(path: Path, settings: Settings, says: str) -> None:
    with pytest.raises(RecodeError, match=says):
        episode.start(settings, path)
    assert not path.exists()


@pytest.mark.parametrize("kind", [ExpansionReplied, ActionFinished])
def test_a_broken_off_run_goes_on_as_if_it_had_not_been(path: Path, kind: type[msgspec.Struct]) -> None:
    make_run(path)
    whole = without_annotations(path)
    cut_after(path, kind, 2)
    recovered = len(read(path).records)
    with episode.resume(path) as resumed:
        assert Resumed(recovered) in [record.event for record in resumed.log.records]
        resumed.run()
        assert resumed.result.solved
    assert without_annotations(path) == whole


def test_a_run_that_is_over_is_resumed_to_its_result_and_nothing_is_written(path: Path) -> None:
    make_run(path)
    before = path.read_bytes()
    with episode.resume(path) as resumed:
        resumed.run()
        assert resumed.result.solved
    assert path.read_bytes() == before


def test_a_run_is_not_taken_up_while_it_is_running(path: Path) -> None:
    with episode.start(HOUSEHOLD, path, keep_empty=True), pytest.raises(SessionBusy):
        episode.resume(path)
    with episode.resume(path) as resumed:
        resumed.run()
        assert resumed.result.solved


def test_a_torn_line_is_noticed_when_the_run_is_resumed(path: Path) -> None:
    make_run(path)
    path.write_bytes(path.read_bytes()[:-7])
    with episode.resume(path) as resumed:
        assert "incomplete line" in resumed.notice
        resumed.run()
        assert resumed.result.solved


def test_an_unavailable_policy_leaves_a_run_that_can_be_resumed(
    path: Path, doubles: Callable[..., FakeEnvironment]
) -> None:
    doubles()
    with episode.start(Settings("doubles", "one"), path, Scripted([]), keep_empty=True) as played:
        with pytest.raises(PolicyUnavailable):
            played.run()
        assert played.result.outcome is None
    with episode.resume(path) as resumed:
        resumed.run()
        assert resumed.result.steps == 3


def test_a_world_that_goes_away_is_opened_again_and_brought_back(
    path: Path, doubles: Callable[..., FakeEnvironment]
) -> None:
    home = doubles()
    home.answers["stay"] = EnvironmentUnavailable("the world went away")
    with episode.start(Settings("doubles", "one"), path) as played, pytest.raises(EnvironmentUnavailable):
        played.run()
    home.answers["stay"] = "you stay"
    with episode.resume(path) as resumed:
        resumed.run()
        assert resumed.result.outcome == "finished"
    assert home.opened[-1].actions == ["look", "go", "stay"]


def test_a_world_that_answers_differently_halts_the_resumption(
    path: Path, doubles: Callable[..., FakeEnvironment]
) -> None:
    home = doubles()
    make_run(path, Settings("doubles", "one"))
    cut_after(path, ActionFinished, 2)
    home.answers["go"] = "a wall"
    with pytest.raises(Diverged) as caught:
        episode.resume(path)
    assert (caught.value.recorded, caught.value.actual) == ("a hall", "a wall")
    assert f"recode debug {path}, then accept" in str(caught.value)
    told = [r.event.observation.text for r in read(path).records if isinstance(r.event, ActionFinished)]
    assert told == ["a door", "a hall"]


def test_time_between_two_processes_is_not_spent(path: Path) -> None:
    make_run(path)
    cut_after(path, ActionFinished, 2)
    records = read(path).records
    later = msgspec.structs.replace(
        records[-1], n=len(records), time=records[-1].time + 3600, event=Resumed(1)
    )
    assert seconds_spent([*records, later]) == seconds_spent(records)


def test_wall_time_counts_from_the_first_record_on(path: Path) -> None:
    limited = msgspec.structs.replace(HOUSEHOLD, limits=Limits(seconds=100.0))
    make_run(path, limited)
    cut_after(path, ActionFinished, 2)
    lines = path.read_bytes().splitlines(keepends=True)
    last = msgspec.json.decode(lines[-1])
    last["time"] += 100.0
    path.write_bytes(b"".join(lines[:-1]) + msgspec.json.encode(last) + b"\n")
    with episode.resume(path) as resumed:
        resumed.run()
        assert resumed.result.limit == "seconds"


def test_an_action_in_doubt_is_not_repeated_unasked(
    path: Path, doubles: Callable[..., FakeEnvironment]
) -> None:
    home = doubles("none")
    make_run(path, Settings("doubles", "one"))
    cut_after(path, ActionAsked, 3)
    before = path.read_bytes()
    with pytest.raises(SessionError, match="action 'stay', whose observation is missing"):
        episode.resume(path)
    assert path.read_bytes() == before
    with episode.resume(path, repeat_action=True) as resumed:
        resumed.run()
        assert resumed.result.steps == 3
    assert home.opened[-1].actions == ["stay"]


def test_a_world_that_cannot_be_put_back_is_not_asked_again_for_what_is_recorded(
    path: Path, doubles: Callable[..., FakeEnvironment]
) -> None:
    home = doubles("none")
    make_run(path, Settings("doubles", "one"))
    cut_after(path, ActionFinished, 2)
    with episode.resume(path) as resumed:
        resumed.run()
        assert resumed.result.outcome == "finished"
    assert home.opened[-1].actions == ["stay"]


def test_a_check_repeats_every_step_and_asks_no_policy(
    path: Path, doubles: Callable[..., FakeEnvironment]
) -> None:
    home = doubles()
    make_run(path, Settings("doubles", "one"))
    before = path.read_bytes()
    home.code = "raise AssertionError('a policy was asked')"
    verdict = episode.check(path)
    assert (verdict.steps, verdict.replayed, verdict.diverged, verdict.divergence) == (3, 3, 0, "")
    assert home.opened[-1].actions == ["look", "go", "stay"]
    assert path.read_bytes() == before


def test_a_check_compares_all_records_but_annotations(path: Path) -> None:
    make_run(path)
    verdict = episode.check(path)
    records = read(path).records
    stored = sum(type(record.event).__name__ == "TextStored" for record in records)
    assert verdict.compared == len(records) - stored


def test_a_check_tells_the_first_step_that_diverged(
    path: Path, doubles: Callable[..., FakeEnvironment]
) -> None:
    home = doubles()
    make_run(path, Settings("doubles", "one"))
    home.answers["go"] = "a wall"
    verdict = episode.check(path)
    assert (verdict.steps, verdict.replayed, verdict.diverged) == (3, 1, 1)
    assert "a hall" in verdict.divergence
    assert "a wall" in verdict.divergence


def test_a_check_notices_a_derived_record_that_was_tampered_with(path: Path) -> None:
    make_run(path)
    path.write_bytes(path.read_bytes().replace(b'"value":"\'cd\'"', b'"value":"\'cup\'"', 1))
    verdict = episode.check(path)
    assert (verdict.diverged, verdict.replayed) == (1, 0)
    assert "cup" in verdict.divergence


@pytest.mark.parametrize("count", [1, 3, 5])
def test_a_check_of_an_unfinished_run_stops_where_the_recording_stops(path: Path, count: int) -> None:
    make_run(path)
    cut_after(path, ActionFinished, count)
    verdict = episode.check(path)
    assert (verdict.steps, verdict.replayed, verdict.diverged) == (count, count, 0)


def test_a_check_of_a_run_that_has_not_begun_finds_nothing(path: Path) -> None:
    with episode.start(HOUSEHOLD, path):
        assert episode.check(path).compared == 0


def test_a_check_of_a_world_that_cannot_be_repeated_asks_it_nothing(
    path: Path, doubles: Callable[..., FakeEnvironment]
) -> None:
    home = doubles("none")
    make_run(path, Settings("doubles", "one"))
    verdict = episode.check(path)
    assert (verdict.replayed, verdict.diverged, verdict.is_world_asked) == (3, 0, False)
    assert len(home.opened) == 1  # that of the run


def test_a_limit_that_was_reached_is_reached_again_in_a_check(path: Path) -> None:
    make_run(path, msgspec.structs.replace(HOUSEHOLD, limits=Limits(seconds=0.0)))
    assert any(isinstance(record.event, LimitReached) for record in read(path).records)
    assert episode.check(path).diverged == 0


def test_the_file_is_given_back_even_if_the_world_does_not_close(
    path: Path, doubles: Callable[..., FakeEnvironment], monkeypatch: pytest.MonkeyPatch
) -> None:
    doubles()

    def refuse(self: ScriptedWorld) -> None:
        raise OSError("the world does not close")

    with monkeypatch.context() as patched, pytest.raises(EnvironmentUnavailable, match="does not close"):
        patched.setattr(ScriptedWorld, "close", refuse)
        make_run(path, Settings("doubles", "one"))
    with episode.resume(path) as resumed:
        assert resumed.result.outcome == "finished"

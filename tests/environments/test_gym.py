"""Worlds that answer in Gym's tuples: what is clear in them is taken, and the rest told by its field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from recode_core import episode
from recode_core.debugger import debug_session
from recode_core.environments import guard
from recode_core.environments.environment import Guide, Task
from recode_core.environments.scripted import ScriptedWorld
from recode_core.errors import EnvironmentUnavailable
from recode_core.events import ActionFinished
from recode_core.policies.scripted import Scripted
from recode_core.session import Settings, read
from recode_core.testing import reply
from recode_core.values import Observation


class World(ScriptedWorld):
    """Answers with whatever it is given."""

    def __init__(self, answer: object) -> None:
        super().__init__()
        self.answer = answer

    def reset(self) -> Any:
        return self.answer

    def step(self, action: str) -> Any:
        return self.answer


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (("ok", 0.25, False, {}), Observation("ok", 0.75)),
        (("ok", 0.5, True, {"won": True}), Observation("ok", 1.0, True, True)),
        ((b"ok", -1, True, {"won": 0}), Observation("ok", -0.5, True)),
        (("ok", 1, False, True, {"steps": 7}), Observation("ok", 1.5, True)),
        (("ok", 0, True, False, {"success": 1}), Observation("ok", 0.5, True, True)),
        (("ok", 0, False, False, {"is_success": False}), Observation("ok", 0.5)),
        (("ok", 0.1, False, False, {"score": 0.9}), Observation("ok", 0.9)),
        ("ok", Observation("ok")),
    ],
)
def test_a_tuple_of_step_adds_its_reward_to_the_score(given: object, wanted: Observation) -> None:
    assert guard.step(World(given), "go", 0.5) == wanted


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((["ok"], [0.5], [False], {}), "done in the tuple is [False] (list), and must be True or False"),
        (({"text": "ok"}, 0.5, False, {}), "the observation in the tuple is {'text': 'ok'} (dict)"),
        (("ok", None, False, {}), "the reward in the tuple is None (NoneType), and must be a number"),
        (("ok", float("nan"), False, {}), "the reward in the tuple is nan (float)"),
        (("ok", 0, "no", False, {}), "terminated in the tuple is 'no' (str)"),
        (("ok", 0, False, None, {}), "truncated in the tuple is None (NoneType)"),
        (("ok", 0, False, {"won": [True]}), "won in the info of the tuple is [True] (list)"),
        (("ok", 0, False, {"score": "5"}), "score in the info of the tuple is '5' (str)"),
        (
            ("ok", 0, False),
            "the tuple is ('ok', 0, False) (tuple), and must be (observation, reward, done, info)",
        ),
        (("ok", {}), "the tuple is ('ok', {}) (tuple), and must be"),
    ],
)
def test_what_is_unclear_in_a_tuple_is_told_by_its_field(given: object, said: str) -> None:
    with pytest.raises(EnvironmentUnavailable) as failed:
        guard.step(World(given), "go", 0.0)
    assert f"failed in step: {said}" in str(failed.value)


def test_reset_may_give_an_observation_with_an_info() -> None:
    assert guard.reset(World(("here", {"seed": 1}))) == Observation("here")
    with pytest.raises(EnvironmentUnavailable, match=r"the observation in the tuple is 3 \(int\)"):
        guard.reset(World((3, {})))
    with pytest.raises(EnvironmentUnavailable, match=r"the observation is \('here', 1\) \(tuple\)"):
        guard.reset(World(("here", 1)))


class Counter(ScriptedWorld):
    """Gives half a point an action, and is won after two."""

    instruction, step_limit, at = "count.", 10, 0

    def reset(self) -> Any:
        self.at = 0
        return "0", {}

    def step(self, action: str) -> Any:
        self.at += 1
        return str(self.at), 0.5, self.at == 2, False, {"won": self.at == 2}


class Counters:
    name, restoration, guide = "counters", "replay", Guide("- `go`", "")

    def tasks(self, split: str | None = None) -> list[Task]:
        return [Task("one", "count.")]

    def open(self, task_id: str) -> Any:
        return Counter()

    def expert(self, task_id: str) -> Scripted:
        return Scripted([reply("run('go')\nrun('go')")])


def test_a_run_in_a_world_of_gyms_is_scored_and_brought_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(episode, "find_environment", lambda name: Counters())
    path = tmp_path / "a.jsonl"
    with episode.start(Settings("counters", "one"), path) as run:
        run.run()
        assert (run.result.outcome, run.result.score) == ("solved", 1.0)
    answers = [
        each.event.observation for each in read(path).records if isinstance(each.event, ActionFinished)
    ]
    assert answers == [Observation("1", 0.5), Observation("2", 1.0, True, True)]
    assert episode.check(path).diverged == 0
    with debug_session.open_live(path) as opened:
        debugger = opened.debugger
        debugger.back()
        debugger.back()
        debugger.retry()
        assert debugger.parts.live_run().run.spent.score == 0.5

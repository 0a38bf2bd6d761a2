"""The published settings as one switch."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from recode_core import protocol
from recode_core.agents.registry import names as agents
from recode_core.batch import plan_batch
from recode_core.episode import resume, start
from recode_core.errors import RecodeError
from recode_core.executor.limits import ENVIRONMENT_STEPS, Limits
from recode_core.policies.openai.chat import chat_of
from recode_core.policies.scripted import Scripted
from recode_core.session import AppliedProtocol, Settings, read
from recode_core.session.header import IMPORTED
from recode_core.testing import reply
from tests.policies.openai.endpoint import says, serving, write_profile

LOOKS = {"recode": "while True: run('look')", "react": "run('look')", "codeact": "while True: run('look')"}


def paper(environment: str = "household", task: str = "put:7", agent: str = "recode") -> Settings:
    return protocol.applied(Settings(environment, task, agent=agent), "paper")


@pytest.mark.parametrize(
    ("environment", "agent", "steps"),
    [
        ("alfworld", "recode", 80),
        ("alfworld", "react", 50),
        ("household", "codeact", 50),
        ("webshop", "recode", 30),
        ("webshop", "react", 30),
        ("scienceworld", "recode", None),
        ("of somebody", "recode", None),
    ],
)
def test_the_published_settings_by_environment_and_agent(
    environment: str, agent: str, steps: int | None
) -> None:
    settings = paper(environment, "", agent)
    assert settings.protocol == AppliedProtocol("paper", steps)
    limits = settings.limits
    assert (limits.depth, limits.rewrites, limits.repairs, limits.seconds) == (10, 4, 4, 900.0)
    assert (limits.steps, limits.calls, limits.tokens, limits.cost_usd) == (None, None, None, None)
    assert list(protocol.departures(settings)) == []


def test_every_agent_has_its_steps_in_every_environment_with_a_number() -> None:
    assert all(set(row) in (set(), set(agents())) for row in protocol.STEPS.values())


def test_an_unknown_protocol_is_an_error_that_names_those_there_are() -> None:
    with pytest.raises(
        RecodeError, match=r"unknown protocol 'papre'; did you mean 'paper'\? \(available: paper\)"
    ):
        protocol.applied(Settings("household", "put:7"), "papre")


def test_what_is_given_beside_it_wins_and_is_said() -> None:
    mine = Settings("household", "put:7", "openai", sampling={"temperature": 0.3}, limits=Limits(4, steps=9))
    settings = protocol.applied(mine, "paper", {"depth", "steps", "temperature", "agent"})
    assert settings.limits == msgspec.structs.replace(protocol.LIMITS, depth=4, steps=9)
    assert settings.sampling == {"temperature": 0.3}
    assert protocol.describe(settings) == (
        "protocol paper: steps 80, depth 10, attempts at an expansion 5, seconds 900, temperature 0, "
        "max_tokens none; kept as given: depth 4, steps 9, temperature 0.3"
    )


@pytest.mark.parametrize(("agent", "steps"), [("recode", 80), ("react", 50), ("codeact", 50)])
def test_an_episode_ends_at_the_published_step(agent: str, steps: int, tmp_path: Path) -> None:
    policy = Scripted([reply(LOOKS[agent])] * 60)
    with start(paper(agent=agent), tmp_path / "run.jsonl", policy) as episode:
        assert episode.notice.startswith(f"protocol paper: steps {steps}, ")
        episode.run()
    assert (episode.result.steps, episode.result.limit) == (steps, ENVIRONMENT_STEPS)
    assert not episode.result.hit_own_limit


def test_more_steps_than_the_published_ones_are_granted_where_they_are_given(tmp_path: Path) -> None:
    mine = Settings("household", "put:7", limits=Limits(steps=90))
    settings = protocol.applied(mine, "paper", {"steps"})
    with start(settings, tmp_path / "run.jsonl", Scripted([reply(LOOKS["recode"])])) as episode:
        episode.run()
    assert (episode.result.steps, episode.result.limit) == (90, "steps")
    assert list(protocol.departures(settings)) == ["steps 90, not 80"]


def test_five_attempts_at_an_expansion_whether_refused_or_failed(tmp_path: Path) -> None:
    for name, code in (("refused", "def f(): pass"), ("failed", "1 / 0")):
        policy = Scripted([reply(code)] * 9)
        with start(paper(), tmp_path / f"{name}.jsonl", policy) as episode:
            episode.run()
        assert (episode.result.calls, episode.result.outcome) == (5, "failed")


def test_a_session_keeps_its_protocol_when_it_is_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    with start(paper(agent="react"), path, Scripted([reply("run('look')")] * 3)) as episode:
        for _ in range(4):
            episode.executor.advance()
    assert read(path).header.settings.protocol == AppliedProtocol("paper", 50)
    with resume(path, Scripted([reply("run('look')")] * 60)) as episode:
        assert episode.notice == ""
        episode.run()
    assert episode.result.steps == 50


def test_a_header_without_a_protocol_is_one_of_before(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    with start(Settings("household", "put:7"), path) as episode:
        episode.run()
    data = path.read_bytes()
    assert b',"protocol":null' in data
    path.write_bytes(data.replace(b',"protocol":null', b""))
    assert read(path).header.settings.protocol is None
    with resume(path) as episode:
        assert episode.result.solved


def test_tasks_that_the_paper_leaves_out_are_left_out_of_a_split_and_not_of_a_list(tmp_path: Path) -> None:
    made = plan_batch(paper("scienceworld", ""), "dev")
    assert made.left_out == 75 + 42 + 346 + 40 + 30 + 120
    kinds = {job.kind for job in made.jobs}
    assert len(kinds) == 24 and not any("inclined" in kind or "mendelian" in kind for kind in kinds)
    assert plan_batch(Settings("scienceworld", ""), "dev").left_out == 0
    listed = plan_batch(paper("scienceworld", ""), tasks=["mendelian-genetics-known-plant:0"])
    assert (len(listed.jobs), listed.left_out) == (1, 0)
    named = protocol.describe(paper("scienceworld", "mendelian-genetics-known-plant:0"))
    assert named.endswith("; the paper leaves mendelian-genetics-known-plant:0 out")


def test_a_batch_of_a_list_remembers_what_it_was_chosen_from(tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    path.write_text(json.dumps(["put:7", "heat:3", "cool:3"]))
    whole, part = (plan_batch(paper(task=""), str(path), count=count) for count in (None, 2))
    assert whole.fingerprint == part.fingerprint != ""
    assert [job.kind for job in whole.jobs] == ["put", "heat", "cool"]


def test_a_model_is_asked_at_temperature_0_without_max_tokens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("RECODE_TEST_KEY", "sk-test")
    with serving() as server:
        sampling = "temperature = 0.9\nmax_tokens = 77\nextra_body = { top_k = 3 }\n"
        write_profile(tmp_path, server.url, sampling)
        server.responses = [says(reply("run('look')"))]
        settings = protocol.applied(Settings("household", "put:7", "mine"), "paper")
        with start(settings, tmp_path / "run.jsonl") as episode:
            episode.run()
        (asked,) = server.asked
        assert (asked["temperature"], asked["top_k"]) == (0.0, 3)
        assert not {"max_tokens", "max_completion_tokens"} & set(asked)
        recorded = read(tmp_path / "run.jsonl").header.settings
        assert recorded.sampling["max_tokens"] == "none"
        assert list(protocol.departures(recorded)) == []
        again = chat_of("mine", recorded.model, recorded.sampling)
        assert again is not None and again.sampling == recorded.sampling
        warm = chat_of("mine", "", {"temperature": 0.3}, protocol.SAMPLING)
        assert warm is not None and warm.sampling["temperature"] == 0.3


def test_departures_say_what_is_set_otherwise() -> None:
    (imported,) = protocol.departures(Settings("alfworld", "x", IMPORTED))
    assert imported.startswith("imported: another program ran it")
    ours = Settings("webshop", "human:1", "openai", sampling={"temperature": 0.3, "max_tokens": 4096})
    assert list(protocol.departures(ours)) == ["without --protocol paper"]
    ours = protocol.applied(ours, "paper", {"depth", "rewrites", "repairs", "seconds", "temperature"})
    assert list(protocol.departures(ours)) == [
        "rewrites 5, not 4",
        "repairs 2, not 4",
        "seconds unlimited, not 900",
        "temperature 0.3, not 0",
        "max_tokens 4096, not none",
    ]

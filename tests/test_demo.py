"""The demo: one scripted mistake in a run that is otherwise real, and that the expert can mend."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

import recode_core as recode
from recode_core import demo, episode
from recode_core.debugger import debug_session
from recode_core.debugger.blame import blame
from recode_core.debugger.debug_session import DebugSession
from recode_core.debugger.debugger import Debugger
from recode_core.environments.household import Household
from recode_core.errors import PolicyUnavailable
from recode_core.events import ExpansionReplied
from recode_core.policies.policy import Request
from recode_core.policy_registry import make_policy, names
from recode_core.session import Settings

HEAT = "heat_object(obj_ID, locations)"
NODE = "0.8"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[DebugSession]:
    """The demo's run, at its end."""
    with debug_session.start(demo.SETTINGS, tmp_path / "demo.jsonl") as session:
        session.debugger.resume()
        yield session


@pytest.fixture
def failed(session: DebugSession) -> Debugger:
    return session.debugger


def test_the_run_ends_unsolved_and_no_statement_fails(failed: Debugger) -> None:
    end = failed.timeline.end
    assert (failed.stop.kind, end.outcome) == ("end", "finished")
    assert not failed.timeline.failures
    observations = {each.action: each.observation.text for each in failed.timeline.actions.actions}
    assert observations["heat mug 1 with stoveburner 1"] == "Nothing happens."


def test_only_one_reply_is_the_scripted_one(failed: Debugger) -> None:
    replies = [record.event for record in failed.timeline.records]
    scripted = str(demo.MISTAKES["heat_object"])
    nodes = [reply.node for reply in replies if isinstance(reply, ExpansionReplied) if reply.text == scripted]
    assert nodes == [NODE]


def test_blame_finds_the_mistake(failed: Debugger) -> None:
    found = blame(failed.parts, k=1)
    assert found.is_whole and found.last_good == NODE


def test_asked_again_the_expert_mends_it(failed: Debugger) -> None:
    failed.regenerate(NODE)
    failed.resume()
    assert failed.timeline.end.outcome == "solved"


def test_an_edit_by_hand_mends_it(failed: Debugger) -> None:
    code = demo.MISTAKES["heat_object"].code
    failed.edit(NODE, code.replace("stoveburner", "microwave"))
    failed.resume()
    assert failed.timeline.end.outcome == "solved"


def test_a_session_that_is_continued_does_not_make_the_mistake_again(session: DebugSession) -> None:
    session.close()
    with debug_session.open_live(session.path) as opened:
        opened.debugger.regenerate(NODE)
        opened.debugger.resume()
        assert opened.debugger.timeline.end.outcome == "solved"


def test_a_run_that_was_broken_off_before_the_mistake_still_makes_it(tmp_path: Path) -> None:
    path = tmp_path / "demo.jsonl"
    with debug_session.start(demo.SETTINGS, path) as opened:
        opened.debugger.until("0.7")
    with episode.resume(path) as run:
        run.run()
        assert run.result.outcome == "finished"


def test_the_same_settings_again_make_it_again(session: DebugSession) -> None:
    again = session.rerun()
    again.resume()
    assert again.timeline.end.outcome == "finished"


def test_a_hint_or_a_repair_is_answered_by_the_expert() -> None:
    policy = make_policy(demo.SETTINGS, Household())
    for asked in (
        Request(HEAT, (), (), hint="a stove does not heat"),
        Request(HEAT, (), (), repair="failed"),
    ):
        assert "microwave" in policy.expand(asked, lambda text: None).text


def test_the_policy_says_that_it_is_scripted() -> None:
    result = recode.run("household", demo.SETTINGS.task, policy=demo.NAME)
    assert not result.solved
    assert "scripted" in make_policy(demo.SETTINGS, Household()).model
    assert demo.NAME not in names()


@pytest.mark.parametrize(
    "settings",
    [Settings("webshop", "human:0", demo.NAME), msgspec.structs.replace(demo.SETTINGS, agent="react")],
)
def test_elsewhere_it_is_refused(settings: Settings) -> None:
    environment = Household()
    environment.name = settings.environment
    with pytest.raises(PolicyUnavailable, match="written for household with the agent recode"):
        make_policy(settings, environment)

"""A reply that is not whole is refused with its reason and never run, whoever gave it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from recode_core.events import ExpansionAccepted, ExpansionRefused, ExpansionReplied, ExpansionRequested
from recode_core.executor import Limits
from recode_core.executor.run_state import AtFailure, AtModel
from recode_core.graph import to_graph
from recode_core.log import Log, Record
from recode_core.policies.human import Human
from recode_core.policies.policy import Finish, Reply, Request
from recode_core.policies.recorded import Recorded
from recode_core.policies.scripted import Scripted
from recode_core.testing import ROOT, MakeRun, reply
from recode_core.timeline import Timeline
from recode_tui.tree_text import outline

WHY = "The limit is max_tokens."


class Replies:
    """A policy that gives these replies, in order."""

    model = "replies"

    def __init__(self, replies: Iterable[Reply]) -> None:
        self.sampling: dict[str, str | float | int] = {}
        self.requests: list[Request] = []
        self._replies = iter(replies)

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        self.requests.append(request)
        return next(self._replies)

    def abort(self) -> None: ...


def cut(finish: Finish = "length", code: str = "run('half')") -> Reply:
    return Reply(reply(code), finish=finish, why=WHY)


RIGHT = Reply(reply("run('right')"))


@pytest.mark.parametrize("finish", ["length", "refusal", "cut", "aborted"])
@pytest.mark.parametrize("agent", ["recode", "codeact", "react"])
def test_a_reply_that_is_not_whole_is_never_run(make_run: MakeRun, agent: str, finish: Finish) -> None:
    policy = Replies([cut(finish), RIGHT, *[Reply(reply("run('more')"))] * 3])
    played = make_run(policy=policy, agent_name=agent)
    stop = played.until(AtModel)
    stop = played.executor.advance()
    assert isinstance(stop, AtModel) and played.actions == []
    (refused,) = played.events(ExpansionRefused)
    assert refused.rule.endswith(WHY) and len(refused.rule) > len(WHY)
    assert [event.reason for event in played.events(ExpansionRequested)] == ["first", "rewrite"]
    assert refused.rule in " ".join(stop.request.messages[-1].content.split())
    played.executor.advance()
    assert len(played.events(ExpansionAccepted)) == 1


def test_it_counts_as_a_rewrite(make_run: MakeRun) -> None:
    played = make_run(policy=Replies([cut()] * 3), limits=Limits(rewrites=2))
    failure = played.until(AtFailure).failure
    assert failure.type == "RewritesExhausted" and WHY in failure.message and played.actions == []


def test_why_stands_in_the_tree_its_outline_and_the_graph(make_run: MakeRun) -> None:
    played = make_run(policy=Replies([cut(), RIGHT]))
    played.to_end()
    tree = Timeline(played.log.records).end
    assert tree.root is not None
    assert (tree.root.refusals, tree.root.refusal) == (1, played.events(ExpansionRefused)[0].rule)
    first = str(outline(tree).renderables[0])
    assert "1 refused" in first and "refused: The reply was cut at the token limit" in first
    assert WHY in to_graph(played.log).nodes["main:0"]["refusal"]


@pytest.mark.parametrize(
    "text",
    [
        "<think>why</think><execute>run('half')",
        "<think>why</think>\n```python\nrun('half')\n",
        "As in <execute>run('half')</execute>.</think>",
    ],
)
def test_a_text_that_is_cut_is_not_run_whoever_wrote_it(make_run: MakeRun, text: str) -> None:
    played = make_run(policy=Scripted([text, reply("run('right')")]))
    played.to_end()
    assert played.actions == ["right"] and len(played.events(ExpansionRefused)) == 1
    by_hand = make_run({ROOT: "run('right')"})
    by_hand.until(AtModel)
    by_hand.executor.changes.reply(text)
    assert isinstance(by_hand.executor.state, AtModel) and len(by_hand.events(ExpansionRefused)) == 1
    recorded = make_run(policy=Recorded([record.event for record in played.log.records]))
    recorded.to_end()
    assert recorded.actions == ["right"] and len(recorded.events(ExpansionRefused)) == 1


def test_a_recorded_policy_says_again_why_a_reply_was_cut(make_run: MakeRun) -> None:
    first = make_run(policy=Replies([cut(), RIGHT]))
    first.to_end()
    again = make_run(policy=Recorded([record.event for record in first.log.records]))
    again.to_end()
    assert again.events(ExpansionRefused) == first.events(ExpansionRefused)
    assert again.actions == ["right"]


def test_what_a_person_writes_is_always_whole(make_run: MakeRun) -> None:
    code = "note = '</execute>'\nrun(note)"
    played = make_run(policy=Human(lambda request: code))
    played.to_end()
    assert played.actions == ["</execute>"]


def test_what_was_recorded_of_a_reply_stands_though_it_is_read_otherwise_today(make_run: MakeRun) -> None:
    first = make_run({ROOT: "run('half')"})
    first.to_end()
    text = "<think>a reason</think><execute>run('half')"  # an older version ran it

    def older(record: Record) -> Record:
        event = record.event
        if isinstance(event, ExpansionReplied):
            event = ExpansionReplied(event.node, text, event.usage, "length")
        return Record(record.n, record.branch, record.time, event)

    records = [older(record) for record in Log(first.log.records).records]
    again = make_run({ROOT: []}, recorded=records)
    again.executor.repeat()
    assert not again.run.recorder.is_repeating and again.run.recorder.reworded == ["0"]
    assert again.actions == ["half"]

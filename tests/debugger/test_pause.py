"""Pausing and aborting, which another thread does while a move is under way."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from recode_core.debugger import debug_session
from recode_core.debugger.debugger import Debugger
from recode_core.errors import RecodeError
from recode_core.events import ExpansionRefused, ExpansionReplied
from recode_core.policies.policy import Reply, Request
from recode_core.policies.reply import ParsedReply
from recode_core.session import Settings
from recode_core.values import Usage
from tests.support.waiting import PATIENCE, wait_until


class BlockingPolicy:
    """A policy whose calls end when they are let go, or aborted."""

    model = "slow"

    def __init__(self) -> None:
        self.sampling: dict[str, str | float | int] = {}
        self.asked, self.let_go, self.aborted = threading.Event(), threading.Event(), threading.Event()
        self.half = "<think>half a"

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        self.asked.set()
        stream("<think>")
        while not self.let_go.wait(0.01):
            if self.aborted.is_set():
                return Reply(self.half, Usage(100, completion_tokens=3), "aborted")
        return Reply(str(ParsedReply("a reason", "x = 1\ny = 2\nwhile y: x += 1")))

    def abort(self) -> None:
        self.aborted.set()


@pytest.fixture
def policy() -> BlockingPolicy:
    return BlockingPolicy()


@pytest.fixture
def debugger(policy: BlockingPolicy, tmp_path: Path) -> Iterator[Debugger]:
    with debug_session.start(Settings("household", "put:7"), tmp_path / "run.jsonl", policy) as opened:
        yield opened.debugger


@pytest.fixture
def under_way(debugger: Debugger, policy: BlockingPolicy) -> Iterator[threading.Thread]:
    """A `continue` in a thread of its own, which waits for the policy."""

    def resume() -> None:
        try:
            debugger.resume()
        except RecodeError as error:
            failed.append(error)

    failed: list[RecodeError] = []
    thread = threading.Thread(target=resume)
    thread.start()
    assert policy.asked.wait(PATIENCE)
    yield thread
    policy.let_go.set()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert failed == []


def replies(debugger: Debugger) -> list[ExpansionReplied]:
    return [r.event for r in debugger.log.records if isinstance(r.event, ExpansionReplied)]


def test_the_model_that_is_waited_for_is_named(
    debugger: Debugger, policy: BlockingPolicy, under_way: threading.Thread
) -> None:
    wait = debugger.waits_for
    assert wait is not None and (wait.kind, wait.name) == ("model", "slow")
    debugger.pause()
    policy.let_go.set()
    under_way.join(PATIENCE)
    assert debugger.waits_for is None


def test_pausing_is_shown_at_once_and_keeps_the_reply_that_is_on_its_way(
    debugger: Debugger, policy: BlockingPolicy, under_way: threading.Thread
) -> None:
    states = [debugger.state]
    debugger.pause()
    states.append(debugger.state)
    policy.let_go.set()
    under_way.join(PATIENCE)
    assert [*states, debugger.state] == ["running", "pausing", "paused"]
    assert debugger.stop.place is not None
    assert debugger.stop.place.node == "0.0"
    assert [event.finish for event in replies(debugger)] == ["stop"]


def test_aborting_ends_the_call_and_keeps_what_arrived_with_its_cost(
    debugger: Debugger, policy: BlockingPolicy, under_way: threading.Thread
) -> None:
    debugger.pause()
    debugger.abort()
    under_way.join(PATIENCE)
    assert debugger.state == "paused"
    assert debugger.stop.kind == "model"
    assert [(event.finish, event.usage.completion_tokens) for event in replies(debugger)] == [("aborted", 3)]
    policy.let_go.set()
    assert debugger.step().kind == "statement"
    assert debugger.evaluate("instruction") == repr(debugger.moment.instruction)


def test_half_a_plan_that_was_broken_off_is_not_run_though_it_is_code(
    debugger: Debugger, policy: BlockingPolicy, under_way: threading.Thread
) -> None:
    policy.half = "<think>first</think>\n<execute>\nrun('look')"
    debugger.pause()
    debugger.abort()
    under_way.join(PATIENCE)
    refused = [r.event.rule for r in debugger.timeline.records if isinstance(r.event, ExpansionRefused)]
    assert refused == ["The reply was broken off before its end."]
    assert debugger.stop.kind == "model"


def test_a_loop_without_end_is_paused_at_its_next_stop(
    debugger: Debugger, policy: BlockingPolicy, under_way: threading.Thread
) -> None:
    policy.let_go.set()
    wait_until(lambda: len(debugger.log.records) > len(replies(debugger)) + 100)
    debugger.pause()
    under_way.join(PATIENCE)
    assert (debugger.state, under_way.is_alive()) == ("paused", False)

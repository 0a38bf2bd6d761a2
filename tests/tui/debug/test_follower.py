"""The follower's timeline is that of the log's current branch, whatever happens in between."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recode_core.events import ANNOTATIONS, ActionFinished, NoteSet, WorldReset
from recode_core.log import MAIN, Log
from recode_core.timeline import Timeline
from recode_core.timeline.branches import BranchIndex
from recode_core.values import Observation
from recode_tui.debug import follower
from recode_tui.debug.follower import Follower
from tests.support.waiting import PATIENCE


def follow(log: Log) -> Follower:
    return Follower(log, log.branch, Timeline(log.line()), BranchIndex(log.records))


def caught_up(following: Follower) -> None:
    """Let it take what there is, a bit at a time."""
    end = time.monotonic() + PATIENCE
    while not following.catch_up():
        assert time.monotonic() < end
        time.sleep(0)


def check(following: Follower, log: Log) -> None:
    assert following.branch == log.branch
    assert following.timeline.records == log.line()
    assert list(following.branches.spans) == list(log.branches)
    assert following.branches.added == len(log.records)
    for name in log.branches:
        line = [record for record in log.line(name) if not isinstance(record.event, ANNOTATIONS)]
        assert following.branches.spans[name].length == len(line)


@pytest.mark.parametrize(("at_once", "long"), [(4000, 20_000), (3, 20_000), (3, 4), (1, 0)])
@settings(max_examples=60)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["add", "add", "fork", "aside", "switch", "look"]), st.integers(0, 99))
    )
)
def test_the_branch_that_goes_on_is_followed(at_once: int, long: int, steps: list[tuple[str, int]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(follower, "_AT_ONCE", at_once)
        patch.setattr(follower, "_LONG", long)
        log = Log()
        log.append(WorldReset("do it.", Observation("You begin.")))
        following = follow(log)
        for step, number in steps:
            line = log.line()
            match step:
                case "add":
                    log.append(NoteSet("0", str(number)))
                case "fork":
                    log.fork(line[number % len(line)].n, "edit")
                case "aside":
                    branch = log.fork(line[number % len(line)].n, "aside", aside=True)
                    log.append(NoteSet("0", str(number)), branch)
                case "switch":
                    log.switch(list(log.branches)[number % len(log.branches)])
                case "look" if number % 2:
                    following.catch_up()
                case "look":
                    caught_up(following)
                    check(following, log)
        caught_up(following)
        check(following, log)


def test_what_is_read_aside_goes_on_with_what_came_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follower, "_LONG", 10)
    log = Log()
    following = follow(log)
    for number in range(50):
        log.append(NoteSet("0", str(number)))
    log.fork(30, "edit")
    following.catch_up()
    log.append(NoteSet("0", "late"))
    log.switch(MAIN)
    log.append(NoteSet("0", "later"))
    caught_up(following)
    check(following, log)


@given(st.lists(st.tuples(st.sampled_from(["add", "act", "fork", "switch"]), st.integers(0, 99)), min_size=1))
def test_a_position_on_a_lane_and_the_record_there_are_inverse(steps: list[tuple[str, int]]) -> None:
    log = Log()
    log.append(WorldReset("do it.", Observation("You begin.")))
    for step, number in steps:
        line = log.line()
        match step:
            case "add":
                log.append(NoteSet("0", str(number)))
            case "act":
                log.append(ActionFinished(Observation("done")))
            case "fork":
                log.fork(line[number % len(line)].n, "edit")
            case "switch":
                log.switch(list(log.branches)[number % len(log.branches)])
    branches = BranchIndex(log.records)
    for name in log.branches:
        line = [record for record in log.line(name) if not isinstance(record.event, ANNOTATIONS)]
        for position, record in enumerate(line, start=1):
            assert branches.position(name, record.n) == position
            assert branches.record(name, position) == record.n
        assert branches.record(name, len(line) + 5) == line[-1].n
        own = [n for n, record in enumerate(line, start=1) if record.branch == name]
        acts = {n for n in own if isinstance(line[n - 1].event, ActionFinished)}
        span = branches.spans[name]
        for first in range(1, len(line) + 2):
            for last in range(first + 1, min(first + 4, len(line) + 2)):
                assert branches.holds(name, span.actions, first, last) == bool(acts & set(range(first, last)))
    assert branches.length == max(span.length for span in branches.spans.values())

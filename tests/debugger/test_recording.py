"""A recording's timeline and index are those of the log, whatever happens in between."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from recode_core.debugger.recording import Recording
from recode_core.events import ANNOTATIONS, ActionFinished, NoteSet, WorldReset
from recode_core.log import Log, Record
from recode_core.timeline import Timeline
from recode_core.timeline.branches import BranchIndex
from recode_core.values import Observation


def check(recording: Recording) -> None:
    log = recording.log
    assert recording.timeline.records == log.line(recording.branch)
    assert list(recording.branches.spans) == list(log.branches)
    assert recording.branches.added == len(log.records)
    for name in log.branches:
        line = [record for record in log.line(name) if not isinstance(record.event, ANNOTATIONS)]
        assert recording.branches.spans[name].length == len(line)


@settings(max_examples=60)
@given(
    steps=st.lists(st.tuples(st.sampled_from(["add", "add", "fork", "aside", "switch"]), st.integers(0, 99)))
)
def test_the_branch_that_goes_on_is_followed(steps: list[tuple[str, int]]) -> None:
    log = Log()
    log.append(WorldReset("do it.", Observation("You begin.")))
    recording = Recording(log)
    for step, number in steps:
        line = log.line(recording.branch)
        match step:
            case "add":
                log.append(NoteSet("0", str(number)), recording.branch)
            case "fork":
                recording.fork(line[number % len(line)].n, "edit", "")
            case "aside":
                branch = log.fork(line[number % len(line)].n, "aside", aside=True)
                log.append(NoteSet("0", str(number)), branch)
            case "switch":
                recording.switch(list(log.branches)[number % len(log.branches)])
        check(recording)


def test_a_record_is_added_to_one_timeline_once() -> None:
    log, added = Log(), list[int]()
    recording = Recording(log)

    class Counting(Timeline):
        def add(self, record: Record) -> None:
            added.append(record.n)
            super().add(record)

    recording.timeline = Counting()
    for number in range(20):
        log.append(NoteSet("0", str(number)))
    assert added == list(range(20))
    recording.close()
    log.append(NoteSet("0", "later"))
    assert len(added) == 20


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

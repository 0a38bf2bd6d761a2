"""A recording's timeline and index are those of the log, whatever happens in between."""

from __future__ import annotations

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from recode_core.debugger.recording import Recording
from recode_core.events import (
    ActionFinished,
    ActionReplaced,
    LimitReached,
    NoteSet,
    Place,
    StatementReached,
    WorldReset,
)
from recode_core.log import Log, Record
from recode_core.timeline import Timeline
from recode_core.timeline.branches import BranchIndex
from recode_core.values import Observation, Span


def check(recording: Recording) -> None:
    log = recording.log
    assert recording.timeline.records == log.line(recording.branch)
    assert list(recording.branches.spans) == list(log.branches)
    assert recording.branches.added == len(log.records)
    for name in log.branches:
        assert recording.branches.spans[name].count == len(Timeline(log.line(name), name).stops)


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


_PLACE = Place("0.1", (), Span(1, 0, 1, 4))
_STEPS = st.sampled_from(["add", "stop", "pass", "act", "set", "fail", "fork", "switch"])


@given(st.lists(st.tuples(_STEPS, st.integers(0, 99)), min_size=1))
def test_the_index_knows_the_stops_of_every_line(steps: list[tuple[str, int]]) -> None:
    log = Log()
    log.append(WorldReset("do it.", Observation("You begin.")))
    log.append(StatementReached(msgspec.structs.replace(_PLACE, node="0"), "while True:"))
    for step, number in steps:
        line = log.line()
        match step:
            case "add":
                log.append(NoteSet("0", str(number)))
            case "stop":
                log.append(StatementReached(_PLACE))
            case "pass":
                log.append(StatementReached(msgspec.structs.replace(_PLACE, passes=(number,))))
            case "act":
                log.append(ActionFinished(Observation("done")))
            case "set":
                log.append(ActionReplaced("look"))
            case "fail":
                log.append(LimitReached("calls", number, number))
            case "fork":
                log.fork(line[1 + number % (len(line) - 1)].n, "edit")
            case "switch":
                log.switch(list(log.branches)[number % len(log.branches)])
    branches = BranchIndex(log.records)
    for name in log.branches:
        timeline = Timeline(log.line(name), name)
        assert branches.spans[name].count == len(timeline.stops)
        for index, stop in enumerate(timeline.stops):
            assert branches.stop_record(name, index) == stop.n
            assert branches.stop_index(name, stop.n) == index
        for record in timeline.records:
            assert branches.stop_index(name, record.n) == timeline.stop_index(record.n)
        assert branches.stop_near(name, -1) == 0
        assert branches.stop_near(name, branches.length) == len(timeline.stops) - 1
    assert branches.length >= max(span.track.end for span in branches.spans.values())

"""Replay recorded history stop by stop to inspect the sandbox. Policy and world are not called."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing

from recode_core.debugger.restore import Restorer
from recode_core.events import ANNOTATIONS
from recode_core.executor import Recorder
from recode_core.interpreter import Interpreter
from recode_core.log import Log, Record
from recode_core.timeline import Stop, Timeline

Replay = Generator[tuple[Stop, list[Record], Interpreter]]


def replay(restorer: Restorer, log: Log, timeline: Timeline, end: int, after: int = -1) -> Replay:
    """Yield each stop after record `after` up to record `end`, with the records since the last one and the
    sandbox.

    The sandbox is for inspection only and is valid until the next stop is requested.
    """
    records = [each for each in timeline.up_to(end) if not isinstance(each.event, ANNOTATIONS)]
    first = sum(each.n <= after for each in records)
    executor = restorer.interpreter_at(timeline.up_to(after))
    run, records = executor.run, records[first:]
    run.recorder = recorder = Recorder(log, records)
    at = 0
    with closing(run.interpreter):
        while recorder.is_repeating:
            executor.repeat_one()
            since, at = records[at : recorder.repeated], recorder.repeated
            yield timeline.stop_at(since[-1].n), since, run.interpreter

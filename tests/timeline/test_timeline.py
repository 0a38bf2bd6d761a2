"""The timeline says of every record what a plain fold over the records up to it says."""

from __future__ import annotations

import random
import threading
import time
from pathlib import Path

import pytest

from recode_core.events import ANNOTATIONS, StatementFinished
from recode_core.log import Record
from recode_core.session import read
from recode_core.timeline import Timeline
from recode_core.timeline.variables import changed_by
from tests.support.tree_fold import Tree

FILES = sorted(Path(__file__).parents[2].joinpath("sessions").glob("*.jsonl"))
SAMPLES = [path for path in FILES if path.stem != "large"]


def variables_after(records: list[Record]) -> dict[str, object]:
    found: dict[str, object] = {}
    for record in records:
        found.update((variable.name, variable) for variable in changed_by(record.event))
        if isinstance(record.event, StatementFinished):
            for name in record.event.deleted:
                found.pop(name, None)
    return found


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_record_is_as_a_fold_says(path: Path) -> None:
    log = read(path).log()
    for branch in log.branches:
        line = log.line(branch)
        timeline, fold = Timeline(line), Tree()
        for at, record in enumerate(line):
            fold.apply(record)
            moment = timeline.at(record.n)
            assert moment.path == fold.path
            assert (moment.outcome, moment.score, moment.instruction) == (
                fold.outcome,
                fold.score,
                fold.instruction,
            )
            assert (moment.depth, moment.limit) == (fold.depth, fold.limit)
            assert list(moment.nodes) == list(fold.nodes)
            for node in fold.nodes.values():
                now = moment.nodes[node.id]
                for name in type(now).__struct_fields__:
                    wanted = getattr(node, name)
                    assert getattr(now, name) == (tuple(wanted) if name == "children" else wanted), (
                        record.n,
                        node.id,
                        name,
                    )
            assert moment.variables() == variables_after(line[: at + 1])


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_record_shows_at_the_first_stop_after_it_and_an_annotation_where_it_was_made(path: Path) -> None:
    log = read(path).log()
    for branch in log.branches:
        timeline = Timeline(log.line(branch), branch)
        last = timeline.stops[-1]
        for record in timeline.records:
            stop = timeline.stop_showing(record.n)
            if isinstance(record.event, ANNOTATIONS):
                assert stop == timeline.stop_at(record.n)
            else:
                assert stop.n >= record.n or stop == last
                assert not any(record.n <= other.n < stop.n for other in timeline.stops)


def test_another_thread_may_ask_while_records_are_added() -> None:
    line = read(SAMPLES[-1]).log().line()
    timeline, asked = Timeline(), dict[int, object]()
    is_over = threading.Event()

    def ask() -> None:
        chance = random.Random(1)
        while not is_over.is_set():
            if (last := len(timeline.stops) - 1) > 0:
                stop = timeline.stops[chance.randint(max(0, last - 20), last)]
                asked[stop.n] = answers(timeline, stop.n)

    reader = threading.Thread(target=ask)
    reader.start()
    try:
        for record in line:
            timeline.add(record)
            time.sleep(0)  # let the other thread have its turn
    finally:
        is_over.set()
        reader.join()
    assert len(asked) > 5
    assert asked == {n: answers(timeline, n) for n in asked}


def answers(timeline: Timeline, n: int) -> object:
    """What is asked of a moment by those who show it."""
    moment = timeline.at(n)
    return (moment.stop, moment.path, moment.nodes, moment.variables(), moment.facts(), moment.usage)

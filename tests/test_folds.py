"""The timelines of all branches are those of their lines."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from recode_core.debugger import render
from recode_core.events import BranchStarted, EpisodeFinished, NoteSet, Place, StatementReached
from recode_core.export.page.node_events import NodeEvents
from recode_core.graph import to_graph
from recode_core.log import Log, Record
from recode_core.session import read
from recode_core.timeline import Timeline, all_branches
from recode_core.timeline.all_branches import timelines
from recode_core.timeline.branches import BranchIndex
from recode_core.values import Span

SAMPLE = Path(__file__).parents[1] / "sessions" / "household-puttwo.jsonl"
PLACE = Place("0", (), Span(1, 0, 1, 1))


def branched(seed: int) -> Log:
    """A recorded run with branches that leave each other anywhere."""
    chance, log = random.Random(seed), Log(read(SAMPLE).records)
    for number in range(20):
        parent = chance.choice(list(log.branches))
        at = chance.choice([-1, *(record.n for record in log.line(parent))])
        log.append(BranchStarted(parent, at, "tried"), f"edit-{number}")
        for _ in range(chance.randrange(4)):
            event = chance.choice(
                (StatementReached(PLACE), NoteSet("0", "x"), EpisodeFinished("done", number / 100))
            )
            log.append(event)
    return log


def chain(length: int) -> Log:
    """Branches that each leave the one before at its end."""
    log = Log(read(SAMPLE).records)
    for _ in range(length):
        log.fork(len(log) - 1, "edit")
    return log


@pytest.mark.parametrize("seed", range(4))
def test_each_branch_has_the_timeline_of_its_line(seed: int) -> None:
    log = branched(seed)
    found = dict(timelines(log))
    assert list(found) == list(log.branches)
    for branch in log.branches:
        whole, timeline = Timeline(log.line(branch)), found[branch]
        assert (timeline.records, timeline.stops) == (whole.records, whole.stops)
        assert (timeline.end.nodes, timeline.end.path) == (whole.end.nodes, whole.end.path)
        assert timeline.end.variables() == whole.end.variables()
        told, wanted = NodeEvents(timeline), NodeEvents(whole)
        assert (told.by_node, told.last) == (wanted.by_node, wanted.last)


@pytest.mark.parametrize("seed", range(4))
def test_each_branch_in_the_index_has_the_outcome_of_its_line(seed: int) -> None:
    log = branched(seed)
    for found in BranchIndex(log.records).branches():
        assert found.outcome == Timeline(log.line(found.name)).end.outcome


def test_a_branch_that_leaves_after_the_end_of_a_run_has_its_outcome() -> None:
    log = chain(2)
    assert [each.outcome for each in BranchIndex(log.records).branches()] == ["solved"] * 3
    assert Timeline(log.line()).end.outcome == "solved"


@pytest.mark.slow
def test_thousands_of_branches_in_a_chain_are_each_gone_through_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log, added = chain(3000), list[int]()

    class Counting(Timeline):
        def add(self, record: Record) -> None:
            added.append(record.n)
            super().add(record)

        def copy(self) -> Counting:
            return self

    monkeypatch.setattr(all_branches, "Timeline", Counting)
    list(timelines(log))
    assert added == list(range(len(log)))
    lines = list(render.branches(log, log.branch))
    assert (len(lines), lines[-1].split("  ")[-1].strip()) == (3001, "solved, score 1")
    assert len(to_graph(chain(100))) == 101 * len(Timeline(log.line()).end.nodes)

"""A fold over all branches is the fold of each one's line."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from recode_core.debugger import show
from recode_core.events import BranchStarted, EpisodeFinished, NoteSet, Place, StatementReached
from recode_core.export.page.story import Story
from recode_core.folds import folded
from recode_core.graph import to_graph
from recode_core.log import Log, Record
from recode_core.session import read
from recode_core.tree import Tree
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
def test_each_branch_has_the_fold_of_its_line(seed: int) -> None:
    log = branched(seed)
    trees, stories = dict(folded(log, Tree())), dict(folded(log, Story()))
    assert list(trees) == list(stories) == list(log.branches)
    for branch, started in log.branches.items():
        line = log.line(branch)
        whole, story = Tree(line), Story(line)
        assert (trees[branch].nodes, trees[branch].path) == (whole.nodes, whole.path)
        assert (stories[branch].facts, stories[branch].last) == (story.facts, story.last)
        if started is not None:
            assert trees[branch].began == Tree(log.line(started.parent, started.at)).path


@pytest.mark.parametrize("seed", range(4))
def test_each_branch_has_the_last_ending_of_its_line(seed: int) -> None:
    log = branched(seed)
    for branch, ending in log.last_of_each(EpisodeFinished).items():
        endings = [each.event for each in log.line(branch) if isinstance(each.event, EpisodeFinished)]
        assert ending == (endings[-1] if endings else None)


@pytest.mark.slow
def test_thousands_of_branches_in_a_chain_are_each_gone_through_once() -> None:
    log, applied = chain(3000), list[int]()

    class Counting:
        def apply(self, record: Record) -> None:
            applied.append(record.n)

        def copy(self) -> Counting:
            return self

    list(folded(log, Counting()))
    assert applied == list(range(len(log)))
    lines = list(show.branches(log, log.branch))
    assert (len(lines), lines[-1].split("  ")[-1].strip()) == (3001, "solved, score 1")
    assert len(to_graph(chain(100))) == 101 * len(Tree(log.line()).nodes)

"""Law 6: the path that the fold says is running equals the executor's frames, after every record.

Annotations take no part in execution: the texts of a request are stored on the way to it, so the
frames are compared after the request itself.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.support.runs import RunHarness

from recode_core.events import ANNOTATIONS, EpisodeFinished
from recode_core.executor.stops import AtEnd
from recode_core.log import Record
from recode_core.tree import Tree


def test_the_path_of_the_fold_is_the_path_of_the_frames_after_every_record(
    begin: Callable[..., RunHarness], name: str
) -> None:
    tree, seen = Tree(), 0
    differences: list[tuple[Record, object, object]] = []

    def look(record: Record) -> None:
        nonlocal seen
        tree.apply(record)
        seen += 1
        if not isinstance(record.event, ANNOTATIONS) and tree.path != played.executor.path:
            differences.append((record, tree.path, played.executor.path))

    with begin(name, sink=look) as played:
        played.to_end()
    assert seen == len(played.log)
    assert differences == []


def test_the_fold_of_a_prefix_is_what_it_was_when_the_prefix_was_all(
    begin: Callable[..., RunHarness], recording: Callable[[str], list[Record]], name: str
) -> None:
    records = recording(name)
    live = Tree()
    for n, record in enumerate(records):
        live.apply(record)
        if n % 10 == 0:
            fold = Tree(records[: n + 1])
            assert (fold.nodes, fold.path, fold.score) == (live.nodes, live.path, live.score)


def test_the_fold_tells_how_the_run_ended(begin: Callable[..., RunHarness], name: str) -> None:
    with begin(name) as played:
        end = played.to_end()
        tree = Tree(played.log.records)
    assert isinstance(end, AtEnd)
    assert isinstance(played.log.records[-1].event, EpisodeFinished)
    assert tree.outcome == end.outcome
    assert tree.root is not None
    assert tree.root.actions == played.run.spent.steps
    assert tree.root.calls == played.run.spent.calls

"""Law 6: the path that the fold says is running equals the executor's frames, after every record.

Annotations take no part in execution: the texts of a request are stored on the way to it, so the
frames are compared after the request itself.
"""

from __future__ import annotations

from collections.abc import Callable

from recode_core.events import ANNOTATIONS, EpisodeFinished
from recode_core.executor.run_state import AtEnd
from recode_core.log import Record
from recode_core.testing import RunHarness
from recode_core.timeline import Timeline


def test_the_path_of_the_fold_is_the_path_of_the_frames_after_every_record(
    begin: Callable[..., RunHarness], name: str
) -> None:
    timeline, seen = Timeline(), 0
    differences: list[tuple[Record, object, object]] = []

    def look(record: Record) -> None:
        nonlocal seen
        timeline.add(record)
        seen += 1
        path = timeline.end.path
        if not isinstance(record.event, ANNOTATIONS) and path != played.executor.path:
            differences.append((record, path, played.executor.path))

    with begin(name, sink=look) as played:
        played.to_end()
    assert seen == len(played.log)
    assert differences == []


def test_the_fold_of_a_prefix_is_what_it_was_when_the_prefix_was_all(
    begin: Callable[..., RunHarness], recording: Callable[[str], list[Record]], name: str
) -> None:
    records = recording(name)
    whole = Timeline(records)
    for n in range(0, len(records), 10):
        prefix, moment = Timeline(records[: n + 1]).end, whole.at(records[n].n)
        assert (prefix.nodes, prefix.path) == (moment.nodes, moment.path)
        assert (prefix.score, prefix.usage, prefix.variables()) == (
            moment.score,
            moment.usage,
            moment.variables(),
        )


def test_the_fold_tells_how_the_run_ended(begin: Callable[..., RunHarness], name: str) -> None:
    with begin(name) as played:
        end = played.to_end()
        tree = Timeline(played.log.records).end
    assert isinstance(end, AtEnd)
    assert isinstance(played.log.records[-1].event, EpisodeFinished)
    assert tree.outcome == end.outcome
    assert tree.root is not None
    assert tree.root.actions == played.run.spent.steps
    assert tree.root.calls == played.run.spent.calls

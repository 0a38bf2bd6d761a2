"""The scale of the timeline: cells that stay, zooming in and out, and the marks in the cells."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from recode_core.events import (
    ActionFinished,
    BranchStarted,
    EpisodeFinished,
    Event,
    LimitReached,
    Place,
    StatementReached,
)
from recode_core.log import MAIN, Record
from recode_core.timeline.branches import BranchIndex
from recode_core.timeline.stop_track import UNIT
from recode_core.values import Observation, Span
from recode_tui.debug.timeline_marks import marks
from recode_tui.debug.timeline_scale import Scale

WIDTHS = st.integers(1, 200)
LENGTHS = st.integers(0, 100_000 * UNIT)


def indexed(*events: Event, branch: str = MAIN, index: BranchIndex | None = None) -> BranchIndex:
    """An index of events, or one that has them in addition."""
    index = index or BranchIndex()
    for event in events:
        index.add(Record(index.added, branch, 0.0, event))
    return index


def stop(node: str, *passes: int) -> StatementReached:
    return StatementReached(Place(node, passes, Span(1, 0, 1, 4)))


def drawn(index: BranchIndex, scale: Scale, branch: str = MAIN) -> str:
    return "".join(sign for sign, _ in marks(index.spans[branch], scale))


def whole(index: BranchIndex, width: int = 64) -> Scale:
    return Scale.whole(width, index.length)


@given(WIDTHS, LENGTHS, st.integers(0, 100_000 * UNIT))
def test_every_position_is_in_the_cell_that_starts_before_it(width: int, length: int, position: int) -> None:
    scale = Scale.whole(width, length)
    cell = scale.cell(position)
    assert scale.start(cell) <= position < scale.start(cell + 1)
    assert position >= length or 0 <= cell < width


@given(WIDTHS, st.lists(st.sampled_from(["0.0", "loop", "limit"]), max_size=300))
def test_marks_stay_in_their_cells_until_the_run_has_doubled(width: int, steps: list[str]) -> None:
    index, passes, extents = BranchIndex(), 0, set()
    before: tuple[Scale, str] | None = None
    for step in steps:
        passes = passes + 1 if step == "loop" else 0
        event = stop("0.1", passes) if step == "loop" else LimitReached("calls", 1, 1)
        indexed(stop(step) if step == "0.0" else event, index=index)
        scale = whole(index, width)
        extents.add(scale.extent)
        row = drawn(index, scale)
        if (
            before is not None
            and before[0] == scale
            and index.spans[MAIN].track.fold_at(index.length - 1) is None
        ):
            end = before[1].rstrip()[:-1]  # more may happen in the last cell
            assert row.startswith(end)
        before = scale, row
    assert len(extents) <= 4  # 32, 64, 128 and 256 stops, and one more that begins the run


@given(WIDTHS, LENGTHS, LENGTHS, st.integers(1, 12))
def test_zooming_keeps_the_cell_of_its_position_and_is_undone(
    width: int, length: int, position: int, times: int
) -> None:
    position = min(position, length)
    scale = Scale.whole(width, max(length, UNIT))
    zoomed = scale
    for _ in range(times):
        nearer = zoomed.zoomed(1, position)
        assert abs(nearer.cell(position) - zoomed.cell(position)) <= 1
        assert nearer.extent == zoomed.extent // 2
        zoomed = nearer
    for _ in range(times):
        zoomed = zoomed.zoomed(-1, position)
    assert zoomed.extent == scale.extent
    assert zoomed.left * width <= 2 * times * scale.extent  # rounded by a cell each time at most


@given(WIDTHS, LENGTHS, LENGTHS)
def test_a_zoomed_scale_moves_to_a_position_that_it_does_not_show(
    width: int, position: int, other: int
) -> None:
    zoomed = Scale.whole(width, position + 1).zoomed(1, position).zoomed(1, position)
    moved = zoomed.showing(other)
    assert 0 <= moved.cell(other) < width and moved.extent == zoomed.extent
    assert moved.showing(other) == moved and zoomed.showing(position) == zoomed


def test_a_runaway_loop_leaves_the_other_branches_their_columns() -> None:
    index = indexed(*(stop(f"0.{number}") for number in range(10)))
    fork = index.spans[MAIN].track.numbers[-1]
    indexed(*(stop("0.10", number) for number in range(1, 7_501)), index=index)
    indexed(BranchStarted(MAIN, fork, "an edit"), branch="edit-1", index=index)
    for number in range(6):
        indexed(stop(f"0.{10 + number}"), ActionFinished(Observation("done")), branch="edit-1", index=index)
    indexed(EpisodeFinished("solved", 1.0), branch="edit-1", index=index)
    scale = whole(index)
    assert drawn(index, scale).strip("━ ") == "×7,500"
    assert drawn(index, scale).index("×") == scale.cell(14 * UNIT)
    assert drawn(index, scale, "edit-1").strip() == "╰━" + "┿━" * 6 + "━"  # two cells a stop


def test_a_fold_shows_its_passes_when_it_is_zoomed_in() -> None:
    index = indexed(stop("0.0"))
    for number in range(1, 201):
        indexed(stop("0.1", number), ActionFinished(Observation("done")), index=index)
    scale, position = whole(index), index.stop_position(MAIN, 100)
    assert "×200" in drawn(index, scale)
    while "×" in drawn(index, scale):
        scale = scale.zoomed(1, position)
    assert drawn(index, scale).startswith("‹") and drawn(index, scale).endswith("›")
    assert set(drawn(index, scale)[1:-1]) == {"┿"}
    assert "┿━━━┿━━━┿━━━" in drawn(index, scale.zoomed(1, position).zoomed(1, position))


def test_a_failure_is_seen_at_any_scale() -> None:
    index = indexed(*(stop("0.0") for _ in range(5_000)), LimitReached("steps", 1, 1), *[stop("0.1")] * 5_000)
    assert drawn(index, whole(index, 20)).count("✖") == 1


def test_a_narrow_fold_has_a_sign_without_the_number() -> None:
    index = indexed(*(stop("0.0", number) for number in range(1, 1_001)), *[stop("0.1")] * 100)
    assert "×━" in drawn(index, whole(index, 20))


def test_a_branch_that_has_just_been_started_is_its_fork() -> None:
    index = indexed(*(stop(f"0.{number}") for number in range(10)))
    indexed(BranchStarted(MAIN, 4, "an edit"), branch="edit-1", index=index)
    assert drawn(index, whole(index, 32), "edit-1").strip() == "╰"

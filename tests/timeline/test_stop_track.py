"""The track of a branch: positions of stops, with the later passes of loops folded."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from recode_core.events import Place
from recode_core.timeline.stop_track import FOLD, PASSES, UNIT, StopTrack
from recode_core.values import Span

SPAN = Span(1, 0, 1, 4)
NODES = st.sampled_from(["0", "0.1", "0.2", "0.2#2.0", "0.2#7.0", "0.2#3#9.0", "0#5.0", "0#5.0.1"])
PLACES = st.lists(
    st.tuples(NODES, st.lists(st.integers(1, 9), max_size=2), st.integers(1, 40)), min_size=1, max_size=20
)
"""Places, each with the number of stops in a row there."""


def place(node: str, *passes: int) -> Place:
    return Place(node, passes, SPAN)


def looped(passes: int, stops: int = 1) -> StopTrack:
    """A statement, and a loop with some stops in each pass."""
    track = StopTrack()
    track.add(0, place("0.0"))
    for number in range(1, passes + 1):
        for _ in range(stops):
            track.add(len(track), place("0.1", number))
    return track


@given(PLACES, st.integers(0, 5 * UNIT))
def test_positions_grow_and_lead_back_to_their_stops(
    places: list[tuple[str, list[int], int]], start: int
) -> None:
    track = StopTrack(start)
    for node, passes, times in places:
        for _ in range(times):
            track.add(len(track), place(node, *passes))
    positions = [track.position(index) for index in range(len(track))]
    assert positions == sorted(set(positions)) and positions[0] == start and positions[-1] < track.end
    for index, position in enumerate(positions):
        assert track.index_at(position) == track.index_from(position) == index
        assert track.index_from(position + 1) == index + 1
        assert track.index_at(position - 1) == max(0, index - 1)
    assert track.index_from(track.end) == track.index_from(track.end + UNIT) == len(track)


@given(PLACES)
def test_positions_change_only_in_a_fold_whose_stops_have_doubled(
    places: list[tuple[str, list[int], int]],
) -> None:
    track, moves = StopTrack(), 0
    stops = [place(node, *passes) for node, passes, times in places for _ in range(times)]
    for count, each in enumerate(stops, start=1):
        before = [track.position(index) for index in range(len(track))]
        track.add(len(track), each)
        after = [track.position(index) for index in range(len(track) - 1)]
        if before != after:
            moves += 1
            moved = next(index for index in range(count - 1) if before[index] != after[index])
            fold = track.fold_at(after[-1])
            assert fold is not None and fold.start <= after[moved] and count - moved >= FOLD - 1
    assert moves <= len(stops) // FOLD


def test_the_first_passes_of_a_loop_have_room_and_all_later_ones_a_bounded_width() -> None:
    track = looped(PASSES)
    assert track.end == (1 + PASSES) * UNIT and track.fold_at(track.end - 1) is None
    track = looped(7_500, stops=3)
    fold = track.fold_at(track.end - 1)
    assert fold is not None and fold.passes == 7_500
    assert fold.start == (1 + 3 * PASSES) * UNIT and FOLD // 2 * UNIT < fold.end - fold.start <= FOLD * UNIT
    assert track.fold_at(fold.start - 1) is None and track.fold_at(fold.end) is None


def test_a_short_loop_is_not_folded() -> None:
    track = looped(PASSES + FOLD)
    assert track.end == (1 + PASSES + FOLD) * UNIT
    assert all(track.fold_at(position * UNIT) is None for position in range(track.end // UNIT))


def test_what_follows_a_loop_is_at_its_end_and_stays_there() -> None:
    track = looped(1_000)
    end = track.end
    track.add(len(track), place("0.2"))
    track.add(len(track), None)
    assert [track.position(1_001), track.position(1_002)] == [end, end + UNIT]


def test_a_failure_is_in_no_fold() -> None:
    track = looped(1_000)
    track.add(len(track), None)
    assert track.fold_at(track.position(len(track) - 1)) is None


def test_an_inner_loop_is_folded_in_each_of_the_first_passes() -> None:
    track = StopTrack()
    for outer in range(1, 11):
        for inner in range(1, 101):
            track.add(len(track), place("0.1", outer, inner))
    folds, position = [], 0
    while position < track.end:
        if (fold := track.fold_at(position)) is not None:
            folds.append(fold.passes)
        position = fold.end if fold is not None else position + UNIT
    assert folds == [100, 100, 100, 10]


def test_placeholders_in_a_loop_belong_to_its_passes_and_the_turns_of_an_agent_do_not() -> None:
    track = StopTrack()
    for number in range(1, 101):
        track.add(len(track), place(f"0.3#{number}.0.2"))
    assert track.end <= (PASSES + FOLD) * UNIT
    turns = StopTrack()
    for number in range(1, 101):
        turns.add(len(turns), place(f"0#{number}.0", number))
    assert turns.end == 100 * UNIT


def test_records_are_found_at_their_stops() -> None:
    track = StopTrack()
    for n in (2, 5, 9):
        track.add(n, None)
    assert track.has_any([6], 1, 2) and not track.has_any([6], 0, 1) and not track.has_any([6], 2, 3)
    assert track.has_any([12], 2, 3) and not track.has_any([12], 1, 1) and not track.has_any([], 0, 3)

"""The difference of two texts, row by row."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from textual.content import Content

from recode_tui.debug.dialogs.diffs import Diff


def rows(before: str, after: str) -> list[str]:
    return [row.plain.rstrip() for row in Diff(before, after).unified()]


def test_what_went_stands_before_what_came() -> None:
    assert rows("a\nb\nc", "a\nx\ny\nc") == ["1   a", "2 - b", "2 + x", "3 + y", "4   c"]


def test_lines_that_are_the_same_are_left_out_far_from_a_difference() -> None:
    before = "\n".join(f"line{n}" for n in range(20))
    after = before.replace("line0\n", "first\n").replace("line19", "last")

    shown = rows(before, after)

    assert shown[:3] == [" 1 - line0", " 1 + first", " 2   line1"]
    assert "⋯" in shown and not any("line10" in row for row in shown)


def test_texts_face_each_other_side_by_side() -> None:
    facing = [row.plain for row in Diff("a\nb", "a\nx\ny").side_by_side(23)]

    assert facing == ["1   a      │ 1   a     ", "2 - b      │ 2 + x     ", "           │ 3 + y     "]


def test_long_lines_are_cut_side_by_side_and_whole_below() -> None:
    diff = Diff("a" * 50, "b" * 50)

    assert all(row.cell_length == 43 for row in diff.side_by_side(43))
    assert diff.side_by_side(43)[0].plain.count("…") == 2
    assert diff.unified()[0].plain == "1 - " + "a" * 50


def test_markup_and_control_codes_are_text() -> None:
    shown = rows("[b]a[/b]", "[Buy Now]\x1b[2J")

    assert shown == ["1 - [b]a[/b]", "1 + [Buy Now]␛[2J"]


def test_nothing_differs_between_equal_texts() -> None:
    assert Diff("a\nb", "a\nb").unified() == ()
    assert Diff("a\nb", "a\nb").counts == "no difference"
    assert Diff("a\nb", "a\nc\nd").counts == "+2 -1"


LINES = st.lists(st.sampled_from(["a", "b", "  c", "'''", ""])).map("\n".join)


@given(LINES, LINES)
def test_the_rows_hold_exactly_the_lines_that_differ(before: str, after: str) -> None:
    shown = [row.plain for row in Diff(before, after).unified()]
    width = len(str(max(before.count("\n"), after.count("\n")) + 1)) + 1
    old, new = before.split("\n"), after.split("\n")

    came = [row[width + 2 :] for row in shown if row[width : width + 1] == "+"]
    went = [row[width + 2 :] for row in shown if row[width : width + 1] == "-"]

    assert len(new) - len(came) == len(old) - len(went)
    assert sorted([*old, *came]) == sorted([*new, *went])


LONG = "places = ['cabinet 1', 'cabinet 2', 'drawer 1', 'drawer 2', 'shelf 1', 'desk 1', 'bed 1']"


def marked(row: Content) -> str:
    """The letters of a row that are underlined."""
    return "".join(row.plain[span.start : span.end] for span in row.spans if "underline" in str(span.style))


def test_the_letters_that_differ_are_marked_within_their_lines() -> None:
    went, came = Diff(LONG, LONG.replace("bed 1", "bed 7")).unified()

    assert (marked(went), marked(came)) == ("1", "7")


def test_of_lines_that_are_very_long_the_piece_that_differs_is_marked() -> None:
    long = "x" * 9000

    assert [marked(row) for row in Diff(f"{long}a{long}", f"{long}bc{long}").unified()] == ["a", "bc"]


def test_lines_that_have_nothing_in_common_are_not_compared_letter_by_letter() -> None:
    assert [marked(row) for row in Diff("abc", "xyz").unified()] == ["", ""]


def test_of_a_long_line_side_by_side_the_part_that_differs_is_seen() -> None:
    (row,) = Diff(LONG, LONG.replace("bed 1", "bed 7")).side_by_side(63)

    assert "bed 1" in row.plain and "bed 7" in row.plain and row.plain.count("…") == 2


@given(LINES, LINES, st.integers(30, 60))
def test_side_by_side_every_row_is_as_wide_as_asked(before: str, after: str, width: int) -> None:
    assert {row.cell_length for row in Diff(before, after).side_by_side(width)} <= {1, width - 1, width}

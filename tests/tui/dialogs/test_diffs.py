"""The difference of two texts, row by row."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

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

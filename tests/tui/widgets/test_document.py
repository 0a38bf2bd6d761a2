"""The content of a text view."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from textual.content import Content

from recode_tui.widgets.document import Document, Range, by_line, changed_lines, has_same_lines
from recode_tui.widgets.glyph import Glyph

MARK = Glyph("●", "failure")


@pytest.mark.parametrize(
    ("document", "width"),
    [
        (Document(("x",)), 0),
        (Document(("x",), has_marks=True), 2),
        (Document(("x",) * 9, numbered_from=0), 5),
        (Document(("x",) * 10, numbered_from=0), 6),
        (Document(("x",) * 10, numbered_from=1), 5),
    ],
)
def test_the_gutter_has_room_for_marks_and_the_longest_number(document: Document, width: int) -> None:
    assert document.gutter_width == width


def test_the_text_of_a_line_is_plain() -> None:
    document = Document(("[b]x[/b]", Content.styled("y", "bold")))
    assert (document.text(0), document.text(1)) == ("[b]x[/b]", "y")


def test_ranges_are_grouped_by_line_in_order() -> None:
    first, second, other = Range(1, 0, 2, "now"), Range(1, 4, 5, "quiet"), Range(0, 0, 1, "now")
    assert by_line((first, other, second)) == {0: (other,), 1: (first, second)}


def test_lines_change_with_their_marks_ranges_and_the_current_line() -> None:
    old = Document(("x",) * 9, marks={1: MARK, 2: MARK}, ranges=(Range(3, 0, 1, "now"),), current=4)
    assert changed_lines(old, replace(old, lines=old.lines)) == set()
    assert changed_lines(old, replace(old, marks={2: MARK, 5: MARK})) == {1, 5}
    assert changed_lines(old, replace(old, ranges=(Range(3, 0, 2, "now"), Range(6, 0, 1, "now")))) == {3, 6}
    assert changed_lines(old, replace(old, current=7)) == {4, 7}
    assert changed_lines(old, replace(old, current=None)) == {4}


def test_lines_are_the_same_if_their_texts_and_styles_are() -> None:
    one = Document(("a", Content.styled("b", "bold")))
    assert has_same_lines(one, Document(["a", Content.styled("b", "bold")]))
    for other in (
        Document(["a", "b"]),
        Document(["a", Content.styled("b", "italic")]),
        Document(["a"]),
        Document(["c", Content.styled("b", "bold")]),
    ):
        assert not has_same_lines(one, other)

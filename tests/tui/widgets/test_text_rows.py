"""The rows of wrapped and unwrapped lines."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from recode_tui.widgets.text_rows import TextRow, UnwrappedRows, WrappedRows


def test_an_unwrapped_line_is_a_row() -> None:
    lines = ["one", ""]
    rows = UnwrappedRows(lambda line: lines[line], 2)
    assert [rows.at(n) for n in range(-1, 3)] == [None, TextRow(0, 0, 3), TextRow(1, 0, 0), None]
    assert (rows.first_of(1, 5), rows.height) == (1, 2)
    lines.append("three")
    rows.extend(3)
    assert (rows.at(2), rows.height) == (TextRow(2, 0, 5), 3)


def test_a_line_is_broken_after_a_space_and_a_long_word_anywhere() -> None:
    lines = ["to be or not", "abcdefgh", "ab  cd"]
    rows = WrappedRows(lambda line: lines[line], 3, 5)
    rows.lay_out(10)
    pieces = [lines[row.line][row.start : row.end] for n in range(rows.height) if (row := rows.at(n))]
    assert pieces == ["to be ", "or ", "not", "abcde", "fgh", "ab  ", "cd"]


def test_a_column_is_found_in_its_row() -> None:
    lines = ["to be or not", "end"]
    rows = WrappedRows(lambda line: lines[line], 2, 5)
    assert [rows.first_of(0, column) for column in (0, 5, 6, 8, 9, 11)] == [0, 0, 1, 1, 2, 2]
    assert rows.first_of(1) == 3


def test_only_the_rows_that_are_asked_for_are_laid_out() -> None:
    rows = WrappedRows(lambda line: "a word", 1000, 20)
    assert (rows.at(4), rows.height, rows.is_complete) == (TextRow(4, 0, 6), 6, False)
    assert (rows.at(1000), rows.height, rows.is_complete) == (None, 1000, True)


@given(st.lists(st.text(st.sampled_from("ab 日🧼"), max_size=40), max_size=8), st.integers(2, 12))
def test_a_wrap_shows_every_character_once_and_fits(lines: list[str], width: int) -> None:
    rows = WrappedRows(lines.__getitem__, len(lines), width)
    rows.lay_out(10)
    shown = [row for n in range(rows.height) if (row := rows.at(n)) is not None]
    assert rows.at(rows.height) is None
    for number, line in enumerate(lines):
        pieces = [line[row.start : row.end] for row in shown if row.line == number]
        assert "".join(pieces) == line and pieces
        assert all(cell_len(piece.rstrip(" ")) <= width for piece in pieces if piece.strip())
    for index, row in enumerate(shown):
        assert rows.first_of(row.line, row.start) == index


@given(
    st.lists(st.text(st.sampled_from("ab \n"), min_size=1, max_size=30), min_size=1, max_size=6),
    st.integers(2, 9),
    st.integers(0, 5),
)
def test_a_wrap_that_grew_is_the_same_as_one_made_at_once(pieces: list[str], width: int, laid: int) -> None:
    lines = [""]
    grown = WrappedRows(lambda n: lines[n], 1, width)
    for piece in pieces:
        grown.at(laid)
        first, *others = piece.split("\n")
        lines[-1] += first
        lines += others
        grown.extend(len(lines))
    whole = WrappedRows(lambda n: lines[n], len(lines), width)
    grown.lay_out(10)
    whole.lay_out(10)
    assert [grown.at(n) for n in range(grown.height)] == [whole.at(n) for n in range(whole.height)]

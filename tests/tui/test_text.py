"""Text from outside cannot steer the terminal."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from recode_tui.text import one_line, plain


@given(st.text(st.characters(exclude_categories=())))
def test_nothing_that_steers_a_terminal_is_left(text: str) -> None:
    shown = plain(text)
    assert len(shown) == len(text)
    assert not [sign for sign in shown if unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\t\n"]
    shown.encode()


def test_what_is_harmless_stays_as_it_is() -> None:
    flag = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
    text = f"[Buy Now]\n\tüß 🧼 日本 e\u0301 👩\u200d🚀 \u0645\u06cc\u200c\u062e\u0648 {flag}"
    assert plain(text) == text


def test_what_is_hidden_is_seen() -> None:
    assert plain("a\u200bb\ufeffc\u200dd\xade\U000e0041f\u200eg") == "a�b�c�d�e�f�g"
    assert plain("e" + "\u0301" * 1000) == "e" + "\u0301" * 4 + "�" * 996


def test_an_escape_sequence_is_shown_and_not_obeyed() -> None:
    assert plain("a\x1b[2Jb\x07c\x7fd\x9be\u202ef") == "a␛[2Jb␇c␡d�e�f"


@given(st.text(), st.integers(1, 30))
def test_one_line_is_one_line_of_at_most_its_width(text: str, width: int) -> None:
    line = one_line(text, width)
    assert len(line) <= width
    assert len(line.splitlines()) <= 1


def test_a_shortened_line_says_so() -> None:
    assert one_line("go to  the\nshelf", 8) == "go to t…"

"""Signs in encodings that lack them."""

from __future__ import annotations

import string

import pytest
from rich.cells import cell_len

from recode_core.statuses import GLYPHS, UNEXPANDED
from recode_tui.encoding import STAND_INS
from recode_tui.home.session_info import LEGEND as HOME_LEGEND
from recode_tui.statuses import LEGEND

ENCODINGS = ["ascii", "cp1252", "cp437", "latin-1"]


def written(text: str, encoding: str) -> str:
    return text.encode(encoding, STAND_INS).decode(encoding)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_status_has_a_sign_of_its_own(encoding: str) -> None:
    signs = [written(glyph, encoding) for glyph in (*GLYPHS.values(), UNEXPANDED)]
    assert len({*signs}) == len(signs)
    assert "?" not in signs


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("legend", [LEGEND, HOME_LEGEND])
def test_the_signs_of_a_legend_differ(encoding: str, legend: tuple[tuple[str, object], ...]) -> None:
    glyphs = {glyph.text for _, glyph in legend}  # type: ignore[attr-defined]
    signs = {written(glyph, encoding) for glyph in glyphs}
    assert len(signs) == len(glyphs)
    assert "?" not in signs


def test_done_and_failed_in_ascii() -> None:
    assert written("├ ✔ a\n└ ✖ b", "ascii") == "| + a\n` x b"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_stand_in_is_as_wide_as_its_character(encoding: str) -> None:
    for character in "✔✖◐·…–日本🧼é":
        assert cell_len(written(character, encoding)) == cell_len(character)


def test_what_has_no_stand_in_is_a_question_mark() -> None:
    assert written("üß\ud800", "ascii") == "???"
    assert written(string.printable, "ascii") == string.printable


def test_utf8_is_written_as_it_is() -> None:
    assert written("✔ 日本 🧼", "utf-8") == "✔ 日本 🧼"

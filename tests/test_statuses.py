"""Every status and outcome has a glyph or words of its own."""

from __future__ import annotations

from typing import get_args

import pytest

from recode_core.events import Outcome
from recode_core.statuses import GLYPHS, UNEXPANDED, outcome_text
from recode_core.timeline.nodes import Status
from recode_tui.statuses import LOOKS


def test_every_status_has_a_glyph_that_no_other_has() -> None:
    assert set(GLYPHS) == set(get_args(Status))
    assert len({*GLYPHS.values(), UNEXPANDED}) == len(GLYPHS) + 1


def test_the_screen_shows_the_glyphs_of_the_page() -> None:
    assert {status: look.glyph for status, look in LOOKS.items()} == GLYPHS


@pytest.mark.parametrize(
    ("outcome", "text"),
    [
        (None, "unfinished"),
        ("solved", "solved"),
        ("limit", "not solved: the limit of calls is reached"),
        ("failed", "not solved: the root failed"),
        ("done", "not solved: the world is done"),
        ("finished", "not solved: the code came to its end"),
    ],
)
def test_an_outcome_is_told_in_words(outcome: Outcome | None, text: str) -> None:
    assert outcome_text(outcome, "calls") == text

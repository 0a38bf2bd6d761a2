"""Every status and outcome has a glyph or words of its own, and no glyph has two meanings."""

from __future__ import annotations

from typing import get_args

import pytest

from recode_core.events import Outcome
from recode_core.statuses import GLYPHS, OUTCOME_GLYPHS, UNEXPANDED, glyph_of, outcome_text
from recode_core.timeline.nodes import Kind, Status
from recode_tui.debug.dialogs.compare import DIVERGENCE, SIGNS
from recode_tui.home import session_info
from recode_tui.statuses import CURRENT, LEGEND, LOOKS, OUTCOMES, look_of


def test_every_status_has_a_glyph_that_no_other_has() -> None:
    assert set(GLYPHS) == set(get_args(Status))
    assert len({*GLYPHS.values(), UNEXPANDED}) == len(GLYPHS) + 1


def test_every_outcome_has_a_glyph_and_the_reasons_that_differ_look_different() -> None:
    assert set(OUTCOME_GLYPHS) == {None, *get_args(Outcome)} == set(OUTCOMES)
    kinds: tuple[Outcome | None, ...] = ("solved", "failed", "limit", "done", None)
    assert len({OUTCOME_GLYPHS[kind] for kind in kinds}) == len(kinds)
    assert OUTCOME_GLYPHS["done"] == OUTCOME_GLYPHS["finished"]


def test_the_screen_shows_the_glyphs_of_the_page() -> None:
    assert {status: look.glyph for status, look in LOOKS.items()} == GLYPHS
    assert {outcome: look.glyph for outcome, look in OUTCOMES.items()} == OUTCOME_GLYPHS


def test_the_help_has_every_glyph_once() -> None:
    glyphs = [look.glyph for _, look in LEGEND]
    assert len(set(glyphs)) == len(glyphs) == len({meaning for meaning, _ in LEGEND})
    assert {look.glyph for look in (*LOOKS.values(), *OUTCOMES.values())} <= set(glyphs)


def test_a_glyph_of_home_or_of_the_comparison_means_nothing_else_in_the_debugger() -> None:
    meanings = {look.glyph: meaning for meaning, look in LEGEND}
    for meaning, look in session_info.LEGEND:
        assert meanings.get(look.glyph, meaning) == meaning
    assert not {DIVERGENCE.glyph, *(sign.glyph for sign in SIGNS.values())} & set(meanings)


@pytest.mark.parametrize("outcome", ["done", "finished"])
def test_the_root_of_a_run_that_ended_unsolved_is_not_shown_as_done(outcome: Outcome) -> None:
    kind: Kind = "placeholder"
    assert glyph_of("0", kind, "done", outcome) == glyph_of("0", kind, "stopped", outcome) == "□"
    assert look_of("0", kind, "done", outcome).tone == "failure"
    assert look_of("0", kind, "done", "solved") == LOOKS["done"]
    assert look_of("0", kind, "failed", "failed") == LOOKS["failed"]
    assert look_of("0.1", kind, "done", outcome) == LOOKS["done"]
    assert look_of("0", kind, "running") == LOOKS["running"] != CURRENT


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

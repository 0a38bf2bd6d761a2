"""Every status and outcome has a glyph or words of its own, and no glyph has two meanings."""

from __future__ import annotations

from typing import get_args

import pytest

from recode_core import statuses
from recode_core.events import Outcome
from recode_core.statuses import OUTCOME_GLYPHS, UNEXPANDED, outcome_text
from recode_core.timeline.nodes import Kind, Status
from recode_tui.debug.dialogs.compare import DIVERGENCE, SIGNS
from recode_tui.home import session_info
from recode_tui.statuses import CURRENT, GLYPHS, LEGEND, OUTCOMES, glyph_of


def test_every_status_has_a_glyph_that_no_other_has() -> None:
    assert set(statuses.GLYPHS) == set(get_args(Status))
    assert len({*statuses.GLYPHS.values(), UNEXPANDED}) == len(statuses.GLYPHS) + 1


def test_every_outcome_has_a_glyph_and_the_reasons_that_differ_look_different() -> None:
    assert set(OUTCOME_GLYPHS) == {None, *get_args(Outcome)} == set(OUTCOMES)
    kinds: tuple[Outcome | None, ...] = ("solved", "failed", "limit", "done", None)
    assert len({OUTCOME_GLYPHS[kind] for kind in kinds}) == len(kinds)
    assert OUTCOME_GLYPHS["done"] == OUTCOME_GLYPHS["finished"]


def test_the_screen_shows_the_glyphs_of_the_page() -> None:
    assert {status: glyph.text for status, glyph in GLYPHS.items()} == statuses.GLYPHS
    assert {outcome: glyph.text for outcome, glyph in OUTCOMES.items()} == OUTCOME_GLYPHS


def test_the_help_has_every_glyph_once() -> None:
    glyphs = [glyph.text for _, glyph in LEGEND]
    assert len(set(glyphs)) == len(glyphs) == len({meaning for meaning, _ in LEGEND})
    assert {glyph.text for glyph in (*GLYPHS.values(), *OUTCOMES.values())} <= set(glyphs)


def test_a_glyph_of_home_or_of_the_comparison_means_nothing_else_in_the_debugger() -> None:
    meanings = {glyph.text: meaning for meaning, glyph in LEGEND}
    for meaning, glyph in session_info.LEGEND:
        assert meanings.get(glyph.text, meaning) == meaning
    assert not {DIVERGENCE.text, *(sign.text for sign in SIGNS.values())} & set(meanings)


ENDED: tuple[Status, ...] = ("done", "stopped")


@pytest.mark.parametrize("outcome", ["done", "finished"])
def test_the_root_of_a_run_that_ended_unsolved_is_not_shown_as_done(outcome: Outcome) -> None:
    kind: Kind = "placeholder"
    assert {statuses.glyph_of("0", kind, status, outcome) for status in ENDED} == {"□"}
    assert glyph_of("0", kind, "done", outcome).tone == "failure"
    assert glyph_of("0", kind, "done", "solved") == GLYPHS["done"]
    assert glyph_of("0", kind, "failed", "failed") == GLYPHS["failed"]
    assert glyph_of("0.1", kind, "done", outcome) == GLYPHS["done"]
    assert glyph_of("0", kind, "running") == GLYPHS["running"] != CURRENT


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

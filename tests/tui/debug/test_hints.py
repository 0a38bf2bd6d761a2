"""Hints are shown once, at most one at a time, and go away."""

from __future__ import annotations

import pytest

from recode_core.config import config_path
from recode_tui import preferences
from recode_tui.debug import hints, keys
from recode_tui.debug.hints import HINTS, SECONDS, Hints, Situation
from recode_tui.session_sources import Open
from tests.tui.debug.conftest import OpenScreen

PLAIN = Situation("plan", "statement")
ON_VARIABLES, ON_TIMELINE = Situation("variables", "statement"), Situation("timeline", "statement")


def test_a_hint_is_shown_where_it_helps_for_a_while_and_once() -> None:
    remembered: list[str] = []
    found = Hints((), remembered.append)
    assert found.at(PLAIN, 0) == ""
    text = found.at(ON_VARIABLES, 1)
    assert text.startswith("enter shows its changes") and remembered == ["variables"]
    assert found.at(ON_VARIABLES, SECONDS) == text
    assert found.at(ON_VARIABLES, SECONDS + 1) == ""
    assert remembered == ["variables"]


def test_a_hint_goes_with_its_situation_and_the_next_one_waits() -> None:
    found = Hints((), lambda name: None)
    assert found.at(ON_VARIABLES, 0)
    assert found.at(PLAIN, 1) == ""
    assert found.at(ON_TIMELINE, 2) == ""
    assert found.at(ON_TIMELINE, SECONDS).startswith("← → look")


def test_a_hint_that_is_dismissed_does_not_come_back() -> None:
    found = Hints((), lambda name: None)
    assert found.at(ON_VARIABLES, 0)
    found.dismiss()
    assert found.at(ON_VARIABLES, 1) == found.at(ON_VARIABLES, SECONDS + 1) == ""


def test_hints_that_were_seen_are_not_shown() -> None:
    found = Hints((hint.name for hint in HINTS), lambda name: pytest.fail(name))
    for panel in ("plan", "code", "environment", "variables", "timeline", "console"):
        assert found.at(Situation(panel, "failure", is_past=True, branches=2), 0) == ""


@pytest.mark.parametrize(
    ("now", "name"),
    [
        (Situation("plan", "failure", branches=2), "failure"),
        (Situation("plan", "statement", is_past=True, branches=2), "past"),
        (Situation("plan", "statement", is_past=True, is_read_only=True), ""),
        (Situation("plan", "statement", branches=2), "branches"),
        (Situation("plan", "model"), "prompt"),
        (Situation("environment", "action"), "environment"),
        (Situation("console", "action"), "console"),
        (Situation("code", "action"), "code"),
    ],
)
def test_the_first_of_several_hints_is_shown(now: Situation, name: str) -> None:
    remembered: list[str] = []
    Hints((), remembered.append).at(now, 0)
    assert remembered == ([name] if name else [])


def test_a_hint_has_the_users_keys_and_fits_into_the_border() -> None:
    assert len({hint.name for hint in HINTS}) == len(HINTS)
    assert all(len(hint.with_keys()) <= 44 for hint in HINTS)
    keys.use({"edit": "f7"})
    try:
        past = next(hint for hint in HINTS if hint.name == "past")
        assert past.with_keys() == "f7 changes the past, on a branch"
    finally:
        keys.use({})


async def test_a_hint_is_in_the_border_of_the_plan_until_escape_and_is_remembered(
    open_screen: OpenScreen, recording: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    hint = next(hint for hint in HINTS if hint.name == "variables")
    monkeypatch.setattr(hints, "HINTS", (hint,))
    async with open_screen(recording) as ui:
        assert hint.with_keys() not in ui.seen
        await ui.press("4")
        assert ui.seen.count(hint.with_keys()) == 1
        assert hint.with_keys() in ui.plan.split("\n")[-1]
        assert preferences.remembered().hints == ("variables",)
        await ui.press("escape")
        assert hint.with_keys() not in ui.seen
    async with open_screen(recording) as ui:
        await ui.press("4")
        assert hint.with_keys() not in ui.seen


async def test_without_hints_there_are_none(open_screen: OpenScreen, recording: Open) -> None:
    config_path().parent.mkdir(parents=True)
    config_path().write_text("hints = false\n")
    async with open_screen(recording) as ui:
        await ui.press("4", "5", "3")
        assert not any(hint.with_keys() in ui.seen for hint in HINTS)
        assert preferences.remembered().hints == ()


async def test_in_one_column_the_border_names_the_other_panels_beside_a_hint(
    open_screen: OpenScreen, recording: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hints, "HINTS", (hints.Hint("all", "a hint", lambda now: True),))
    async with open_screen(recording, size=(80, 24)) as ui:
        lines = ui.plan.split("\n")
        assert "2 Code  3 Env  4 Vars  5 Time  6 Console" in lines[-1]
        assert "1 Plan ─ a hint" in lines[0]
        await ui.pilot.resize_terminal(120, 40)
        await ui.settle()
        assert "3 Env " not in ui.plan
        await ui.pilot.resize_terminal(44, 24)
        await ui.settle()
        assert "3 Env " not in ui.plan

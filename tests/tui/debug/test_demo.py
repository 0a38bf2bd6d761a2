"""`recode demo`: a run that failed is understood, mended and compared, with keys alone, along its tour."""

from __future__ import annotations

from pathlib import Path

import pytest

from recode_tui import preferences, session_sources
from recode_tui.debug.dialogs.compare import CompareScreen
from recode_tui.debug.keys import SHOWN
from recode_tui.demo.bar import TourBar
from recode_tui.demo.steps import KEY, STEPS
from recode_tui.session_sources import Open
from tests.tui.debug.conftest import SAMPLES, OpenScreen
from tests.tui.debug.debugger_pilot import DebuggerPilot

SIZES = [(120, 40), (80, 24)]


@pytest.fixture
def demo(path: Path) -> Open:
    return session_sources.demo(path)


def bar(ui: DebuggerPilot) -> str:
    """What is seen of the tour, on one line; empty while it is hidden. A dialog may cover it."""
    widget = ui.screen.query_one(TourBar)
    rows = ui.seen.split("\n")[widget.region.y : widget.region.bottom]
    return " ".join(" ".join(rows).split()) if widget.display else ""


async def at_step(ui: DebuggerPilot, number: int) -> None:
    """Wait until the tour is at a step, of which all is seen."""
    step = STEPS[number - 1]
    whole = f"{number}/{len(STEPS)} {step.keys} {step.text}"
    await ui.until(lambda: bar(ui) == whole)


@pytest.mark.parametrize("size", SIZES)
async def test_the_story_by_its_keys(open_screen: OpenScreen, demo: Open, size: tuple[int, int]) -> None:
    async with open_screen(demo, size) as ui:
        assert "put a hot mug in coffee"[:15] in ui.status and "not solved" in ui.status
        assert "scripted + expert" in ui.status and "scripted mistake" in ui.footer
        await ui.press("ctrl+t")
        await at_step(ui, 1)
        await ui.press("3")
        await at_step(ui, 2)
        assert "∅ 0.8.2   heat mug 1 with stoveburner 1 Nothing happens." in ui.panel("environment")
        await ui.command("blame 1")
        await at_step(ui, 3)
        assert "the expansion of 0.8 is the decision that lost the task" in ui.panel("console")
        assert ui.frame.culprit == "0.8"
        await ui.press("4", "down", "down", "o")
        await at_step(ui, 4)
        assert "by the statement: tool = 'stoveburner 1'" in ui.panel("console")
        await ui.command("goto 0.8")
        await at_step(ui, 5)
        assert ui.at == ("model", "0.8") and "⚑" in ui.plan
        await ui.press("2", "right_square_bracket")
        await at_step(ui, 6)
        await ui.hit("g")
        await ui.until(lambda: ui.has_dialog)
        await ui.press("enter")
        await at_step(ui, 7)
        await ui.press("c")
        await at_step(ui, 8)
        assert "✔ solved" in ui.status and "regenerate-1" in ui.status
        await compare(ui)
        await at_step(ui, 9)
        await ui.until(lambda: "they diverge here" in ui.seen)
        await ui.press("escape")
        await at_step(ui, 10)
        await ui.press("ctrl+t")
        assert bar(ui) == ""


@pytest.mark.parametrize("size", SIZES)
async def test_the_code_is_mended_by_hand_as_well(
    open_screen: OpenScreen, demo: Open, size: tuple[int, int]
) -> None:
    async with open_screen(demo, size) as ui:
        await ui.press("ctrl+t", "3")
        await ui.command("blame 1")
        await ui.command("origin tool")
        await ui.command("goto 0.8")
        await ui.press("2", "right_square_bracket")
        await at_step(ui, 6)
        await ui.press("left_square_bracket")
        await ui.press("1")
        await ui.hit("e")
        await ui.until(lambda: "Expand heat_object" in ui.seen)
        await ui.paste("run('go to microwave 1')\nresult = run(f'heat {obj_ID} with microwave 1')")
        await ui.hit("ctrl+s")
        await ui.until(lambda: not ui.has_dialog)
        await ui.settle()
        await at_step(ui, 7)
        await ui.press("c")
        await at_step(ui, 8)
        assert "✔ solved" in ui.status and "edit-1" in ui.status


async def compare(ui: DebuggerPilot) -> None:
    """Compare the current branch with the first one."""
    await ui.hit("T")
    await ui.until(lambda: ui.has_dialog)
    await ui.taken()
    await ui.hit("c", "home", "c")
    await ui.until(lambda: isinstance(ui.app.screen, CompareScreen))
    await ui.taken()


@pytest.mark.parametrize("size", SIZES)
async def test_every_dialog_leaves_the_tour_visible(
    open_screen: OpenScreen, demo: Open, size: tuple[int, int]
) -> None:
    async with open_screen(demo, size) as ui:
        await ui.press("ctrl+t")
        await ui.command("goto 0.8")
        await ui.until(lambda: "You are elsewhere" in bar(ui))
        tour = bar(ui)
        for key in ("question_mark", "T", "B", "g", "e"):
            await ui.hit(key)
            await ui.until(lambda: ui.has_dialog)
            await ui.taken()
            assert bar(ui) == tour, key
            await ui.hit("escape")
            await ui.until(lambda: not ui.has_dialog)


async def test_who_strays_is_led_back(open_screen: OpenScreen, demo: Open) -> None:
    async with open_screen(demo) as ui:
        await ui.press("ctrl+t", "S", "S")
        await ui.until(lambda: bar(ui).startswith("1/10 You are elsewhere now: c goes on"))
        await ui.press("c")
        await at_step(ui, 1)


async def test_the_tour_is_left_and_taken_up_again_with_one_key(open_screen: OpenScreen, demo: Open) -> None:
    async with open_screen(demo) as ui:
        await ui.press("ctrl+t", "3")
        await at_step(ui, 2)
        await ui.press("ctrl+t")
        assert bar(ui) == "" and f"{KEY} takes the tour up again at step 2/10" in ui.footer
        await ui.press("1", "ctrl+t")
        await at_step(ui, 2)


async def test_the_tour_is_offered_once(open_screen: OpenScreen, demo: Open, tmp_path: Path) -> None:
    async with open_screen(demo) as ui:
        assert "ctrl+t starts a tour" in bar(ui)
        await ui.press("escape")
        assert bar(ui) == ""
    assert preferences.load().is_tour_offered
    async with open_screen(session_sources.demo(tmp_path / "again.jsonl")) as ui:
        assert bar(ui) == ""
        await ui.press("ctrl+t")
        await at_step(ui, 1)


async def test_help_finds_the_tour_and_enter_starts_it(open_screen: OpenScreen, demo: Open) -> None:
    async with open_screen(demo) as ui:
        await ui.press("escape")
        await ui.hit("question_mark", *"tour")
        await ui.until(lambda: "the tour of the demo" in ui.seen)
        await ui.hit("enter")
        await ui.until(lambda: not ui.has_dialog)
        await at_step(ui, 1)


async def test_a_session_of_the_demo_that_is_opened_later_has_the_tour(
    open_screen: OpenScreen, demo: Open, path: Path, tmp_path: Path
) -> None:
    async with open_screen(demo) as ui:
        await ui.press("ctrl+t", "3")
    async with open_screen(session_sources.session(path, tmp_path)) as ui:
        await ui.press("ctrl+t")
        await at_step(ui, 1)


@pytest.mark.parametrize("name", ["household-mended", "household-puttwo"])
async def test_other_sessions_have_no_tour(open_screen: OpenScreen, name: str) -> None:
    async with open_screen(session_sources.recording(SAMPLES / f"{name}.jsonl")) as ui:
        await ui.press("ctrl+t")
        assert bar(ui) == ""
        await ui.hit("question_mark")
        await ui.until(lambda: ui.has_dialog)
        assert "the tour of the demo" not in ui.seen


async def test_undo_does_not_lead_back_to_before_the_demo(open_screen: OpenScreen, demo: Open) -> None:
    async with open_screen(demo) as ui:
        await ui.press("z")
        assert ui.at[0] == "end"


async def test_an_empty_panel_says_what_will_be_in_it(open_screen: OpenScreen, expert: Open) -> None:
    async with open_screen(expert) as ui:
        for panel, content in SHOWN.items():
            await ui.press(str(list(SHOWN).index(panel) + 1))
            text = " ".join(ui.panel(panel).replace("│", " ").split())
            assert (f"Here will be {content}." in text) == (panel != "timeline"), panel
        await ui.press("escape", "c")
        assert "Here will be" not in ui.seen


async def test_a_filter_without_a_match_is_no_empty_plan(open_screen: OpenScreen, expert: Open) -> None:
    async with open_screen(expert) as ui:
        await ui.press("c")
        ui.screen.plan.filter(lambda node: False)
        await ui.taken()
        assert ui.screen.plan.empty_text() == "" and "Here will be" not in ui.plan

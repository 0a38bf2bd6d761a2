"""The tree of branches: switching, and choosing two to compare."""

from __future__ import annotations

import pytest

from recode_core.events import BranchStarted, Outcome
from recode_core.timeline.branches import BranchSummary
from recode_tui.debug.dialogs.branches import BranchesScreen, arranged
from recode_tui.debug.view import Compare, Switch
from tests.tui.themed import DialogApp


def branch(
    name: str, parent: str, at: int, outcome: Outcome | None = None, aside: bool = False
) -> BranchSummary:
    return BranchSummary(name, BranchStarted(parent, at, f"why {name}", aside), outcome, 0.5, at // 10, 2)


BRANCHES = (
    BranchSummary("main", None, "finished", 0.0, 5, 3),
    branch("edit-1", "main", 78, "solved"),
    branch("candidate-1", "edit-1", 90, "failed", aside=True),
    branch("skip-1", "main", -1),
    branch("candidate-2", "edit-1", 95, aside=True),
    branch("edit-2", "candidate-2", 99, "limit"),
)


def test_parents_stand_above_their_children_with_lines_between() -> None:
    assert [(placed.lead, placed.branch.name) for placed in arranged(BRANCHES)] == [
        ("", "main"),
        ("├ ", "edit-1"),
        ("│ ├ ", "candidate-1"),
        ("│ ╰ ", "candidate-2"),
        ("│   ╰ ", "edit-2"),
        ("╰ ", "skip-1"),
    ]


def test_without_asides_those_remain_that_the_session_went_on_from() -> None:
    names = [placed.branch.name for placed in arranged(BRANCHES, with_background=False)]
    assert names == ["main", "edit-1", "candidate-2", "edit-2", "skip-1"]


def test_ten_thousand_branches_of_each_other_are_arranged() -> None:
    chain = [
        BranchSummary("b0", None, None, 0.0, 0, 0),
        *(branch(f"b{n}", f"b{n - 1}", n) for n in range(1, 10_000)),
    ]
    assert len(arranged(chain)) == 10_000


async def test_each_branch_tells_why_it_began_and_what_came_of_it() -> None:
    app = DialogApp(BranchesScreen(BRANCHES, "edit-1"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        rows = [row.split() for row in app.seen.split("\n")]
        assert ["│", "main", "□", "not", "solved", "0.00", "5", "3", "│"] in rows
        current = next(row for row in app.seen.split("\n") if "▶" in row)
        assert "├ edit-1" in current and "record 78: why edit-1" in current and "✔ solved" in current
        assert "edit-1 began after record 78 of main: why edit-1" in app.seen
        await pilot.press("end")
        assert "skip-1 began after the start of main: why skip-1" in app.seen


async def test_a_branch_that_stopped_at_a_failure_says_so() -> None:
    failed = BranchSummary("main", None, None, 0.0, 5, 3, is_failed=True)
    app = DialogApp(BranchesScreen((failed, branch("edit-1", "main", 78)), "main"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        rows = [row.split() for row in app.seen.split("\n")]
        assert ["│", "▶", "main", "✖", "failed", "0.00", "5", "3", "│"] in rows
        assert "‖ unfinished" in app.seen
        assert "the first branch of the session · stopped at a failure, and can go on" in app.seen
        await pilot.press("slash", *"failed")
        assert "edit-1" not in app.seen


async def test_the_keys_are_in_words_and_trial_runs_have_one_only_if_there_are_any() -> None:
    app = DialogApp(BranchesScreen(BRANCHES, "edit-1"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        keys = "⏎ go there c compare a hide trial runs F to current / search esc back"
        assert keys in " ".join(app.seen.split())
        await pilot.press("a")
        assert "a show trial runs" in app.seen and "hide trial runs" not in app.seen
        await pilot.press("a")
        assert "candidate-1" in app.seen
    app = DialogApp(BranchesScreen(BRANCHES[:2], "edit-1"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "trial runs" not in app.seen


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_enter_switches_to_the_branch_under_the_cursor(size: tuple[int, int]) -> None:
    app = DialogApp(BranchesScreen(BRANCHES, "edit-1"))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press("down", "enter")
        assert app.answers == [Switch("candidate-1")]


@pytest.mark.slow
async def test_two_branches_are_chosen_for_comparing() -> None:
    app = DialogApp(BranchesScreen(BRANCHES, "edit-1"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("home", "c")
        assert "main is chosen: c on another branch" in app.seen and "» main" in app.seen
        await pilot.press("c")
        assert "»" not in app.seen
        await pilot.press("c", "escape")
        assert "»" not in app.seen and app.answers == []
        await pilot.press("d", "down", "down", "d")
        assert app.answers == [Compare("main", "candidate-1")]


async def test_what_was_tried_aside_is_hidden_and_the_current_one_found_rearrange() -> None:
    app = DialogApp(BranchesScreen(BRANCHES, "edit-1"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("end", "a")
        assert "candidate-1" not in app.seen
        await pilot.press("F", "enter")
        assert app.answers == [Switch("edit-1")]


async def test_a_double_click_switches_and_escape_does_not() -> None:
    app = DialogApp(BranchesScreen(BRANCHES, "edit-1"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.click("BranchList", offset=(6, 5), times=2)
        assert app.answers == [Switch("skip-1")]
    app = DialogApp(BranchesScreen(BRANCHES, "edit-1"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("escape")
        assert app.answers == [None]


@pytest.mark.slow
async def test_a_search_leaves_only_branches_that_have_the_text_and_escape_brings_all_back() -> None:
    app = DialogApp(BranchesScreen(BRANCHES, "edit-1"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("slash", *"Limit")
        assert "╰ edit-2" in app.seen and "skip-1" not in app.seen
        await pilot.press(*"zzz")
        assert "no branch has such a name" in app.seen
        await pilot.press("enter", "enter", "c", "escape")
        assert "skip-1" in app.seen and app.answers == []
        await pilot.press("slash", *"failed", "enter", "enter")
        assert app.answers == [Switch("candidate-1")]

"""Two branches side by side."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from recode_core.debugger.diff import AlignedNodes, Difference, FirstDivergence, ObservedStep, difference
from recode_core.session import read
from recode_core.timeline.nodes import Node
from recode_core.values import Span
from recode_tui.debug.dialogs.compare import CompareScreen
from tests.support.trees import HandmadeTree
from tests.support.waiting import wait_until
from tests.tui.themed import DialogApp

SAMPLE = Path(__file__).parents[3] / "sessions" / "household-mended.jsonl"


def mended() -> CompareScreen:
    """A sample whose second branch mends the first."""
    session = read(SAMPLE)
    left, right = session.timeline("main").end, session.timeline("edit-1").end
    return CompareScreen(("main", "edit-1"), left, right, difference(left, right))


def grown(texts: dict[str, str]) -> HandmadeTree:
    tree = HandmadeTree()
    for id, text in texts.items():
        tree.nodes[id] = Node(id, "", text, Span(1, 0, 1, 1), "code", "done")
    return tree


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_it_opens_where_the_first_observation_differs_and_shows_both(size: tuple[int, int]) -> None:
    app = DialogApp(mended())
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        seen = " ".join(app.seen.split())
        assert "main edit-1" in seen and "4 of 23 statements differ" in seen
        row = next(row for row in app.seen.split("\n") if " ≠ " in row)
        assert row.count("view = run(f'go to {place}')") == 2
        assert "they diverge here: action 4 differs, and so does its observation" in seen
        assert "go to desk 1" in seen and "go to shelf 2" in seen
        assert "You arrive at desk 1." in seen and "You arrive at shelf 2." in seen
        await pilot.press("tab", "tab", "y")
        assert app.clipboard.startswith("You arrive at shelf 2.")


@pytest.mark.slow
async def test_full_stop_and_comma_go_from_difference_to_difference() -> None:
    screen = mended()
    app = DialogApp(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        rows = screen.list
        assert len(rows.differing) == 4
        await pilot.press("home", "full_stop")
        assert rows.cursor == rows.differing[0]
        assert "differs: " in app.seen
        await pilot.press("full_stop")
        assert rows.cursor == rows.differing[1]
        await pilot.press("comma")
        assert rows.cursor == rows.differing[0]
        await pilot.press(*["full_stop"] * 9)
        assert rows.cursor == rows.differing[-1]
        await pilot.press("o")
        assert rows.cursor == rows.divergence_row and "they diverge here" in app.seen


async def test_the_statements_under_the_cursor_are_shown_in_full() -> None:
    screen = mended()
    app = DialogApp(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("home", "down")
        left, _ = screen.list.pair(screen.list.cursor)
        assert left is not None
        assert f"{left.id} · {left.status}" in app.seen
        row = next(row for row in range(screen.list.count()) if screen.list.nodes[row].state == "removed")
        await pilot.press("o")
        await pilot.click("ComparedList", offset=(5, row - screen.list.scroll_offset.y))
        assert "differs: removed" in app.seen and "not on this branch" in app.seen


async def test_what_is_there_on_one_side_only_stands_alone() -> None:
    left, right = grown({"0": "a = 1", "0.0": "gone()"}), grown({"0": "a = 2", "0.1": "new()"})
    nodes = (
        AlignedNodes("0", "0", "changed", ("text",)),
        AlignedNodes("0.0", None, "removed", depth=1),
        AlignedNodes(None, "0.1", "added", depth=1),
    )
    first = FirstDivergence(3, ObservedStep(7, "0.0", "look", "[b]soap[/b]"), None)
    app = DialogApp(CompareScreen(("one", "two"), left, right, Difference(nodes, first)))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        rows = [row.strip("│ ") for row in app.seen.split("\n")]
        assert rows[2].split() == ["✔", "a", "=", "1", "~", "✔", "a", "=", "2"]
        assert rows[3].split() == ["✔", "gone()", "≠"]
        assert rows[4].split() == ["+", "✔", "new()"]
        assert "nothing more was observed" in app.seen and "[b]soap[/b]" in app.seen


async def test_what_neither_run_came_to_is_not_counted_as_different() -> None:
    left = grown({"0": "a = 1", "0.0": "old()", "0.1": "b = 1"})
    right = grown({"0": "a = 2", "0.0": "new()", "0.1": "b = 1"})
    nodes = (
        AlignedNodes("0", "0", "changed", ("text",)),
        AlignedNodes("0.0", "0.0", "changed", ("text",), 1, is_reached=False),
        AlignedNodes("0.1", "0.1", "same", depth=1),
    )
    screen = CompareScreen(("a", "b"), left, right, Difference(nodes, None))
    app = DialogApp(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "1 of 2 statements differ · 1 not reached on either side" in app.seen
        assert screen.list.differing == [0]
        await pilot.press("home", "down")
        assert "differs: text · not reached on either side, so not counted" in app.seen


def test_a_run_that_stopped_early_differs_only_in_what_one_of_the_two_reached() -> None:
    timeline = read(SAMPLE).timeline("main")
    early = timeline.at(timeline.stops[4].n)
    found = difference(early, timeline.at(timeline.stops[6].n))
    reached = {id for id, node in early.nodes.items() if node.status != "pending"}
    assert reached <= {node.left for node in found.nodes if node.is_reached}
    unreached = [node for node in found.nodes if not node.is_reached]
    assert unreached and found.reached == len(found.nodes) - len(unreached)
    assert 0 < found.differing < found.reached


async def test_branches_without_a_difference_say_so() -> None:
    tree = grown({"0": "a = 1"})
    app = DialogApp(
        CompareScreen(("a", "b"), tree, tree, Difference((AlignedNodes("0", "0", "same"),), None))
    )
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "every observation is the same" in app.seen and "0 of 1 statements differ" in app.seen
        await pilot.press("full_stop", "comma", "o", "escape")
        assert app.answers == [None]


@pytest.mark.slow
async def test_a_hundred_thousand_statements_ten_thousand_deep_are_shown_at_once() -> None:
    tree = grown({str(n): f"statement {n}" for n in range(100_000)})
    nodes = tuple(
        AlignedNodes(str(n), str(n), "changed" if n % 1000 == 999 else "same", depth=min(n, 10_000))
        for n in range(100_000)
    )
    screen = CompareScreen(("a", "b"), tree, tree, Difference(nodes, None))
    app = DialogApp(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("end", "comma", "comma")
        assert screen.list.cursor == 97_999
        row = next(row for row in app.seen.split("\n") if "statement 97999" in row)
        assert row.count("…") == 2


async def test_the_texts_are_searched_and_the_differences_are_passed_without_a_search() -> None:
    screen = mended()
    app = DialogApp(screen)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await pilot.pause()
        await pilot.press("tab", "slash", *"arrive", "enter")
        assert "1 of 1" in app.seen
        await pilot.press("escape", "full_stop")
        assert "differs: " in app.seen
        await pilot.press("y")
        await asyncio.to_thread(wait_until, lambda: "copied the text of main" in app.seen)

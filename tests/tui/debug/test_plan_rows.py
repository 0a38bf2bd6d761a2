"""The rows of the plan are what a plain walk down the tree gives, however it grows, folds and is filtered."""

from __future__ import annotations

import time
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from recode_core.timeline.tree import TreeIndex
from recode_core.values import Span
from recode_tui.debug.panels.plan_rows import PlanRows

SPAN = Span(1, 0, 1, 1)


class Growing(TreeIndex):
    """A tree that is grown by hand."""

    def grow(self, parent: str) -> str:
        """Another child of a node; of nothing, the root."""
        id = f"{parent}.{len(self.added)}" if parent else "0"  # one that was dropped does not come back
        return self._add(0, id, parent, id, SPAN, "placeholder").id

    def drop(self, node: str) -> None:
        """Take away a node, which has no children."""
        self.nodes[node].changes.append(1)
        self.removed.append(node)


def naive(plan: Growing, folded: set[str], matches: Callable[[str], bool] | None) -> list[str]:
    """The rows, by recursion."""

    def is_kept(node: str) -> bool:
        return matches is None or matches(node) or any(map(is_kept, plan.children(node)))

    def walk(node: str) -> list[str]:
        below = [] if node in folded else plan.children(node)
        return [node, *(row for child in below for row in walk(child))] if is_kept(node) else []

    return walk("0") if "0" in plan.nodes else []


@settings(max_examples=80)
@given(st.data())
def test_rows_are_what_a_plain_walk_gives(data: st.DataObject) -> None:
    plan = Growing()
    if data.draw(st.booleans()):
        plan.grow("")
    rows = PlanRows(plan)
    steps = st.sampled_from(["grow", "grow", "grow", "many", "drop", "fold", "reveal", "filter"])
    for step in data.draw(st.lists(steps, max_size=30)):
        nodes = [node for node in plan.nodes if plan.get(node)]
        if not nodes:
            plan.grow("")
            nodes = ["0"]
        node = data.draw(st.sampled_from(nodes))
        match step:
            case "grow":
                plan.grow(node)
            case "many":
                for _ in range(data.draw(st.sampled_from([3, 40, 700]))):
                    plan.grow(node)
            case "drop" if not plan.children(node) and node != "0":
                plan.drop(node)
            case "fold":
                rows.catch_up()
                rows.fold(node, node not in rows.folded)
            case "reveal":
                rows.catch_up()
                rows.reveal(node)
                assert rows.matches is not None or rows.index(node) is not None
            case "filter":
                rows.matches = data.draw(st.sampled_from([None, lambda id: id.endswith(("1", "7")), bool]))
                rows.rebuild()
        rows.catch_up()
        check(rows, plan, node)


def check(rows: PlanRows, plan: Growing, node: str) -> None:
    wanted = naive(plan, rows.folded, rows.matches)
    assert [rows[index] for index in range(len(rows))] == wanted
    assert [rows.index(row) for row in wanted[:50]] == list(range(len(wanted)))[:50]
    assert all(rows.depth[row] == row.count(".") for row in wanted)
    if plan.get(node) and rows.matches is None:
        shown = rows.shown(node)
        assert shown in wanted
        assert f"{node}.".startswith(f"{shown}.")


def test_a_chain_of_10_000_levels_has_its_rows_at_once() -> None:
    plan, node = Growing(), ""
    rows = PlanRows(plan)
    for level in range(10_000):
        id = "0" if not node else f"{node}.0" if level < 3 else f"n{level}"
        node = plan._add(0, id, node, id, SPAN, "placeholder").id
        if level % 50 == 0:
            rows.catch_up()
    rows.catch_up()
    assert (len(rows), rows[9_999], rows.depth[node], rows.index(node)) == (10_000, node, 9_999, 9_999)
    rows.fold("0")
    assert (len(rows), rows.shown(node)) == (1, "0")
    rows.reveal(node)
    assert rows.index(node) == 9_999
    rows.matches = node.__eq__
    rows.rebuild()
    assert len(rows) == 10_000


def test_a_node_with_100_000_children_takes_another_as_quickly_as_one_with_1_000() -> None:
    def cost(children: int) -> float:
        plan = Growing()
        plan.grow("")
        for number in range(children):
            plan._add(0, f"0.{number}", "0", "x", SPAN, "code")
        rows = PlanRows(plan)
        costs = []
        for number in range(children, children + 40):
            plan._add(0, f"0.{number}", "0", "x", SPAN, "code")
            began = time.perf_counter()
            rows.catch_up()
            costs.append(time.perf_counter() - began)
            assert rows[len(rows) - 1] == f"0.{number}"
            assert rows.index(f"0.{number}") == number + 1
        return sorted(costs)[20]

    assert cost(100_000) < max(20 * cost(1_000), 0.001)


def test_a_node_that_comes_below_a_folded_one_needs_no_row_above_it() -> None:
    plan = Growing()
    top = plan.grow("")
    middle = plan.grow(top)
    rows = PlanRows(plan)
    rows.fold(top)
    below = plan.grow(middle)
    rows.catch_up()
    plan.grow(below)
    rows.catch_up()
    rows.reveal(below)
    assert [rows.depth[rows[index]] for index in range(len(rows))] == [0, 1, 2, 3]

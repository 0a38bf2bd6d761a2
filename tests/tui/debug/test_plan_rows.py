"""The rows of the plan are what a plain walk down the tree gives, however it grows, folds and is filtered."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from recode_core.timeline.nodes import Kind
from recode_core.timeline.tree import TreeIndex
from recode_core.values import Span
from recode_tui.debug.panels.plan_rows import PlanRows

SPAN = Span(1, 0, 1, 1)


class Growing(TreeIndex):
    """A tree that is grown by hand, a record a change."""

    n = 0

    def grow(self, parent: str, kind: Kind = "control") -> str:
        """Another child of a node; of nothing, the root."""
        self.n += 1
        return self._grow(parent, kind)

    def _grow(self, parent: str, kind: Kind) -> str:
        id = f"{parent}.{len(self.added)}" if parent else "0"  # one that was dropped does not come back
        return self._add(self.n, id, parent, id, SPAN, kind).id

    def expand(self, node: str, statements: int) -> None:
        """Statements for a placeholder, in place of those it had that have no children."""
        self.n += 1
        if self.nodes[node].children:
            self.replaced.append(self.n)
        for child in self.nodes[node].children:
            if self.nodes[child].is_present and not self.nodes[child].children:
                self.nodes[child].changes.append(self.n)
        for number in range(statements):
            self._grow(node, "placeholder" if number % 2 else "control")


def naive(plan: Growing, n: int, folded: set[str], matches: Callable[[str], bool] | None) -> list[str]:
    """The rows, by recursion."""

    def children(node: str) -> list[str]:
        own = plan.nodes[node].children
        begun = {child: plan.nodes[child].changes[0] for child in own}
        is_known = plan.nodes[node].kind == "control" or n >= min(begun.values(), default=0)
        if not is_known:
            return [child for child in own if begun[child] == min(begun.values())]
        return [
            child for child in own if plan.nodes[node].kind == "control" or plan.nodes[child].was_present(n)
        ]

    def is_kept(node: str) -> bool:
        return matches is None or matches(node) or any(map(is_kept, children(node)))

    def walk(node: str) -> list[str]:
        below = [] if node in folded else children(node)
        return [node, *(row for child in below for row in walk(child))] if is_kept(node) else []

    return walk("0") if "0" in plan.nodes else []


@settings(max_examples=80)
@given(st.data())
def test_rows_are_what_a_plain_walk_gives(data: st.DataObject) -> None:
    plan = Growing()
    if data.draw(st.booleans()):
        plan.grow("")
    rows = PlanRows(plan)
    n = sys.maxsize
    steps = st.sampled_from(["grow", "grow", "many", "expand", "expand", "move", "fold", "reveal", "filter"])
    for step in data.draw(st.lists(steps, max_size=30)):
        nodes = [node for node in plan.nodes if plan.get(node)]
        if not nodes:
            plan.grow("")
            nodes = ["0"]
        node = data.draw(st.sampled_from(nodes))
        match step:
            case "grow" if plan.nodes[node].kind == "control":
                plan.grow(node, data.draw(st.sampled_from(["placeholder", "control"])))
            case "many" if plan.nodes[node].kind == "control":
                for _ in range(data.draw(st.sampled_from([3, 40, 700]))):
                    plan.grow(node)
            case "expand" if plan.nodes[node].kind == "placeholder":
                plan.expand(node, data.draw(st.integers(0, 4)))
            case "move":
                n = data.draw(st.sampled_from([sys.maxsize, *range(plan.n + 1)]))
            case "fold":
                rows.catch_up(n)
                rows.fold(node, node not in rows.folded)
            case "reveal":
                rows.catch_up(n)
                rows.reveal(node)
                is_shown = node in naive(plan, n, set(), None)
                assert rows.matches is not None or (rows.index(node) is not None) == is_shown
            case "filter":
                rows.matches = data.draw(st.sampled_from([None, lambda id: id.endswith(("1", "7")), bool]))
                rows.rebuild()
        rows.catch_up(n)
        check(rows, plan, n, node)


def check(rows: PlanRows, plan: Growing, n: int, node: str) -> None:
    wanted = naive(plan, n, rows.folded, rows.matches)
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

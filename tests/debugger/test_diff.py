"""The structural difference of two branches, or of two sessions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recode_core.debugger.diff import AlignedNodes, Difference, align, difference
from recode_core.environments.scripted import ScriptedWorld
from recode_core.testing import ROOT, expert_wiring
from recode_core.timeline import Timeline
from recode_core.timeline.nodes import Node, Status
from recode_core.values import Span
from tests.support.trees import HandmadeTree

NOWHERE = Span(1, 0, 1, 0)
Compare = Callable[..., Difference]


@pytest.fixture
def compare(make_run: Callable[..., Any]) -> Compare:
    """The difference of two runs, each given as code and what the world answers."""

    def compare(left: object, right: object, *said: list[str]) -> Difference:
        lines = []
        for code, answers in zip((left, right), said or ([], []), strict=True):
            played = make_run(code, ScriptedWorld(answers))
            played.to_end()
            lines.append(played.log.line())
        return difference(*(Timeline(line).end for line in lines))

    return compare


def _tree(texts: list[str], status: Status = "done") -> HandmadeTree:
    """A root with these statements."""
    children = tuple(f"0.{index}" for index in range(len(texts)))
    root = Node("0", "", ROOT, NOWHERE, "placeholder", status, children=children)
    below = [Node(id, "0", text, NOWHERE, "code", status) for id, text in zip(children, texts, strict=True)]
    return HandmadeTree({node.id: node for node in [root, *below]})


def _shape(found: Difference) -> list[tuple[str | None, str | None, str]]:
    return [(node.left, node.right, node.state) for node in found.nodes if node.depth]


def test_two_runs_of_the_same_are_the_same(compare: Compare) -> None:
    found = compare("x = run('look')\ny = 2", "x = run('look')\ny = 2", ["a"], ["a"])
    assert {node.state for node in found.nodes} == {"same"}
    assert found.first is None


def test_a_statement_that_is_only_on_one_side_shifts_nothing(compare: Compare) -> None:
    found = compare("a = 1\nb = 2\nc = 3", "b = 2\nc = 3\nd = 4")
    assert _shape(found) == [
        ("0.0", None, "removed"),
        ("0.1", "0.0", "same"),
        ("0.2", "0.1", "same"),
        (None, "0.2", "added"),
    ]


def test_a_statement_in_anothers_place_is_changed_in_its_text(compare: Compare) -> None:
    found = compare("a = 1\nb = 2", "a = 7\nb = 2")
    assert found.nodes[1] == AlignedNodes("0.0", "0.0", "changed", ("text",), 1)


def test_a_placeholder_is_not_taken_for_the_code_in_its_place(compare: Compare) -> None:
    found = compare({ROOT: "find()", "find()": "a = 1"}, "b = 2")
    assert _shape(found) == [
        ("0.0", None, "removed"),
        ("0.0.0", None, "removed"),
        (None, "0.0", "added"),
    ]


def test_what_was_observed_and_what_became_of_it_are_told_apart(compare: Compare) -> None:
    found = compare("x = run('look')\ny = 1 / int(x)", "x = run('look')\ny = 1 / int(x)", ["1"], ["2"])
    assert [node.differs for node in found.nodes[1:]] == [("observations",), ()]
    found = compare("x = int('1')\nrun('a')", "x = int('1')\nassert run('a')", [""], [""])
    assert found.nodes[2].differs == ("text", "status")


def test_expansions_are_compared_below_a_changed_call(compare: Compare) -> None:
    left = {ROOT: "put('a')", "put('a')": "x = 1\nrun('go')"}
    right = {ROOT: "put('b')", "put('b')": "x = 1\nrun('go')"}
    found = compare(left, right, ["here"], ["there"])
    assert [(node.left, node.state, node.differs, node.depth) for node in found.nodes] == [
        ("0", "same", (), 0),
        ("0.0", "changed", ("text",), 1),
        ("0.0.0", "same", (), 2),
        ("0.0.1", "changed", ("observations",), 2),
    ]


def test_a_repaired_expansion_is_aligned_with_the_one_that_was_right_at_once(compare: Compare) -> None:
    found = compare(["a = 1\nb = 2\n1 / 0", "a = 1\nb = 2\nc = 3"], ["a = 1\nb = 2\nc = 3"])
    kept = [(node.left, node.right) for node in found.nodes if node.left and node.right and node.depth]
    assert kept == [("0@2.0", "0.0"), ("0@2.1", "0.1"), ("0@2.2", "0.2")]


def test_passes_of_a_loop_find_each_other(compare: Compare) -> None:
    bodies = {"visit(place)": "run('go')"}
    loop = "for place in range({}):\n    visit(place)"
    found = compare({ROOT: loop.format(3), **bodies}, {ROOT: loop.format(2), **bodies})
    placeholders = [(node.left, node.right) for node in found.nodes if node.depth == 2]
    assert placeholders == [("0.0#1.0", "0.0#1.0"), ("0.0#2.0", "0.0#2.0"), ("0.0#3.0", None)]


def test_the_first_different_observation_is_found_with_its_actions(compare: Compare) -> None:
    found = compare("run('a')\nrun('b')\nrun('c')", "run('a')\nrun('x')", ["1", "2", "3"], ["1", "9"])
    assert found.first is not None
    assert (found.first.step, found.first.left and found.first.left.action) == (2, "b")
    assert found.first.right is not None
    assert (found.first.right.action, found.first.right.text, found.first.right.node) == ("x", "9", "0.1")


def test_a_run_that_ends_earlier_differs_where_it_ends(compare: Compare) -> None:
    found = compare("run('a')", "run('a')\nrun('b')", ["1"], ["1", "2"])
    assert found.first is not None
    assert (found.first.step, found.first.left) == (2, None)


def test_two_tasks_differ_in_what_is_seen_first() -> None:
    lines = []
    for task in ("put:7", "put:8"):
        debugger = expert_wiring(task, restoration="replay").debugger()
        debugger.step()
        lines.append(debugger.log.line())
        debugger.close()
    found = difference(*(Timeline(line).end for line in lines))
    assert found.first is not None
    assert (found.first.step, found.first.left and found.first.left.action) == (0, "")
    assert found.nodes == (AlignedNodes("0", "0", "changed", ("observations",)),)


def test_an_empty_line_lacks_everything() -> None:
    home = expert_wiring("put:7", restoration="replay").debugger()
    home.resume()
    run, empty = home.timeline.end, Timeline().end
    home.close()
    assert {node.state for node in difference(run, empty).nodes} == {"removed"}
    assert {node.state for node in difference(empty, run).nodes} == {"added"}
    assert difference(empty, empty) == Difference((), None)


def test_two_branches_of_a_household_run_differ_where_the_user_changed_one() -> None:
    debugger = expert_wiring("put:7", restoration="replay").debugger()
    debugger.resume()
    debugger.goto("0.7")
    debugger.edit("0.7", "run('look')\nobj_ID = 'cd 2'")
    debugger.resume()
    found = difference(*(Timeline(debugger.log.line(branch)).end for branch in ("main", "edit-1")))
    by_left = {node.left: node for node in found.nodes}
    assert all(by_left[f"0.{index}"].state == "same" for index in range(7))
    assert by_left["0.7"].right == "0.7"
    assert by_left["0.8"].differs == ("status",)
    assert found.first is not None
    assert (found.first.step, found.first.right and found.first.right.action) == (1, "look")
    debugger.close()


def test_a_difference_can_be_sent_as_json(compare: Compare) -> None:
    found = compare("run('a')", "run('b')", ["1"], ["2"])
    assert msgspec.json.decode(msgspec.json.encode(found), type=Difference) == found


def test_trees_ten_thousand_deep_are_aligned() -> None:
    trees = []
    for last in ("a = 1", "a = 2"):
        tree, depth = HandmadeTree(), 10_000
        for level in range(depth):
            id, below = "0" if level == 0 else f"n{level}", (f"n{level + 1}",)
            tree.nodes[id] = Node(id, "", f"go({level})", NOWHERE, "placeholder", children=below)
        tree.nodes[f"n{depth}"] = Node(f"n{depth}", "", last, NOWHERE, "code")
        trees.append(tree)
    found = list(align(trees[0], trees[1]))
    assert [node.state for node in found] == ["same"] * 10_000 + ["changed"]
    assert found[-1].depth == 10_000


@pytest.mark.parametrize("text", ["visit(place)", "{}"], ids=["the same text", "each its own"])
def test_ten_thousand_statements_beside_each_other_are_aligned(text: str) -> None:
    texts = [text.format(index) for index in range(10_000)]
    states = [node.state for node in align(_tree(texts), _tree(["first", *texts]))]
    assert (states.count("added"), states.count("removed")) == (1, 0)


_TEXTS = st.lists(st.sampled_from(["a()", "b = 1", "c = 2", "d()"]), max_size=12)


@given(_TEXTS, _TEXTS)
def test_every_node_is_in_the_difference_once_and_in_order(left: list[str], right: list[str]) -> None:
    found = list(align(_tree(left), _tree(right)))
    assert [node.left for node in found if node.left] == list(_tree(left).nodes)
    assert [node.right for node in found if node.right] == list(_tree(right).nodes)


@given(_TEXTS, _TEXTS)
def test_nothing_is_told_to_differ_but_what_does(left: list[str], right: list[str]) -> None:
    one, other = _tree(left), _tree(right, "failed")
    for node in align(one, other):
        if node.left and node.right:
            is_same = one.nodes[node.left].text == other.nodes[node.right].text
            assert node.differs == (("status",) if is_same else ("text", "status"))

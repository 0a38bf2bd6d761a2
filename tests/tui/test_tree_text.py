"""The tree of a run as lines of text."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console, RenderableType

from recode_core.events import Failure, Place
from recode_core.session import read
from recode_core.timeline.nodes import Node
from recode_core.values import Span
from recode_tui.tree_text import outline, window
from tests.support.trees import HandmadeTree

SPAN = Span(1, 0, 1, 9)


@pytest.fixture
def tree() -> HandmadeTree:
    """A root with a done statement, a running loop with a failed placeholder, and one not begun."""
    failure = Failure("NameError", "name\n'\x1b[2J' is not defined")
    nodes = {
        "0": Node(
            "0", "", "solve(instruction)", SPAN, "placeholder", "running", children=("0.0", "0.1", "0.2")
        ),
        "0.0": Node("0.0", "0", "x = '[Buy Now]'", SPAN, "code", "done"),
        "0.1": Node(
            "0.1", "0", "for a in b:\n    find(a)", SPAN, "control", "running", children=("0.1#1.0",)
        ),
        "0.1#1.0": Node(
            "0.1#1.0", "0.1", "find(a)", SPAN, "placeholder", "failed", actions=3, attempt=2, failure=failure
        ),
        "0.2": Node("0.2", "0", "put(x)", SPAN, "placeholder"),
    }
    return HandmadeTree(nodes, (Place("0", (), SPAN), Place("0.1", (1,), SPAN)))


def printed(shown: RenderableType) -> list[str]:
    console = Console(file=io.StringIO(), width=120, markup=False)
    console.print(shown)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


def test_every_node_has_a_row_with_its_state(tree: HandmadeTree) -> None:
    assert printed(outline(tree)) == [
        "◐ solve(instruction)",
        "├ ✔ x = '[Buy Now]'",
        "├ ◐ for a in b:",
        "│ └ ✖ find(a)  3 acted, expansion 2  NameError: name '␛[2J' is not defined",
        "└ ◇ put(x)",
    ]


def test_a_window_holds_the_running_node(tree: HandmadeTree) -> None:
    assert printed(window(tree, 2)) == ["├ ✔ x = '[Buy Now]'", "├ ◐ for a in b:"]


def test_a_window_is_as_high_as_the_tree_at_most(tree: HandmadeTree) -> None:
    assert printed(window(tree, 40)) == printed(outline(tree))


def test_a_run_that_has_not_begun_has_no_rows() -> None:
    assert printed(outline(HandmadeTree())) == []


def test_a_row_says_who_wrote_an_expansion_if_the_policy_was_not_asked() -> None:
    shown = io.StringIO()
    session = read(Path(__file__).parents[2] / "sessions" / "household-mended.jsonl")
    Console(file=shown, width=100).print(outline(session.timeline().end))
    lines = shown.getvalue().splitlines()
    assert any("put_object(obj_ID, place)" in line and line.rstrip().endswith("by hand") for line in lines)

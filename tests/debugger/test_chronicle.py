"""The chronicle says of every moment what a fold over the records up to it says."""

from pathlib import Path

import pytest

from recode_core.debugger.chronicle import Chronicle
from recode_core.debugger.variables import variables_at
from recode_core.session import read
from recode_core.tree import Tree

SAMPLES = sorted((Path(__file__).parents[2] / "sessions").glob("*.jsonl"))
LINES = [(path, branch) for path in SAMPLES for branch in read(path).log().branches]


@pytest.mark.parametrize(("path", "branch"), LINES, ids=lambda item: getattr(item, "stem", item))
def test_every_moment_is_as_its_prefix_says(path: Path, branch: str) -> None:
    chronicle = Chronicle(read(path).line(branch))
    for rest in chronicle.rests[1:]:
        tree = Tree(chronicle.up_to(rest.n))
        there = {node for node in chronicle.plan.nodes if chronicle.plan.status(node, rest.n) is not None}
        assert there == tree.nodes.keys()
        for node in tree.nodes.values():
            assert chronicle.plan.status(node.id, rest.n) == node.status
            assert chronicle.actions(node.id, rest.n) == node.actions
            if node.code:
                code = chronicle.code(node.id, rest.n)
                assert code is not None
                assert (code.text, code.thought, code.attempt) == (node.code, node.thought, node.attempt)
        bound = {b.variable.name: b.variable for b in chronicle.bindings.at(rest.n) if b.variable}
        assert bound == variables_at(chronicle, rest.n)
        root = tree.root
        spent = chronicle.spending.at(rest.n)
        assert (spent.calls, spent.tokens) == ((root.calls, root.tokens) if root else (0, 0))


def test_what_comes_later_shows_what_it_will_be() -> None:
    chronicle = Chronicle(read(SAMPLES[0]).line("main"))
    first = chronicle.rests[1].n
    ahead = [node for node in chronicle.plan.nodes if chronicle.plan.status(node, first) is None]
    assert ahead
    assert all(chronicle.actions(node, first) == 0 for node in ahead)
    code = chronicle.code("0", first)
    assert code is not None
    assert code.n > first

"""The difference between two timelines: two branches of a session, or two sessions.

Nodes are aligned by the text of their statements under aligned parents, never by id.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal

import msgspec

from recode_core.timeline import Moment
from recode_core.timeline.nodes import Node, NodeTree

State = Literal["same", "changed", "added", "removed"]
Aspect = Literal["text", "status", "observations"]


class AlignedNodes(msgspec.Struct, frozen=True):
    """A node of the left tree and its counterpart in the right one, `depth` levels below the root.

    `is_reached` is set if at least one of the two runs came to it; others are not counted as differing.
    """

    left: str | None
    right: str | None
    state: State
    differs: tuple[Aspect, ...] = ()
    depth: int = 0
    is_reached: bool = True

    @property
    def counts(self) -> bool:
        """Whether it was reached, and differs."""
        return self.is_reached and self.state != "same"


class ObservedStep(msgspec.Struct, frozen=True):
    """An observation in record `n`, for an action of `node`. The action is empty for the world's reset."""

    n: int
    node: str
    action: str
    text: str


class FirstDivergence(msgspec.Struct, frozen=True):
    """The first observation that differs, that of action `step` (0 is the reset). None for a run that has
    ended.
    """

    step: int
    left: ObservedStep | None
    right: ObservedStep | None


class Difference(msgspec.Struct, frozen=True):
    """The difference between two timelines. Each parent is before its children in `nodes`.

    `other_prompts` is set if the system messages differ; see `prompts_used`.
    """

    nodes: tuple[AlignedNodes, ...]
    first: FirstDivergence | None
    other_prompts: bool = False

    @property
    def reached(self) -> int:
        """The number of nodes that at least one of the two runs came to."""
        return sum(node.is_reached for node in self.nodes)

    @property
    def differing(self) -> int:
        """The number of those that differ."""
        return sum(node.counts for node in self.nodes)


def difference(left: Moment, right: Moment) -> Difference:
    """Compare two timelines at one moment each."""
    observed = observed_steps(left), observed_steps(right)
    nodes = tuple(
        msgspec.structs.replace(
            node, is_reached=_is_reached(left, node.left) or _is_reached(right, node.right)
        )
        for node in align(left, right, *map(_by_node, observed))
    )
    return Difference(nodes, first_divergence(*observed), _systems(left) != _systems(right))


def _is_reached(moment: Moment, node: str | None) -> bool:
    return node is not None and moment.timeline.tree.nodes[node].was_reached(moment.n)


def _systems(moment: Moment) -> tuple[frozenset[str], str]:
    """The hashes of the system messages that were sent, and that of the last one."""
    histories = moment.timeline.expansions.histories.values()
    sent = (
        (r.asked, ref.text)
        for h in histories
        for r in h.requests
        for ref in r.messages
        if r.n <= moment.n and r.n == r.asked and ref.role == "system"
    )
    found = [text for _, text in sorted(sent)]
    return frozenset(found), found[-1] if found else ""


def align(
    left: NodeTree,
    right: NodeTree,
    left_observations: dict[str, list[str]] | None = None,
    right_observations: dict[str, list[str]] | None = None,
) -> Iterator[AlignedNodes]:
    """Align the nodes of two trees, parents first. The observations of each node's own actions are compared
    too.
    """
    left_observations, right_observations = left_observations or {}, right_observations or {}
    waiting: list[tuple[Node | None, Node | None, int]] = [(left.root, right.root, 0)]
    while waiting:
        one, other, depth = waiting.pop()
        if one is not None and other is not None:
            differs = _differs(
                one, other, left_observations.get(one.id, []), right_observations.get(other.id, [])
            )
            yield AlignedNodes(one.id, other.id, "changed" if differs else "same", differs, depth)
        elif one is not None:
            yield AlignedNodes(one.id, None, "removed", depth=depth)
        elif other is not None:
            yield AlignedNodes(None, other.id, "added", depth=depth)
        pairs = _paired(_children(left, one), _children(right, other))
        waiting += [(a, b, depth + 1) for a, b in reversed(pairs)]


def observed_steps(moment: Moment) -> list[ObservedStep]:
    """Every observation so far, with its action."""
    actions = moment.timeline.actions
    return [
        ObservedStep(
            each.n, each.place.node if each.place is not None else "0", each.action, each.observation.text
        )
        for each in actions.actions[: actions.until(moment.n)]
    ]


def first_divergence(left: Sequence[ObservedStep], right: Sequence[ObservedStep]) -> FirstDivergence | None:
    """The first observation that differs."""
    for step, (one, other) in enumerate(zip_longest(left, right)):
        if one is None or other is None or one.text != other.text:
            return FirstDivergence(step, one, other)
    return None


def _by_node(observed: Sequence[ObservedStep]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for answer in observed:
        found[answer.node].append(answer.text)
    return found


def _differs(
    left: Node, right: Node, left_observations: list[str], right_observations: list[str]
) -> tuple[Aspect, ...]:
    compared: dict[Aspect, bool] = {
        "text": left.text == right.text,
        "status": left.status == right.status,
        "observations": left_observations == right_observations,
    }
    return tuple(aspect for aspect, is_same in compared.items() if not is_same)


def _children(tree: NodeTree, node: Node | None) -> list[Node]:
    return [tree.nodes[child] for child in node.children] if node else []


def _paired(left: list[Node], right: list[Node]) -> list[tuple[Node | None, Node | None]]:
    """Align the statements of two expansions: equal texts, and between those by position."""
    pairs: list[tuple[Node | None, Node | None]] = []
    # SequenceMatcher ignores very frequent texts (passes of a loop), which would make it quadratic; those are
    # aligned by position below.
    found = SequenceMatcher(None, [node.text for node in left], [node.text for node in right])
    for _, i, to_i, j, to_j in found.get_opcodes():
        for one, other in zip_longest(left[i:to_i], right[j:to_j]):
            if one is None or other is None or one.text == other.text or one.kind == other.kind:
                pairs.append((one, other))
            else:
                pairs += [(one, None), (None, other)]
    return pairs

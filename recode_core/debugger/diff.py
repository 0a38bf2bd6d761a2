"""The difference of two timelines, as branches of a session or as two sessions.

Nodes are aligned by the text of their statements under matched parents, never by id.
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


class Aligned(msgspec.Struct, frozen=True):
    """A node of the left tree and its counterpart in the right one, `depth` levels below the root."""

    left: str | None
    right: str | None
    state: State
    differs: tuple[Aspect, ...] = ()
    depth: int = 0


class Answer(msgspec.Struct, frozen=True):
    """What the world said in record `n`, to an action of `node`; to its reset the action is empty."""

    n: int
    node: str
    action: str
    text: str


class Divide(msgspec.Struct, frozen=True):
    """The first observation that differs: of the `step`-th action, 0 is the reset; None after an end."""

    step: int
    left: Answer | None
    right: Answer | None


class Difference(msgspec.Struct, frozen=True):
    """Two lines side by side: their nodes in order, each parent before its children.

    `other_prompts` says that the system messages differ; `prompts_used` tells how.
    """

    nodes: tuple[Aligned, ...]
    first: Divide | None
    other_prompts: bool = False


def difference(left: Moment, right: Moment) -> Difference:
    """Compare two timelines as they are at a moment each."""
    said = answers(left), answers(right)
    nodes = align(left, right, *map(_by_node, said))
    return Difference(tuple(nodes), first_divide(*said), _systems(left) != _systems(right))


def _systems(moment: Moment) -> tuple[frozenset[str], str]:
    """The system messages that were sent and the last of them, as the text store names them."""
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
    left_said: dict[str, list[str]] | None = None,
    right_said: dict[str, list[str]] | None = None,
) -> Iterator[Aligned]:
    """Pair the nodes of two trees, parents first; what was said to each node's own actions counts too."""
    left_said, right_said = left_said or {}, right_said or {}
    waiting: list[tuple[Node | None, Node | None, int]] = [(left.root, right.root, 0)]
    while waiting:
        one, other, depth = waiting.pop()
        if one is not None and other is not None:
            differs = _differs(one, other, left_said.get(one.id, []), right_said.get(other.id, []))
            yield Aligned(one.id, other.id, "changed" if differs else "same", differs, depth)
        elif one is not None:
            yield Aligned(one.id, None, "removed", depth=depth)
        elif other is not None:
            yield Aligned(None, other.id, "added", depth=depth)
        pairs = _paired(_children(left, one), _children(right, other))
        waiting += [(a, b, depth + 1) for a, b in reversed(pairs)]


def answers(moment: Moment) -> list[Answer]:
    """Every observation so far, with its action."""
    actions = moment.timeline.actions
    return [
        Answer(each.n, each.place.node if each.place is not None else "0", each.action, each.observation.text)
        for each in actions.actions[: actions.until(moment.n)]
    ]


def first_divide(left: Sequence[Answer], right: Sequence[Answer]) -> Divide | None:
    """The first observation that differs."""
    for step, (one, other) in enumerate(zip_longest(left, right)):
        if one is None or other is None or one.text != other.text:
            return Divide(step, one, other)
    return None


def _by_node(said: Sequence[Answer]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for answer in said:
        found[answer.node].append(answer.text)
    return found


def _differs(left: Node, right: Node, left_said: list[str], right_said: list[str]) -> tuple[Aspect, ...]:
    compared: dict[Aspect, bool] = {
        "text": left.text == right.text,
        "status": left.status == right.status,
        "observations": left_said == right_said,
    }
    return tuple(aspect for aspect, is_same in compared.items() if not is_same)


def _children(tree: NodeTree, node: Node | None) -> list[Node]:
    return [tree.nodes[child] for child in node.children] if node else []


def _paired(left: list[Node], right: list[Node]) -> list[tuple[Node | None, Node | None]]:
    """Statements of two expansions side by side: equal texts, and between them what is in the same place."""
    pairs: list[tuple[Node | None, Node | None]] = []
    # Texts that recur all over (passes of a loop) are left out of the search, which they would make
    # quadratic; they find each other by their place.
    found = SequenceMatcher(None, [node.text for node in left], [node.text for node in right])
    for _, i, to_i, j, to_j in found.get_opcodes():
        for one, other in zip_longest(left[i:to_i], right[j:to_j]):
            if one is None or other is None or one.text == other.text or one.kind == other.kind:
                pairs.append((one, other))
            else:
                pairs += [(one, None), (None, other)]
    return pairs

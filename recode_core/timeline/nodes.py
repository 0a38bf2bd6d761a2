"""The nodes of a run's tree.

Ids are paths: the parent of `0.2@2.1` is `0.2`, of `0.3#3#1.0` it is `0.3`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, Protocol

import msgspec

from recode_core.events import ExpansionAccepted, ExpansionEdited, Failure, Place
from recode_core.values import Span

Status = Literal["pending", "running", "done", "failed", "skipped", "superseded", "stopped"]
Kind = Literal["placeholder", "code", "control"]
Author = Literal["policy", "user", "reuse"]

_ID = re.compile(r"0(?:(?:@[0-9]{1,9}|(?:#[0-9]{1,9})+)?\.[0-9]{1,9})*")


class Node(msgspec.Struct, frozen=True, gc=False):
    """A top-level statement of an expansion, or a placeholder inside control flow, at one moment.

    `attempt` numbers its last expansion, whose thought and code it has, and `by` says who wrote it.
    `actions`, `calls`, `tokens` and `cost_usd` count what it and everything below it took; a call that
    brought no reply is not among `calls`, though it may have taken tokens. `refusals` counts its refused
    replies, the last for the reason `refusal`.
    """

    id: str
    parent: str
    text: str
    span: Span
    kind: Kind
    status: Status = "pending"
    attempt: int = 0
    thought: str = ""
    code: str = ""
    by: Author = "policy"
    children: tuple[str, ...] = ()
    refusals: int = 0
    refusal: str = ""
    failure: Failure | None = None
    actions: int = 0
    calls: int = 0
    tokens: int = 0
    cost_usd: float | None = 0.0


class NodeTree(Protocol):
    """A tree of nodes, and the path that the run stands at."""

    @property
    def nodes(self) -> Mapping[str, Node]: ...

    @property
    def root(self) -> Node | None: ...

    @property
    def path(self) -> tuple[Place, ...]: ...


def is_node_id(text: str) -> bool:
    """Whether a text is the path of a node."""
    return _ID.fullmatch(text) is not None


def parent_of(node: str) -> str:
    """The id of the node above; empty for the root. Shorter than `node`, whatever text that is."""
    above = node.rpartition(".")[0]
    step = above.rfind(".") + 1
    return above[:step] + above[step:].partition("@")[0].partition("#")[0]


def base_of(event: ExpansionAccepted | ExpansionEdited) -> str:
    """What the ids of an expansion's statements begin with."""
    return f"{event.node}." if event.attempt == 1 else f"{event.node}@{event.attempt}."


def is_descendant(node: str, above: str) -> bool:
    """Whether a node is another one or below it."""
    return node.startswith(above) and (len(node) == len(above) or node[len(above)] in ".@#")

"""The nodes of a run's tree.

Ids are paths: the parent of `0.2@2.1` is `0.2`, of `0.3#3#1.0` it is `0.3`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, Protocol

import msgspec

from recode_core.events import ExpansionAccepted, ExpansionEdited, Failure, Outcome, Place
from recode_core.values import Span

Status = Literal["pending", "running", "done", "failed", "skipped", "superseded", "stopped"]
Kind = Literal["placeholder", "code", "control"]
Author = Literal["policy", "user", "reuse"]

_ID = re.compile(r"0(?:(?:@[0-9]{1,9}|(?:#[0-9]{1,9})+)?\.[0-9]{1,9})*")


class Node(msgspec.Struct, frozen=True, gc=False):
    """A top-level statement of an expansion, or a placeholder inside control flow, at one moment.

    `attempt`, `thought`, `code` and `by` (the author) are those of its last expansion. `actions`, `calls`,
    `tokens` and `cost_usd` include those of its descendants. `calls` counts calls with a reply; `tokens`
    includes those of failed calls. `refusals` counts refused replies and `refusal` is the reason of the
    last one.
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
    """A tree of nodes with the path of the run and its outcome."""

    @property
    def nodes(self) -> Mapping[str, Node]: ...

    @property
    def root(self) -> Node | None: ...

    @property
    def path(self) -> tuple[Place, ...]: ...

    @property
    def outcome(self) -> Outcome | None: ...


def is_node_id(text: str) -> bool:
    """Whether a text is a node id."""
    return _ID.fullmatch(text) is not None


def parent_of(node: str) -> str:
    """The id of the parent; empty for the root. Always shorter than `node`, even for an invalid id."""
    above = node.rpartition(".")[0]
    step = above.rfind(".") + 1
    return above[:step] + above[step:].partition("@")[0].partition("#")[0]


def base_of(event: ExpansionAccepted | ExpansionEdited) -> str:
    """The prefix of the ids of an expansion's statements."""
    return f"{event.node}." if event.attempt == 1 else f"{event.node}@{event.attempt}."


def is_descendant(node: str, above: str) -> bool:
    """Whether `node` is `above` or one of its descendants."""
    return node.startswith(above) and (len(node) == len(above) or node[len(above)] in ".@#")

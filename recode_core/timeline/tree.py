"""The tree of a line of records: what each node was at any of them.

Every history only grows at its end. So an answer for record `n` stays the same while records are added,
and another thread may ask for it meanwhile.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

import msgspec

from recode_core.events import (
    ExpansionAccepted,
    ExpansionEdited,
    ExpansionRequested,
    Failure,
    Place,
    StatementFailed,
    StatementReached,
)
from recode_core.statements.source import Source
from recode_core.timeline.history import latest
from recode_core.timeline.nodes import Kind, Status, base_of, parent_of
from recode_core.values import Span


class NodeText(msgspec.Struct, frozen=True, gc=False):
    """What a node says from record `n` on, and where in the code of its expansion."""

    n: int
    text: str
    span: Span
    kind: Kind


class NodeStatus(msgspec.Struct, frozen=True, gc=False):
    """The status of a node from record `n` on."""

    n: int
    status: Status


class NodeFailure(msgspec.Struct, frozen=True, gc=False):
    """How a node failed in record `n`."""

    n: int
    failure: Failure


class NodeHistory:
    """A node with all that it was. `changes` are the records that added, removed, added … it."""

    __slots__ = ("changes", "children", "failures", "id", "parent", "statuses", "texts")

    def __init__(self, n: int, id: str, parent: str, text: str, span: Span, kind: Kind) -> None:
        self.id = id
        self.parent = parent
        self.texts = [NodeText(n, text, span, kind)]
        self.statuses = [NodeStatus(n, "pending")]
        self.failures: list[NodeFailure] = []
        self.children: list[str] = []
        self.changes = [n]

    @property
    def is_present(self) -> bool:
        """Whether the node is there after all the records."""
        return len(self.changes) % 2 == 1

    def was_present(self, n: int) -> bool:
        """Whether the node was there after record `n`."""
        return bisect_right(self.changes, n) % 2 == 1

    @property
    def status(self) -> Status:
        """The status after all the records."""
        return self.statuses[-1].status

    @property
    def last(self) -> NodeText:
        """What the node says after all the records."""
        return self.texts[-1]

    @property
    def kind(self) -> Kind:
        """Its kind after all the records."""
        return self.texts[-1].kind

    def text_at(self, n: int) -> NodeText:
        """What the node said after record `n`; what it is to say, where it comes later."""
        return latest(self.texts, n) or self.texts[0]

    def status_at(self, n: int) -> Status | None:
        """The status after record `n`; None where the node is not there."""
        if not self.was_present(n):
            return None
        found = latest(self.statuses, n)
        return found.status if found is not None else None

    def copy(self) -> NodeHistory:
        """A history that goes on by itself."""
        made = object.__new__(NodeHistory)
        made.id, made.parent = self.id, self.parent
        made.texts, made.statuses, made.failures = [*self.texts], [*self.statuses], [*self.failures]
        made.children, made.changes = [*self.children], [*self.changes]
        return made


class _Frame:
    """A place with the one around it: paths share what they begin with."""

    __slots__ = ("n", "outer", "place")

    def __init__(self, n: int, place: Place, outer: _Frame | None) -> None:
        self.n, self.place, self.outer = n, place, outer


class TreeIndex:
    """The nodes of a line, those too that were removed, and the path that the run stood at.

    `added` and `removed` name nodes in the order in which they came and went, so that whoever draws
    the tree can keep up with it.
    """

    def __init__(self) -> None:
        self.nodes: dict[str, NodeHistory] = {}
        self.added: list[str] = []
        self.removed: list[str] = []
        self._open: list[str] = []
        self._frames: list[_Frame] = []
        self._paths: list[_Frame] = []
        self._depths: list[tuple[int, int]] = [(-1, 0)]

    # what was

    @property
    def open_expansions(self) -> int:
        """How many expansions are open after all the records."""
        return len(self._open)

    @property
    def here(self) -> Place | None:
        """The innermost place of the path after all the records."""
        return self._frames[-1].place if self._frames else None

    def path_at(self, n: int) -> tuple[Place, ...]:
        """The current statement of each open expansion after record `n`, outermost first."""
        frame = latest(self._paths, n)
        found: list[Place] = []
        while frame is not None:
            found.append(frame.place)
            frame = frame.outer
        return tuple(reversed(found))

    def place_at(self, n: int) -> Place | None:
        """The innermost place of the path after record `n`."""
        frame = latest(self._paths, n)
        return frame.place if frame is not None else None

    def depth_at(self, n: int) -> int:
        """The most expansions that had been open at once by record `n`."""
        return self._depths[bisect_right(self._depths, n, key=lambda each: each[0]) - 1][1]

    def get(self, node: str) -> NodeHistory | None:
        """A node that is there after all the records."""
        found = self.nodes.get(node)
        return found if found is not None and found.is_present else None

    def present(self) -> list[str]:
        """The nodes that are there after all the records, in the order in which they came."""
        return [id for id, node in tuple(self.nodes.items()) if node.is_present]

    def children(self, node: str) -> list[str]:
        """The children of a node after all the records, in order."""
        found = self.nodes[node].children
        return [child for child in found if self.nodes[child].is_present] if self.removed else found

    def children_at(self, node: str, n: int) -> list[str]:
        """The children that a node had after record `n`, in order."""
        return [child for child in self.nodes[node].children if self.nodes[child].was_present(n)]

    def call_of(self, node: str) -> str:
        """The placeholder whose expansion holds a node's statement; empty for the root."""
        parent = parent_of(node)
        above = self.nodes.get(parent)
        return parent_of(parent) if above is not None and above.kind == "control" else parent

    def lineage(self, node: str) -> Iterator[NodeHistory]:
        """A node and all above it."""
        while node:
            history = self.nodes[node]
            yield history
            node = history.parent

    # what is added

    def reached(self, n: int, event: StatementReached) -> None:
        """A statement is about to run."""
        self._move(n, event.place)
        node = self._at(n, event.place)
        if event.text:
            node.texts.append(NodeText(n, event.text, node.last.span, "control"))
        self._put(n, node, "running")

    def acting(self, n: int, place: Place) -> None:
        """An action is about to be taken."""
        self._move(n, place)
        self._put(n, self._at(n, place), "running")

    def moved(self, n: int, place: Place) -> None:
        """A loop or a condition has come to a place."""
        self._move(n, place)

    def requested(self, n: int, event: ExpansionRequested, is_again: bool) -> None:
        """A placeholder is to be expanded; `is_again` where an expansion of it is replaced."""
        self._close(event.place)
        self._move(n, event.place)
        node = self._at(n, event.place)
        if (node.last.text, node.kind) != (event.statement, "placeholder"):
            node.texts.append(NodeText(n, event.statement, node.last.span, "placeholder"))
        self._put(n, node, "running")
        if is_again:
            for child in node.children:
                self._supersede(n, child)

    def accepted(self, n: int, event: ExpansionAccepted) -> None:
        """A placeholder has its code."""
        self._set_code(n, event)
        self._open.append(event.node)
        if len(self._open) > self._depths[-1][1]:
            self._depths.append((n, len(self._open)))

    def edited(self, n: int, event: ExpansionEdited) -> None:
        """A user has changed the code of an expansion; of its statements those that have begun stay."""
        children = [self.nodes[child] for child in self.nodes[event.node].children]
        unbegun = [child for child in children if child.is_present and child.status == "pending"]
        self._set_code(n, event)
        kept = {f"{base_of(event)}{index}" for index in range(len(event.children))}
        for child in unbegun:
            if child.id not in kept and child.status == "pending":
                child.changes.append(n)
                self.removed.append(child.id)
        self._frames.clear()
        for place in event.path:
            self._push(n, place)

    def finished(self, n: int, place: Place, status: Status) -> None:
        """A statement, or a part of its control flow, has come to an end."""
        self._close(place)
        self._move(n, place)
        node = self._at(n, place)
        if node.last.span == place.span:  # else: a statement inside the node's control flow
            self._put(n, node, status)

    def failed(self, n: int, event: StatementFailed) -> None:
        """A statement has failed."""
        self._close(event.place)
        self._move(n, event.place)
        node = self._at(n, event.place)
        node.failures.append(NodeFailure(n, event.failure))
        self._put(n, node, "failed")

    def ended(self, n: int, status: Status) -> None:
        """Nothing runs any more."""
        for frame in self._frames:
            for node in self.lineage(frame.place.node):
                if node.status == "running":
                    self._put(n, node, status)

    def copy(self) -> TreeIndex:
        """An index that goes on by itself."""
        made = TreeIndex()
        made.nodes = {id: node.copy() for id, node in self.nodes.items()}
        made.added, made.removed, made._open = [*self.added], [*self.removed], [*self._open]
        made._frames, made._paths, made._depths = [*self._frames], [*self._paths], [*self._depths]
        return made

    # inside

    def _set_code(self, n: int, event: ExpansionAccepted | ExpansionEdited) -> None:
        source, base = Source(event.code), base_of(event)
        for index, child in enumerate(event.children):
            text, known = source.text_of(child.span), self.nodes.get(f"{base}{index}")
            if known is None or not known.is_present:
                self._add(n, f"{base}{index}", event.node, text, child.span, child.kind)
            elif known.status in ("pending", "running") or known.last.text == text:
                known.texts.append(NodeText(n, text, child.span, child.kind))

    def _supersede(self, n: int, node_id: str) -> None:
        below = [node_id]
        while below:
            node = self.nodes[below.pop()]
            if node.is_present and node.status != "superseded":  # else all below it are, too
                self._put(n, node, "superseded")
                below += node.children

    def _move(self, n: int, place: Place) -> None:
        del self._frames[len(self._open) :]
        self._push(n, place)

    def _push(self, n: int, place: Place) -> None:
        frame = _Frame(n, place, self._frames[-1] if self._frames else None)
        self._frames.append(frame)
        if self._paths and self._paths[-1].n == n:
            self._paths[-1] = frame
        else:
            self._paths.append(frame)

    def _close(self, place: Place) -> None:
        """Expansions of `place`'s own placeholder, and those inside them, are over."""
        if place.node in self._open:
            del self._open[self._open.index(place.node) :]

    def _at(self, n: int, place: Place) -> NodeHistory:
        node = self.nodes.get(place.node)
        if node is not None and node.is_present:
            return node
        return self._add(n, place.node, parent_of(place.node), "", place.span, "placeholder")

    def _add(self, n: int, id: str, parent: str, text: str, span: Span, kind: Kind) -> NodeHistory:
        node = self.nodes.get(id)
        if node is None:
            node = NodeHistory(n, id, parent, text, span, kind)
            if parent:
                self.nodes[parent].children.append(id)
            self.nodes[id] = node
        else:  # it was removed
            node.texts.append(NodeText(n, text, span, kind))
            node.statuses.append(NodeStatus(n, "pending"))
            node.changes.append(n)
        self.added.append(id)
        return node

    def _put(self, n: int, node: NodeHistory, status: Status) -> None:
        if node.statuses[-1].status == status:
            return
        if node.statuses[-1].n == n:
            node.statuses[-1] = NodeStatus(n, status)
        else:
            node.statuses.append(NodeStatus(n, status))

"""The tree of a line of records: the state of each node after any record.

Histories are only appended to. So the result of a lookup for record `n` does not change when records are
added, and other threads may look it up at the same time.
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
from recode_core.source import Source
from recode_core.timeline.history import latest
from recode_core.timeline.nodes import Kind, Status, base_of, parent_of
from recode_core.values import Span

_NOT_REACHED: tuple[Status, ...] = ("pending", "superseded")


class NodeText(msgspec.Struct, frozen=True, gc=False):
    """The text of a node from record `n` on, and its position in the code of its expansion."""

    n: int
    text: str
    span: Span
    kind: Kind


class NodeStatus(msgspec.Struct, frozen=True, gc=False):
    """The status of a node from record `n` on."""

    n: int
    status: Status


class NodeFailure(msgspec.Struct, frozen=True, gc=False):
    """The failure of a node in record `n`."""

    n: int
    failure: Failure


class NodeHistory:
    """The history of a node. `changes` are the records that added, removed, added … it, in turn."""

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
        """Whether the node exists after the last record."""
        return len(self.changes) % 2 == 1

    def was_present(self, n: int) -> bool:
        """Whether the node existed after record `n`."""
        return bisect_right(self.changes, n) % 2 == 1

    @property
    def status(self) -> Status:
        """The status after the last record."""
        return self.statuses[-1].status

    @property
    def last(self) -> NodeText:
        """The text after the last record."""
        return self.texts[-1]

    @property
    def kind(self) -> Kind:
        """The kind after the last record."""
        return self.texts[-1].kind

    def text_at(self, n: int) -> NodeText:
        """The text after record `n`; the first text, if the node was added later."""
        return latest(self.texts, n) or self.texts[0]

    def status_at(self, n: int) -> Status | None:
        """The status after record `n`; None if the node did not exist."""
        if not self.was_present(n):
            return None
        found = latest(self.statuses, n)
        return found.status if found is not None else None

    def was_reached(self, n: int) -> bool:
        """Whether the run had come to the node by record `n`."""
        return any(each.n <= n and each.status not in _NOT_REACHED for each in self.statuses)

    def copy(self) -> NodeHistory:
        """An independent copy."""
        made = object.__new__(NodeHistory)
        made.id, made.parent = self.id, self.parent
        made.texts, made.statuses, made.failures = [*self.texts], [*self.statuses], [*self.failures]
        made.children, made.changes = [*self.children], [*self.changes]
        return made


class _Frame:
    """A linked list of places from the innermost to the outermost; paths share their outer frames."""

    __slots__ = ("n", "outer", "place")

    def __init__(self, n: int, place: Place, outer: _Frame | None) -> None:
        self.n, self.place, self.outer = n, place, outer


class TreeIndex:
    """The nodes of a line, including removed ones, and the path of the run.

    `added` lists nodes in the order in which they were added, and `replaced` the records that gave other
    statements to a placeholder than those it had; both are for incremental drawing.
    """

    def __init__(self) -> None:
        self.nodes: dict[str, NodeHistory] = {}
        self.added: list[str] = []
        self.replaced: list[int] = []
        self._open: list[str] = []
        self._frames: list[_Frame] = []
        self._paths: list[_Frame] = []
        self._depths: list[tuple[int, int]] = [(-1, 0)]

    # what was

    @property
    def open_expansions(self) -> int:
        """The number of open expansions after the last record."""
        return len(self._open)

    @property
    def here(self) -> Place | None:
        """The innermost place of the path after the last record."""
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
        """The largest number of expansions that were open at once, up to record `n`."""
        return self._depths[bisect_right(self._depths, n, key=lambda each: each[0]) - 1][1]

    def get(self, node: str) -> NodeHistory | None:
        """A node that exists after the last record."""
        found = self.nodes.get(node)
        return found if found is not None and found.is_present else None

    def present(self) -> list[str]:
        """The nodes that exist after the last record, in the order in which they were first added."""
        return [id for id, node in tuple(self.nodes.items()) if node.is_present]

    def children_at(self, node: str, n: int) -> list[str]:
        """The children of a node after record `n`, in order."""
        return [child for child in self.nodes[node].children if self.nodes[child].was_present(n)]

    def children_shown(self, node: str, n: int) -> list[str]:
        """The children of a node to show after record `n`, in order: those that exist then.

        Before the first expansion of a placeholder they are the statements that it is going to have, but not
        those of later expansions and edits. Of a loop, later passes are among them.
        """
        children = self.nodes[node].children
        if not self.replaced or self.nodes[node].kind == "control":
            return children
        return [child for child in children if self.is_shown(child, n)]

    def is_shown(self, node: str, n: int) -> bool:
        """Whether a node is among the children of its parent to show after record `n`."""
        history = self.nodes[node]
        above = self.nodes[history.parent]
        if not self.replaced or above.kind == "control":
            return True
        first = self.nodes[above.children[0]].changes[0]
        return history.changes[0] == first if n < first else history.was_present(n)

    def call_of(self, node: str) -> str:
        """The placeholder whose expansion contains a node's statement; empty for the root."""
        parent = parent_of(node)
        above = self.nodes.get(parent)
        return parent_of(parent) if above is not None and above.kind == "control" else parent

    def lineage(self, node: str) -> Iterator[NodeHistory]:
        """A node and its ancestors, up to the root."""
        while node:
            history = self.nodes[node]
            yield history
            node = history.parent

    # what is added

    def reached(self, n: int, event: StatementReached) -> None:
        """Before a statement."""
        self._move(n, event.place)
        node = self._at(n, event.place, event.text, "control" if event.text else "placeholder")
        if event.text and (node.last.text, node.kind) != (event.text, "control"):
            node.texts.append(NodeText(n, event.text, node.last.span, "control"))
        self._put(n, node, "running")

    def acting(self, n: int, place: Place) -> None:
        """Before an action."""
        self._move(n, place)
        self._put(n, self._at(n, place), "running")

    def moved(self, n: int, place: Place) -> None:
        """A loop started a pass, or a condition was evaluated."""
        self._move(n, place)

    def requested(self, n: int, event: ExpansionRequested, is_again: bool) -> None:
        """Before a policy call; with `is_again` the previous expansion of the placeholder is superseded."""
        self._close(event.place)
        self._move(n, event.place)
        node = self._at(n, event.place, event.statement)
        if (node.last.text, node.kind) != (event.statement, "placeholder"):
            node.texts.append(NodeText(n, event.statement, node.last.span, "placeholder"))
        self._put(n, node, "running")
        if is_again:
            for child in node.children:
                self._supersede(n, child)

    def accepted(self, n: int, event: ExpansionAccepted) -> None:
        """An expansion was accepted."""
        self._set_code(n, event)
        self._open.append(event.node)
        if len(self._open) > self._depths[-1][1]:
            self._depths.append((n, len(self._open)))

    def edited(self, n: int, event: ExpansionEdited) -> None:
        """An expansion was edited; its executed statements are kept."""
        children = [self.nodes[child] for child in self.nodes[event.node].children]
        unbegun = [child for child in children if child.is_present and child.status == "pending"]
        self._set_code(n, event)
        kept = {f"{base_of(event)}{index}" for index in range(len(event.children))}
        for child in unbegun:
            if child.id not in kept and child.status == "pending":
                child.changes.append(n)
        self._frames.clear()
        for place in event.path:
            self._push(n, place)

    def finished(self, n: int, place: Place, status: Status) -> None:
        """A statement, or a statement inside its control flow, finished."""
        self._close(place)
        self._move(n, place)
        node = self._at(n, place)
        if node.last.span == place.span:  # not a statement inside the node's control flow
            self._put(n, node, status)

    def failed(self, n: int, event: StatementFailed) -> None:
        """A statement failed."""
        self._close(event.place)
        self._move(n, event.place)
        node = self._at(n, event.place)
        node.failures.append(NodeFailure(n, event.failure))
        self._put(n, node, "failed")

    def ended(self, n: int, status: Status) -> None:
        """The episode ended: set the status of all running nodes."""
        for frame in self._frames:
            for node in self.lineage(frame.place.node):
                if node.status == "running":
                    self._put(n, node, status)

    def copy(self) -> TreeIndex:
        """An independent copy."""
        made = TreeIndex()
        made.nodes = {id: node.copy() for id, node in self.nodes.items()}
        made.added, made.replaced, made._open = [*self.added], [*self.replaced], [*self._open]
        made._frames, made._paths, made._depths = [*self._frames], [*self._paths], [*self._depths]
        return made

    # inside

    def _set_code(self, n: int, event: ExpansionAccepted | ExpansionEdited) -> None:
        source, base = Source(event.code), base_of(event)
        if self.nodes[event.node].children:
            self.replaced.append(n)  # before `added`, from which others read
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
            if node.is_present and node.status != "superseded":  # its descendants are superseded too
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
        """Close the open expansion of the placeholder at `place`, and those inside it."""
        if place.node in self._open:
            del self._open[self._open.index(place.node) :]

    def _at(self, n: int, place: Place, text: str = "", kind: Kind = "placeholder") -> NodeHistory:
        node = self.nodes.get(place.node)
        if node is not None and node.is_present:
            return node
        return self._add(n, place.node, parent_of(place.node), text, place.span, kind)

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

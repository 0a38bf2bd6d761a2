"""The tree of a line, with what each node was at any of its records."""

from __future__ import annotations

from recode_core.log import Record
from recode_core.tree import Node, Status, Tree

_OVER: frozenset[Status] = frozenset({"done", "failed", "skipped", "superseded", "stopped"})


class Plan(Tree):
    """A tree that keeps the past of its nodes.

    `added` and `removed` name nodes in the order in which they came and went, so that whoever draws
    the tree can keep up with it.
    """

    def __init__(self) -> None:
        self.added: list[str] = []
        self.removed: list[str] = []
        self._past: dict[str, list[tuple[int, Status]]] = {}
        self._now = -1
        super().__init__()

    def apply(self, record: Record) -> None:
        self._now = record.n
        super().apply(record)

    def status(self, node: str, n: int) -> Status | None:
        """What a node was after record `n`; None before it was there."""
        for since, status in reversed(self._past[node]):
            if since <= n:
                return status
        return None

    def spell(self, node: str, n: int) -> tuple[int, int] | None:
        """From which record to which one a node has been running, as of record `n`; None if it hasn't."""
        began, ended = None, n
        for since, status in self._past[node]:
            if since > n:
                break
            if began is None and status == "running":
                began = since
            ended = since if status in _OVER and status != "superseded" else ended if status in _OVER else n
        return None if began is None else (began, ended)

    def first(self, node: str) -> int | None:
        """The record with which a node first ran."""
        return next((since for since, status in self._past[node] if status == "running"), None)

    def _add(self, node: Node) -> Node:
        self.added.append(node.id)
        self._past.setdefault(node.id, []).append((self._now, node.status))
        return super()._add(node)

    def _remove(self, node: Node) -> None:
        self.removed.append(node.id)
        super()._remove(node)

    def _put(self, node: Node, status: Status) -> None:
        if node.status != status:
            past = self._past[node.id]
            if past[-1][0] == self._now:
                past.pop()
            past.append((self._now, status))
        super()._put(node, status)

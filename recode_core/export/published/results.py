"""The format of the published code's result files, read strictly."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

from recode_core.decoding import in_plain_words
from recode_core.errors import NewerFormat, NotASession, SessionError
from recode_core.values import Count, Score

VERSION = "recode.plan.v1"

PublishedStatus = Literal["PENDING", "COMPLETED", "STUB", "ERROR", "SKIP"]
"""PENDING: not run. STUB: a placeholder, expanded or not. SKIP: a placeholder whose expansion is empty."""


class PlanNode(msgspec.Struct, frozen=True):
    """A statement. `observations` are the lines that it printed, including the world's observations."""

    code: str
    status: PublishedStatus
    thought: str | None = None
    observations: tuple[str, ...] = ()
    error: str | None = None


class PlanMeta(msgspec.Struct, frozen=True):
    """The metadata of a tree; `created_at` is the end of the run, in ISO 8601."""

    env_name: str | None = None
    task_type: str | None = None
    created_at: str | None = None
    max_depth: Count | None = None
    max_rewrite: Count | None = None


class PublishedPlan(msgspec.Struct, frozen=True):
    """A tree of statements; edges lead from a node to its children, in order."""

    nodes: dict[str, PlanNode]
    edges: tuple[tuple[str, str], ...]
    root_id: str | None
    meta: PlanMeta = PlanMeta()

    def children(self) -> dict[str, list[str]]:
        """The children of each node, by ids. Raises ValueError if this is not a tree."""
        found: dict[str, list[str]] = {node: [] for node in self.nodes}
        above: dict[str, str] = {}
        for parent, child in self.edges:
            for end in (parent, child):
                if end not in self.nodes:
                    raise ValueError(f"an edge leads to {end!r}, which is not a node")
            if child in above or child == self.root_id:
                raise ValueError(f"the node {child!r} has two parents, or is the root and has one")
            above[child] = parent
            found[parent].append(child)
        if self.root_id is not None and self.root_id not in self.nodes:
            raise ValueError(f"the root {self.root_id!r} is not a node")
        if lost := next((node for node in self.nodes if not self._is_below_root(node, above)), None):
            raise ValueError(f"no edges lead from the root to the node {lost!r}")
        return found

    def _is_below_root(self, node: str, above: dict[str, str]) -> bool:
        """Whether a node is a descendant of the root. Shortens paths in `above`, so each is followed once."""
        way: list[str] = []
        seen: set[str] = set()
        while node != self.root_id and node in above and node not in seen:
            seen.add(node)
            way.append(node)
            node = above[node]
        if node != self.root_id:
            return False
        above.update(dict.fromkeys(way, node))
        return True


class PublishedRun(msgspec.Struct, frozen=True):
    """One run: its result and its tree. Missing values are None."""

    tree: msgspec.Raw = msgspec.Raw()
    instance_id: int | str | None = None
    success: bool | None = None
    reward: Score | None = None
    steps: int | None = None
    step: int | None = None
    cost: float | None = None
    time: float | None = None
    error: str | None = None
    task_type: str | None = None


class _Shape(msgspec.Struct, frozen=True):
    """The fields that distinguish the three kinds of files: results, one run, one tree."""

    instances: tuple[PublishedRun, ...] | None = None
    tree: msgspec.Raw = msgspec.Raw()
    version: msgspec.Raw = msgspec.Raw()


class _Versioned(msgspec.Struct, frozen=True):
    version: str


def runs_in(path: Path) -> Iterator[tuple[PublishedRun, PublishedPlan | None]]:
    """The runs of a file, including those without a tree. Raises SessionError."""
    try:
        data = path.read_bytes()
        shape = msgspec.json.decode(data, type=_Shape)
        instances = shape.instances
        if instances is None:
            if not (bytes(shape.tree) or bytes(shape.version)):
                raise NotASession(_FOREIGN.format(path))
            whole = PublishedRun(tree=msgspec.Raw(data))
            instances = (msgspec.json.decode(data, type=PublishedRun) if bytes(shape.tree) else whole,)
    except OSError as error:
        raise SessionError(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise NotASession(f"{_FOREIGN.format(path)}: {in_plain_words(error)}") from None
    for number, instance in enumerate(instances):
        yield instance, _plan(path, number, instance.tree) if bytes(instance.tree) else None


_FOREIGN = "{} is neither a session nor a result file of the published ReCode code"


def _plan(path: Path, number: int, raw: msgspec.Raw) -> PublishedPlan | None:
    try:
        found = msgspec.json.decode(raw, type=_Versioned | None)
        if found is None:
            return None
        if found.version != VERSION:
            raise NewerFormat(
                f"{path}, run {number}: its tree has version {found.version!r}, this recode reads {VERSION}: "
                "install a newer recode, or export the run again"
            )
        plan = msgspec.json.decode(raw, type=PublishedPlan)
        plan.children()
    except (ValueError, RecursionError) as error:
        raise NotASession(f"{path}, run {number}: its tree is damaged: {in_plain_words(error)}") from None
    return plan if plan.root_id is not None else None

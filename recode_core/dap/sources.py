"""The sources of a run: the code of each expansion, and the call that the run starts from.

A source is identified by its node and its text. Its reference is computed from both, so an expansion has the
same one on each branch, after it is executed again and in the next session; an edited one has another. So no
client shows the old text of an edited expansion, and the breakpoints that it keeps still fit.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

import msgspec

from recode_core.dap import messages
from recode_core.dap.mirror import Mirror
from recode_core.errors import RecodeError
from recode_core.timeline import Moment, Timeline

ROOT = ""
"""The `node` of the source that holds the root statement, which is in no expansion."""

_NOT_STARTED = "# the run has not started"
_CALL = re.compile(r"(\w+)\s*\(")


class CodeSource(msgspec.Struct, frozen=True):
    """The code of the placeholder `node`, which is a call of the function `name`."""

    node: str
    name: str
    text: str

    @property
    def reference(self) -> int:
        """A number from 1 to 2**31 - 1."""
        digest = hashlib.blake2b(f"{self.node}\0{self.text}".encode(errors="replace"), digest_size=4).digest()
        return int.from_bytes(digest) >> 1 or 1


class SourceTable:
    """The sources that a client knows, by reference. Those in the `mirror`, if there is one, are files."""

    def __init__(self, mirror: Mirror | None = None) -> None:
        self._mirror = mirror
        self._known: dict[int, CodeSource] = {}

    def describe(self, source: CodeSource) -> messages.SourceRef:
        """The source as it is sent to the client."""
        label = f"{source.name} {source.node}.py" if source.node else f"{source.name}.py"
        path = self._mirror.path_of(source.node, source.text) if self._mirror is not None else None
        if path is not None:
            return messages.SourceRef(label, str(path))
        reference = source.reference
        self._known[reference] = source
        return messages.SourceRef(label, source_reference=reference, origin="recode")

    def by_reference(self, reference: int, timeline: Timeline) -> CodeSource:
        """The source with a reference that was sent to this or an earlier client. Raises RecodeError."""
        if reference not in self._known:
            self._known |= {source.reference: source for source in expansions(timeline)}
        if reference not in self._known:
            raise RecodeError("this run has no such code (yet)")
        return self._known[reference]

    def find(self, source: SourceArgument, timeline: Timeline) -> CodeSource:
        """The source that a client names. Raises RecodeError."""
        if source.source_reference:
            return self.by_reference(source.source_reference, timeline)
        node = self._mirror.node_of(source.path) if self._mirror is not None and source.path else None
        if node is None:
            what = source.path or source.name or "this source"
            raise RecodeError(f"{what} is not the code of an expansion of this run")
        found = expansion(timeline, node)
        if found is None:
            raise RecodeError(f"{node} has no code on {timeline.branch}")
        return found


class SourceArgument(messages.Arguments, frozen=True):
    """A source as the client names it."""

    name: str | None = None
    path: str | None = None
    source_reference: int = 0


def expansions(timeline: Timeline) -> Iterator[CodeSource]:
    """The last code of each expansion of a branch, in the order of their nodes' first requests."""
    for node in tuple(timeline.expansions.histories):
        if (found := expansion(timeline, node)) is not None:
            yield found


def expansion(timeline: Timeline, node: str) -> CodeSource | None:
    """The last code of a placeholder on a branch; None if it has none."""
    code = timeline.expansions.code_at(node, timeline.end.n)
    return CodeSource(node, function_of(timeline.end, node), code.text) if code is not None else None


def source_at(moment: Moment, call: str) -> CodeSource:
    """The code of the placeholder `call` at a moment, or the root statement for `ROOT`."""
    code = moment.code_shown(call) if call else None
    if code is not None:
        return CodeSource(call, function_of(moment, call), code.text)
    root = moment.root
    return CodeSource(ROOT, "run", root.text if root is not None else _NOT_STARTED)


def function_of(moment: Moment, node: str) -> str:
    """The name of the function that a placeholder calls."""
    known = moment.timeline.tree.nodes.get(node)
    found = _CALL.search(known.text_at(moment.n).text) if known is not None else None
    return found[1] if found is not None else "expansion"

"""Lines of text with references to the records, nodes and branches that they name."""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal["record", "node", "branch"]


class Reference(msgspec.Struct, frozen=True):
    """A record, a node or a branch named in columns `start` to `end` (exclusive) of a line.

    `target` is its number, id or name. A node may be on another `branch` than the current one.
    """

    kind: Kind
    target: str
    start: int
    end: int
    branch: str = ""


class ReferencingText(str):
    """A text with references, which are lost where it is changed. Use `join` to combine texts."""

    references: tuple[Reference, ...] = ()


def record(n: int) -> ReferencingText:
    """The name of a record."""
    return _named("record", str(n), f"record {n}")


def node(id: str, branch: str = "") -> ReferencingText:
    """The id of a node."""
    return _named("node", id, id, branch)


def branch(name: str) -> ReferencingText:
    """The name of a branch."""
    return _named("branch", name, name)


def join(*parts: str) -> ReferencingText:
    """The parts one after the other, with the references of each."""
    text, found = "", list[Reference]()
    for part in parts:
        for each in part.references if isinstance(part, ReferencingText) else ():
            start, end = each.start + len(text), each.end + len(text)
            found.append(msgspec.structs.replace(each, start=start, end=end))
        text += part
    return _with(text, *found)


def _named(kind: Kind, target: str, text: str, branch: str = "") -> ReferencingText:
    return _with(text, Reference(kind, target, 0, len(text), branch))


def _with(text: str, *found: Reference) -> ReferencingText:
    made = ReferencingText(text)
    made.references = found
    return made

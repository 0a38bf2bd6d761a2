"""The tree of a value, read from its `repr`. Only the text is read: nothing is evaluated but single strings.

A container is divided into its items when they are asked for, so that a large value opens at once. Any
other value is shown as it is, and so is the end of a value that was shortened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from recode_core.format import counted
from recode_core.syntax import literal
from recode_tui.widgets.matches import contains

GROUP_SIZE = 1000
"""The number of items that are shown below one node; more are divided into groups."""

_DEEPEST = 100  # levels that are searched
_TOKEN = re.compile(r"""'[^'\\]*(?:\\.[^'\\]*)*'|"[^"\\]*(?:\\.[^"\\]*)*"|[\[\](){}<>,:]""", re.S)
_CALL = re.compile(r"\w+\(")
_STRING = re.compile(r"""b?['"]""")
_KINDS = {"[": "list", "(": "tuple"}


class _Item(NamedTuple):
    """Where an item of a container is in the text; `key` and `key_end` are equal if it has no key."""

    key: int
    key_end: int
    start: int
    end: int


@dataclass(eq=False)
class ValueNode:
    """A part of a value. `key` names it below its parent, `name` in messages."""

    key: str
    name: str
    is_keyed: bool = field(default=False, kw_only=True)
    """Whether `key` is a part of the value, unlike the number of an item."""

    @property
    def text(self) -> str:
        """The whole part as text."""
        raise NotImplementedError

    @property
    def own_text(self) -> str:
        """The text that is not in the children."""
        return f"{self.key if self.is_keyed else ''} {'' if self.children else self.text}"

    @property
    def summary(self) -> str:
        """The type and size of a node with children."""
        return ""

    @property
    def children(self) -> Sequence[ValueNode]:
        """The nodes below this one."""
        return ()

    @property
    def content(self) -> str:
        """The part to be read: a string without its quotes and escapes."""
        return self.text

    def preview(self, limit: int) -> str:
        """The beginning of the text."""
        return self.text[:limit]


@dataclass(eq=False)
class TextLine(ValueNode):
    """A line of a string."""

    line: str

    @property
    def text(self) -> str:
        return self.line


@dataclass(eq=False)
class Value(ValueNode):
    """A value: `source` from `start` to `end`."""

    source: str
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.source[self.start : self.end]

    def preview(self, limit: int) -> str:
        return self.source[self.start : min(self.end, self.start + limit)]

    @property
    def summary(self) -> str:
        if self._opening is not None:
            return f"{self._kind} · {counted(len(self._items), 'item')}"
        if (string := self._string) is not None:
            count = string.count("\n") + 1
            return f"str · {len(string):,} characters" + (f" · {count:,} lines" if count > 1 else "")
        return ""

    @property
    def content(self) -> str:
        return self.text if self._string is None else self._string

    @cached_property
    def children(self) -> Sequence[ValueNode]:
        if (string := self._string) is not None:
            lines = string.split("\n")
            named = (TextLine(str(n), f"line {n} of {self.name}", line) for n, line in enumerate(lines, 1))
            return tuple(named) if len(lines) > 1 else ()
        count = len(self._items)
        if count <= GROUP_SIZE:
            return self.items(0, count)
        return [
            ValueGroup(self, first, min(first + GROUP_SIZE, count)) for first in range(0, count, GROUP_SIZE)
        ]

    def items(self, first: int, last: int) -> list[ValueNode]:
        """Some items of a container, as nodes."""
        return [self._item(number) for number in range(first, last)]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Where items are in the source."""
        return self._items[first].key, self._items[last - 1].end

    def _item(self, number: int) -> Value:
        at = self._items[number]
        if at.key < at.key_end:
            key = self.source[at.key : at.key_end]
            return Value(key, f"{self.name}[{key}]", self.source, at.start, at.end, is_keyed=True)
        is_indexed = self._kind in ("list", "tuple", "deque")
        name = f"{self.name}[{number}]" if is_indexed else f"item {number + 1} of {self.name}"
        return Value(str(number) if is_indexed else "·", name, self.source, at.start, at.end)

    @cached_property
    def _string(self) -> str | None:
        """The value if it is a whole string."""
        if _STRING.match(self.source, self.start) is None or self.source[self.start] == "b":
            return None
        try:
            value = literal(self.text)
        except ValueError:
            return None
        return value if isinstance(value, str) else None

    @cached_property
    def _opening(self) -> int | None:
        """Where the items of a container begin, after its bracket; None if it is none."""
        if self.source[self.start : self.start + 1] in ("[", "(", "{"):
            return self.start + 1
        call = _CALL.match(self.source, self.start, self.end)
        if call is None:
            return None
        arguments = list(_items(self.source, call.end(), self.end))
        last = arguments[-1].start if arguments else call.end()
        return last + 1 if self.source[last : last + 1] in ("[", "{") else None

    @cached_property
    def _items(self) -> list[_Item]:
        return [] if self._opening is None else list(_items(self.source, self._opening, self.end))

    @property
    def _kind(self) -> str:
        if (call := _CALL.match(self.source, self.start, self.end)) is not None:
            return call[0][:-1]
        is_set = self._items and self._items[0].key == self._items[0].key_end
        return _KINDS.get(self.source[self.start], "set" if is_set else "dict")


@dataclass(eq=False, init=False)
class ValueGroup(ValueNode):
    """Items `first` to `last` (exclusive) of a large container."""

    container: Value
    first: int
    last: int

    def __init__(self, container: Value, first: int, last: int) -> None:
        shown = f"{first:,} … {last - 1:,}"
        super().__init__(f"[{shown}]", f"items {first:,} to {last - 1:,} of {container.name}")
        self.container, self.first, self.last = container, first, last

    @property
    def text(self) -> str:
        start, end = self.container.span(self.first, self.last)
        return self.container.source[start:end]

    def preview(self, limit: int) -> str:
        start, end = self.container.span(self.first, self.last)
        return self.container.source[start : min(end, start + limit)]

    @cached_property
    def children(self) -> Sequence[ValueNode]:
        return self.container.items(self.first, self.last)


def value_tree(name: str, text: str) -> Value:
    """The tree of a variable's value. The items of the root are read at once."""
    root = Value(name, name, text, 0, len(text))
    root.children  # noqa: B018
    return root


def find(root: ValueNode, wanted: str, limit: int) -> list[tuple[ValueNode, ...]]:
    """The first nodes whose own text contains `wanted`, each with those above it, in order."""
    in_source = repr(wanted)[1:-1]  # in a string that is not divided yet
    holds, escaped = contains(wanted), contains(in_source)
    found: list[tuple[ValueNode, ...]] = []
    waiting: list[tuple[ValueNode, ...]] = [(root,)]
    while waiting and len(found) < limit:
        path = waiting.pop()
        node = path[-1]
        # The text is searched before the node is divided, which takes longer.
        is_inside = holds(node.text) or (in_source != wanted and escaped(node.text))
        if (node.is_keyed and holds(node.key)) or (is_inside and not node.children):
            found.append(path)
        if is_inside and len(path) < _DEEPEST:
            waiting.extend((*path, child) for child in reversed(node.children))
    return found


def _items(source: str, start: int, end: int) -> Iterator[_Item]:
    """Divide the inside of a bracket, up to the bracket that closes it or the end of a shortened text."""
    depth, key, key_end, first = 0, start, start, start
    for token in _TOKEN.finditer(source, start, end):
        sign = source[token.start()]
        if sign in "[({<":
            depth += 1
        elif sign in "])}>":
            depth -= 1
            if depth < 0:
                end = token.start()
                break
        elif depth == 0 and sign == ",":
            yield _trimmed(source, key, key_end, first, token.start())
            key = key_end = first = token.end()
        elif depth == 0 and sign == ":" and key_end == key:
            key_end = token.start()
            first = token.end()
    if source[first:end].strip():
        yield _trimmed(source, key, key_end, first, end)


def _trimmed(source: str, key: int, key_end: int, start: int, end: int) -> _Item:
    if key == key_end:
        start = _after_spaces(source, start, end)
        return _Item(start, start, start, end)
    return _Item(_after_spaces(source, key, key_end), key_end, _after_spaces(source, start, end), end)


def _after_spaces(source: str, start: int, end: int) -> int:
    while start < end and source[start] == " ":
        start += 1
    return start

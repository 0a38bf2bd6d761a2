"""What a user leaves beside the run: breakpoints, watches, notes. A fold over all records of a session."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from recode_core.events import BreakpointDeleted, BreakpointSet, Event, NoteSet, WatchSet
from recode_core.log import Record


class Marks(msgspec.Struct, frozen=True):
    """Breakpoints by number, watched expressions in order, notes by node."""

    breakpoints: dict[int, BreakpointSet] = {}
    watches: tuple[str, ...] = ()
    notes: dict[str, str] = {}

    def after(self, event: Event) -> Marks:
        """The marks once `event` is taken into account; itself, if it leaves none."""
        match event:
            case BreakpointSet():
                return msgspec.structs.replace(self, breakpoints={**self.breakpoints, event.id: event})
            case BreakpointDeleted(id=number):
                kept = {i: b for i, b in self.breakpoints.items() if i != number}
                return msgspec.structs.replace(self, breakpoints=kept)
            case WatchSet(expression=expression, on=on):
                others = tuple(watch for watch in self.watches if watch != expression)
                return msgspec.structs.replace(self, watches=(*others, expression) if on else others)
            case NoteSet(node=node, text=text):
                notes = {n: t for n, t in self.notes.items() if n != node}
                return msgspec.structs.replace(self, notes={**notes, node: text} if text else notes)
        return self


def marks_of(records: Iterable[Record]) -> Marks:
    """The marks that a session's records leave."""
    marks = Marks()
    for record in records:
        marks = marks.after(record.event)
    return marks


def differences(old: Marks, new: Marks) -> list[BreakpointSet | BreakpointDeleted | WatchSet | NoteSet]:
    """The events that lead from one set of marks to another."""
    events: list[BreakpointSet | BreakpointDeleted | WatchSet | NoteSet] = []
    events += [BreakpointDeleted(i) for i in old.breakpoints if i not in new.breakpoints]
    events += [b for i, b in new.breakpoints.items() if old.breakpoints.get(i) != b]
    if old.watches != new.watches:
        events += [WatchSet(w, on=False) for w in old.watches] + [WatchSet(w) for w in new.watches]
    events += [NoteSet(node, "") for node in old.notes if node not in new.notes]
    events += [NoteSet(node, text) for node, text in new.notes.items() if old.notes.get(node) != text]
    return events

"""Breakpoints, watches and notes, computed from all records of a session."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

import msgspec

from recode_core.events import BreakpointDeleted, BreakpointSet, Event, NoteSet, WatchSet
from recode_core.log import Log, Record


class Annotations(msgspec.Struct, frozen=True):
    """Breakpoints by number, watched expressions in order, notes by node."""

    breakpoints: dict[int, BreakpointSet] = {}
    watches: tuple[str, ...] = ()
    notes: dict[str, str] = {}

    def after(self, event: Event) -> Annotations:
        """Apply an event; returns itself if the event is not an annotation."""
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


def annotations_of(records: Iterable[Record]) -> Annotations:
    """The annotations after the records of a session."""
    annotations = Annotations()
    for record in records:
        if type(record.event) in _ANNOTATIONS:
            annotations = annotations.after(record.event)
    return annotations


Annotation = BreakpointSet | BreakpointDeleted | WatchSet | NoteSet
_ANNOTATIONS = frozenset(get_args(Annotation))


def _differences(old: Annotations, new: Annotations) -> list[Annotation]:
    """The events that change one set of annotations into another."""
    events: list[Annotation] = []
    events += [BreakpointDeleted(i) for i in old.breakpoints if i not in new.breakpoints]
    events += [b for i, b in new.breakpoints.items() if old.breakpoints.get(i) != b]
    if old.watches != new.watches:
        events += [WatchSet(w, on=False) for w in old.watches] + [WatchSet(w) for w in new.watches]
    events += [NoteSet(node, "") for node in old.notes if node not in new.notes]
    events += [NoteSet(node, text) for node, text in new.notes.items() if old.notes.get(node) != text]
    return events


class AnnotationLog:
    """The current annotations of a session; every change is appended to its log, unless it `is_readonly`."""

    def __init__(self, log: Log, is_readonly: bool = False) -> None:
        self.now = annotations_of(log.records)
        self._log = log
        self._is_readonly = is_readonly

    def set(self, annotations: Annotations) -> None:
        """Replace the annotations and log the differences."""
        if not self._is_readonly:
            for event in _differences(self.now, annotations):
                self._log.append(event)
        self.now = annotations

    def receive(self, event: Event) -> None:
        """Apply an event that another process has written."""
        self.now = self.now.after(event)

"""Hints about keys: each is shown once, in the situation in which it helps, and at most one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from recode_core.timeline import StopKind
from recode_tui.debug.keys import shown

SECONDS = 15.0
"""The time for which a hint stays."""


class Situation(msgspec.Struct, frozen=True):
    """The conditions of a hint. `panel` has the focus, `stop` is shown, and is in the past if `is_past`."""

    panel: str
    stop: StopKind
    is_past: bool = False
    is_read_only: bool = False
    branches: int = 1


class Hint(msgspec.Struct, frozen=True):
    """A hint: its name, its text with the names of keys in braces, and when it helps."""

    name: str
    text: str
    helps: Callable[[Situation], bool]

    def with_keys(self) -> str:
        """The text with the user's keys."""
        return self.text.format_map(_Keys())


class _Keys(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return shown(name)


def _on(panel: str) -> Callable[[Situation], bool]:
    return lambda now: now.panel == panel


def _at(stop: StopKind) -> Callable[[Situation], bool]:
    return lambda now: now.stop == stop


HINTS: tuple[Hint, ...] = (
    Hint("failure", "{read} reads the failure, {failure} goes to the next", _at("failure")),
    Hint(
        "past",
        "{edit} changes the past, on a branch",
        lambda now: now.is_past and not now.is_read_only,
    ),
    Hint("branches", "{branches} lists branches and compares two", lambda now: now.branches > 1),
    Hint("prompt", "{previous_tab} {next_tab} show the prompt and the reply", _at("model")),
    Hint("environment", "enter reads it whole, {action} acts otherwise", _on("environment")),
    Hint("variables", "enter shows its changes, o what set it", _on("variables")),
    Hint("timeline", "← → look at moments, enter goes there", _on("timeline")),
    Hint("console", "enter goes to what is underlined", _on("console")),
    Hint("code", "{break} sets a breakpoint at the line", _on("code")),
)
"""All hints. Of several that help, the first is shown."""


class Hints:
    """Chooses the hint to show. Those that were `seen` are not shown again.

    `remember` is called with the name of each that is shown.
    """

    def __init__(self, seen: Iterable[str], remember: Callable[[str], None]) -> None:
        self._seen = set(seen)
        self._remember = remember
        self._current: Hint | None = None
        self._until = 0.0

    def at(self, now: Situation, time: float) -> str:
        """The hint to show in a situation at a time (seconds); empty if there is none."""
        current = self._current
        if current is not None and time < self._until and current.helps(now):
            return current.with_keys()
        self._current = None
        if time < self._until:  # the one before has just gone
            return ""
        for hint in HINTS:
            if hint.name not in self._seen and hint.helps(now):
                self._seen.add(hint.name)
                self._remember(hint.name)
                self._current, self._until = hint, time + SECONDS
                return hint.with_keys()
        return ""

    def dismiss(self) -> None:
        """Hide the current hint."""
        self._current = None
